"""Keeps an outcome and everything that follows from it, in the caller's one transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.care.outcome import About, Cause, Outcome, Tell, Wake
from bot.store import ledger
from bot.store.schema import deadline, inbox, outbox
from bot.store.tools import insert, new_id, pack, tools

KEEP: dict[type, Callable[[Connection, Any], None]] = {}
"""How each kind of record is kept; its subject's store module registers it at its end."""


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
    for tell in outcome.tells:
        _tell(c, tell, now)
    for log in outcome.logs:
        ledger.write(c, log, now)


def close(c: Connection, cause: Cause) -> None:
    """The update is done and its body erased; the deadline is gone. Twice does nothing.

    Raises Taken when somebody else has ended the update.
    """
    if cause.update is not None:
        _close(c, cause.update, tools(c).owner)
    if cause.deadline is not None:
        kind, key = cause.deadline
        c.execute(delete(deadline).where(deadline.c.kind == kind, deadline.c.key == key))


def _close(c: Connection, id: int, owner: str) -> None:
    this = inbox.c["update"] == id
    done = {"state": "done", "body": None, "not_before": None, "error": None, "owner": owner}
    if c.execute(update(inbox).where(this, inbox.c.state == "open").values(**done)).rowcount == 0:
        ended = c.execute(select(inbox.c.owner).where(this)).one_or_none()
        if ended is not None and ended.owner != owner:
            raise Taken


def _wake(c: Connection, wake: Wake) -> None:
    if wake.at is None:
        close(c, Cause(deadline=(wake.kind, wake.key)))
        return
    fresh = {
        "due_at": wake.at,
        "attempts": 0,
        "not_before": None,
        "parked_at": None,
        "error": None,
    }
    c.execute(
        insert(c, deadline)
        .values(kind=wake.kind, key=wake.key, **fresh)
        .on_conflict_do_update(index_elements=["kind", "key"], set_=fresh)
    )


def _tell(c: Connection, tell: Tell, now: datetime) -> None:
    c.execute(
        insert(c, outbox)
        .values(
            id=new_id(c),
            key=tell.key,
            lane=int(tell.lane),
            member=tell.to,
            text=str(tell.message.text),
            params=pack(tell.message.params),
            about=None if tell.about is None else _about(tell.about),
            state="waiting",
            created_at=now,
            not_before=now,
            attempts=0,
            maybe_sent=False,
        )
        .on_conflict_do_nothing(index_elements=["key"])
    )


def _about(about: About) -> dict[str, str | int]:
    return {"person": about.person, "topic": about.topic.value, "level": about.level}
