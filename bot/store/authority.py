"""What attorneys and deputies may stand for, as it is kept, and the acts of staff."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.care import authority as care
from bot.care.authority import Authority
from bot.care.circle import APPOINTED
from bot.care.outcome import NOBODY, Cause, Outcome, Topic
from bot.store import around, circle, escalation, schema
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.tools import new_id

table = schema.authority


def authority(c: Connection, id: str) -> Authority | None:
    """One record, or None when there is none of this id."""
    row = c.execute(select(table).where(table.c.id == id)).one_or_none()
    return None if row is None else _authority(row)


def standing(c: Connection, person: str, now: datetime) -> list[Authority]:
    """What stands about this person, the oldest first."""
    rows = c.execute(
        select(table)
        .where(table.c.person == person, table.c.ended_at.is_(None))
        .order_by(table.c.since, table.c.id)
    )
    return [one for one in map(_authority, rows) if one.stands(now)]


def of(c: Connection, membership: str, now: datetime) -> Authority | None:
    """What this attorney or deputy may stand for now."""
    rows = c.execute(
        select(table)
        .where(table.c.membership == membership, table.c.ended_at.is_(None))
        .order_by(table.c.since, table.c.id)
    )
    found = [one for one in map(_authority, rows) if one.stands(now)]
    return found[-1] if found else None


def record(
    c: Connection,
    membership: str,
    topics: frozenset[Topic],
    length: timedelta,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """Staff have seen the papers of an attorney or a deputy."""
    place = circle.membership(c, membership)
    if place is None or place.person is None or place.until is not None:
        return Outcome()
    if place.role not in APPOINTED or place.member == by or not topics:
        return Outcome()
    if not around.works_for(c, by, place.person, now):
        return Outcome()
    fresh = Authority(new_id(c), place.person, membership, topics, by, now, now + length)
    outcome = care.record(fresh, place.member, standing(c, place.person, now))
    commit(c, outcome, cause, now)
    return outcome + escalation.left(c, place.member, now)  # what rested on those before has ended


def end(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """Staff have heard that it does not hold any more."""
    kept = authority(c, id)
    place = None if kept is None else circle.membership(c, kept.membership)
    kept = authority(c, id)  # as it stands now that nobody else can change it
    if kept is None or place is None or not around.works_for(c, by, kept.person, now):
        return Outcome()
    outcome = care.end(kept, place.member, by, now)
    if outcome == Outcome():
        return outcome
    commit(c, outcome, cause, now)
    return outcome + escalation.left(c, place.member, now)


def due(c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The papers have run out: alerts move on from whoever was asked because of them."""
    kept = authority(c, id)
    place = None if kept is None else circle.membership(c, kept.membership)
    outcome = Outcome() if kept is None or place is None else care.due(kept, now)
    commit(c, outcome, cause, now)
    if kept is None or place is None or now < kept.until:
        return outcome
    return outcome + escalation.left(c, place.member, now)


def _keep(c: Connection, kept: Authority) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        membership=kept.membership,
        topics=sorted(topic.value for topic in kept.topics),
        seen_by=kept.seen_by,
        since=kept.since,
        until=kept.until,
        ended_at=kept.ended_at,
        ended_by=kept.ended_by,
    )


def _authority(row: Any) -> Authority:
    return Authority(
        id=row.id,
        person=row.person,
        membership=row.membership,
        topics=frozenset(map(Topic, row.topics)),
        seen_by=row.seen_by,
        since=row.since,
        until=row.until,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )


KEEP[Authority] = _keep
