"""Keeps an outcome and everything that follows from it, in the caller's one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, bindparam, delete, select, update

from bot.care.outcome import About, Cause, Outcome, Tell, Wake
from bot.store import ledger
from bot.store.ring import Door, ring
from bot.store.schema import deadline, inbox, outbox
from bot.store.tools import insert_for, new_id, pack, tools

KEEP: dict[type, Callable[[Connection, Any], None]] = {}
"""How each kind of record is kept; its subject's store module registers it at its end."""


# Each act comes through here: its statements are made once.
_THIS = inbox.c["update"] == bindparam("this")
_END = update(inbox).where(_THIS, inbox.c.state == "open")
_ENDED = select(inbox.c.owner).where(_THIS)
_FORGET = delete(deadline).where(
    deadline.c.kind == bindparam("kind"), deadline.c.key == bindparam("key")
)
_FRESH = {"attempts": 0, "not_before": None, "parked_at": None, "error": None}


class Taken(Exception):
    """Another replica has ended this update meanwhile: nothing of this transaction may stand."""


def commit(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> None:
    """Close the cause, keep the records, set the deadlines, queue the messages, write the ledger.

    Nothing of it stands unless the caller's transaction does.
    """
    close(c, cause)  # before the wakes: an act may set its own deadline anew
    for record in outcome.records:
        KEEP[type(record)](c, record)
    for wake in outcome.wakes:
        _wake(c, wake)
    _tell_all(c, outcome.tells, now)
    ledger.write_all(c, outcome.logs, now)


def close(c: Connection, cause: Cause) -> None:
    """The update is done and its body erased; the deadline is gone. Twice does nothing.

    Raises Taken when somebody else has ended the update.
    """
    if cause.update is not None:
        _close(c, cause.update, tools(c).owner)
    if cause.deadline is not None:
        kind, key = cause.deadline
        c.execute(_FORGET, {"kind": kind, "key": key})


def _close(c: Connection, id: int, owner: str) -> None:
    done = {"state": "done", "body": None, "not_before": None, "error": None, "owner": owner}
    if c.execute(_END, {"this": id, **done}).rowcount == 0:
        ended = c.execute(_ENDED, {"this": id}).one_or_none()
        if ended is not None and ended.owner != owner:
            raise Taken


def _wake(c: Connection, wake: Wake) -> None:
    if wake.at is None:
        close(c, Cause(deadline=(wake.kind, wake.key)))
        return
    fresh = {"due_at": wake.at, **_FRESH}
    c.execute(_statements(c.dialect.name)[0], {"kind": wake.kind, "key": wake.key, **fresh})
    ring(c, Door.DEADLINES)


def _tell_all(c: Connection, tells: Sequence[Tell], now: datetime) -> None:
    if not tells:
        return
    queued = [
        {
            "id": new_id(c),
            "key": tell.key,
            "lane": int(tell.lane),
            "member": tell.to,
            "text": str(tell.message.text),
            "params": pack(tell.message.params),
            "about": None if tell.about is None else _about(tell.about),
            "state": "waiting",
            "created_at": now,
            "not_before": now,
            "attempts": 0,
            "maybe_sent": False,
        }
        for tell in tells
    ]
    c.execute(_statements(c.dialect.name)[1], queued)
    ring(c, Door.OUTBOX)


@cache
def _statements(dialect: str) -> tuple[Insert, Insert]:
    """Sets a deadline, queues a message: of each database's own kind, made once."""
    wake, tell = insert_for(dialect, deadline), insert_for(dialect, outbox)
    fresh = {name: wake.excluded[name] for name in ("due_at", *_FRESH)}
    return (
        wake.on_conflict_do_update(index_elements=["kind", "key"], set_=fresh),
        tell.on_conflict_do_nothing(index_elements=["key"]),
    )


def _about(about: About) -> dict[str, Any]:
    """As JSON; what is not known is left out."""
    said = {"acting": about.acting, "item": about.item, "at": about.at}
    known = {name: value for name, value in said.items() if value is not None}
    return {
        "person": about.person,
        "topic": about.topic.value,
        "level": about.level,
        **pack(known),
    }
