"""Mutants: a file of rules with one small thing wrong.

The operators are mutmut's, and a few of our own. mutmut itself leaves out what stands outside a
function, and properties: the tables of states, the limits. Here the whole file is mutated.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, WhitespaceInclusivePositionProvider
from mutmut.mutation.mutators import OPERATORS_TYPE, mutation_operators

from tests.mutation.record import Key


@dataclass(frozen=True, slots=True)
class Mutant:
    """`function` is the one whose body alone is changed; None when more than a body is."""

    key: Key
    module: str
    function: str | None
    source: str


def unharmed(file: str) -> Mutant:
    """The file as it is."""
    module = ".".join(Path(file).with_suffix("").parts)
    return Mutant(Key(file, "", "", ""), module, None, Path(file).read_text("utf-8"))


def mutants(whole: Mutant, module: ModuleType) -> Iterator[Mutant]:
    """Every mutant of this file, in its order; none that does not parse. `module` is the file's."""
    source = whole.source
    tree = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    visitor = _Everywhere(_others(module))
    tree.visit(visitor)
    spans = tree.resolve(WhitespaceInclusivePositionProvider)
    lines = source.splitlines(keepends=True)
    seen: Counter[Key] = Counter()
    for where, body, old, new in visitor.found:
        if isinstance(old, cst.Match):  # its text depends on how deep it stands
            mutated = cst.ensure_type(tree.module.deep_replace(old, new), cst.Module).code
        else:
            mutated = _replaced(lines, spans[old], tree.module.code_for_node(new))
        try:
            ast.parse(mutated)
        except SyntaxError:
            continue
        key = Key(whole.key.file, where, *_lines(source, mutated))
        seen[key] += 1
        key = replace(key, nth=seen[key])
        yield Mutant(key, whole.module, where if body else None, mutated)


def _replaced(lines: Sequence[str], span: CodeRange, new: str) -> str:
    first, last = span.start.line - 1, span.end.line - 1
    before = "".join(lines[:first]) + lines[first][: span.start.column]
    after = lines[last][span.end.column :] + "".join(lines[last + 1 :])
    return before + new + after


class _Everywhere(cst.CSTVisitor):
    """Finds (where, inside a function's body, what stands there, what might instead)."""

    def __init__(self, others: Mapping[str, str]) -> None:
        super().__init__()
        self.found: list[tuple[str, bool, cst.CSTNode, cst.CSTNode]] = []
        self._operators: OPERATORS_TYPE = [*mutation_operators, *_OURS]
        self._others = others
        self._path: list[cst.FunctionDef | cst.ClassDef] = []
        self._bodies = 0

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._path.append(node)
        if self._begins_body(node):
            self._bodies += 1
        for old, new in self._changes(node):
            self.found.append((self._where(), self._bodies > 0, old, new))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if self._begins_body(original_node):
            self._bodies -= 1
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self._path.pop()

    def _begins_body(self, node: cst.CSTNode) -> bool:
        return bool(self._path) and (
            isinstance(self._path[-1], cst.FunctionDef) and node is self._path[-1].body
        )

    def _where(self) -> str:
        """The outermost function, with its class; "" on the ground of the file."""
        names: list[str] = []
        for node in self._path:
            names.append(node.name.value)
            if isinstance(node, cst.FunctionDef):
                break
        return ".".join(names)

    def _changes(self, node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
        for kind, operator in self._operators:
            if isinstance(node, kind):
                yield from ((node, new) for new in operator(node))
        match node:
            case cst.If(test=test) | cst.While(test=test) | cst.CompIf(test=test):
                yield test, _not(test)
            case cst.Expr(value=cst.Call()):
                yield node, cst.Pass()
            case cst.Attribute(value=cst.Name(value=enum), attr=cst.Name(value=member)):
                other = self._others.get(f"{enum}.{member}")
                if other is not None:
                    yield node, node.with_changes(attr=cst.Name(other))


# --- our own operators --------------------------------------------------------------------


def _entry_dropped(node: cst.Dict) -> Iterable[cst.CSTNode]:
    for at in range(len(node.elements)):
        yield node.with_changes(elements=_without(node.elements, at))


def _element_dropped(node: cst.Tuple | cst.List | cst.Set) -> Iterable[cst.CSTNode]:
    if isinstance(node, cst.Set) and len(node.elements) == 1:
        return
    for at in range(len(node.elements)):
        yield node.with_changes(elements=_without(node.elements, at))


def _id_dropped(node: cst.FormattedString) -> Iterable[cst.CSTNode]:
    for at, part in enumerate(node.parts):
        if isinstance(part, cst.FormattedStringExpression):
            yield node.with_changes(parts=_without(node.parts, at))


def _not(test: cst.BaseExpression) -> cst.BaseExpression:
    inner = test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.UnaryOperation(cst.Not(), inner)


_OURS: OPERATORS_TYPE = [
    (cst.Dict, _entry_dropped),
    (cst.Tuple, _element_dropped),
    (cst.List, _element_dropped),
    (cst.Set, _element_dropped),
    (cst.FormattedString, _id_dropped),
]


def _others(module: ModuleType) -> dict[str, str]:
    """For each `State.OUT` this module can say: the member beside it."""
    beside: dict[str, str] = {}
    for name, kind in vars(module).items():
        if isinstance(kind, type) and issubclass(kind, Enum):
            members = list(kind.__members__)
            for at, member in enumerate(members):
                beside[f"{name}.{member}"] = members[(at + 1) % len(members)]
    return beside


def _without(elements: Sequence[Any], at: int) -> list[Any]:
    return [*elements[:at], *elements[at + 1 :]]


def _lines(source: str, mutated: str) -> tuple[str, str]:
    """What differs, before and after, in whole lines run together."""
    was, now = _stripped(source), _stripped(mutated)
    while was and now and was[0] == now[0]:
        del was[0], now[0]
    while was and now and was[-1] == now[-1]:
        del was[-1], now[-1]
    return " ".join(was), " ".join(now)


def _stripped(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]
