"""A review in somebody's calendar: when a later file goes out, and when none does."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.care import review_entry
from bot.care.outcome import Outcome
from bot.care.review_entry import Entry

TODAY = date(2026, 3, 2)
NEXT = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ENTRY = Entry("e1", "jo", "sign_plan", "p1", "sam", "uid", 3, TODAY + 7 * DAY)


def told(outcome: Outcome) -> list[str]:
    return [tell.message.text.id for tell in outcome.tells]


@pytest.mark.parametrize(
    ("day", "said", "shown"),
    [
        (7, 7, 7),
        (9, 7, 9),
        (3, 7, 3),
        (0, 7, 0),
        (-3, 7, 0),
        (-3, -3, -3),
        (-5, -3, -3),
        (5, -3, 5),
    ],
)
def test_no_calendar_gets_a_new_day_that_is_over(day: int, said: int, shown: int) -> None:
    on = review_entry.on(TODAY + day * DAY, TODAY + said * DAY, TODAY)
    assert on == TODAY + shown * DAY


@pytest.mark.parametrize("own", [False, True])
def test_a_later_file_goes_out_only_when_there_is_something_new(own: bool) -> None:
    entry = replace(ENTRY, member="sam") if own else ENTRY
    your = "your_" if own else ""
    assert told(review_entry.take(entry, NEXT)) == [f"{your}review"]
    same = review_entry.follow(entry, entry.day, 4, NEXT)
    assert same.tells == () and [wake.at for wake in same.wakes] == [NEXT]
    moved = review_entry.follow(entry, entry.day + DAY, 4, NEXT)
    assert told(moved) == [f"{your}review_moved"] and [wake.at for wake in moved.wakes] == [NEXT]
    assert moved.records == (replace(entry, day=entry.day + DAY, sequence=4),)
    over = review_entry.follow(entry, None, 4, NEXT)
    assert told(over) == [f"{your}review_over"] and over.wakes == ()
    (gone,) = over.records
    assert isinstance(gone, Entry) and gone.gone and gone.day == entry.day
    assert review_entry.follow(gone, entry.day, 5, NEXT) == Outcome()
