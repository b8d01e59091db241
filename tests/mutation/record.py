"""What was tried, with what result, and which mutants change nothing that could be noticed."""

import ast
import hashlib
import io
import json
import tokenize
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).parent
RECORD = HERE / "record.json"
EQUIVALENTS = HERE / "equivalents.toml"

_OUTING = (
    "tests/care/test_tables.py",
    "tests/care/test_journey.py",
    "tests/care/test_pattern.py",
    "tests/care/test_pause.py",
)
_LATENESS = (
    "tests/care/test_lateness.py",
    "tests/care/test_journey.py",
    "tests/care/test_pattern.py",
)
_SETTING_OFF = (
    "tests/care/test_setting_off.py",
    "tests/care/test_pattern.py",
)
_ALERT = (
    "tests/care/test_tables.py",
    "tests/care/test_escalation.py",
    "tests/care/test_ladder.py",
    "tests/care/test_rung.py",
    "tests/care/test_contact.py",
    "tests/care/test_sign_alert.py",
    "tests/care/test_duress.py",
    "tests/care/test_drill.py",
)
_GATE = (
    "tests/care/test_agreement.py",
    "tests/care/test_agreement_rules.py",
)
SUBJECTS = {
    "bot/care/agreement.py": _GATE,
    "bot/care/journey.py": _OUTING,
    "bot/care/lateness.py": _LATENESS,
    "bot/care/setting_off.py": _SETTING_OFF,
    "bot/care/escalation.py": _ALERT,
    "bot/care/ladder.py": _ALERT,
    "bot/outbox/choice.py": ("tests/outbox/test_choice.py",),
    "bot/outbox/budget.py": ("tests/outbox/test_budget.py",),
    "bot/outbox/verdict.py": ("tests/outbox/test_verdict.py",),
}
"""The files whose every mutant is killed, and the tests that do it: no more than it takes, for
whoever changes one of them tries those mutants again."""


@dataclass(frozen=True, slots=True)
class Key:
    """Names a mutant by what it changes, so that the name outlives a change elsewhere.

    `nth` counts like changes of one function.
    """

    file: str
    where: str
    was: str
    now: str
    nth: int = 1

    def __str__(self) -> str:
        nth = "" if self.nth == 1 else f" ({self.nth})"
        return f"{self.file} {self.where}{nth}\n  - {self.was}\n  + {self.now}"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the mutants of a file; the code they were mutants of, and the tests that
    tried them (see `code`, `code_of_tests`)."""

    mutants: int
    killed: int
    equivalent: int
    code: str
    tests: str
    mutmut: str


def equivalents() -> dict[Key, str]:
    """The mutants that may survive, each with the reason."""
    listed = tomllib.loads(EQUIVALENTS.read_text("utf-8")).get("equivalent", [])
    return {
        Key(one["file"], one["where"], one["was"], one["now"], one.get("nth", 1)): one["why"]
        for one in listed
    }


def keep(file: str, result: Result) -> None:
    record = {**read(), file: result}
    plain = {file: asdict(record[file]) for file in SUBJECTS if file in record}
    RECORD.write_text(json.dumps(plain, indent=2) + "\n", "utf-8")


def read() -> dict[str, Result]:
    record = json.loads(RECORD.read_text("utf-8"))
    return {file: Result(**result) for file, result in record.items()}


def code(file: str) -> str:
    """Names the code of this file, on any Python; comments and blank lines are not code."""
    text = io.StringIO(Path(file).read_text("utf-8"))
    words = [
        "<" if token.type == tokenize.DEDENT else token.string
        for token in tokenize.generate_tokens(text.readline)
        if token.type not in (tokenize.COMMENT, tokenize.NL)
    ]
    return hashlib.sha256("".join(words).encode()).hexdigest()


def code_of_tests(tests: Iterable[str]) -> str:
    """Names the code of these tests with that of what they use beside them: who weakens one, or
    takes one away, changes the name."""
    used: set[str] = set()
    to_read = list(tests)
    while to_read:
        file = to_read.pop()
        if file not in used:
            used.add(file)
            to_read.extend(_beside(file))
    words = "".join(f"{file} {code(file)}\n" for file in sorted(used))
    return hashlib.sha256(words.encode()).hexdigest()


def _beside(test: str) -> Iterator[str]:
    """The helpers in the same folder that it imports."""
    room = Path(test).parent
    for node in ast.walk(ast.parse(Path(test).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            names = [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        else:
            continue
        for name in names:
            file = Path(*name.split(".")).with_suffix(".py")
            if file.parent == room and file.exists():
                yield file.as_posix()
