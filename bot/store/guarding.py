"""Guardrails as they are kept, sealed under the service's key, and the acts of the lead."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.care import guarding as care
from bot.care.circle import SUPPORTERS, Role
from bot.care.guarding import Rail
from bot.care.outcome import NOBODY, Cause, Outcome, Topic
from bot.store import around, circle, escalation, schema
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.tools import SERVICE, new_id, readable, seal

table = schema.guardrail


def leads(c: Connection, member: str, person: str, roles: Collection[Role]) -> bool:
    """Whether this member has one of these roles in the person's team.

    Nobody leads themselves, nor whoever they are around: it may be about them.
    """
    team = around.team_of(c, person)
    held = circle.memberships(c, member)
    if member == person or any(m.person == person for m in held):
        return False
    return any(m.team == team and m.role in roles for m in held)


def rail(c: Connection, id: str, by: str) -> Rail | None:
    """One that stands, for the safeguarding lead of the person's team alone."""
    row = c.execute(select(table).where(table.c.id == id, table.c.until.is_(None))).one_or_none()
    if row is None or not leads(c, by, row.person, [Role.SAFEGUARDING_LEAD]):
        return None
    return _rail(c, row)


def standing(c: Connection, person: str, by: str) -> list[Rail]:
    """Those about this person, the oldest first; nobody but the lead is shown any."""
    if not leads(c, by, person, [Role.SAFEGUARDING_LEAD]):
        return []
    rows = c.execute(
        select(table)
        .where(table.c.person == person, table.c.until.is_(None))
        .order_by(table.c.since, table.c.id)
    ).all()
    return [_rail(c, row) for row in rows]


def forbid(
    c: Connection,
    supporter: str,
    topics: Collection[Topic],
    why: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """Never tell this supporter (a membership) about these topics, says the lead."""
    place = circle.membership(c, supporter)
    if place is None or place.person is None or place.until is not None:
        return Outcome()
    person = place.person
    if place.role not in SUPPORTERS or not leads(c, by, person, [Role.SAFEGUARDING_LEAD]):
        return Outcome()
    fresh = [Rail(new_id(c), person, supporter, topic, why, by, now) for topic in topics]
    outcome = care.forbid(fresh, standing(c, person, by))
    commit(c, outcome, cause, now)
    return outcome + escalation.left(c, place.member, now)


def end(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The lead ends one."""
    found = rail(c, id, by)
    if found is not None:
        circle.membership(c, found.supporter)  # nobody else ends it meanwhile
        found = rail(c, id, by)
    outcome = Outcome() if found is None else care.end(found, by, now)
    if outcome != Outcome():
        commit(c, outcome, cause, now)
    return outcome


def _keep(c: Connection, kept: Rail) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        supporter=kept.supporter,
        topic=kept.topic.value,
        why=seal(c, SERVICE, kept.why),
        set_by=kept.set_by,
        since=kept.since,
        until=kept.until,
        ended_by=kept.ended_by,
    )


def _rail(c: Connection, row: Any) -> Rail:
    return Rail(
        id=row.id,
        person=row.person,
        supporter=row.supporter,
        topic=Topic(row.topic),
        why=readable(c, SERVICE, row.why),
        set_by=row.set_by,
        since=row.since,
        until=row.until,
        ended_by=row.ended_by,
    )


KEEP[Rail] = _keep
