"""Kith's own patience: how long it waits for an answer, and until something is tried again."""

from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    and_,
    or_,
    select,
    type_coerce,
    update,
)

from bot.care import police
from bot.care.escalation import KIND as ESCALATION
from bot.care.escalation import MISSED
from bot.store.ring import Door, ring
from bot.store.schema import deadline, escalation, fallback, inbox, outbox

_OPEN = ("open", "held", "answered", "waiting", "sending")
"""The states in which an update, an alert or a message still waits for something."""

_HEARD_OF = and_(
    escalation.c.state.in_(_OPEN),
    or_(
        escalation.c.cause.not_in([cause.value for cause in MISSED]),
        escalation.c.answered_at.is_not(None),
    ),
)
"""All that stands but a check-in that was missed and of which nothing has been heard since: there
the time for the police is the person's own."""


def set_back(c: Connection, by: timedelta) -> None:
    """The clock was set back: nobody waits longer for that.

    What a person is due for stays due when it is: that time is theirs, and so is the one for the
    police when it is missed. When the next rung of an alert is asked was reckoned from the clock as
    it stood, and moves with it; the time for the police, too, where more is known than a check-in
    that was missed. It comes sooner rather than later, should the clock be put forward again.
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
    asked = select(escalation.c.id).where(_HEARD_OF)
    times = update(deadline).where(deadline.c.kind == police.KIND, deadline.c.key.in_(asked))
    c.execute(times.values(due_at=_earlier(deadline.c.due_at, by)))
    alerts = update(escalation).where(_HEARD_OF)
    c.execute(alerts.values(police_at=_earlier(escalation.c.police_at, by)))
    for door in Door:
        ring(c, door)


def _earlier(column: Column[datetime], by: timedelta) -> ColumnElement[int]:
    return type_coerce(column, BigInteger) - by // timedelta(microseconds=1)
