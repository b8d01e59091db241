"""Lists of being open about harm as they are kept, and the acts on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.care import candour as care
from bot.care.candour import Candour, Step
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.store import around
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import candour as table
from bot.store.tools import new_id

MOST = 5
"""So many lists are shown at once, the newest."""

_ONE = select(table).where(table.c.id == bindparam("id"))
_OF = (
    select(table)
    .where(table.c.person.in_(bindparam("people", expanding=True)))
    .order_by(table.c.opened_at.desc(), table.c.id)
)


def candour(c: Connection, id: str) -> Candour | None:
    """One list, or None when there is none of this id."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _candour(row)


def unfinished(c: Connection, staff: str) -> list[Candour]:
    """The newest about the people this member supports that lack a step."""
    people = [person.id for person in around.people_supported(c, staff)]
    found = [_candour(row) for row in c.execute(_OF, {"people": people})]
    return [one for one in found if not one.whole][:MOST]


def open_(c: Connection, person: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person has not been told yet: nobody else is, and the list is opened."""
    if not around.works_for(c, by, person, now):
        return Outcome()
    outcome = care.open_(Candour(new_id(c), person, by, now))
    commit(c, outcome, cause, now)
    return outcome


def told(
    c: Connection, person: str, news: str, by: str, told_by: str, told_at: datetime, now: datetime
) -> Outcome:
    """What follows when those around the person are told of a harm; the caller keeps it.

    A list that waits for that goes on; else one is opened.
    """
    rows = c.execute(_OF, {"people": [person]}).all()
    found = [one for one in map(_candour, rows) if not one.whole]  # a whole one: another harm
    waiting = next((one for one in found if one.news is None and one.told_at is not None), None)
    if waiting is not None:
        return care.told(waiting, news, by)
    return care.open_(Candour(new_id(c), person, by, now, told_by, told_at, news))


def press(
    c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY, *, step: Step
) -> Outcome:
    """A step of the list: yes, or not yet."""
    found = candour(c, id)
    if found is None or not around.works_for(c, by, found.person, now):
        return Outcome()
    outcome = care.press(found, step, by, now)
    commit(c, outcome, cause, now)
    return outcome


def keep_candour(c: Connection, kept: Candour) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        news=kept.news,
        opened_by=kept.opened_by,
        opened_at=kept.opened_at,
        told_by=kept.told_by,
        told_at=kept.told_at,
        done=[step.value for step in kept.done],
    )


def _candour(row: Any) -> Candour:
    return Candour(
        id=row.id,
        person=row.person,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        told_by=row.told_by,
        told_at=row.told_at,
        news=row.news,
        done=tuple(map(Step, row.done)),
    )


KEEP[Candour] = keep_candour
