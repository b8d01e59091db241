"""How often something comes round: a table, and brute force for every day to 2040."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.care.cadence import (
    MONTHLY,
    QUARTERLY,
    WEEKLY,
    YEARLY,
    Cadence,
    by_rule,
    by_weekday,
    next_after,
    next_day,
    on_working_day,
    read,
)
from bot.care.hours import bank_holidays
from bot.care.text import Text

LONDON = ZoneInfo("Europe/London")
FIRST_TUESDAY = Cadence(Text("cadence", "every_months"), "FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU", 3)


@pytest.mark.parametrize(
    ("cadence", "last", "by_the_rule", "on"),
    [
        (WEEKLY, "2026-03-04", "2026-03-11", "2026-03-11"),
        (MONTHLY, "2026-01-31", "2026-02-28", "2026-03-02"),  # a Saturday
        (MONTHLY, "2028-01-31", "2028-02-29", "2028-02-29"),
        (MONTHLY, "2026-02-28", "2026-03-28", "2026-03-30"),
        (MONTHLY, "2026-03-31", "2026-04-30", "2026-04-30"),
        (QUARTERLY, "2026-11-30", "2027-02-28", "2027-03-01"),
        (QUARTERLY, "2026-01-03", "2026-04-03", "2026-04-07"),  # Good Friday, Easter Monday
        (YEARLY, "2028-02-29", "2029-02-28", "2029-02-28"),
        (YEARLY, "2025-12-25", "2026-12-25", "2026-12-29"),  # Boxing Day made up for
        (read("every 2 years"), "2026-03-01", "2028-03-01", "2028-03-01"),
        (FIRST_TUESDAY, "2026-01-06", "2026-04-07", "2026-04-07"),
    ],
)
def test_when_it_comes_round(cadence: Cadence, last: str, by_the_rule: str, on: str) -> None:
    day = date.fromisoformat(last)
    assert by_rule(cadence, day) == date.fromisoformat(by_the_rule)
    assert next_day(cadence, day) == date.fromisoformat(on)


@pytest.mark.parametrize(
    ("cadence", "began", "last", "on"),
    [
        (MONTHLY, "2026-01-13", "2026-01-13", "2026-02-10"),  # second Tuesdays
        (MONTHLY, "2026-01-13", "2026-02-10", "2026-03-10"),
        (MONTHLY, "2026-03-31", "2026-04-28", "2026-05-26"),  # last ones
        (MONTHLY, "2026-03-31", "2026-05-26", "2026-06-30"),
        (QUARTERLY, "2026-01-30", "2026-01-30", "2026-04-24"),  # last Fridays
        (QUARTERLY, "2026-01-30", "2026-04-24", "2026-07-31"),
    ],
)
def test_a_group_keeps_its_weekday(cadence: Cadence, began: str, last: str, on: str) -> None:
    days = date.fromisoformat(began), date.fromisoformat(last)
    assert by_weekday(cadence, *days) == date.fromisoformat(on)


def test_it_is_the_same_time_of_day_on_both_sides_of_the_clocks_change() -> None:
    friday = date(2026, 3, 27)
    assert next_after(WEEKLY, friday - timedelta(weeks=1), LONDON).time() == time(9)
    assert next_after(WEEKLY, friday, LONDON, time(18)) == datetime(2026, 4, 7, 17, tzinfo=UTC)


def test_every_day_to_2040_by_hand() -> None:
    for last in (date(2025, 1, 1) + timedelta(days=n) for n in range(365 * 16 + 4)):
        for cadence, months in ((MONTHLY, 1), (QUARTERLY, 3), (YEARLY, 12)):
            found = by_rule(cadence, last)
            assert found == _in_months(last, months)
        assert by_rule(WEEKLY, last) == last + timedelta(days=7)
        moved = next_after(WEEKLY, last, LONDON).astimezone(LONDON)
        assert moved.time() == time(9)
        assert moved.date() == _works(last + timedelta(days=7))


def _in_months(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _works(day: date) -> date:
    while day.isoweekday() > 5 or day in bank_holidays(day.year):
        day += timedelta(days=1)
    return day


def test_a_working_day_stays_where_it_is() -> None:
    assert on_working_day(date(2026, 3, 4)) == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("every week", "FREQ=WEEKLY"),
        ("Every  6 months", "FREQ=MONTHLY;INTERVAL=6"),
        ("every quarter", "FREQ=MONTHLY;INTERVAL=3"),
        ("every year", "FREQ=YEARLY"),
        ("every 1 years", "FREQ=YEARLY"),
    ],
)
def test_a_rule_is_said_in_plain_words(said: str, rule: str) -> None:
    assert read(said).rule == rule


@pytest.mark.parametrize(
    "wrong", ["", "monthly", "every 0 months", "every months", "every 6 month"]
)
def test_what_is_no_rule_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="must look like"):
        read(wrong)
