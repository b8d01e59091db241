"""When the service reads and answers: its hours, the bank holidays of England, working days.

Pure: the zone is given with the hours. A moment is aware; what comes back is in UTC.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count, islice
from zoneinfo import ZoneInfo

from bot.care.wall import moment

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holidays")
"""As they are written; the last are the bank holidays, whatever day of the week they fall on."""

HOLIDAY = DAYS.index("holidays")

_PART = re.compile(
    r"(?P<first>[a-z]+)(?:-(?P<last>[a-z]+))? (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)"
)

Span = tuple[int, int]
"""Opens and closes, in minutes of the day."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of each kind of day, in the order of `DAYS`; None: closed all day."""

    week: tuple[Span | None, ...]
    zone: ZoneInfo

    def is_open(self, at: datetime) -> bool:
        opens, _ = next(self._spans(at))
        return opens <= at

    def opens(self, at: datetime) -> datetime:
        """The moment itself while it is open; else when it opens next."""
        return at if self.is_open(at) else self.opens_after(at)

    def opens_after(self, at: datetime) -> datetime:
        """When it opens next, strictly later."""
        return next(opens for opens, _ in self._spans(at) if opens > at)

    def closes(self, at: datetime) -> datetime:
        """When it closes next, strictly later."""
        return next(self._spans(at))[1]

    def by_day(self, at: datetime, days: int) -> datetime:
        """When it closes on the `days`th day on which it is open, the day of `at` not counted."""
        today = at.astimezone(self.zone).date()
        spans = self._spans(at)
        later = (closes for o, closes in spans if o.astimezone(self.zone).date() > today)
        return next(islice(later, days - 1, None))

    def _spans(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The hours that are not over, soonest first, in UTC."""
        today = at.astimezone(self.zone).date()
        for day in (today + timedelta(days=n) for n in count()):
            hours = self.week[_kind(day)]
            if hours is not None and self._at(day, hours[1]) > at:
                yield self._at(day, hours[0]), self._at(day, hours[1])

    def _at(self, day: date, minutes: int) -> datetime:
        wall = datetime.combine(day, time()) + timedelta(minutes=minutes)  # 24:00 is tomorrow's
        return moment(wall.date(), wall.time(), self.zone)


def read(text: str, zone: ZoneInfo) -> Hours:
    """`Mon-Fri 09:00-17:00, Sat 10:00-12:00, Holidays 10:00-12:00`; ValueError says what is wrong.

    What is not named is closed; 24:00 is the end of a day.
    """
    week: list[Span | None] = [None] * len(DAYS)
    for part in text.split(","):
        said = _PART.fullmatch(part.strip().lower())
        if said is None:
            raise ValueError("must look like Mon-Fri 09:00-17:00, Sat 10:00-12:00")
        first, last = said["first"], said["last"] or said["first"]
        if first not in DAYS or last not in DAYS:
            raise ValueError("must name days as Mon, Tue, Wed, Thu, Fri, Sat, Sun or Holidays")
        opens, closes = _minutes(said["opens"]), _minutes(said["closes"])
        if not 0 <= opens < closes <= 24 * 60:
            raise ValueError("must open before it closes, on the same day")
        for day in range(DAYS.index(first), DAYS.index(last) + 1):
            week[day] = (opens, closes)
    if not any(week[:HOLIDAY]):
        raise ValueError("must name a day that comes every week")
    return Hours(tuple(week), zone)


def working_day(day: date, days: int) -> date:
    """The `days`th working day after this one: Monday to Friday, and no bank holiday."""
    for _ in range(days):
        day += timedelta(days=1)
        while day.weekday() > DAYS.index("fri") or day in bank_holidays(day.year):
            day += timedelta(days=1)
    return day


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Those of England."""
    from holidays import country_holidays  # takes a second, so not before somebody asks

    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


def learn(year: int) -> None:
    """Whoever asks about this year or the next one waits no second for the answer."""
    for known in (year, year + 1):
        bank_holidays(known)


def _kind(day: date) -> int:
    return HOLIDAY if day in bank_holidays(day.year) else day.weekday()


def _minutes(said: str) -> int:
    hour, minute = map(int, said.split(":"))
    return hour * 60 + minute if minute < 60 else -1


USUAL = read("Mon-Fri 09:00-17:00", ZoneInfo("Europe/London"))
"""Of a service that says nothing else."""
