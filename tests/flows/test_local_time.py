"""Every day of London to 2040: what people write and read in local time is the moment they mean.

Compared with a second reckoning, which `tests/clocks.py` explains. What comes again and again is in
`tests/care/test_every_day.py`.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.care.circle import Membership, Role
from bot.care.text import Text
from bot.care.wall import moments
from bot.flows import journey, rota
from bot.flows.flow import Wrote
from bot.i18n import LOCALES, Words
from bot.store.flow import Talk
from tests import clocks
from tests.care.outing import NOON, PLAN
from tests.clocks import CHANGES, CHANGING, DAYS, HOUR, LONDON, MINUTE, YEARS, wall

HALF_HOURS = [time(half // 2, half % 2 * 30) for half in range(48)]
WRITTEN = (time(0, 15), time(1, 0), time(1, 30), time(2, 0), time(9, 5), time(13, 30), time(23, 45))


def scanned(day: date) -> dict[datetime, list[datetime]]:
    """Every minute of the days around this one, by what clocks show then."""
    start = datetime.combine(day, time(), UTC) - 48 * HOUR
    found: dict[datetime, list[datetime]] = {}
    for moment in (start + n * MINUTE for n in range(5 * 24 * 60)):
        found.setdefault(wall(moment), []).append(moment)
    return found


def scan(found: dict[datetime, list[datetime]], asked: datetime) -> list[datetime]:
    """The same as `moments`: when clocks show this, else when they first show more."""
    later = (found[shown] for shown in sorted(found) if shown > asked)
    return found.get(asked) or next(later)[:1]


def around_changes() -> Iterator[datetime]:
    """Each quarter of an hour near each change, and now and then between."""
    yield from clocks.around_changes()
    yield from (datetime.combine(day, time(day.day % 24, 7), UTC) for day in DAYS[:-2:3])


def test_on_every_day_a_wall_time_is_the_moment_at_which_clocks_show_it() -> None:
    for day in DAYS:
        for at in WRITTEN if day not in CHANGING else ():
            (moment,) = moments(day, at, LONDON)
            assert wall(moment) == datetime.combine(day, at)


@pytest.mark.parametrize("year", YEARS)
def test_on_the_days_of_a_change_it_is_what_a_scan_of_every_minute_finds(year: int) -> None:
    for change in CHANGES[year]:
        found = scanned(change.date())
        for day in (change.date() + timedelta(days=n) for n in (-1, 0, 1)):
            for at in HALF_HOURS:
                assert moments(day, at, LONDON) == scan(found, datetime.combine(day, at))


def test_what_is_left_out_in_spring_is_the_first_moment_after_and_autumn_has_two() -> None:
    left_out = moments(date(2027, 3, 28), time(1, 30), LONDON)
    twice = moments(date(2027, 10, 31), time(1, 30), LONDON)
    assert left_out == [datetime(2027, 3, 28, 1, 0, tzinfo=UTC)]
    assert twice == [datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1)]


def test_back_by_is_never_past_and_is_the_next_time_that_clocks_show_what_was_written() -> None:
    talk = Talk("t", 1, "m", "out", "time", {"where": "Café", "when": "other"}, ("where", "when"))
    for now in around_changes():
        facts = journey.Facts("sam", PLAN, LONDON, now)
        for at in WRITTEN:
            read = journey.read_time(Wrote(at.isoformat("minutes")), facts, talk)
            if not isinstance(read, str):
                continue  # it is past for today: "what_time" is asked again
            due = datetime.fromisoformat(read)
            today = wall(now).date()
            days = (today, today + timedelta(days=1))
            twelve = [at] if at.hour >= 12 else [at, at.replace(hour=at.hour + 12)]
            ahead = [m for day in days for each in twelve for m in moments(day, each, LONDON)]
            assert due > now
            assert due == min(m for m in ahead if m > now)


def test_in_the_hour_that_comes_twice_the_next_one_is_meant() -> None:
    talk = Talk("t", 1, "m", "out", "time", {"where": "Café", "when": "other"}, ("where", "when"))

    def read(now: str) -> object:
        moment = datetime.fromisoformat(now)
        facts = journey.Facts("sam", PLAN, LONDON, moment)
        return journey.read_time(Wrote("01:30"), facts, talk)

    assert read("2027-10-31T00:10:00Z") == "2027-10-31T00:30:00+00:00"
    assert read("2027-10-31T00:50:00Z") == "2027-10-31T01:30:00+00:00"


@pytest.mark.parametrize("starts", [time(1, 30), time(9), time(21)])
def test_on_every_day_a_shift_begins_and_ends_as_clocks_show_it(starts: time) -> None:
    acting = Membership("m", "priya", Role.MANAGER, "oak", None, NOON)
    for day in DAYS[:-8]:
        for hours in (8, 12, 24, 168):
            facts = rota.Facts(acting, {}, LONDON, day)
            said = {
                "day": day.isoformat(),
                "starts": starts.isoformat("minutes"),
                "hours": str(hours),
            }
            begins, ends = rota.span(facts, Talk("t", 1, "m", "rota", "check", said))
            clocks = datetime.combine(day, starts)
            for moment, asked in ((begins, clocks), (ends, clocks + hours * HOUR)):
                reads = wall(moment)
                left_out = reads != asked
                assert not left_out or wall(moment - MINUTE) < asked < reads
                # Twice shown, the first is meant: one shift ends where the next begins.
                assert left_out or wall(moment - HOUR) != asked


@pytest.mark.parametrize("locale", LOCALES)
def test_on_every_day_a_screen_names_the_day_and_the_time_that_clocks_show(locale: str) -> None:
    words = Words.load()
    for now in around_changes():
        for hours in (-30, -6, 6, 30, 54):
            moment = now + hours * HOUR
            said = words.clock_time(locale, moment, LONDON, now)
            reads, today = wall(moment), wall(now).date()
            assert f"{reads:%H:%M}" in said
            distance = (reads.date() - today).days
            assert ("tomorrow" in said) == (distance == 1)
            assert ("yesterday" in said) == (distance == -1)
            if abs(distance) > 1:
                assert f"{reads:%a} {reads.day} {reads:%b}"[:6] in said


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        *(("45 minutes", 45), ("1 hour", 60), ("2 hours", 120), ("in 90 mins", 90)),
        *(("an hour", 60), ("Half an hour.", 30), ("1 hour 30", 90), ("1.5 hours", 90)),
        *(("20", None), ("8:30", None), ("3 pm", None), ("soon", None)),
    ],
)
def test_how_long_is_read_as_it_is_written(said: str, minutes: int | None) -> None:
    assert journey.span(said) == minutes
    facts = journey.Facts("sam", PLAN, LONDON, datetime(2026, 5, 4, 8, 0, tzinfo=UTC))
    talk = Talk("t", 1, "m", "out", "time", {"where": "Café", "when": "other"}, ("where", "when"))
    read = journey.read_time(Wrote(said), facts, talk)
    if minutes is not None:
        assert read == str(minutes)
    elif said == "20":
        assert read == Text("journey", "minutes_or_hour"), "a number alone is never guessed at"
