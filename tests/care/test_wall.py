"""A time of day becomes a moment in one place."""

import ast
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.care.wall import moment, moments
from tests.clocks import LONDON

BOT = Path(__file__).parents[2] / "bot"
WALL = BOT / "care" / "wall.py"


@pytest.mark.parametrize(
    ("day", "at", "meant"),
    [
        ("2026-03-29", "00:59", ["00:59"]),
        ("2026-03-29", "01:00", ["01:00"]),
        ("2026-03-29", "01:30:20", ["01:00"]),  # not shown: the first moment after
        ("2026-03-29", "02:00", ["01:00"]),
        ("2026-10-25", "01:00", ["00:00", "01:00"]),
        ("2026-10-25", "01:59", ["00:59", "01:59"]),
        ("2026-10-25", "02:00", ["02:00"]),
    ],
)
def test_when_clocks_show_it(day: str, at: str, meant: list[str]) -> None:
    asked = date.fromisoformat(day), time.fromisoformat(at)
    found = moments(*asked, LONDON)
    assert found == [datetime.fromisoformat(f"{day}T{one}Z") for one in meant]
    assert moment(*asked, LONDON) == found[0]


def test_where_the_clock_leaves_out_half_an_hour_or_midnight() -> None:
    lord_howe, beirut = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Beirut")
    assert moments(date(2026, 10, 4), time(2, 15), lord_howe) == [
        datetime(2026, 10, 3, 15, 30, tzinfo=UTC)
    ]
    assert moments(date(2026, 3, 29), time(0), beirut) == [datetime(2026, 3, 28, 22, tzinfo=UTC)]


def test_nothing_else_makes_a_moment_of_a_time_of_day() -> None:
    own = [
        f"{file.relative_to(BOT)}:{line}"
        for file in BOT.rglob("*.py")
        if file != WALL
        for line in zoned(ast.parse(file.read_text()))
    ]
    assert own == []
    assert list(zoned(ast.parse(WALL.read_text())))


def zoned(tree: ast.AST) -> Iterator[int]:
    """The lines that put a zone, or another hour, to what a clock shows."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        named = {one.arg: ast.unparse(one.value) for one in call.keywords if one.arg}
        zone = named.get("tzinfo", "UTC") not in ("UTC", "None")
        combined = call.func.attr == "combine" and (zone or len(call.args) > 2)
        replaced = call.func.attr == "replace" and (zone or named.keys() & {"hour", "fold"})
        if combined or replaced:
            yield call.lineno
