"""Telling many of a session, some at a time, each once: what cannot wait goes in between."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.care.education import Session, State
from bot.care.outcome import Lane, Message, Outcome, Tell, Value, Wake
from bot.care.text import Text

SPREAD = "session_told"
"""The kind of the deadline at which the next few are told; its key is a `Round`."""

AT_ONCE = 100
"""So many are told in one transaction: what cannot wait goes in between."""


class What(StrEnum):
    """What those who are told hear of a session; a letter, since it is part of a deadline's key."""

    NEW = "n"
    CHANGED = "c"
    CANCELLED = "x"
    WEEK = "w"
    DAY = "d"
    MOVED_UP = "u"
    """Nobody is told this: more of those who wait have a place than move at once."""


TEXTS: Mapping[What, Text] = {
    What.NEW: Text("education", "new"),
    What.CHANGED: Text("education", "changed"),
    What.CANCELLED: Text("education", "cancelled"),
    What.WEEK: Text("education", "in_a_week"),
    What.DAY: Text("education", "tomorrow"),
}
LANES: Mapping[What, Lane] = {
    What.NEW: Lane.BROADCAST,
    What.CHANGED: Lane.NEWS,
    What.CANCELLED: Lane.NEWS,
    What.WEEK: Lane.REMINDER,
    What.DAY: Lane.REMINDER,
}


@dataclass(frozen=True, slots=True)
class Round:
    """Telling many of one session, a chunk at a time: everybody after the member `after` is still
    to be told. `mark` tells it from a round about the same session as it was before."""

    session: str
    what: What
    mark: int
    after: str = ""

    @property
    def name(self) -> str:
        return f"{self.session}:{self.what.value}{self.mark:x}"

    @property
    def key(self) -> str:
        return f"{self.name}:{self.after}"

    @classmethod
    def read(cls, key: str) -> "Round":
        session, what, after = key.split(":")
        return cls(session, What(what[0]), int(what[1:], 16), after)


def spread(session: Session, what: What, now: datetime) -> Wake:
    """A round begins."""
    return Wake(SPREAD, Round(session.id, what, _mark(session, what)).key, now)


def _mark(session: Session, what: What) -> int:
    """A change or the end of it is told as it is now, a reminder for the day it now has."""
    match what:
        case What.NEW | What.MOVED_UP:
            return 0
        case What.CHANGED | What.CANCELLED:
            return session.version
        case What.WEEK | What.DAY:
            return int(session.starts_at.timestamp()) // 86_400


def still_true(this: Round, session: Session, now: datetime) -> bool:
    """Whether there is still reason to tell this."""
    if this.mark != _mark(session, this.what):
        return False
    if this.what is What.CANCELLED:
        return session.state is State.CANCELLED and now < session.ends_at
    return session.open_at(now)


def tell_next(
    this: Round, session: Session, members: Iterable[str], booked: Collection[str], now: datetime
) -> Outcome:
    """The next of them, in the order of their ids, at most `AT_ONCE`; then the rest, at once.

    Those who `booked` have it in their calendar, where it is put right; those who wait do not get
    the link to a meeting.
    """
    told = list(members)
    plain: dict[str, Value] = {"session": session.id}
    booker, waiter = plain, plain
    if this.what in (What.CHANGED, What.CANCELLED):
        booker = {**plain, "mark": this.mark, "entry": session.id}
        waiter = {**plain, "mark": this.mark, "waits": session.id}
    tells = (
        Tell(
            to,
            Message(TEXTS[this.what], booker if to in booked else waiter),
            LANES[this.what],
            key=f"{this.name}:{to}",
        )
        for to in told
    )
    more = (Wake(SPREAD, replace(this, after=told[-1]).key, now),) if len(told) == AT_ONCE else ()
    return Outcome(tells=tuple(tells), wakes=more)
