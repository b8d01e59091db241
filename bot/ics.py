"""Calendar files (iCalendar, RFC 5545 and 5546), as the calendars in people's pockets read them.

A file is published, never a `REQUEST`: that names its attendees, and who comes is told to nobody.
A later file with the same uid and a greater sequence takes the place of an earlier one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

ENDS = ".ics"

TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar. `uid` never changes, `sequence` grows with each change, `stamp` is
    when this was last said; times are aware, shown in `zone`. `all_day`: the whole of the day on
    which it starts there, which stays free for other things.
    """

    uid: str
    sequence: int
    starts: datetime
    ends: datetime
    summary: str
    zone: ZoneInfo
    stamp: datetime
    place: str = ""
    description: str = ""
    cancelled: bool = False
    all_day: bool = False


def file(event: Event) -> bytes:
    """A file for this event alone, which puts it into a calendar, changes it there, or takes it
    out."""
    from bot.vcalendar import written  # takes a tenth of a second, so not before somebody asks

    return written([event], "CANCEL" if event.cancelled else "PUBLISH")


def feed(name: str, events: Iterable[Event]) -> bytes:
    """All of them as one calendar, to be followed; cancelled ones are shown as cancelled."""
    from bot.vcalendar import written

    return written(list(events), "PUBLISH", name)
