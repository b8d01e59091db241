"""Calendars that services publish: what is to come, and what is refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.ics import Event, feed, file
from bot.published import MOST, Published, Wrong, read

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)


def entry(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT", ""))


def published(*entries: str, head: str = "") -> bytes:
    start = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Trust//EN\r\n{head}"
    return f"{start}{''.join(entries)}END:VCALENDAR\r\n".encode()


MONTHLY = entry(
    "UID:monthly",
    "SUMMARY:Carers’ evening",
    "LOCATION:Town Hall",
    "DTSTART;TZID=Europe/London:20260907T180000",
    "DTEND;TZID=Europe/London:20260907T193000",
    "RRULE:FREQ=MONTHLY;BYDAY=1MO",
    "EXDATE;TZID=Europe/London:20261207T180000",
)
MOVED = entry(
    "UID:monthly",
    "RECURRENCE-ID;TZID=Europe/London:20261102T180000",
    "SUMMARY:Carers’ evening\\, another day",
    "DTSTART;TZID=Europe/London:20261103T180000",
    "DTEND;TZID=Europe/London:20261103T193000",
)


def taken(data: bytes, now: datetime = NOW) -> Published:
    found = read(data, now, LONDON)
    assert isinstance(found, Published), found
    return found


def test_what_repeats_is_read_a_year_ahead_through_the_clock_changes() -> None:
    found = taken(published(MONTHLY, MOVED)).dates
    assert len(found) == 11, "a year of first Mondays without December"
    assert [one.starts.astimezone(LONDON).hour for one in found] == [18] * 11
    assert [one.starts.day for one in found][:3] == [5, 3, 4]
    assert found[1].summary == "Carers’ evening, another day"
    assert (found[0].place, found[0].ends - found[0].starts) == ("Town Hall", timedelta(minutes=90))
    later = taken(published(MONTHLY, MOVED), NOW + timedelta(days=20)).dates
    assert [one.key for one in later][:10] == [one.key for one in found][1:], "its key stays"
    unmoved = taken(published(MONTHLY)).dates
    assert unmoved[1].key == found[1].key, "moved, it is the same"


def test_a_series_moved_by_an_hour_is_the_same_series() -> None:
    found = taken(published(MONTHLY)).dates
    later = taken(published(MONTHLY.replace("T18", "T17").replace("T1930", "T1830"))).dates
    assert [one.key for one in later] == [one.key for one in found]
    assert later[0].starts == found[0].starts - timedelta(hours=1)
    assert {one.series for one in found} == {"monthly"}
    twice = MONTHLY.replace("RRULE:FREQ=MONTHLY;BYDAY=1MO", "RDATE:20261102T090000Z")
    twice = twice.replace("EXDATE;TZID=Europe/London:20261207T180000", "RDATE:20261102T150000Z")
    assert len({one.key for one in taken(published(twice)).dates}) == 2


def test_a_calendar_in_another_encoding_is_still_read() -> None:
    cafe = entry("UID:a\0", "DTSTART:20261006T120000", "DURATION:PT1H", "SUMMARY:Caf\u00e9\u202e")
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        data = published(cafe.replace("\u202e", "")).decode().encode(encoding)
        (one,) = taken(data).dates
        assert (one.key, one.summary) == ("a", "Caf\u00e9")
    assert taken(published(cafe)).dates[0].summary == "Caf\u00e9", "what nobody sees is left out"


def test_our_own_files_are_read_and_keep_their_key_when_they_move() -> None:
    starts = NOW + timedelta(days=3)
    ours = Event("one@kith", 0, starts, starts + timedelta(hours=2), "Rights", LONDON, NOW)
    later = Event("one@kith", 1, ours.ends, ours.ends + timedelta(hours=2), "Rights", LONDON, NOW)
    gone = Event("one@kith", 2, ours.starts, ours.ends, "Rights", LONDON, NOW, cancelled=True)
    for event in (ours, later, gone):
        for data in (file(event), feed("Sessions", [event])):
            (one,) = taken(data).dates
            assert (one.key, one.starts, one.cancelled) == (
                "one@kith",
                event.starts,
                event.cancelled,
            )


def test_days_without_a_time_and_weeks_long_things_are_left_out_and_said() -> None:
    day = entry("UID:day", "DTSTART;VALUE=DATE:20261006", "SUMMARY:Closed")
    week = entry("UID:week", "DTSTART:20261006T090000", "DTEND:20261013T090000")
    here = entry("UID:here", "DTSTART:20261006T120000", "DURATION:PT1H", "SUMMARY:No zone")
    found = taken(published(day, week, here))
    assert [one.key for one in found.dates] == ["here"] and found.left_out == 2
    assert found.dates[0].starts == datetime(2026, 10, 6, 11, tzinfo=UTC)
    (one,) = taken(published(here, head="METHOD:CANCEL\r\n")).dates
    assert one.cancelled


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"", Wrong.NO_CALENDAR),
        (b"<html>Sign in</html>", Wrong.NO_CALENDAR),
        (b"\x00\xff" * 100, Wrong.NO_CALENDAR),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", Wrong.NO_CALENDAR),
        (published(entry("UID:x", "DTSTART:tomorrow")), Wrong.NO_CALENDAR),
        (published(MONTHLY.replace("MONTHLY", "SECONDLY")), Wrong.TOO_MANY),
        (published(MONTHLY.replace("MONTHLY", "HOU\r\n RLY")), Wrong.TOO_MANY),
        (published(MONTHLY.replace("BYDAY=1MO", "BYMINUTE=1,2,3")), Wrong.TOO_MANY),
        (published(MONTHLY.replace("BYDAY=1MO", "INTERVAL=00")), Wrong.TOO_MANY),
        (
            published(*(MONTHLY.replace("UID:", f"UID:{n}") for n in range(MOST // 10))),
            Wrong.TOO_MANY,
        ),
        (published("X-A:" + "a" * 2**20 + "\r\n"), Wrong.TOO_LARGE),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(data: bytes, wrong: Wrong) -> None:
    assert read(data, NOW, LONDON) is wrong


def test_a_file_says_which_calendar_it_is_the_same_each_time() -> None:
    def called(head: str, product: str = "-//Trust//EN") -> str:
        data = published(MONTHLY, head=head).replace(b"-//Trust//EN", product.encode())
        return taken(data).calendar

    college = called("X-WR-CALNAME:Recovery college\r\n", "-//Apple Inc.//macOS 14.1//EN")
    assert college == called("NAME:Recovery college\r\n", "-//Apple Inc.//macOS 15.2.1//EN")
    assert college != called("X-WR-CALNAME:Trust\r\n", "-//Apple Inc.//macOS 14.1//EN")
    assert called("X-WR-RELCALID:7\r\nX-WR-CALNAME:A\r\n") == called("UID:7\r\nNAME:B\r\n") == "7"
    assert called("") == "-//Trust//EN" != called("", "-//College//EN")
