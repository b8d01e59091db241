"""Updates as they arrived: kept before they are confirmed, closed by their own effect."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, bindparam, func, or_, select, update
from sqlalchemy.sql.dml import ReturningInsert

from bot.care.outcome import NOBODY, Cause, Lane, Log, Message, Outcome, Tell, Value
from bot.care.text import Text
from bot.store import alarm, commit
from bot.store.ring import Door, ring, tell_replicas
from bot.store.schema import Moment, inbox, member
from bot.store.tools import SERVICE, insert_for, seal, unseal

BACK_OFF = (timedelta(0), timedelta(seconds=1))
"""How long a failing update waits for its next try; after the last it is parked.

Short, because what the same chat says next waits behind it.
"""

_id = inbox.c["update"]
_now = bindparam("now", type_=Moment)
_OPEN = inbox.c.state == "open"
_NOT_HELD = or_(inbox.c.not_before.is_(None), inbox.c.not_before <= _now)

_earlier = inbox.alias("earlier")
_FIRST = ~(
    select(_earlier.c["update"])
    .where(_earlier.c.state == "open", _earlier.c.chat == inbox.c.chat, _earlier.c["update"] < _id)
    .exists()
)
"""Nothing in its chat goes before it. An update of no chat waits for none."""

# The dispatcher looks often: its statements are made once.
_READY = (
    select(_id.label("id"), inbox.c.chat)
    .where(_OPEN, _FIRST, _NOT_HELD)
    .order_by(_id)
    .limit(bindparam("limit"))
)
_BODY = select(inbox.c.body).where(_id == bindparam("id"), _OPEN, _NOT_HELD)
_STILL_OPEN = select(_id).where(_id == bindparam("id"), _OPEN)
_NEXT = select(func.min(func.coalesce(inbox.c.not_before, inbox.c.received_at))).where(
    _OPEN, _FIRST
)


@dataclass(frozen=True, slots=True)
class Open:
    """An update that nothing in its chat has to go before."""

    update: int
    chat: int | None


def arrive(c: Connection, id: int, chat: int | None, body: str, now: datetime) -> bool:
    """Keep an update as it came (JSON); False when it was known already."""
    row = {"update": id, "chat": chat, "body": seal(c, SERVICE, body), "received_at": now}
    fresh = {"state": "open", "attempts": 0}
    new = c.execute(_arrival(c.dialect.name), row | fresh).scalar_one_or_none() is not None
    if new:
        ring(c, Door.INBOX)
        tell_replicas(c)
    return new


@cache
def _arrival(dialect: str) -> ReturningInsert[tuple[int]]:
    return (
        insert_for(dialect, inbox).on_conflict_do_nothing(index_elements=["update"]).returning(_id)
    )


def open_updates(c: Connection, now: datetime, limit: int) -> list[Open]:
    """The oldest open update of each chat, as far as it may be handled now; oldest first."""
    rows = c.execute(_READY, {"now": now, "limit": limit})
    return [Open(row.id, row.chat) for row in rows]


def next_moment(c: Connection) -> datetime | None:
    """When the next update may be handled; not later than now when one may be at once."""
    moment: datetime | None = c.execute(_NEXT).scalar_one()
    return moment


def body(c: Connection, id: int, now: datetime) -> str | None:
    """What came, as JSON; None when this update is not to be handled (any more, or yet)."""
    sealed = c.execute(_BODY, {"id": id, "now": now}).scalar_one_or_none()
    return None if sealed is None else unseal(c, SERVICE, sealed)


def reword(c: Connection, id: int, body: str) -> None:
    """From now on this is what came, as JSON: what it was is not kept."""
    c.execute(update(inbox).where(_id == id, _OPEN).values(body=seal(c, SERVICE, body)))


def is_open(c: Connection, id: int) -> bool:
    return c.execute(_STILL_OPEN, {"id": id}).first() is not None


def close(c: Connection, id: int) -> None:
    """Done, and its body erased; `commit.Taken` when somebody else has ended it."""
    commit.close(c, Cause(update=id))


def failed(c: Connection, id: int, error: str, now: datetime, *, final: bool = False) -> bool:
    """It could not be handled: try again a little later, or park it; True when parked.

    A parked update is a line of the ledger; if we know who sent it, they are told so, and so
    are managers. Nothing happens to one that is closed: it has had its effect.
    """
    found = select(inbox.c.chat, inbox.c.attempts).where(_id == id, _OPEN)
    row = c.execute(found.with_for_update()).one_or_none()
    if row is None:
        return False
    parked = final or row.attempts >= len(BACK_OFF)
    c.execute(
        update(inbox)
        .where(_id == id)
        .values(
            state="parked" if parked else "open",
            attempts=row.attempts + 1,
            not_before=None if parked else now + BACK_OFF[row.attempts],
            error=error[:200],
        )
    )
    if parked:
        _park(c, id, row.chat, error, now)
    return parked


def _park(c: Connection, id: int, chat: int | None, error: str, now: datetime) -> None:
    sender = c.execute(
        select(member.c.id).where(member.c.telegram == chat, member.c.left_at.is_(None))
    ).scalar_one_or_none()
    facts: dict[str, Value] = {"update": id, "error": error[:200]}
    parked = Outcome(logs=(Log("update_parked", actor=sender, facts=facts),))
    if sender is not None:
        lost = Message(Text("general", "not_done"))
        parked += Outcome(tells=(Tell(sender, lost, Lane.REPLY, key=f"not_done:{id}"),))
        alarm.tell_managers(c, "update", sender, now)  # by sender: nobody can flood them
    commit.commit(c, parked, NOBODY, now)
