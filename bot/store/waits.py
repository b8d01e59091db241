"""Kith's own patience: how long it waits for an answer, and until something is tried again."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, type_coerce, update

from bot.care.escalation import KIND as ESCALATION
from bot.store.ring import Door, ring
from bot.store.schema import deadline, escalation, fallback, inbox, outbox

_OPEN = ("open", "held", "answered", "waiting", "sending")
"""The states in which an update, an alert or a message still waits for something."""


def set_back(c: Connection, by: timedelta) -> None:
    """The clock was set back: nobody waits longer for that.

    What a person is due for stays due when it is: that time is theirs. When the next rung of an
    alert is asked was reckoned from the clock as it stood, and moves with it.
    """
    for column in (
        outbox.c.not_before,
        outbox.c.lease_until,
        fallback.c.not_before,
        fallback.c.lease_until,
        inbox.c.not_before,
        deadline.c.not_before,
        escalation.c.due_at,
    ):
        waits = update(column.table).where(column.is_not(None))
        if "state" in column.table.c:
            waits = waits.where(column.table.c.state.in_(_OPEN))
        c.execute(waits.values({column: _earlier(column, by)}))
    rungs = update(deadline).where(deadline.c.kind == ESCALATION)
    c.execute(rungs.values(due_at=_earlier(deadline.c.due_at, by)))
    for door in Door:
        ring(c, door)


def _earlier(column: Column[datetime], by: timedelta) -> ColumnElement[int]:
    return type_coerce(column, BigInteger) - by // timedelta(microseconds=1)
