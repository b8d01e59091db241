"""What a message puts into its reader's calendar: the entry that one of its ids stands for."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time, timedelta

from bot.care.education import Session, State
from bot.care.outcome import Value
from bot.care.text import Text
from bot.care.wall import moment
from bot.i18n import Voice
from bot.ics import Event
from bot.outbox.education import LEADERS, has_link, lines, title
from bot.store import Connection, review_entry, session
from bot.store.outbox import Row

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
    apart.append(Text("education", "line_room"))
    if online or (in_the_open and has_link(this.notes)):  # with a link goes its code
        apart.append(Text("education", "line_notes"))
    if in_the_open and this.facilitators not in LEADERS:
        apart.append(Text("education", "line_leads"))
    about = [voice.label(text, **said) for text, said in lines(this) if text not in apart]
    hidden = in_the_open and has_link(this.room)
    where = (this.place, "" if hidden else this.room)
    name = title(this)
    return Event(
        uid=this.uid or f"session-{this.id}@kith",
        sequence=this.version,
        starts=this.starts_at,
        ends=this.ends_at,
        summary=voice.label(name) if isinstance(name, Text) else name,
        zone=voice.zone,
        stamp=this.changed_at or this.made_at,
        place=voice.label(Text("ics", "online")) if online else ", ".join(filter(None, where)),
        description="\n".join(about),
        cancelled=this.state is State.CANCELLED,
    )


def _review(c: Connection, voice: Voice, id: str) -> Event | None:
    """Something is looked at again on a day: never what, nor of whom."""
    found = review_entry.entry(c, id)
    if found is None:
        return None
    starts = moment(found.day, time(), voice.zone)
    return Event(
        uid=f"review-{found.uid}@kith",
        sequence=found.sequence,
        starts=starts,
        ends=starts + timedelta(days=1),
        summary=voice.label(Text("ics", "my_review") if found.own else Text("ics", "a_review")),
        zone=voice.zone,
        stamp=voice.now,
        cancelled=found.gone,
        all_day=True,
    )


def over(c: Connection, row: Row) -> bool:
    """Whether a later message brings the file as it is by now."""
    id = row.params.get("review_entry")
    found = None if id is None else review_entry.entry(c, str(id))
    return found is not None and row.params.get("mark") != found.sequence


EVENTS: Mapping[str, Make] = {"entry": _entry, "no_entry": _no_entry, "review_entry": _review}
"""A message with one of these parameters comes with a calendar file."""


def event(c: Connection, voice: Voice, params: Mapping[str, Value]) -> Event | None:
    """What hangs on a message with these parameters."""
    made = (make(c, voice, str(params[name])) for name, make in EVENTS.items() if name in params)
    return next(made, None)
