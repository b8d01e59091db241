"""When the service reads: its hours, bank holidays, the turn of the clocks, working days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.hours import USUAL, Hours, bank_holidays, read, working_day

LONDON = ZoneInfo("Europe/London")
START = datetime(2025, 1, 1, tzinfo=UTC)
EVERY_HOUR = read("Mon-Sun 00:00-24:00, Holidays 00:00-24:00", LONDON)


def at(day: str, time: str) -> datetime:
    """A time of day in London."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "is_open", "opens", "closes"),
    [
        (at("2026-03-04", "10:00"), True, at("2026-03-05", "09:00"), at("2026-03-04", "17:00")),
        (at("2026-03-04", "09:00"), True, at("2026-03-05", "09:00"), at("2026-03-04", "17:00")),
        (at("2026-03-04", "08:59"), False, at("2026-03-04", "09:00"), at("2026-03-04", "17:00")),
        (at("2026-03-04", "17:00"), False, at("2026-03-05", "09:00"), at("2026-03-05", "17:00")),
        # a Saturday night; then the night in which the clocks go forward
        (at("2026-03-07", "02:14"), False, at("2026-03-09", "09:00"), at("2026-03-09", "17:00")),
        (at("2026-03-29", "00:30"), False, at("2026-03-30", "09:00"), at("2026-03-30", "17:00")),
        # Good Friday to Easter Monday; Christmas, with Boxing Day made up for on the Monday
        (at("2026-04-02", "17:30"), False, at("2026-04-07", "09:00"), at("2026-04-07", "17:00")),
        (at("2026-12-25", "10:00"), False, at("2026-12-29", "09:00"), at("2026-12-29", "17:00")),
        (at("2026-12-31", "18:00"), False, at("2027-01-04", "09:00"), at("2027-01-04", "17:00")),
    ],
)
def test_the_usual_hours(now: datetime, is_open: bool, opens: datetime, closes: datetime) -> None:
    assert USUAL.is_open(now) is is_open
    assert USUAL.opens(now) == (now if is_open else opens)
    assert USUAL.opens_after(now) == opens
    assert USUAL.closes(now) == closes


@pytest.mark.parametrize(
    ("now", "days", "by"),
    [
        (at("2026-03-04", "02:14"), 1, at("2026-03-05", "17:00")),
        (at("2026-03-04", "23:30"), 1, at("2026-03-05", "17:00")),
        (at("2026-03-06", "10:00"), 1, at("2026-03-09", "17:00")),
        (at("2026-03-07", "10:00"), 2, at("2026-03-10", "17:00")),
        (at("2026-04-02", "10:00"), 1, at("2026-04-07", "17:00")),
    ],
)
def test_by_the_end_of_so_many_days_of_the_service(now: datetime, days: int, by: datetime) -> None:
    assert USUAL.by_day(now, days) == by


def test_each_kind_of_day_has_hours_of_its_own() -> None:
    hours = read("Mon-Fri 09:00-17:00, Sat 10:00-12:00, Holidays 11:00-13:00", LONDON)
    assert hours.is_open(at("2026-03-07", "11:59"))
    assert not hours.is_open(at("2026-03-07", "12:00"))
    assert not hours.is_open(at("2026-12-25", "10:30"))
    assert hours.is_open(at("2026-12-25", "11:30"))


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "always",
        "Mon-Fri",
        "Mon-Fri 9-17",
        "Mon-Fri 17:00-09:00",
        "Mon 09:60-10:00",
        "Mon 09:00-24:01",
        "Day 09:00-17:00",
        "Fri-Mon 09:00-17:00",
        "Holidays 09:00-17:00",
    ],
)
def test_hours_that_cannot_be_read_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="must"):
        read(wrong, LONDON)


@pytest.mark.parametrize(
    ("day", "days", "then"),
    [
        (date(2026, 3, 4), 3, date(2026, 3, 9)),
        (date(2026, 3, 7), 3, date(2026, 3, 11)),
        (date(2026, 4, 2), 3, date(2026, 4, 9)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(
    day: date, days: int, then: date
) -> None:
    assert working_day(day, days) == then


def test_the_bank_holidays_are_those_of_england() -> None:
    easter_monday, saint_andrew = date(2026, 4, 6), date(2026, 11, 30)
    assert easter_monday in bank_holidays(2026)
    assert saint_andrew not in bank_holidays(2026)


@given(
    st.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)),
    st.sampled_from([USUAL, EVERY_HOUR, read("Sun 00:00-24:00", LONDON)]),
)
def test_it_opens_later_than_now_and_is_open_then(now: datetime, hours: Hours) -> None:
    opens, closes = hours.opens_after(now), hours.closes(now)
    assert opens > now and closes > now
    assert hours.is_open(opens)
    assert not hours.is_open(closes) or hours is EVERY_HOUR
    assert hours.opens(now) in (now, opens)
