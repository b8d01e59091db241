"""How entries are written down as an iCalendar file, with the time zones they need."""

from bisect import bisect_left
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vRecur
from icalendar import Event as Entry

from bot.ics import Event

PRODUCT = "-//Kith//Kith//EN"

AGAIN = timedelta(hours=6)
"""How often a calendar that follows one should look."""

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def written(events: list[Event], method: str, name: str | None = None) -> bytes:
    """One calendar; it has a name where it is to be followed."""
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", method)
    timed = [event for event in events if not event.all_day]
    for zone in dict.fromkeys(event.zone for event in timed):
        years = [event.starts.astimezone(zone).year for event in timed if event.zone == zone]
        calendar.add_component(_timezone(zone, min(years), max(years)))
    for event in events:
        calendar.add_component(_entry(event))
    if name is not None:
        calendar.calendar_name = _plain(name)
        calendar.add("REFRESH-INTERVAL", AGAIN, parameters={"VALUE": "DURATION"})
        calendar.add("X-PUBLISHED-TTL", f"PT{AGAIN // timedelta(hours=1)}H")
    made: bytes = calendar.to_ical()
    return made


def _entry(event: Event) -> Entry:
    entry = Entry()
    entry.add("UID", event.uid)
    entry.add("SEQUENCE", event.sequence)
    entry.add("DTSTAMP", event.stamp.astimezone(UTC))
    entry.add("LAST-MODIFIED", event.stamp.astimezone(UTC))
    starts = event.starts.astimezone(event.zone)
    if event.all_day:
        entry.add("DTSTART", starts.date())
        entry.add("DTEND", starts.date() + timedelta(days=1))
        entry.add("TRANSP", "TRANSPARENT")
    else:
        entry.add("DTSTART", starts)
        entry.add("DTEND", event.ends.astimezone(event.zone))
    entry.add("SUMMARY", _plain(event.summary))
    for name, value in (("LOCATION", event.place), ("DESCRIPTION", event.description)):
        if value:
            entry.add(name, _plain(value))
    entry.add("STATUS", "CANCELLED" if event.cancelled else "CONFIRMED")
    nobody = vCalAddress("invalid:nomail")  # one is required; nobody is to be written to
    nobody.params["CN"] = "Kith"
    entry.add("ORGANIZER", nobody)
    return entry


def _plain(words: str) -> str:
    """Without what no calendar takes: control characters, but for the ends of lines."""
    kept = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in kept if one == "\n" or one.isprintable())


@lru_cache(maxsize=64)
def _timezone(zone: ZoneInfo, first: int, last: int) -> Timezone:
    """How far from UTC this zone is from the year before `first` to the one after `last`."""
    timezone = Timezone()
    timezone.add("TZID", zone.key)
    found = _changes(zone, first - 1, last + 1)
    if not found:
        start = datetime(first - 1, 1, 1, tzinfo=zone)
        offset, name = start.utcoffset(), start.tzname() or zone.key
        timezone.add_component(_observance(start.replace(tzinfo=None), offset, offset, name))
    for (before, after, name), onsets in found.items():
        rule = _yearly(onsets)
        for onset in onsets if rule is None else onsets[:1]:
            timezone.add_component(_observance(onset, before, after, name, rule))
    return timezone


def _changes(zone: ZoneInfo, first: int, last: int) -> dict[tuple[Any, Any, str], list[datetime]]:
    """By what changes into what, and its name: when, each in the local time before it."""
    found = defaultdict[tuple[Any, Any, str], list[datetime]](list)
    moment, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        later = moment + timedelta(days=1)
        before, after = (one.astimezone(zone).utcoffset() for one in (moment, later))
        if before is not None and before != after:
            minute = bisect_left(
                range(24 * 60),
                True,
                key=lambda m: (moment + timedelta(minutes=m)).astimezone(zone).utcoffset() == after,
            )
            onset = moment + timedelta(minutes=minute)
            name = onset.astimezone(zone).tzname() or zone.key
            found[before, after, name].append((onset + before).replace(tzinfo=None))
        moment = later
    return found


def _observance(
    onset: datetime, before: Any, after: Any, name: str, rule: vRecur | None = None
) -> TimezoneStandard | TimezoneDaylight:
    one = TimezoneDaylight() if after > before else TimezoneStandard()
    one.add("DTSTART", onset)
    one.add("TZOFFSETFROM", before)
    one.add("TZOFFSETTO", after)
    one.add("TZNAME", name)
    if rule is not None:
        one.add("RRULE", rule)
    return one


def _yearly(onsets: list[datetime]) -> vRecur | None:
    """ "The last Sunday in March": some calendars read nothing else. None where it is not so."""
    years = [one.year for one in onsets]
    same = {(one.month, one.weekday(), one.time()) for one in onsets}
    if len(onsets) < 3 or len(same) != 1 or years != [*range(years[0], years[0] + len(years))]:
        return None
    month, weekday, _ = same.pop()
    week = timedelta(days=7)
    if all((one + week).month != month for one in onsets):
        place = -1
    elif len(places := {(one.day - 1) // 7 + 1 for one in onsets}) == 1:
        place = places.pop()
    else:
        return None
    return vRecur(freq="YEARLY", bymonth=month, byday=f"{place}{_WEEKDAYS[weekday]}")
