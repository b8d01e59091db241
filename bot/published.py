"""Reads the calendar of sessions that a service publishes elsewhere (iCalendar)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import structlog

from bot.care.published import AHEAD, Dated
from bot.care.wall import moment

LARGEST, MOST = 2**20, 500
"""Bytes of a file, and dates in it, at most."""

LONGEST = timedelta(days=1)
"""What goes on for longer is no session."""

_TOO_OFTEN = re.compile(
    rb"FREQ\s*=\s*(?:SECOND|MINUTE|HOUR)LY|BY(?:SECOND|MINUTE|HOUR)\s*=|INTERVAL\s*=\s*0*\D",
    re.IGNORECASE,
)
"""Rules by which a short file has endless dates."""

log = structlog.get_logger(__name__)


class Wrong(StrEnum):
    """Why a file is not taken."""

    TOO_LARGE = "too_large"
    NO_CALENDAR = "no_calendar"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Published:
    """What is to come, soonest first; `left_out`: so many have no time, or no end within a day.
    `calendar`: what tells it from others, the same in each of its files."""

    dates: tuple[Dated, ...]
    left_out: int = 0
    calendar: str = ""


def read(file: bytes, now: datetime, zone: ZoneInfo) -> Published | Wrong:
    """What is to come in this file. A time without a zone is the service's own."""
    if len(file) > LARGEST:
        return Wrong.TOO_LARGE
    unfolded = re.sub(rb"\r?\n[ \t]", b"", file)
    if _TOO_OFTEN.search(unfolded):
        return Wrong.TOO_MANY
    try:
        return _read(_decoded(unfolded), now, zone)
    except Exception as error:  # somebody else's file may break its reader in any way
        log.warning("a calendar file cannot be read", error=type(error).__name__)
        return Wrong.NO_CALENDAR


def _read(file: str, now: datetime, zone: ZoneInfo) -> Published | Wrong:
    # Two readers that few runs of Kith need: a tenth of a second that its start does not wait.
    import recurring_ical_events  # type: ignore[import-untyped] # it has no types
    from icalendar import Calendar, Event

    calendar = Calendar.from_ical(file)
    entries = [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]
    repeating = {one.uid for one in entries if {"RRULE", "RDATE", "RECURRENCE-ID"} & one.keys()}
    if len(repeating) > MOST:
        return Wrong.TOO_MANY
    found: dict[str, Dated] = {}
    left_out = 0
    for one in recurring_ical_events.of(calendar).between(now, now + AHEAD):
        starts, ends = _aware(one.start, zone), _aware(one.end, zone)
        if starts is None or ends is None or not timedelta() < ends - starts <= LONGEST:
            left_out += 1
        elif starts > now and (uid := _words(one.uid)):
            nth = _aware(one["RECURRENCE-ID"].dt, zone) if one.uid in repeating else None
            # By its day: a series that is moved by an hour is still the one that people booked.
            key = uid if nth is None else f"{uid} {nth.astimezone(zone):%Y%m%d}"
            if key in found and nth is not None:
                key = f"{key} {nth:%H%MZ}"
            found[key] = Dated(
                key=key,
                starts=starts,
                ends=ends,
                summary=_words(one.get("SUMMARY", "")),
                place=_words(one.get("LOCATION", "")),
                description=_words(one.get("DESCRIPTION", "")),
                cancelled=str(one.get("STATUS", "")).upper() == "CANCELLED",
                series="" if nth is None else uid,
            )
        if len(found) > MOST:
            return Wrong.TOO_MANY
    dates = sorted(found.values(), key=lambda one: (one.starts, one.key))
    if str(calendar.get("METHOD", "")).upper() == "CANCEL":
        dates = [replace(one, cancelled=True) for one in dates]
    return Published(tuple(dates), left_out, _called(calendar))


def _called(calendar: Mapping[str, object]) -> str:
    """Its own id where it has one; else its name, and what wrote it, of whatever version."""
    for name in ("UID", "X-WR-RELCALID"):
        if own := _words(calendar.get(name, "")):
            return own
    name = _words(calendar.get("NAME", "")) or _words(calendar.get("X-WR-CALNAME", ""))
    wrote = re.sub(r"[\d.]+", "", _words(calendar.get("PRODID", "")))
    return f"{name}\n{wrote}".strip()


def _decoded(file: bytes) -> str:
    """Many a calendar is not in UTF-8, whatever it ought to be."""
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError:
        return file.decode("cp1252", "replace")


def _words(value: object) -> str:
    """Without characters that nobody sees: no database and no chat takes them all."""
    return "".join(one for one in str(value) if one == "\n" or one.isprintable()).strip()


def _aware(when: object, zone: ZoneInfo) -> datetime | None:
    """None for a day without a time."""
    if not isinstance(when, datetime):
        return None
    if when.tzinfo is None:
        return moment(when.date(), when.time(), zone)
    return when.astimezone(UTC)
