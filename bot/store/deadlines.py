"""Moments that are due: a row each, until what it calls for is done."""

from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError

from bot.care.outcome import Log
from bot.store import ledger
from bot.store.schema import Moment, deadline
from bot.store.trouble import is_trouble

BACK_OFF = (timedelta(seconds=1), timedelta(seconds=5))
"""How long a failing deadline waits for its next try; after the last it is parked."""

REST = timedelta(minutes=5)
"""A parked deadline is tried again after so long, for as long as it fails."""

_now = bindparam("now", type_=Moment)
_HELD = and_(deadline.c.not_before.is_not(None), deadline.c.not_before > deadline.c.due_at)

# The loop looks often: its statements are made once.
_DUE = (
    select(deadline.c.kind, deadline.c.key, deadline.c.due_at)
    .where(
        deadline.c.due_at <= _now,
        or_(deadline.c.not_before.is_(None), deadline.c.not_before <= _now),
    )
    .order_by(deadline.c.due_at, deadline.c.kind, deadline.c.key)
    .limit(bindparam("limit"))
)
_PATIENT = deadline.c.kind.in_(bindparam("patient", expanding=True))
_HASTY_DUE, _PATIENT_DUE = _DUE.where(~_PATIENT), _DUE.where(_PATIENT)
_TAKE = delete(deadline).where(
    deadline.c.kind == bindparam("kind"),
    deadline.c.key == bindparam("key"),
    deadline.c.due_at == bindparam("due_at"),
)
# What is parked has a next try, too: by that it is found without a look at all that wait.
_UNPARK = (
    update(deadline)
    .where(deadline.c.not_before.is_not(None), deadline.c.parked_at.is_not(None))
    .values(attempts=0, not_before=None, parked_at=None)
)
_NEXT = select(
    select(func.min(deadline.c.due_at)).where(~_HELD).scalar_subquery(),
    select(func.min(deadline.c.not_before)).where(_HELD).scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class Due:
    """`due_at` is the time of the event, however late anybody looks."""

    kind: str
    key: str
    due_at: datetime


def due(c: Connection, now: datetime, limit: int, patient: Collection[str] = ()) -> list[Due]:
    """What is due now, soonest first. Of `patient` kinds one, and only when no other is due."""
    asked = {"now": now, "limit": limit}
    if not patient:
        rows: Sequence[Row[str, str, datetime]] = c.execute(_DUE, asked).all()
    else:
        kinds = {"patient": list(patient)}
        rows = c.execute(_HASTY_DUE, asked | kinds).all()
        rows = rows or c.execute(_PATIENT_DUE, asked | kinds | {"limit": 1}).all()
    return [Due(row.kind, row.key, row.due_at) for row in rows]


def next_due(c: Connection) -> datetime | None:
    """When the next deadline calls; not later than now when one does at once."""
    return min((moment for moment in c.execute(_NEXT).one() if moment is not None), default=None)


def upcoming(c: Connection, kinds: Sequence[str], limit: int) -> list[tuple[str, str, datetime]]:
    """Kind, key and moment of what is due next of these kinds, soonest first; nothing parked."""
    rows = c.execute(
        select(deadline.c.kind, deadline.c.key, deadline.c.due_at)
        .where(deadline.c.kind.in_(kinds), deadline.c.parked_at.is_(None))
        .order_by(deadline.c.due_at, deadline.c.kind, deadline.c.key)
        .limit(limit)
    )
    return [(kind, key, due_at) for kind, key, due_at in rows]


def take(c: Connection, moment: Due) -> bool:
    """Remove the deadline; False when it was moved, done or taken meanwhile.

    The rest of the transaction does what it calls for. If that fails, it stands again.
    """
    asked = {"kind": moment.kind, "key": moment.key, "due_at": moment.due_at}
    return c.execute(_TAKE, asked).rowcount == 1


def meet(
    c: Connection, moments: Sequence[Due], act: Callable[[Due], None]
) -> list[tuple[Due, Exception]]:
    """Take each and act on it; which failed, and how. A failing one undoes nothing of the others.

    What is the database's own trouble is raised: it is nobody's poison.
    """
    failed: list[tuple[Due, Exception]] = []
    for moment in moments:
        # Written out: begin_nested() takes longer than most of what it guards.
        c.exec_driver_sql("SAVEPOINT due")
        try:
            if take(c, moment):
                act(moment)
        except Exception as error:
            with suppress(DBAPIError) if is_trouble(error) else nullcontext():
                c.exec_driver_sql("ROLLBACK TO due")
            if is_trouble(error):
                raise
            failed.append((moment, error))
        c.exec_driver_sql("RELEASE due")
    return failed


def poison(c: Connection, moment: Due, error: str, now: datetime) -> bool:
    """Acting on it failed: try again a little later, or park it; True when parked (again)."""
    attempts: int | None = c.execute(
        select(deadline.c.attempts).where(*_is(moment)).with_for_update()
    ).scalar_one_or_none()
    if attempts is None:
        return False
    parked = attempts >= len(BACK_OFF)
    c.execute(
        update(deadline)
        .where(*_is(moment))
        .values(
            attempts=attempts + 1,
            not_before=now + (REST if parked else BACK_OFF[attempts]),
            parked_at=now if parked else None,
            error=error[:200],
        )
    )
    if parked:
        facts = {"kind": moment.kind, "key": moment.key, "error": error[:200]}
        ledger.write(c, Log("deadline_parked", facts=facts), now)
    return parked


def unpark(c: Connection) -> int:
    """Try every parked deadline anew and at once, as a new start of Kith does; says how many."""
    return c.execute(_UNPARK).rowcount


def _is(moment: Due) -> tuple[ColumnElement[bool], ...]:
    return (
        deadline.c.kind == moment.kind,
        deadline.c.key == moment.key,
        deadline.c.due_at == moment.due_at,
    )
