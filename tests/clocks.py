"""What clocks in London show, by a second reckoning that knows no time zone database.

In the European Union and in Britain summer time lasts from 01:00 UTC on the last Sunday of March
to 01:00 UTC on the last Sunday of October.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
QUARTER = 15 * MINUTE
YEARS = range(2026, 2041)
DAYS = [
    date(2026, 1, 1) + timedelta(days=n) for n in range((date(2041, 1, 1) - date(2026, 1, 1)).days)
]


def _last_sunday(year: int, month: int) -> datetime:
    """At one o'clock in UTC, in a month of 31 days."""
    day = datetime(year, month, 31, 1, tzinfo=UTC)
    return day - timedelta(days=day.isoweekday() % 7)


_CHANGES = {year: (_last_sunday(year, 3), _last_sunday(year, 10)) for year in range(2024, 2044)}

CHANGES = {year: _CHANGES[year] for year in YEARS}
"""When summer time begins and ends."""

CHANGING = sorted(moment.date() for both in CHANGES.values() for moment in both)


def wall(moment: datetime) -> datetime:
    """What clocks in London show, without a zone."""
    begins, ends = _CHANGES[moment.year]
    return moment.replace(tzinfo=None) + (HOUR if begins <= moment < ends else timedelta())


def shown(day: date, at: time) -> list[datetime]:
    """When clocks show this; where they never do, when they first show more."""
    asked = datetime.combine(day, at)
    early = asked.replace(tzinfo=UTC) - HOUR
    found = [moment for moment in (early, early + HOUR) if wall(moment) == asked]
    if found:
        return found
    while wall(early) < asked:
        early += MINUTE
    return [early]


@lru_cache(maxsize=1 << 17)
def once(day: date, at: time) -> datetime:
    """When it is this time on this day, if something is to be then once."""
    return shown(day, at)[0]


def around_changes(hours: int = 3) -> Iterator[datetime]:
    """Each quarter of an hour near each change."""
    for both in CHANGES.values():
        for change in both:
            yield from (change + n * QUARTER for n in range(-4 * hours, 4 * hours + 1))
