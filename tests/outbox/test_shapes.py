"""One table of the buttons under every message, joined of many."""

import ast
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from bot.care.text import Text
from bot.outbox import shapes
from bot.outbox.shapes import SHAPES, Shape, joined

PARTS = sorted(
    path.stem
    for path in Path(str(shapes.__file__)).parent.glob("*.py")
    if path.stem not in ("__init__", "shape")
)


def test_a_text_that_stands_in_two_tables_is_refused() -> None:
    home, ok, nudge = (Text("journey", id) for id in ("home", "ok", "nudge"))
    bare = Shape(())
    assert joined({home: bare}, {ok: bare}) == {home: bare, ok: bare}
    with pytest.raises(ValueError, match=r"two shapes: journey\.ok$"):
        joined({home: bare, ok: bare}, {nudge: bare, ok: bare})


@pytest.mark.parametrize("part", PARTS)
def test_no_text_stands_twice_in_the_table_of_a_subject(part: str) -> None:
    """Python itself would take the last and say nothing."""
    module = import_module(f"bot.outbox.shapes.{part}")
    code = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    [table] = (node for node in code.body if isinstance(node, ast.AnnAssign))
    assert isinstance(table.value, ast.Dict)
    written: Counter[Text] = Counter()
    for key, value in zip(table.value.keys, table.value.values, strict=True):
        found = eval(ast.unparse(key or value), vars(module))
        written.update([found] if key else [*found])
    assert {str(text): number for text, number in written.items() if number > 1} == {}
    assert written.keys() == module.SHAPES.keys()


@pytest.mark.parametrize("part", PARTS)
def test_the_table_of_every_subject_is_joined(part: str) -> None:
    table = import_module(f"bot.outbox.shapes.{part}").SHAPES
    assert table.items() <= SHAPES.items()
