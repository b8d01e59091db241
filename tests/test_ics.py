"""Calendar files, read by two readers that know nothing of each other."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject  # type: ignore[import-untyped] # it has no types

from bot import ics
from bot.ics import Event

LONDON = ZoneInfo("Europe/London")
SAID = datetime(2026, 9, 1, 8, tzinfo=UTC)


def session(starts: datetime, *, sequence: int = 0, cancelled: bool = False) -> Event:
    return Event(
        uid="session-abc@kith",
        sequence=sequence,
        starts=starts,
        ends=starts + timedelta(minutes=90),
        summary="Crisis responses; what helps, and who",
        zone=LONDON,
        stamp=SAID,
        place="The Oak Room,\r\n2 High Street\x07",
        description="With a carer.\nBring a friend — or come alone.",
        cancelled=cancelled,
    )


def entries(file: bytes) -> list[icalendar.Event]:
    found = icalendar.Calendar.from_ical(file).walk("VEVENT")
    return [entry for entry in found if isinstance(entry, icalendar.Event)]


def elsewhere(event: Event) -> datetime:
    """When it begins to a reader who has never heard of this zone: nothing but the file says."""
    file = ics.file(event).replace(event.zone.key.encode(), f"Not/{event.zone.key}".encode())
    (entry,) = entries(file)
    assert isinstance(entry.start, datetime)
    return entry.start.astimezone(UTC)


def at(*when: int, zone: ZoneInfo = LONDON) -> datetime:
    year, month, day, hour = when
    return datetime(year, month, day, hour, 30, tzinfo=zone)


@pytest.mark.parametrize("hours", [(10,), (19,)])
@pytest.mark.parametrize("day", [(2026, 10, 24), (2026, 10, 25), (2027, 3, 27), (2027, 3, 28)])
def test_two_readers_read_the_same_on_either_side_of_a_clock_change(
    day: tuple[int, int, int], hours: tuple[int]
) -> None:
    starts = at(*day, *hours)
    event = session(starts.astimezone(UTC))
    file = ics.file(event)

    (entry,) = entries(file)
    (other,) = vobject.readOne(file.decode()).vevent_list
    for start, end in ((entry.start, entry.end), (other.dtstart.value, other.dtend.value)):
        assert isinstance(start, datetime) and (start, end) == (starts, event.ends)
        assert start.utcoffset() == starts.utcoffset(), "the zone comes with the file"
    said = (str(entry["SUMMARY"]), str(entry["LOCATION"]), str(entry["DESCRIPTION"]))
    assert said == (other.summary.value, other.location.value, other.description.value)
    assert said[:2] == (event.summary, "The Oak Room,\n2 High Street")
    assert entry.sequence == int(other.sequence.value) == 0
    assert entry.uid == other.uid.value == event.uid


def test_the_file_itself_says_when_the_clocks_change() -> None:
    for start in (at(2026, 3, 29, 3), at(2026, 10, 25, 3), at(2026, 7, 1, 3), at(2026, 12, 1, 3)):
        assert elsewhere(session(start)) == start.astimezone(UTC)
    rules = re.findall(r"RRULE:(.*)\r\n", ics.file(session(at(2026, 7, 1, 3))).decode())
    assert rules == ["FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"]


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Asia/Kolkata", "Africa/Casablanca", "Pacific/Apia", "UTC"]
)
def test_other_zones_are_told_as_well(zone: str) -> None:
    there = ZoneInfo(zone)
    for month in range(1, 13):
        starts = at(2026, month, 15, 9, zone=there)
        assert elsewhere(replace(session(starts), zone=there)) == starts.astimezone(UTC)


def test_a_change_and_a_cancellation_take_the_place_of_what_was_said() -> None:
    files = [
        ics.file(session(at(2026, 10, 24, 10))),
        ics.file(session(at(2026, 10, 26, 10), sequence=1)),
        ics.file(session(at(2026, 10, 26, 10), sequence=2, cancelled=True)),
    ]
    read = [icalendar.Calendar.from_ical(file) for file in files]
    other = [vobject.readOne(file.decode()) for file in files]
    assert [str(one["METHOD"]) for one in read] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert [one.method.value for one in other] == ["PUBLISH", "PUBLISH", "CANCEL"]
    said = [entries(file)[0] for file in files]
    assert {one.uid for one in said} == {"session-abc@kith"}
    assert [one.sequence for one in said] == [0, 1, 2]
    assert [one.vevent.status.value for one in other] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_the_feed_is_one_calendar_of_all_and_names_nobody() -> None:
    first, second = session(at(2026, 10, 24, 10)), session(at(2028, 10, 26, 10), cancelled=True)
    second = replace(second, uid="session-def@kith")
    for events in ([], [first], [first, second]):
        feed = ics.feed("Sessions for carers", events)
        assert len(entries(feed)) == len(events)
        assert len(getattr(vobject.readOne(feed.decode()), "vevent_list", [])) == len(events)
    assert feed.count(b"BEGIN:VTIMEZONE") == 1
    assert b"ATTENDEE" not in feed and b"mailto" not in feed.lower()


def test_lines_are_as_long_as_calendars_take() -> None:
    lines = ics.file(session(at(2026, 10, 24, 10))).split(b"\r\n")
    assert max(map(len, lines)) <= 75 and lines[-1] == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
