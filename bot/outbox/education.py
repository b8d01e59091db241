"""A session in words: what fills the messages about it, and the lines of its own screen."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.care.booking import Place
from bot.care.education import (
    ENGLISH,
    Change,
    Need,
    Repeats,
    Session,
    State,
    Subject,
)
from bot.care.round import TEXTS, What
from bot.care.text import Text
from bot.i18n import Lines, Param
from bot.store import Connection, booking, education
from bot.store import session as sessions
from bot.store.outbox import Row

SUBJECTS = {
    Subject.CONDITIONS: Text("education", "conditions"),
    Subject.CRISIS: Text("education", "crisis"),
    Subject.SYSTEM: Text("education", "system"),
    Subject.OWN: Text("education", "own"),
}

NEEDS = {
    Need.STEP_FREE: Text("education", "step_free"),
    Need.HEARING_LOOP: Text("education", "hearing_loop"),
    Need.BSL: Text("education", "bsl"),
    Need.INTERPRETER: Text("education", "interpreter"),
    Need.EASY_READ: Text("education", "easy_read"),
    Need.QUIET_ROOM: Text("education", "quiet_room"),
    Need.ONLINE: Text("education", "online"),
}

REPEATS = {
    Repeats.QUARTERLY: Text("education", "quarterly"),
    Repeats.MONTHLY: Text("education", "monthly"),
    Repeats.NO: Text("education", "once"),
}

LEADERS = {
    "staff": Text("education", "led_by_staff"),
    "with_carer": Text("education", "led_with_carer"),
}
"""Who leads a session, where it was not written in words."""

_LINK = re.compile(r"://|\bwww\.|[\w-]\.[a-z]{2,}/", re.IGNORECASE)
"""Also as people write one: `teams.example/l/7`."""

CHANGED = {
    Change.LENGTH: Text("education", "new_length"),
    Change.PLACE: Text("education", "new_place"),
    Change.TITLE: Text("education", "new_title"),
    Change.ROOM: Text("education", "new_room"),
    Change.NOTES: Text("education", "new_notes"),
    Change.LEADS: Text("education", "new_leads"),
    Change.LANGUAGES: Text("education", "new_languages"),
    Change.MEETS: Text("education", "new_meets"),
}

Line = tuple[Text, Mapping[str, Param]]


def has_link(words: str) -> bool:
    """Whether there is the way into a meeting in them."""
    return _LINK.search(words) is not None


def title(session: Session) -> str | Text:
    return session.title or SUBJECTS[session.subject]


def needs(some: Iterable[Need]) -> list[str | Text]:
    return [NEEDS[need] for need in some]


def languages(session: Session) -> list[str | Text]:
    """By name; one of them has a name in every form."""
    return [Text("education", "english") if one == ENGLISH else one for one in session.languages]


def lines(session: Session, *, in_the_open: bool = False) -> list[Line]:
    """What there is to know of it, in the order in which it is asked for. A link to a meeting is
    for those who booked, not for whoever reads what is `in_the_open`."""
    length = timedelta(minutes=session.minutes)
    found: list[Line] = [
        (Text("education", "line_when"), {"starts": session.starts_at, "length": length})
    ]
    online = in_the_open and has_link(session.place)
    if online:
        booked = Text("education", "link_when_booked")
        found.append((Text("education", "line_place"), {"place": booked}))
    elif session.place:
        found.append((Text("education", "line_place"), {"place": session.place}))
    if session.room and not online and not (in_the_open and has_link(session.room)):
        found.append((Text("education", "line_room"), {"room": session.room}))
    # With a link goes its code.
    if session.notes and not online and not (in_the_open and has_link(session.notes)):
        found.append((Text("education", "line_notes"), {"notes": session.notes}))
    if session.facilitators:
        who: str | Text = LEADERS.get(session.facilitators, session.facilitators)
        found.append((Text("education", "line_leads"), {"who": who}))
    if session.languages:
        found.append((Text("education", "line_languages"), {"languages": languages(session)}))
    if session.meets:
        found.append((Text("education", "line_meets"), {"needs": needs(session.meets)}))
    return found


def changes(session: Session) -> list[Line]:
    """What is another than before."""
    found: list[Line] = []
    if session.was_at is not None:
        found.append((Text("education", "was_when"), {"was": session.was_at}))
    return found + [(text, {}) for one, text in CHANGED.items() if one in session.changed]


TOLD = {text: what for what, text in TEXTS.items()}

PLACE = Text("education", "place")

BEFORE = {
    0: Text("education", "today"),
    1: TEXTS[What.DAY],
    7: TEXTS[What.WEEK],
}
"""What a reminder says, by how many days it still is."""

SOON = Text("education", "soon")


def worded(c: Connection, row: Row, now: datetime, zone: ZoneInfo) -> Text | None:
    """What a reminder says of the day when it leaves, which may be later than it was due; None
    where this is none."""
    if TOLD.get(row.text) not in (What.WEEK, What.DAY):
        return None
    session = sessions.session(c, str(row.params["session"]))
    if session is None:
        return None
    days = session.starts_at.astimezone(zone).date() - now.astimezone(zone).date()
    return BEFORE.get(days.days, SOON)


def over(c: Connection, row: Row, now: datetime) -> bool:
    """Whether there is no reason any more to say it: it waited, and things went on."""
    what = TOLD.get(row.text)
    if what is None and row.text != PLACE:
        return False
    session = sessions.session(c, str(row.params["session"]))
    if session is None:
        return True
    if what is What.CANCELLED:
        return now >= session.ends_at
    if not session.open_at(now):
        return True
    if what is What.NEW:
        return not education.hears(c, row.member)
    if what is What.CHANGED and int(str(row.params.get("mark", 0))) < session.version:
        return True  # a later message says this change as well
    held = booking.place(c, session.id, row.member)
    return held is not Place.BOOKED and (what is not What.CHANGED or held is not Place.WAITING)


def waits(c: Connection, id: str) -> dict[str, Param]:
    """The same, for whoever has no place yet."""
    found = fill(c, id)
    return {"details": found["announced"]} if found else {}


def fill(c: Connection, id: str) -> dict[str, Param]:
    """What a message about a session says of it."""
    session = sessions.session(c, id)
    if session is None:
        return {}
    return {
        "title": title(session),
        "starts": session.starts_at,
        "details": Lines(tuple(lines(session))),
        "announced": Lines(tuple(lines(session, in_the_open=True))),
        "changes": Lines(tuple(changes(session))),
        "closed": int(session.state is not State.PUBLISHED),
    }
