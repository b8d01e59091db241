"""What a message puts into its reader's calendar: the entry that one of its ids stands for."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.care.education import Session, State
from bot.care.outcome import Value
from bot.care.text import Text
from bot.i18n import Voice
from bot.ics import Event
from bot.outbox.education import LEADERS, has_link, lines, title
from bot.store import Connection, review_entry, session

HALF_AN_HOUR = timedelta(minutes=30)
"""So long is a review in a calendar: a place for it in the day, and no promise."""

Make = Callable[[Connection, Voice, str], Event | None]
"""From the id a parameter holds to its entry, in the reader's words."""


def _entry(c: Connection, voice: Voice, id: str) -> Event | None:
    found = session.session(c, id)
    return None if found is None else replace(entry(voice, found), stamp=voice.now)


def _no_entry(c: Connection, voice: Voice, id: str) -> Event | None:
    """Whoever gave their place back has it in their calendar no more; booked again, it is said
    later, and so counts."""
    there = _entry(c, voice, id)
    return None if there is None else replace(there, cancelled=True)


def entry(voice: Voice, this: Session, *, in_the_open: bool = False) -> Event:
    """A session; one that came in a file keeps the name it has there. A link to a meeting is for
    those who booked, not for whoever reads what is `in_the_open`; nor are names.
    """
    online = in_the_open and has_link(this.place)
    apart = [Text("education", "line_when"), Text("education", "line_place")]
    if online or (in_the_open and has_link(this.notes)):  # with a link goes its code
        apart.append(Text("education", "line_notes"))
    if in_the_open and this.facilitators not in LEADERS:
        apart.append(Text("education", "line_leads"))
    about = [voice.label(text, **said) for text, said in lines(this) if text not in apart]
    name = title(this)
    return Event(
        uid=this.uid or f"session-{this.id}@kith",
        sequence=this.version,
        starts=this.starts_at,
        ends=this.ends_at,
        summary=voice.label(name) if isinstance(name, Text) else name,
        zone=voice.zone,
        stamp=this.changed_at or this.made_at,
        place=voice.label(Text("ics", "online")) if online else this.place,
        description="\n".join(about),
        cancelled=this.state is State.CANCELLED,
    )


def _review(c: Connection, voice: Voice, round: str) -> Event | None:
    """Something is looked at again: never what, nor of whom."""
    found = review_entry.next_of(c, round)
    if found is None:
        return None
    return Event(
        uid=f"review-{found.name}@kith",
        sequence=found.rounds,
        starts=found.at,
        ends=found.at + HALF_AN_HOUR,
        summary=voice.label(Text("ics", "a_review")),
        zone=voice.zone,
        stamp=found.said_at,
    )


EVENTS: Mapping[str, Make] = {"entry": _entry, "no_entry": _no_entry, "review_entry": _review}
"""A message with one of these parameters comes with a calendar file."""


def event(c: Connection, voice: Voice, params: Mapping[str, Value]) -> Event | None:
    """What hangs on a message with these parameters."""
    made = (make(c, voice, str(params[name])) for name, make in EVENTS.items() if name in params)
    return next(made, None)
