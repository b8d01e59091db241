"""Sessions that a service publishes elsewhere, as they become sessions here.

They come quietly: they are in the list, and nobody is written to for each. What changes later is
told to those who booked, as with any session.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot.care.arranging import next_look
from bot.care.education import Repeats, Session, State, Subject
from bot.care.outcome import Log, Outcome

AHEAD = timedelta(days=366)
"""What repeats is read for so long."""

LONGEST_UID = 255

LONGEST_TITLE, LONGEST_PLACE, LONGEST_NOTES = 80, 300, 300
"""Characters."""


FILE = "file"
"""A file that does not say which calendar it is."""

_FILE = "file:"


def file_of(calendar: str) -> str:
    """A file's source, by what its calendar calls itself; empty: it does not say."""
    return f"{_FILE}{sha256(calendar.encode()).hexdigest()[:11]}" if calendar else FILE


def takes_over(first: str | None, source: str) -> bool:
    """Whether `source` says how a date is that came in `first`: it is that calendar; an address,
    which is read again and again, says it rather than a file; and anything rather than a file that
    does not say what it is."""
    files = first is not None and first.startswith(FILE)
    return first in (None, source, FILE) or (files and not source.startswith(FILE))


@dataclass(frozen=True, slots=True)
class Dated:
    """One date of a published session. `key` is the same in every later file; `series` is what all
    dates of one that repeats are called.
    """

    key: str
    starts: datetime
    ends: datetime
    summary: str
    place: str
    description: str
    cancelled: bool
    series: str = ""

    @property
    def uid(self) -> str:
        """The key, as far as it fits."""
        return self.key if len(self.key) <= LONGEST_UID else sha256(self.key.encode()).hexdigest()

    @property
    def ours(self) -> str | None:
        """The id of the session that was made here and comes back in our own file."""
        inside = self.key.removeprefix("session-").removesuffix("@kith")
        return inside if self.key == f"session-{inside}@kith" else None


@dataclass(frozen=True, slots=True)
class Imported:
    """In which calendar a session came."""

    session: str
    source: str


def take(dated: Dated, id: str, source: str, now: datetime, zone: ZoneInfo) -> Outcome:
    """It is new here, and can be booked."""
    blank = Session(
        id=id,
        series=id,
        team=None,
        by=None,
        subject=Subject.OWN,
        starts_at=dated.starts,
        minutes=0,
        made_at=now,
        rule_day=dated.starts.astimezone(zone).date(),
        repeats=Repeats.NO,
        state=State.PUBLISHED,
        version=1,
        changed_at=now,
        uid=dated.uid,
    )
    fresh = as_published(blank, dated, zone)
    return Outcome(
        records=(fresh, Imported(id, source)),
        wakes=(next_look(fresh, now, zone),),
        logs=(Log("session_imported", facts={"session": id}),),
    )


def as_published(before: Session, dated: Dated, zone: ZoneInfo) -> Session:
    """This session as the calendar now has it; what only Kith knows of it stays."""
    return replace(
        before,
        starts_at=dated.starts,
        minutes=max(1, (dated.ends - dated.starts) // timedelta(minutes=1)),
        rule_day=dated.starts.astimezone(zone).date(),
        title=_short(dated.summary, LONGEST_TITLE),
        place=_short(dated.place, LONGEST_PLACE),
        notes=_short(dated.description, LONGEST_NOTES),
    )


def _short(words: str, longest: int) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1]}…"
