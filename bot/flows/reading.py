"""How written words are read: a short name, a length, a time of day, a day of the year."""

import re
from datetime import date, time

from bot.flows.flow import Located, Wrote

WALL_TIME = re.compile(r"\D*(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?\s*", re.I)


MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

LENGTH = re.compile(
    r"\s*(?:(?P<hours>\d{1,2}(?:\.\d{1,2})?)\s*(?:h|hrs?|hours?)\b\.?)?\s*(?:and\s+)?"
    r"(?:(?P<minutes>\d{1,4})\s*(?:m|mins?|minutes?)?\.?)?\s*",
    re.I,
)

DAY = re.compile(
    r"\s*(\d{1,2})(?:st|nd|rd|th)?\s*(?:(?:of\s+)?([a-z]{3,9})\.?|[/.-]\s*(\d{1,2}))"
    r"(?:[\s/.,-]+(\d{4}))?\s*",
    re.I,
)


def short(said: Wrote | Located, longest: int) -> str | None:
    """The words on one line, single-spaced; None when they are a place or too long."""
    if isinstance(said, Located):
        return None
    words = " ".join(said.text.split())
    return words if 0 < len(words) <= longest else None


def length(text: str) -> int | None:
    """How long in whole minutes: "90 minutes", "1 hour 30", "1.5 hours", "45"; None: unclear."""
    said = LENGTH.fullmatch(text)
    if said is None or not (said["hours"] or said["minutes"]):
        return None
    return round(float(said["hours"] or 0) * 60) + int(said["minutes"] or 0)


def times_of_day(text: str) -> list[time]:
    """What a time of day can mean, as written first: "3" is 03:00 or 15:00, "3.30 pm" 15:30.

    Empty when it is no time of day.
    """
    wall = WALL_TIME.fullmatch(text)
    if wall is None:
        return []
    hour, minute, half = int(wall[1]), int(wall[2] or 0), (wall[3] or "").lower()
    if hour > 23 or minute > 59 or (half == "am" and hour > 12):
        return []
    if half:
        return [time(hour % 12 + (12 if half == "pm" else 0), minute)]
    return [time(h, minute) for h in (hour, hour + 12) if h < 24]


def day_of_year(text: str, today: date, *, ahead: bool) -> date | None:
    """A day as people write it: "3 June", "3/6", "3 June 2027"; None when it is none.

    Without a year it is the nearest one from today on; or, not `ahead`, up to today.
    """
    said = DAY.fullmatch(text)
    if said is None:
        return None
    name = (said[2] or "").lower()
    month = MONTHS.index(name[:3]) + 1 if name[:3] in MONTHS else int(said[3] or 0)
    around = range(today.year - 8, today.year + 9)
    years = [year for year in around if said[4] in (None, str(year))]
    days = [day for year in years if (day := _day(year, month, int(said[1]))) is not None]
    if ahead:
        return min((day for day in days if day >= today), default=None)
    return max((day for day in days if said[4] or day <= today), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
