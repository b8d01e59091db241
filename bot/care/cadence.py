"""How often something comes round: a rule in plain words, and the same rule for a calendar.

Pure. A date that falls on a weekend or a bank holiday moves to the next working day. Whoever goes
on from the day that the rule names (`by_rule`), not from the day it moved to, never drifts.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulebase, rrulestr

from bot.care.hours import working_day
from bot.care.text import Text
from bot.care.wall import moment

MORNING = time(9)
"""The time of day where nothing else is said."""

SHORTEST_MONTH = 28

_SAID = re.compile(r"every (?:(?P<count>\d{1,2}) )?(?P<unit>week|month|quarter|year)(?P<s>s?)")


@dataclass(frozen=True, slots=True)
class Cadence:
    """`words` (filled with `count`) says what `rule`, an RRULE of iCalendar, means."""

    words: Text
    rule: str
    count: int = 1


WEEKLY = Cadence(Text("cadence", "every_week"), "FREQ=WEEKLY")
MONTHLY = Cadence(Text("cadence", "every_month"), "FREQ=MONTHLY")
QUARTERLY = Cadence(Text("cadence", "every_months"), "FREQ=MONTHLY;INTERVAL=3", 3)
YEARLY = Cadence(Text("cadence", "every_year"), "FREQ=YEARLY")


def read(text: str) -> Cadence:
    """`every 6 months`, `every quarter`, `every year`; ValueError says what is wrong."""
    said = _SAID.fullmatch(" ".join(text.lower().split()))
    count = int(said["count"] or 1) if said else 0
    if said is None or count == 0 or (said["s"] == "s") != (said["count"] is not None):
        raise ValueError("must look like every 6 months, every 2 weeks, every quarter, every year")
    return _every(count, said["unit"])


def next_after(cadence: Cadence, last: date, zone: ZoneInfo, at: time = MORNING) -> datetime:
    """When it comes round next after `last`, on a working day, at `at` where `zone` is. In UTC."""
    return moment(next_day(cadence, last), at, zone)


def next_day(cadence: Cadence, last: date) -> date:
    """The same, as a day."""
    return on_working_day(by_rule(cadence, last))


def by_rule(cadence: Cadence, last: date) -> date:
    """The day that the rule names, strictly after `last`, whatever day that is."""
    return _after(cadence.rule, last)


_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST_OF_MONTH = 5


def by_weekday(cadence: Cadence, began: date, last: date) -> date:
    """The day strictly after `last` that is the same weekday of its month as `began` is: the second
    Tuesday; a fifth one is the last. `cadence` counts months."""
    number = (began.day - 1) // 7 + 1
    which = -1 if number == _LAST_OF_MONTH else number
    rule = f"{cadence.rule};BYDAY={which}{_DAYS[began.weekday()]}"
    return _found(rrulestr(rule, dtstart=datetime.combine(began, time())), last)


@lru_cache(maxsize=4096)
def _after(rule: str, last: date) -> date:
    """Whoever asks for thousands asks for the same few days."""
    return _found(rrulestr(_fitted(rule, last), dtstart=datetime.combine(last, time())), last)


def _found(rule: rrulebase, last: date) -> date:
    found = rule.after(datetime.combine(last, time()))
    if found is None:
        raise ValueError("a rule that comes to an end names no next day")
    return found.date()


def on_working_day(day: date) -> date:
    """This day, or the first working day after it."""
    return working_day(day - timedelta(days=1), 1)


def _fitted(rule: str, last: date) -> str:
    """A month without the day has its last day instead: a rule of its own would leave it out."""
    monthly = rule.startswith(("FREQ=MONTHLY", "FREQ=YEARLY"))
    if not monthly or "BY" in rule or last.day <= SHORTEST_MONTH:
        return rule
    days = ",".join(str(day) for day in range(SHORTEST_MONTH, last.day + 1))
    month = f";BYMONTH={last.month}" if rule.startswith("FREQ=YEARLY") else ""
    return f"{rule}{month};BYMONTHDAY={days};BYSETPOS=-1"


def _every(count: int, unit: str) -> Cadence:
    if unit == "quarter":
        return _every(count * 3, "month")
    one, several, freq = {
        "week": (Text("cadence", "every_week"), Text("cadence", "every_weeks"), "WEEKLY"),
        "month": (Text("cadence", "every_month"), Text("cadence", "every_months"), "MONTHLY"),
        "year": (Text("cadence", "every_year"), Text("cadence", "every_years"), "YEARLY"),
    }[unit]
    rule = f"FREQ={freq}" if count == 1 else f"FREQ={freq};INTERVAL={count}"
    return Cadence(one if count == 1 else several, rule, count)
