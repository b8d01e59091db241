"""Letting somebody know on another ground than the person's own word, in one transaction."""

from datetime import datetime

from sqlalchemy import Connection

from bot.care import agreeing
from bot.care import ground as care
from bot.care.agreement import Agreement, Basis, Ground, Sharing, State
from bot.care.authority import MONEY
from bot.care.circle import APPOINTED, SUPPORTERS, Membership
from bot.care.outcome import NOBODY, Cause, Outcome, Topic
from bot.store import agreement, around, authority, circle, decision, escalation
from bot.store.commit import commit
from bot.store.tools import new_id


def ground(c: Connection, id: str, now: datetime) -> Ground | None:
    """The decision or the authority with this id as what rows may rest on, while it stands."""
    appointed = authority.authority(c, id)
    if appointed is not None:
        if not appointed.stands(now):
            return None
        topics, since, until = appointed.topics, appointed.since, appointed.until
        return Ground(id, Basis.AUTHORITY, topics, since, until)
    kept = decision.decision(c, id)
    if kept is None or not kept.allows or kept.until is not None or now >= kept.review_at:
        return None
    return Ground(id, Basis.BEST_INTERESTS, frozenset(kept.left), kept.since, kept.review_at)


def allow(
    c: Connection,
    id: str,
    supporter: str,
    topic: Topic,
    level: int | None,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """Let a supporter (a membership) know so much of a topic on this ground; None: no longer.

    On a best-interests decision staff may; an attorney or a deputy, for themselves alone.
    """
    place = circle.membership(c, supporter)
    found = ground(c, id, now)
    if place is None or place.person is None or place.until is not None or found is None:
        return Outcome()
    if place.role not in SUPPORTERS or not _may(c, found, place, by, now):
        return Outcome()
    versions = agreement.versions(c, supporter)
    fresh = Agreement(
        id=new_id(c),
        person=place.person,
        supporter=supporter,
        version=max((one.version for one in versions), default=0) + 1,
        state=State.DRAFT,
        rows=(),
        review_at=found.until,
        lapses_at=found.until + agreeing.LAPSE,
        drafted_by=by,
        drafted_at=now,
    )
    agreed = [one for one in versions if one.activated_at is not None]
    if agreed and agreed[-1].state is State.ENDED and agreed[-1].ended_by == place.person:
        outcome = care.stopped(fresh, found, topic)
    elif level is not None and not _counts(c, found, topic, place.person):
        outcome = care.not_held(fresh, found, topic)
    else:
        living = {row.ground for one in agreed for row in one.rows if stands(c, row, now)}
        outcome = care.allow(
            fresh,
            agreed,
            {id for id in living if id is not None},
            found,
            topic,
            level,
            place.member,
            lambda: new_id(c),
            now,
        )
    if outcome == Outcome():
        return outcome
    commit(c, outcome, cause, now)
    return outcome + escalation.left(c, place.member, now)  # it may be less than before


def stands(c: Connection, row: Sharing, now: datetime) -> bool:
    """Whether what this row rests on holds now: the person's own word, or a ground that stands."""
    if row.ground is None:
        return True
    found = ground(c, row.ground, now)
    return found is not None and found.basis is row.basis and row.topic in found.topics


def _counts(c: Connection, found: Ground, topic: Topic, person: str) -> bool:
    """Papers about money count at once, all others only while the person cannot decide it."""
    welfare = found.basis is Basis.AUTHORITY and topic in found.topics - MONEY
    return not welfare or topic in decision.held(c, person)


def _may(c: Connection, found: Ground, place: Membership, by: str, now: datetime) -> bool:
    if found.basis is Basis.AUTHORITY:
        appointed = authority.authority(c, found.id)
        theirs = appointed is not None and appointed.membership == place.id
        return theirs and place.member == by and place.role in APPOINTED
    kept = decision.decision(c, found.id)
    if kept is None or kept.person != place.person:
        return False
    return around.works_for(c, by, kept.person, now)
