"""Who sits with the person over their cards, and what they prepare."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.care import preparing as care
from bot.care.agreeing import Wish
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.preparing import FOR, Sitting
from bot.store import agreeing, around, schema
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.tools import new_id

table = schema.sitting


def open_sitting(c: Connection, id: str, by: str, now: datetime) -> Sitting | None:
    """The sitting with this id, if it stands and `by` is the one whom the person asked."""
    found = _sitting(c, id)
    if found is None or found.member != by:
        return None
    if found.ended_at is not None or now >= found.until:
        return None
    return found if around.works_for(c, by, found.person, now) else None


def ask(
    c: Connection, supporter: str, member: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The person asks this member of their team to sit with them over the cards for one
    supporter (a membership)."""
    place = agreeing.place_of(c, supporter, by)
    if place is None or member == place.member or not around.works_for(c, member, by, now):
        return Outcome()  # nobody helps to choose what they themselves may know
    fresh = Sitting(new_id(c), by, supporter, member, now, now + FOR)
    rows = c.execute(
        select(table).where(table.c.supporter == supporter, table.c.ended_at.is_(None))
    )
    outcome = care.ask(fresh, [_of(row) for row in rows.all()], place.member)
    commit(c, outcome, cause, now)
    return outcome


def end(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person goes on alone."""
    found = _sitting(c, id)
    if found is None or found.person != by:
        return Outcome()
    outcome = care.end(found, now)
    if outcome != Outcome():
        commit(c, outcome, cause, now)
    return outcome


def prepare(
    c: Connection,
    id: str,
    wishes: tuple[Wish, ...],
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """What the person said card by card, as a draft that is read back in the person's chat."""
    found = open_sitting(c, id, by, now)
    if found is None:
        return Outcome()
    return agreeing.draft(c, found.supporter, wishes, found.person, now, cause, sitting=found)


def _sitting(c: Connection, id: str) -> Sitting | None:
    row = c.execute(select(table).where(table.c.id == id)).one_or_none()
    return None if row is None else _of(row)


def _of(row: Any) -> Sitting:
    return Sitting(
        row.id, row.person, row.supporter, row.member, row.since, row.until, row.ended_at
    )


def _keep(c: Connection, kept: Sitting) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        supporter=kept.supporter,
        member=kept.member,
        since=kept.since,
        until=kept.until,
        ended_at=kept.ended_at,
    )


KEEP[Sitting] = _keep
