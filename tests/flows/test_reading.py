"""Written words: one reading of them for every conversation."""

from datetime import date, time

import pytest

from bot.flows import journey
from bot.flows.flow import Located, Wrote
from bot.flows.reading import day_of_year, length, short, times_of_day
from bot.store.flow import Talk
from tests.care.outing import NOON, PLAN
from tests.flows.tables import LONDON


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("9", ["09:00", "21:00"]),
        ("at 9.30", ["09:30", "21:30"]),
        ("17.00", ["17:00"]),
        ("1530", ["15:30"]),
        ("5 pm", ["17:00"]),
        ("12 am", ["00:00"]),
        ("12 pm", ["12:00"]),
        ("15:30 pm", ["15:30"]),
        ("15:30 am", []),
        ("24", []),
        ("9:75", []),
        ("soon", []),
    ],
)
def test_a_time_of_day_as_people_write_it(words: str, meant: list[str]) -> None:
    assert times_of_day(words) == [time.fromisoformat(one) for one in meant]


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("90", 90),
        ("90 minutes", 90),
        ("45min", 45),
        ("1 hour", 60),
        ("1 hour 30", 90),
        ("1 hour and 30 minutes", 90),
        ("1.5 hours", 90),
        ("3h", 180),
        ("an hour", None),
        ("3 houses", None),
        ("long", None),
        ("", None),
    ],
)
def test_a_length_as_people_write_it(words: str, minutes: int | None) -> None:
    assert length(words) == minutes


def test_a_short_name_is_words_on_one_line() -> None:
    assert short(Wrote("  Anna \n Maria "), 60) == "Anna Maria"
    assert short(Wrote("x" * 61), 60) is None
    assert short(Located(1, 2), 60) is None


def test_a_place_may_be_called_else() -> None:
    talk = Talk("t", 1, "m", "out", "ready", {"where": "else", "when": "60"}, ("where", "when"))
    facts = journey.Facts("sam", PLAN, LONDON, NOON)
    assert journey.place(facts, talk) == "else"
    asked = Talk(
        "t", 1, "m", "out", "ready", {"where": "else", "which": "Zoo"}, ("where", "which", "when")
    )
    assert journey.place(facts, asked) == "Zoo"


@pytest.mark.parametrize(
    ("words", "ahead", "behind"),
    [
        ("3 June", "2026-06-03", "2025-06-03"),
        (" 3rd of june ", "2026-06-03", "2025-06-03"),
        ("3/6", "2026-06-03", "2025-06-03"),
        ("4 May", "2026-05-04", "2026-05-04"),
        ("3.5.", None, None),
        ("1 Feb 2027", "2027-02-01", "2027-02-01"),
        ("3/6/2025", None, "2025-06-03"),
        ("29 Feb", "2028-02-29", "2024-02-29"),
        ("31 June", None, None),
        ("31 December 9999", None, None),
        ("3 Brumaire", None, None),
        ("June", None, None),
        ("0/0", None, None),
        ("", None, None),
    ],
)
def test_a_day_as_people_write_it(words: str, ahead: str | None, behind: str | None) -> None:
    today = date(2026, 5, 4)
    for wanted, found in (
        (ahead, day_of_year(words, today, ahead=True)),
        (behind, day_of_year(words, today, ahead=False)),
    ):
        assert found == (None if wanted is None else date.fromisoformat(wanted))
