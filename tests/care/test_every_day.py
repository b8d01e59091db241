"""Every day of London to 2040: whatever comes again comes once, at the time on the clock.

What is expected is laid out day by day with `tests/clocks.py`, which knows nothing of the code. A
time that spring leaves out is the first moment after it; of one that comes twice in autumn, the
first is meant.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from bot.care import arranging, complaint, digest, first_weeks, meeting, morning, regular, review
from bot.care import weekly as weeklies
from bot.care.cadence import WEEKLY, next_after
from bot.care.concern import Concern
from bot.care.hours import bank_holidays, read
from bot.care.regular import Regular
from tests.care.test_complaint import COMPLAINT
from tests.care.test_education import a_session
from tests.care.test_regular import TUESDAYS
from tests.clocks import (
    CHANGING,
    DAY,
    DAYS,
    HOUR,
    LONDON,
    MINUTE,
    around_changes,
    once,
    shown,
    wall,
)

TIMES = (time(0, 30), time(1), time(1, 1), time(1, 30), time(2), time(23, 30))
NINE, TEN = time(9), time(10)
WHOLE, ENDING = DAYS[:-1], DAYS[:-14]
LAST = once(ENDING[-1], time(0))


def works(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in bank_holidays(day.year)


def working(day: date, days: int) -> date:
    """The so manieth working day after this one."""
    while days:
        day += DAY
        days -= works(day)
    return day


# --- outings that come again --------------------------------------------------------------


@pytest.mark.parametrize("at", TIMES)
def test_a_daily_outing_is_asked_about_once_a_day_an_hour_before_its_time(at: time) -> None:
    every = replace(TUESDAYS, days=tuple(range(7)), at=at, holidays=True)
    daily = replace(every, next_at=once(DAYS[0], at))
    for day in WHOLE:
        starts = once(day, at)
        assert daily.next_at == starts
        assert not regular.due(daily, False, LONDON, starts - HOUR - MINUTE).tells
        asked = regular.due(daily, False, LONDON, starts - HOUR)
        assert [tell.message.params["starts"] for tell in asked.tells] == [starts]
        (after,) = asked.records
        assert isinstance(after, Regular)
        assert [wake.at for wake in asked.wakes] == [after.next_at - HOUR]
        daily = after


@pytest.mark.parametrize("at", TIMES)
def test_from_any_moment_near_a_change_the_next_outing_is_the_next_of_its_times(at: time) -> None:
    daily = replace(TUESDAYS, days=tuple(range(7)), at=at, holidays=True)
    for now in around_changes():
        days = (wall(now).date() + n * DAY for n in range(3))
        assert regular.next_after(daily, now, LONDON) == min(
            starts for day in days if (starts := once(day, at)) > now
        )


@pytest.mark.parametrize("days", [(6,), (0, 4), (5, 6), (1, 2, 3)])
def test_an_outing_keeps_its_days_and_its_bank_holidays(days: tuple[int, ...]) -> None:
    weekly = replace(TUESDAYS, days=days, at=time(1, 30), next_at=once(date(2025, 12, 31), NINE))
    now, found = weekly.next_at, []
    while now < LAST:
        now = regular.next_after(weekly, now, LONDON)
        found.append(now)
    meant = [d for d in WHOLE if d.weekday() in days and d not in bank_holidays(d.year)]
    assert found == [once(day, time(1, 30)) for day in meant][: len(found)]


@pytest.mark.parametrize("at", TIMES)
@pytest.mark.parametrize("back", [time(1, 30), time(1, 59), time(2), time(12)])
def test_back_by_is_when_clocks_show_it_next_and_never_before_they_left(
    at: time, back: time
) -> None:
    one = replace(TUESDAYS, at=at, back=back)
    for day in WHOLE:
        starts = once(day, at)
        ends = once(day if back > at else day + DAY, back)
        if ends <= starts:  # both are left out
            assert day in CHANGING and time(1) <= at < back <= time(2)
            ends = starts + (datetime.combine(day, back) - datetime.combine(day, at))
        assert regular.back_by(one, starts, LONDON) == ends
        assert timedelta() < ends - starts <= 25 * HOUR


# --- the hours of the service -------------------------------------------------------------


@dataclass(frozen=True)
class Open:
    """Its hours, laid out: the spans and, of each, the day."""

    days: Sequence[date]
    opens: Sequence[datetime]
    closes: Sequence[datetime]


OPEN = {
    "Mon-Fri 09:00-17:00": (range(5), "09:00", "17:00"),
    "Mon-Sun 00:00-24:00, Holidays 00:00-24:00": (range(8), "00:00", "24:00"),
    "Mon-Sun 01:30-09:30, Holidays 01:30-09:30": (range(8), "01:30", "09:30"),
    "Sat-Sun 00:30-01:45": (range(5, 7), "00:30", "01:45"),
    "Mon-Sun 08:00-20:00": (range(7), "08:00", "20:00"),
}


def laid_out(said: str) -> Open:
    on, opens, closes = OPEN[said]
    days = [day for day in DAYS if (7 if day in bank_holidays(day.year) else day.weekday()) in on]
    begin = [once(day, time.fromisoformat(opens)) for day in days]
    if closes == "24:00":
        return Open(days, begin, [once(day + DAY, time(0)) for day in days])
    return Open(days, begin, [once(day, time.fromisoformat(closes)) for day in days])


@pytest.mark.parametrize("said", OPEN)
def test_the_service_opens_and_closes_once_on_each_of_its_days(said: str) -> None:
    there, hours = laid_out(said), read(said, LONDON)
    spans = list(zip(there.opens, there.closes, strict=True))
    for (opens, closes), (later, _) in pairwise(spans):
        assert hours.closes(opens) == closes and hours.is_open(opens)
        assert hours.opens_after(opens) == later
        assert hours.is_open(closes) is (closes == later)


@pytest.mark.parametrize("said", OPEN)
def test_at_any_moment_the_service_is_open_or_not_and_reads_as_it_says(said: str) -> None:
    there, hours = laid_out(said), read(said, LONDON)
    ends = [end for end in there.closes if end < LAST]
    late = (end - before for end in ends for before in (HOUR + MINUTE, HOUR))
    for now in (*around_changes(8), *late):
        span = bisect_right(there.closes, now)  # the first that is not over
        is_open = there.opens[span] <= now
        assert hours.is_open(now) is is_open
        assert hours.opens_after(now) == there.opens[bisect_right(there.opens, now)]
        today = is_open and there.closes[span] - now >= HOUR
        by = span if today else bisect_right(there.days, wall(now).date())
        assert digest.read_by(hours, now) == there.closes[by]
        soon = now + digest.GATHER
        span = bisect_right(there.closes, soon)
        assert digest.told_at(hours, now) == max(soon, there.opens[span])


@pytest.mark.parametrize("said", OPEN)
def test_staff_are_told_once_on_each_day_as_the_service_opens_and_not_at_night(said: str) -> None:
    there, hours = laid_out(said), read(said, LONDON)
    told = []
    for day, opens, closes in zip(there.days, there.opens, there.closes, strict=True):
        nine = once(day, NINE)
        told.append(nine if wall(opens).hour < 7 and opens <= nine < closes else opens)
    now = told[0]
    for meant in told[1 : bisect_left(told, LAST)]:
        now = morning.next_at(hours, now)
        assert now == meant
    for now in around_changes(8):
        clock = wall(now)
        later = bisect_right(told, now)
        if clock.hour >= 7 and there.opens[bisect_right(there.closes, now)] <= now:
            later = bisect_right(there.days, clock.date())  # they may have been told already
        assert morning.next_at(hours, now) == told[later]


# --- what comes every week ----------------------------------------------------------------


@pytest.mark.parametrize("asked", [time(0), time(1, 30), TEN, time(23, 59)])
def test_the_weekly_question_is_asked_on_the_same_day_of_each_week_at_ten(asked: time) -> None:
    for day in ENDING:
        for now in shown(day, asked):
            assert weeklies.in_a_week(now, LONDON) == once(day + 7 * DAY, TEN)


@pytest.mark.parametrize("id", ["a", "b", "c"])
def test_the_first_weeks_are_asked_about_each_friday_at_ten(id: str) -> None:
    later = first_weeks.spread(id)
    fridays = [once(day, TEN) + later for day in DAYS if day.isoweekday() == 5]
    assert timedelta() <= later < HOUR / 2
    now = fridays[0] - MINUTE
    for meant in fridays:
        now = first_weeks.next_friday(now, id, LONDON)
        assert now == meant
    anywhen = [*around_changes(), *(once(day, time(9, 45)) for day in ENDING)]
    for now in anywhen:
        meant = fridays[bisect_right(fridays, now)]
        assert first_weeks.next_friday(now, id, LONDON) == meant


# --- by working days ----------------------------------------------------------------------


def test_reviews_meetings_and_reminders_of_sessions_are_in_the_morning() -> None:
    for day in ENDING:
        moved = working(day - DAY, 1)
        assert meeting.begins(day, LONDON) == once(day, NINE)
        assert review.on_day(day, LONDON) == once(moved, NINE)
        week = working(day + 6 * DAY, 1)
        assert next_after(WEEKLY, day, LONDON, time(18)) == once(week, time(18))
        assert review.next_time(WEEKLY, once(day, time(0)), LONDON) == once(week, NINE)
        session = replace(a_session(day), starts_at=once(day, time(14)))
        mornings = [at for at, what in arranging.stages(session, LONDON) if what is not None]
        assert mornings == [once(day - 7 * DAY, NINE), once(day - DAY, NINE)]


@pytest.mark.parametrize("asked", [time(0), time(1, 30), time(12), time(23, 59)])
def test_a_complaint_is_due_at_five_and_asked_about_at_nine(asked: time) -> None:
    for day in ENDING:
        for now in shown(day, asked):
            made = complaint.lodge(replace(COMPLAINT, at=now), ["priya"], LONDON)
            (kept,) = made.records
            assert isinstance(kept, Concern)
            assert kept.due_at == once(working(day, 3), time(17))
            assert [wake.at for wake in made.wakes] == [once(working(day, 1), NINE)]


def test_the_second_reckoning_and_the_time_zone_database_agree() -> None:
    for now in (*around_changes(48), *(once(day, time(day.day % 24, 7)) for day in DAYS)):
        assert now.astimezone(LONDON).replace(tzinfo=None) == wall(now)
