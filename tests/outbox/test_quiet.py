"""When quiet hours are over, on every clock."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.outcome import Lane
from bot.outbox.quiet import WAITS, over_at
from bot.store.profile import Quiet
from tests.clocks import CHANGING, DAY, DAYS, LONDON, QUARTER, once
from tests.clocks import wall as wall_clock

NIGHT = Quiet(21 * 60, 8 * 60)
NOON_BREAK = Quiet(12 * 60, 13 * 60)


def wall(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "now", "over"),
    [
        (NIGHT, "2026-03-02 20:59", None),
        (NIGHT, "2026-03-02 21:00", "2026-03-03 08:00"),
        (NIGHT, "2026-03-03 07:59", "2026-03-03 08:00"),
        (NIGHT, "2026-03-03 08:00", None),
        (NOON_BREAK, "2026-03-02 11:59", None),
        (NOON_BREAK, "2026-03-02 12:30", "2026-03-02 13:00"),
        (NOON_BREAK, "2026-03-02 13:00", None),
        (NIGHT, "2026-03-28 23:00", "2026-03-29 08:00"),  # the night that is an hour short
        (NIGHT, "2026-10-24 23:00", "2026-10-25 08:00"),  # and the one that is an hour long
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(hours: Quiet, now: str, over: str | None) -> None:
    assert over_at(hours, LONDON, wall(now)) == (None if over is None else wall(over))


def test_in_the_hour_that_comes_twice_the_second_end_is_waited_for() -> None:
    hours = Quiet(60, 90)
    assert over_at(hours, LONDON, wall("2026-10-25 01:15", fold=1)) == wall(
        "2026-10-25 01:30", fold=1
    )


@pytest.mark.parametrize(
    ("since", "until"),
    [("21:00", "08:00"), ("12:00", "13:00"), ("22:30", "01:30"), ("01:00", "01:45")],
)
def test_on_every_day_to_2040_they_end_when_clocks_first_show_none_of_them(
    since: str, until: str
) -> None:
    """Every quarter of an hour, backwards: what is quiet ends when the next that is not begins."""
    first, last = time.fromisoformat(since), time.fromisoformat(until)
    hours = Quiet(first.hour * 60 + first.minute, last.hour * 60 + last.minute)
    near = {change + n * DAY for change in CHANGING for n in (-1, 0, 1)}
    now, free = once(DAYS[-1], time(12)), None
    while now > once(DAYS[0], time(12)):
        now -= QUARTER
        shows = wall_clock(now)
        at = shows.time()
        quiet = first <= at < last if first < last else at >= first or at < last
        free = free if quiet else now
        if free is not None and (shows.date() in near or shows.hour % 8 == 7):
            assert over_at(hours, LONDON, now) == (free if quiet else None)


@given(
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.integers(0, 366 * 1440),
)
def test_nothing_waits_longer_than_a_day_and_an_hour(since: int, until: int, minute: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    over = over_at(Quiet(since, until), LONDON, now)
    assert over is None or now < over <= now + timedelta(hours=25)


def test_safety_and_answers_never_wait() -> None:
    assert not {Lane.SAFETY, Lane.REPLY} & WAITS
