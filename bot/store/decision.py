"""Decisions as they are kept, sealed under the person's key, and the acts upon them."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.care import decision as care
from bot.care import ground
from bot.care.authority import MONEY
from bot.care.circle import Role
from bot.care.decision import DecisionRecord, Found, Part
from bot.care.outcome import NOBODY, Cause, Outcome, Topic
from bot.store import agreement, around, circle, escalation, schema
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.tools import ERASED, new_id, readable, seal

table = schema.decision

_HELD = select(schema.hold.c.topic).where(
    schema.hold.c.person == bindparam("person"), schema.hold.c.until.is_(None)
)


def decision(c: Connection, id: str) -> DecisionRecord | None:
    """One record, or None when there is none of this id."""
    row = c.execute(select(table).where(table.c.id == id)).one_or_none()
    return None if row is None else _record(c, row)


def standing(c: Connection, person: str) -> list[DecisionRecord]:
    """What stands about this person, the oldest first."""
    rows = c.execute(
        select(table)
        .where(table.c.person == person, table.c.until.is_(None))
        .order_by(table.c.since, table.c.id)
    ).all()
    return [_record(c, row) for row in rows]


def all_of(c: Connection, person: str) -> list[DecisionRecord]:
    """Every record about this person, the oldest first; those that are over, too."""
    rows = c.execute(
        select(table).where(table.c.person == person).order_by(table.c.since, table.c.id)
    ).all()
    return [_record(c, row) for row in rows]


def in_doubt(c: Connection, agreement: str) -> list[Topic]:
    """Of what was agreed there, about what it is in doubt whether the person can decide."""
    hold, kept, row = schema.hold, schema.agreement, schema.sharing
    found = c.execute(
        select(hold.c.topic)
        .distinct()
        .join(kept, kept.c.person == hold.c.person)
        .join(row, (row.c.agreement == kept.c.id) & (row.c.topic == hold.c.topic))
        .where(kept.c.id == agreement, hold.c.until.is_(None))
    )
    return sorted(map(Topic, found.scalars()))


def held(c: Connection, person: str) -> frozenset[Topic]:
    """The topics about which what the person chose is held now."""
    return frozenset(map(Topic, c.execute(_HELD, {"person": person}).scalars()))


def record(
    c: Connection,
    person: str,
    topics: Iterable[Topic],
    help: str,
    test: dict[Part, bool],
    found: Found,
    review_at: datetime,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    wishes: str = "",
    views: tuple[str, ...] = (),
) -> Outcome:
    """Write down one decision, by somebody who works for the person."""
    lock(c, person)
    if not around.works_for(c, by, person, now):
        return Outcome()
    fresh = DecisionRecord(
        new_id(c), person, _in_order(topics), help, test, found, by, now, review_at, wishes, views
    )
    outcome = care.record(fresh, standing(c, person), now)
    if outcome == Outcome():
        return outcome
    commit(c, outcome, cause, now)
    if not fresh.holds:
        _theirs_again(c, fresh, now)
    return outcome + escalation.fewer(c, person, now)


def _theirs_again(c: Connection, kept: DecisionRecord, now: datetime) -> None:
    """They can decide these: what an attorney or a deputy has said about them is over.

    Money is not held to begin with: there their word stands beside the person's own.
    """
    for topic, place in product(kept.topics, around.circle_of(c, kept.person)):
        if topic in MONEY:
            continue
        circle.membership(c, place.id)  # nobody else makes the next version meanwhile
        agreed = [v for v in agreement.versions(c, place.id) if v.activated_at is not None]
        if not agreed:
            continue
        fresh = replace(
            agreed[-1],
            id=new_id(c),
            version=max(v.version for v in agreement.versions(c, place.id)) + 1,
            drafted_by=kept.by,
            drafted_at=now,
            ended_at=None,
            ended_by=None,
        )
        outcome = ground.theirs_again(fresh, agreed, topic, lambda: new_id(c), now)
        commit(c, outcome, NOBODY, now)


def lock(c: Connection, person: str) -> None:
    """One at a time decides what stands about a person: on their own role, until the end of it."""
    for held in circle.memberships(c, person):
        if held.role is Role.PERSON:
            circle.membership(c, held.id)


def review(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The day on which a record is to be looked at again: what rested on it ends."""
    found = decision(c, id)
    if found is None or circle.has_left(c, found.person):
        commit(c, Outcome(), cause, now)
        return Outcome()
    outcome = care.due(found, now)
    commit(c, outcome, cause, now)
    return outcome if outcome.wakes else outcome + escalation.fewer(c, found.person, now)


def _keep(c: Connection, kept: DecisionRecord) -> None:
    words = {"help": kept.help, "wishes": kept.wishes, "views": list(kept.views)}
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        kind=kept.kind.value,
        topics=[topic.value for topic in kept.topics],
        words=seal(c, kept.person, json.dumps(words)),
        test={part.value: said for part, said in kept.test.items()},
        outcome=kept.found.value,
        by=kept.by,
        since=kept.since,
        review_at=kept.review_at,
        until=kept.until,
    )
    if kept.holds:
        for topic in kept.topics:
            _hold(c, kept, topic)


def _hold(c: Connection, kept: DecisionRecord, topic: Topic) -> None:
    """One row for each topic; it is over with the record, or before."""
    hold = schema.hold
    of = (hold.c.decision == kept.id, hold.c.topic == topic.value)
    until = kept.over.get(topic, kept.until)
    if c.execute(hold.update().where(*of).values(until=until)).rowcount == 0:
        keep_row(
            c,
            hold,
            id=new_id(c),
            person=kept.person,
            topic=topic.value,
            decision=kept.id,
            since=kept.since,
            until=until,
        )


def _over(c: Connection, row: Any) -> dict[Topic, datetime]:
    """What was taken from it before it was over itself."""
    hold = schema.hold.c
    ended = select(hold.topic, hold.until).where(hold.decision == row.id, hold.until.is_not(None))
    return {Topic(each.topic): each.until for each in c.execute(ended) if each.until != row.until}


def _in_order(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    chosen = frozenset(topics)
    return tuple(topic for topic in Topic if topic in chosen)


def _record(c: Connection, row: Any) -> DecisionRecord:
    read = readable(c, row.person, row.words)
    words = {"help": ERASED} if read == ERASED else json.loads(read)
    return DecisionRecord(
        id=row.id,
        person=row.person,
        topics=tuple(map(Topic, row.topics)),
        help=words["help"],
        test={Part(part): said for part, said in row.test.items()},
        found=Found(row.outcome),
        by=row.by,
        since=row.since,
        review_at=row.review_at,
        wishes=words.get("wishes", ""),
        views=tuple(words.get("views", ())),
        until=row.until,
        over=_over(c, row),
    )


KEEP[DecisionRecord] = _keep
