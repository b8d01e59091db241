"""Lists of being open about harm as they are kept, and the acts on them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.care import candour as care
from bot.care.candour import Candour, Step
from bot.care.news import News
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.store import around
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import candour as table
from bot.store.tools import new_id

MOST = 5
"""So many lists are shown at once, the newest."""

LATELY = timedelta(days=30)
"""So long after it was opened a harm may be told of again, though its list is whole."""

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


def unfinished(c: Connection, staff: str, skip: int = 0) -> tuple[list[Candour], int]:
    """A page of those about the people this member supports that lack a step, the newest first;
    and how many come after it."""
    people = [person.id for person in around.people_supported(c, staff)]
    found = [_candour(row) for row in c.execute(_OF, {"people": people})]
    ahead = [one for one in found if not one.whole][skip:]
    return ahead[:MOST], len(ahead[MOST:])


def standing(c: Connection, person: str, now: datetime) -> list[Candour]:
    """The lists about this person that a harm which is told now may belong to, the newest first."""
    found = [_candour(row) for row in c.execute(_OF, {"people": [person]})]
    return [one for one in found if not one.whole or one.opened_at > now - LATELY]


def of(c: Connection, person: str, id: str | None) -> Candour | None:
    """This list, if it is about this person."""
    found = None if id is None else candour(c, id)
    return found if found is not None and found.person == person else None


def open_(
    c: Connection,
    person: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    under: str | None = None,
) -> Outcome:
    """The person has not been told yet: nobody else is, and the list is opened, or the one it
    stands `under` is shown."""
    if not around.works_for(c, by, person, now):
        return Outcome()
    stands = of(c, person, under)
    if stands is not None:
        outcome = Outcome(said=care.shown(stands))
    else:
        outcome = care.open_(Candour(new_id(c), person, by, now))
    commit(c, outcome, cause, now)
    return outcome


def told(
    c: Connection, item: News, by: str, now: datetime, under: Candour | None = None
) -> Outcome:
    """What follows when those around the person are told of a harm; the caller keeps it.

    The list it stands `under` goes on; without one, one is opened.
    """
    assert item.told_by is not None and item.told_at is not None  # nobody else is told before
    if under is not None:
        return care.told(under, item.id, by, item.told_by, item.told_at)
    fresh = Candour(new_id(c), item.person, by, now, item.told_by, item.told_at, item.id)
    return care.open_(fresh)


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
