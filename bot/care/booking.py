"""A place at a session: whoever comes first, then a line that moves by itself.

Who comes is theirs: it is told to nobody, and what they do is written down without their name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.care.education import Session
from bot.care.outcome import Lane, Log, Message, Outcome, Tell
from bot.care.round import AT_ONCE, What, spread
from bot.care.text import Text

CLOSED = Text("education", "closed")


class Place(StrEnum):
    """Kept, never renamed."""

    BOOKED = "booked"
    WAITING = "waiting"
    GIVEN_BACK = "given_back"


@dataclass(frozen=True, slots=True)
class Booking:
    """`number` is their place in the line of this session: a place given back is not kept.
    `reachable`: messages reach them now.
    """

    session: str
    member: str
    place: Place
    number: int
    at: datetime
    reachable: bool = True


def book(session: Session, line: Sequence[Booking], member: str, now: datetime) -> Outcome:
    """`line` is everybody who ever booked this session, also who gave their place back."""
    if not session.open_at(now):
        return _said(CLOSED, session)
    moved = move_up(session, line, now)  # somebody who waits may be in reach again
    line = _after(line, moved)
    held = next((one for one in line if one.member == member), None)
    if held is not None and held.place is not Place.GIVEN_BACK:
        return _said(_already(held), session) + moved
    number = max((one.number for one in line), default=0) + 1
    free = not _waiting(line) and room(session, line)  # nobody goes past those who wait
    fresh = Booking(session.id, member, Place.BOOKED if free else Place.WAITING, number, now)
    if free:
        booked = _said(Text("education", "booked"), session)
        return booked + _kept(fresh, "session_booked", session) + _calendar(fresh) + moved
    waits = _said(Text("education", "waiting"), session)
    return waits + _kept(fresh, "session_waited_for", session) + moved


def give_back(session: Session, line: Sequence[Booking], member: str, now: datetime) -> Outcome:
    """`I can't come`: whoever waits first has the place, in the same breath."""
    held = next((one for one in line if one.member == member), None)
    if held is None or held.place is Place.GIVEN_BACK:
        return _said(Text("education", "no_place"), session)
    if not session.open_at(now):
        return _said(CLOSED, session)
    gone = replace(held, place=Place.GIVEN_BACK, at=now)
    rest = [gone if one is held else one for one in line]
    had = held.place is Place.BOOKED
    text = Text("education", "given_back") if had else Text("education", "waits_no_more")
    said = _said(text, session) + (_no_entry(gone) if had else Outcome())
    return said + _kept(gone, "session_given_back", session) + move_up(session, rest, now)


def move_up(session: Session, line: Sequence[Booking], now: datetime) -> Outcome:
    """Whoever waits gets what places there are, in the order in which they came: some at a time."""
    outcome = Outcome()
    if not session.open_at(now):
        return outcome
    left = len(line) if session.places is None else session.places - _taken(line)
    moving = _waiting(line)[: max(left, 0)]
    for one in moving[:AT_ONCE]:
        fresh = replace(one, place=Place.BOOKED, at=now)
        outcome += _kept(fresh, "session_moved_up", session) + _place(fresh)
    more = (spread(session, What.MOVED_UP, now),) if len(moving) > AT_ONCE else ()
    return outcome + Outcome(wakes=more)


def _after(line: Sequence[Booking], outcome: Outcome) -> list[Booking]:
    now = {one.member: one for one in outcome.records if isinstance(one, Booking)}
    return [now.get(one.member, one) for one in line]


def room(session: Session, line: Sequence[Booking]) -> bool:
    return session.places is None or _taken(line) < session.places


def ahead(line: Sequence[Booking], member: str) -> int:
    """How many wait before them."""
    mine = next((one.number for one in _waiting(line) if one.member == member), 0)
    return sum(one.number < mine for one in _waiting(line))


def _taken(line: Sequence[Booking]) -> int:
    return sum(one.place is Place.BOOKED for one in line)


def _waiting(line: Sequence[Booking]) -> list[Booking]:
    """Whoever cannot be told of a place keeps their own in the line, and holds up nobody."""
    waiting = (one for one in line if one.place is Place.WAITING and one.reachable)
    return sorted(waiting, key=lambda one: one.number)


def _already(held: Booking) -> Text:
    if held.place is Place.BOOKED:
        return Text("education", "booked_already")
    return Text("education", "waiting_already")


def _said(text: Text, session: Session) -> Outcome:
    return Outcome(said=Message(text, {"session": session.id}))


def _kept(booking: Booking, kind: str, session: Session) -> Outcome:
    return Outcome(records=(booking,), logs=(Log(kind, facts={"session": session.id}),))


def _calendar(booking: Booking) -> Outcome:
    """The file for their calendar."""
    said = Message(
        Text("education", "calendar"), {"session": booking.session, "entry": booking.session}
    )
    return Outcome(tells=(Tell(booking.member, said, Lane.REPLY, key=_key(booking, "calendar")),))


def _no_entry(booking: Booking) -> Outcome:
    """The file that takes it out of their calendar."""
    said = Message(
        Text("education", "calendar_gone"),
        {"session": booking.session, "no_entry": booking.session},
    )
    return Outcome(tells=(Tell(booking.member, said, Lane.REPLY, key=_key(booking, "gone")),))


def _place(booking: Booking) -> Outcome:
    """They wait no more."""
    said = Message(
        Text("education", "place"), {"session": booking.session, "entry": booking.session}
    )
    return Outcome(tells=(Tell(booking.member, said, Lane.NEWS, key=_key(booking, "place")),))


def _key(booking: Booking, what: str) -> str:
    return f"{booking.session}:{what}:{booking.number}:{booking.member}"
