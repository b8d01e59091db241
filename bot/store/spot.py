"""Where somebody who is out is, as it is kept: the newest point alone, sealed twice.

Under the person's key, and under one of its own that is erased with it, so that no backup brings
it back.
"""

import base64
import json
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select, union, update

from bot.care.escalation import State
from bot.care.location import KIND, OPENED_BY, SHOWN_UNTIL, SILENT, Spot
from bot.care.news import remove
from bot.care.outcome import NOBODY, Cause, Message, Outcome, Wake
from bot.store import schema
from bot.store.commit import commit
from bot.store.schema import opening, spot
from bot.store.tools import KeyErased, new_id, seal, tools, unseal

_OF = select(spot).where(spot.c.journey == bindparam("journey"))
_ID = select(spot.c.id).where(spot.c.journey == bindparam("journey"))
_SHOWN = select(opening).where(opening.c.journey == bindparam("journey"))
_THEIRS = union(
    *(select(of.c.journey).where(of.c.person == bindparam("person")) for of in (spot, opening))
)
_NEWEST = (
    select(spot.c.journey)
    .where(spot.c.person == bindparam("person"))
    .order_by(spot.c.at.desc())
    .limit(1)
)
_RUNS = select(schema.journey.c.id).where(
    schema.journey.c.id == bindparam("journey"), schema.journey.c.ended_at.is_(None)
)
_ALERT = schema.escalation.c
_STANDS = (
    select(_ALERT.id)
    .where(
        _ALERT.state != State.CLOSED.value,
        or_(
            _ALERT.subject == bindparam("journey"),
            and_(
                _ALERT.person == bindparam("person"),
                _ALERT.cause.in_([cause.value for cause in SILENT]),
            ),
        ),
        _ALERT.cause.in_([cause.value for cause in OPENED_BY]),
    )
    .order_by(_ALERT.opened_at, _ALERT.id)
)


def load(c: Connection, journey: str) -> Spot | None:
    """The newest point of this outing; None when there is none, or nobody can read it any more."""
    row = c.execute(_OF, {"journey": journey}).one_or_none()
    if row is None:
        return None
    try:
        within = base64.b64decode(unseal(c, row.id, row.sealed))
        latitude, longitude = json.loads(unseal(c, row.person, within))
    except KeyErased:
        return None
    return Spot(latitude, longitude, row.at)


def is_kept(c: Connection, journey: str) -> bool:
    return c.execute(_ID, {"journey": journey}).first() is not None


def keep(c: Connection, journey: str, person: str, newest: Spot) -> None:
    """In the place of an older point; an older one changes nothing."""
    row = c.execute(_OF, {"journey": journey}).one_or_none()
    if row is not None and row.at > newest.at:
        return
    id = new_id(c) if row is None else row.id
    within = seal(c, person, json.dumps([newest.latitude, newest.longitude]))
    sealed = {"at": newest.at, "sealed": seal(c, id, base64.b64encode(within).decode())}
    if row is None:
        c.execute(insert(spot).values(id=id, journey=journey, person=person, **sealed))
    else:
        c.execute(update(spot).where(spot.c.id == id).values(**sealed))


def newest(c: Connection, person: str) -> str | None:
    """The outing of which this person's newest point is kept."""
    return c.execute(_NEWEST, {"person": person}).scalar_one_or_none()


def alerts(c: Connection, journey: str, person: str) -> list[str]:
    """The alerts that stand about this outing or, silently, about this person: the oldest first."""
    return list(c.execute(_STANDS, {"journey": journey, "person": person}).scalars())


def over(c: Connection, person: str, now: datetime) -> None:
    """Erase what is kept of this person's outings that have ended, where no alert stands."""
    for journey in c.execute(_THEIRS, {"person": person}).scalars().all():
        runs = c.execute(_RUNS, {"journey": journey}).first()
        if runs is None and not alerts(c, journey, person):
            erase(c, journey, now)


def erase(c: Connection, journey: str, now: datetime) -> None:
    """Take the point away, and out of every chat that shows it; its key goes right after."""
    asked = {"journey": journey}
    shown = c.execute(_SHOWN, asked).all()
    c.execute(delete(opening).where(opening.c.journey == journey))
    forget(c, journey, now)
    for row in shown:
        if row.message is not None:
            commit(c, Outcome(wakes=(Wake(SHOWN_UNTIL, row.id, None),)), NOBODY, now)
            take_out(c, row.by, row.chat, row.message, now)


def forget(c: Connection, journey: str, now: datetime) -> None:
    """Take the point away; what has been shown of it stays where it is until the end."""
    kept = c.execute(_ID, {"journey": journey}).scalar_one_or_none()
    if kept is not None:
        c.execute(delete(spot).where(spot.c.id == kept))
        commit(c, Outcome(wakes=(Wake(KIND, kept, now),)), NOBODY, now)


def take_out(c: Connection, member: str, chat: int, shown: int, now: datetime) -> None:
    """Of the chat in which it was shown, also when its reader is here no more."""
    tell = remove(member, shown)
    said = Message(tell.message.text, {**tell.message.params, "chat": chat})
    commit(c, Outcome(tells=(replace(tell, message=said),)), NOBODY, now)


def shown_long(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """What an opening showed has stood there for so long that it is taken out, over or not."""
    row = c.execute(select(opening).where(opening.c.id == id)).one_or_none()
    commit(c, Outcome(), cause, now)
    if row is not None and row.message is not None:
        c.execute(delete(opening).where(opening.c.id == id))
        take_out(c, row.by, row.chat, row.message, now)
    return Outcome()


def erase_key(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """A point is gone for good: a moment of its own, so that nothing before it can be undone."""
    tools(c).vault.erase(c, id)
    commit(c, Outcome(), cause, now)
    return Outcome()
