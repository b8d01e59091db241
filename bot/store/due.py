"""What is due for review, of each kind, read from the records that stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Select, bindparam, func, select

from bot.care import review as care
from bot.care.agreement import State as Agreed
from bot.care.cadence import YEARLY, Cadence
from bot.care.circle import Role
from bot.care.plan import PlanState
from bot.care.review import Item, Kind, Round
from bot.care.sign import State as SignState
from bot.store import first_weeks, glass, schema
from bot.store.those import Asks, Whose
from bot.store.tools import tools

NOW = bindparam("now", type_=schema.Moment)


@dataclass(frozen=True, slots=True)
class Look:
    """Whose things are looked through, and what came of each the last time."""

    c: Connection
    whose: Whose
    last: Mapping[tuple[str, str], Round]
    now: datetime

    def ask(self, asks: Asks, **more: object) -> CursorResult[Any]:
        return self.whose.read(self.c, asks, **more)


def _agreements(look: Look) -> Iterator[Item]:
    """By their own date, while they hold; at once when it is in doubt whether the person can
    decide about them."""
    in_doubt = {row.id: row.since for row in look.ask(_doubted)}
    rows = look.ask(_active, now=look.now)
    for row in rows:
        event = in_doubt.get(row.id)
        due = care.due(row.review_at, look.last.get((Kind.AGREEMENT, row.id)), event)
        if due is not None:
            early = due == event
            apart = (row.member,)
            yield Item(Kind.AGREEMENT, row.id, row.person, due, early, apart=apart)


def _doubted(ids: Select[str]) -> Select[Any]:
    table, hold = schema.agreement, schema.hold
    return (
        select(table.c.id, func.max(hold.c.since).label("since"))
        .join(schema.sharing, schema.sharing.c.agreement == table.c.id)
        .join(
            hold,
            (hold.c.person == table.c.person) & (hold.c.topic == schema.sharing.c.topic),
        )
        .where(
            table.c.state == Agreed.ACTIVE.value, table.c.person.in_(ids), hold.c.until.is_(None)
        )
        .group_by(table.c.id)
    )


def _active(ids: Select[str]) -> Select[Any]:
    table, place = schema.agreement, schema.membership
    return (
        select(table.c.id, table.c.person, table.c.review_at, place.c.member)
        .join(place, place.c.id == table.c.supporter)
        .where(
            table.c.state == Agreed.ACTIVE.value,
            table.c.person.in_(ids),
            table.c.lapses_at > NOW,
            place.c.until.is_(None),
        )
    )


def _sign_plans(look: Look) -> Iterator[Item]:
    for row in look.ask(_active_signs):
        before = look.last.get((Kind.SIGN_PLAN, row.id))
        due, early = care.sign_plan(row.review_at, before, row.meeting)
        if due is not None:
            yield Item(Kind.SIGN_PLAN, row.id, row.person, due, early)


def _active_signs(ids: Select[str]) -> Select[Any]:
    table, meeting = schema.sign_plan, schema.team_meeting
    return (
        select(table.c.id, table.c.person, table.c.review_at, meeting.c.at.label("meeting"))
        .outerjoin(meeting, meeting.c.person == table.c.person)
        .where(table.c.person.in_(ids), table.c.state == SignState.ACTIVE.value)
    )


def _outings(look: Look) -> Iterator[Item]:
    zone = tools(look.c).hours.zone
    missed = {row.id: row.at for row in look.ask(_missed)}
    for row in look.ask(_agreed):
        before, alert = look.last.get((Kind.OUTINGS, row.id)), missed.get(row.id)
        due = care.outings(row.agreed_at, before, alert, zone)
        if due is not None:
            yield Item(Kind.OUTINGS, row.id, row.person, due, early=due == alert)


def _missed(ids: Select[str]) -> Select[Any]:
    """The first alert about an outing since each plan was agreed, or looked at since."""
    table, journey, plan, look = schema.escalation, schema.journey, schema.plan, schema.review
    looked = (
        select(func.max(look.c.at))
        .where(look.c.kind == Kind.OUTINGS.value, look.c.of == plan.c.id)
        .scalar_subquery()
    )
    return (
        select(plan.c.id, func.min(table.c.opened_at).label("at"))
        .join(journey, journey.c.person == plan.c.person)
        .join(table, table.c.subject == journey.c.id)
        .where(
            plan.c.person.in_(ids),
            plan.c.state == PlanState.AGREED.value,
            journey.c.escalation == table.c.id,
            table.c.opened_at > func.coalesce(looked, plan.c.agreed_at),
        )
        .group_by(plan.c.id)
    )


def _agreed(ids: Select[str]) -> Select[Any]:
    table = schema.plan
    return select(table.c.id, table.c.person, table.c.agreed_at).where(
        table.c.person.in_(ids),
        table.c.state == PlanState.AGREED.value,
        table.c.agreed_at.is_not(None),
    )


def alerts(c: Connection, whose: Whose) -> dict[str, datetime]:
    """When staff were last asked about an outing of each of these people."""
    return {row.person: row.at for row in whose.read(c, _alerts)}


def _alerts(ids: Select[str]) -> Select[Any]:
    table, journey = schema.escalation, schema.journey
    return (
        select(table.c.person, func.max(table.c.opened_at).label("at"))
        .join(journey, journey.c.id == table.c.subject)
        .where(table.c.person.in_(ids), journey.c.escalation == table.c.id)
        .group_by(table.c.person)
    )


def _decisions(look: Look) -> Iterator[Item]:
    for row in look.ask(_in_force):
        due = care.due(row.review_at, look.last.get((Kind.DECISION, row.id)), None)
        if due is not None:
            yield Item(Kind.DECISION, row.id, row.person, due)


def _in_force(ids: Select[str]) -> Select[Any]:
    table = schema.decision
    return select(table.c.id, table.c.person, table.c.review_at).where(
        table.c.person.in_(ids), table.c.until.is_(None)
    )


def _authorities(look: Look) -> Iterator[Item]:
    """They end by themselves: a week before that the papers are looked at."""
    for row in look.ask(_papers, now=look.now):
        due = care.due(row.until - care.WEEK, look.last.get((Kind.AUTHORITY, row.id)), None)
        if due is not None:
            yield Item(Kind.AUTHORITY, row.id, row.person, due, apart=(row.member,))


def _papers(ids: Select[str]) -> Select[Any]:
    table, place = schema.authority, schema.membership
    return (
        select(table.c.id, table.c.person, table.c.until, place.c.member)
        .join(place, place.c.id == table.c.membership)
        .where(
            table.c.person.in_(ids),
            table.c.ended_at.is_(None),
            table.c.until > NOW,
            place.c.until.is_(None),
        )
    )


def glasses(look: Look) -> Iterator[Item]:
    """For those alone who may look at it; while there are none, whoever did it sees that it waits.
    It has an act of its own."""
    for id in look.ask(_unreviewed).scalars().all():
        broken = glass.glass(look.c, id)
        assert broken is not None  # it was read just now
        only = tuple(glass.reviewers(look.c, broken, look.now))
        of = (Kind.GLASS, id, broken.person, broken.review_at)
        yield Item(*of, only=only or (broken.by,), stranded=not only)


def _unreviewed(ids: Select[str]) -> Select[Any]:
    table = schema.glass
    return select(table.c.id).where(table.c.person.in_(ids), table.c.reviewed_at.is_(None))


def _first_weeks(look: Look) -> Iterator[Item]:
    for id, person, due in first_weeks.looks(look.c, look.whose, look.now + care.WEEK):
        before = look.last.get((Kind.FIRST_WEEKS, id))
        if before is None or before.due_at < due:
            yield Item(Kind.FIRST_WEEKS, id, person, due)


def _of_everybody(look: Look) -> Iterator[Item]:
    """How they want to be written to, and what the service itself looks at."""
    zone, own = tools(look.c).hours.zone, tools(look.c).reviews.own
    wanted: list[tuple[str, Cadence]] = [(Kind.PROFILE, YEARLY)]
    wanted += [(one.kind, one.cadence) for one in own]
    for row in look.ask(_since):
        person, since = row.member, row.since
        for kind, cadence in wanted:
            due = care.due(
                care.next_time(cadence, since, zone), look.last.get((kind, person)), None
            )
            if due is not None:
                yield Item(kind, person, person, due)


def _since(ids: Select[str]) -> Select[Any]:
    table = schema.membership
    return (
        select(table.c.member, func.min(table.c.since).label("since"))
        .where(table.c.member.in_(ids), table.c.role == Role.PERSON.value, table.c.until.is_(None))
        .group_by(table.c.member)
    )


def _by_hand(look: Look) -> Iterator[Item]:
    for (kind, of), before in look.last.items():
        if kind == Kind.RESTRICTIVE and before.next_at is not None:
            yield Item(kind, of, before.person, before.next_at)


LOADERS = (
    _agreements,
    _sign_plans,
    _outings,
    _decisions,
    _authorities,
    glasses,
    _first_weeks,
    _of_everybody,
    _by_hand,
)
"""Where each kind is read: what is due, whenever that is."""
