"""What was noticed, as it is kept: the words under the writer's own key."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.care.sign import Observation, Voice
from bot.store.commit import KEEP
from bot.store.rows import keep_row
from bot.store.schema import Moment
from bot.store.schema import observation as table
from bot.store.tools import readable, seal

# Every report asks these: made once.
_ONE = select(table).where(table.c.id == bindparam("id"))
_OF = (
    select(table)
    .where(
        table.c.person == bindparam("person"),
        table.c.at >= bindparam("since", type_=Moment),
    )
    .order_by(table.c.at, table.c.id)
)


def observation(c: Connection, id: str) -> Observation | None:
    """One of them with its words, or None when there is none of this id."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _observation(c, row, words=True)


def of(c: Connection, person: str, since: datetime, *, words: bool = True) -> list[Observation]:
    """What was noticed of this person from then on, oldest first, what was taken back too.

    Without `words` nothing is unsealed: counts and dates are enough for a rule.
    """
    rows = c.execute(_OF, {"person": person, "since": since})
    return [_observation(c, row, words) for row in rows]


def keep_observation(c: Connection, kept: Observation) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        plan=kept.plan,
        sign=kept.sign,
        since=kept.since,
        worry=kept.worry,
        words=None if kept.words is None else seal(c, kept.by, kept.words),
        by=kept.by,
        acting=kept.acting,
        voice=kept.voice.value,
        at=kept.at,
        named=kept.named,
        withdrawn_at=kept.withdrawn_at,
        read_by=kept.read_by,
        read_at=kept.read_at,
        finished_by=kept.finished_by,
        finished_at=kept.finished_at,
    )


def _observation(c: Connection, row: Any, words: bool) -> Observation:
    return Observation(
        id=row.id,
        person=row.person,
        plan=row.plan,
        sign=row.sign,
        since=row.since,
        worry=row.worry,
        words=readable(c, row.by, row.words) if words and row.words is not None else None,
        by=row.by,
        acting=row.acting,
        voice=Voice(row.voice),
        at=row.at,
        named=row.named,
        withdrawn_at=row.withdrawn_at,
        read_by=row.read_by,
        read_at=row.read_at,
        finished_by=row.finished_by,
        finished_at=row.finished_at,
    )


KEEP[Observation] = keep_observation
