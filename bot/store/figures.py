"""How things stand, for whoever keeps watch over the machine: numbers, and nobody in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, func, select

from bot.care.outcome import Lane
from bot.store.schema import deadline, fallback, inbox, outbox

_OPEN = outbox.c.state.in_(("waiting", "sending"))


@dataclass(frozen=True, slots=True)
class Standing:
    """How long the oldest of each waits to be done (zero: none does), how many messages wait in
    each lane, and how many updates and deadlines are set aside."""

    deadline: timedelta
    update: timedelta
    safety: timedelta
    fallback: timedelta
    depth: Mapping[Lane, int]
    parked_updates: int
    parked_deadlines: int


def standing(c: Connection, now: datetime) -> Standing:
    """Every part is found by an index: a million deadlines to come cost nothing."""
    due = deadline.c.due_at <= now
    depth = dict.fromkeys(Lane, 0)
    for lane, count in c.execute(
        select(outbox.c.lane, func.count()).where(_OPEN).group_by(outbox.c.lane)
    ):
        depth[Lane(min(lane, max(Lane)))] += count
    return Standing(
        deadline=_age(c, select(func.min(deadline.c.due_at)).where(due), now),
        update=_age(c, select(func.min(inbox.c.received_at)).where(inbox.c.state == "open"), now),
        # From its writing: one that keeps failing is put off again and again.
        safety=_age(
            c,
            select(func.min(outbox.c.created_at)).where(_OPEN, outbox.c.lane == Lane.SAFETY.value),
            now,
        ),
        fallback=_age(
            c,
            select(func.min(fallback.c.created_at)).where(
                fallback.c.state.in_(("waiting", "sending"))
            ),
            now,
        ),
        depth=depth,
        parked_updates=_count(
            c, select(func.count()).select_from(inbox).where(inbox.c.state == "parked")
        ),
        parked_deadlines=_count(
            c,
            select(func.count())
            .select_from(deadline)
            .where(due, deadline.c.parked_at.is_not(None)),
        ),
    )


def _age(c: Connection, oldest: Select[datetime], now: datetime) -> timedelta:
    since: datetime | None = c.execute(oldest).scalar_one()
    return timedelta() if since is None else max(timedelta(), now - since)


def _count(c: Connection, query: Select[int]) -> int:
    return c.execute(query).scalar_one()
