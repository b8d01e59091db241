"""What is up for review, read from the records that stand.

A Monday has five thousand people: each kind is read for all of them at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Table, func, select

from bot.care import review as care
from bot.care.agreement import State as Agreed
from bot.care.cadence import YEARLY, Cadence
from bot.care.circle import STAFF_ROLES, Member, Role
from bot.care.plan import PlanState
from bot.care.review import Came, Item, Kind, Round
from bot.care.sign import State as SignState
from bot.store import around, circle, first_weeks, glass, schema
from bot.store import look as rounds
from bot.store.look import Whose
from bot.store.tools import tools

OF: Mapping[str, Table] = {
    Kind.AGREEMENT: schema.agreement,
    Kind.SIGN_PLAN: schema.sign_plan,
    Kind.OUTINGS: schema.plan,
    Kind.DECISION: schema.decision,
    Kind.AUTHORITY: schema.authority,
    Kind.GLASS: schema.glass,
    Kind.FIRST_WEEKS: schema.first_weeks,
}
"""Where a thing of a kind is kept; all others are of the person themselves."""


@dataclass(frozen=True, slots=True)
class Look:
    """Whose things are looked through, and what came of each the last time."""

    c: Connection
    whose: Whose
    last: Mapping[tuple[str, str], Round]
    now: datetime


@dataclass(frozen=True, slots=True)
class Up:
    """What is up for these people, who keeps each of them, and to whom of the team it goes next
    where those may not see it."""

    items: list[Item]
    keepers: Mapping[str, list[str]]
    others: Sequence[Sequence[str]]

    def of(self, staff: str) -> list[Item]:
        """What this member of staff is to see to, what has waited longest first."""
        return [one for one in self.items if staff in self.who(one)]

    def who(self, item: Item) -> list[str]:
        """Who is to see to it."""
        if item.only is not None:
            return list(item.only)
        for group in (self.keepers.get(item.person, ()), *self.others):
            found = [one for one in group if one not in (*item.apart, item.person)]
            if found:
                return found
        return []


def up(c: Connection, team: str, now: datetime) -> Up:
    """All that a team is shown now."""
    return of(c, team, rounds.people_of(team), now)


def of(c: Connection, team: str, whose: Whose, now: datetime) -> Up:
    """What is up for some of a team's people."""
    others = _others(c, team, now)
    return Up(items(c, whose, now), keepers(c, team, whose, others), others)


def mine(c: Connection, team: str, staff: str, now: datetime) -> list[Item]:
    """What one of a team's staff is to see to, what has waited longest first."""
    everybody = rounds.people_of(team)
    others = _others(c, team, now)
    kept = keepers(c, team, everybody, others)
    doubly = _kept_by_family(c, everybody, kept)
    theirs = [person for person, who in kept.items() if staff in who or person in doubly]
    here = Up(items(c, rounds.these(team, theirs), now), kept, others)
    found = [one for one in here.of(staff) if one.only is None]
    named = _glasses(Look(c, everybody, {}, now))  # for those alone whom each one names
    return care.in_order([*found, *(one for one in named if one.may_see(staff) and one.up(now))])


def items(c: Connection, whose: Whose, now: datetime) -> list[Item]:
    """What is up for these people, what has waited longest first; what was put off, too."""
    look = Look(c, whose, rounds.latest(c, whose), now)
    put_off = rounds.snoozes(c, whose)
    found: list[Item] = []
    for load in LOADERS:
        for one in load(look):
            if one.due_at - care.shown_from(one.kind) > now:
                continue
            snoozed = put_off.get((one.kind, one.of, one.due_at), ())
            found.append(replace(one, snoozed=snoozed))
    return care.in_order(found)


def item(c: Connection, kind: str, of: str, mark: int, by: str, now: datetime) -> Item | None:
    """One that is up, if whoever asks works for the person and may see it."""
    person = person_of(c, kind, of)
    if person is None or not works_for(c, by, person, now):
        return None
    for one in items(c, rounds.one(person), now):
        if (one.kind, one.of, int(one.due_at.timestamp())) == (kind, of, mark):
            return one if one.may_see(by) else None
    return None


def person_of(c: Connection, kind: str, of: str) -> str | None:
    table = OF.get(kind)
    if table is None:
        return of
    found = c.execute(select(table.c.person).where(table.c.id == of)).scalar_one_or_none()
    return None if found is None else str(found)


def works_for(c: Connection, by: str, person: str, now: datetime) -> bool:
    try:
        return not circle.has_left(c, person) and around.works_for(c, by, person, now)
    except LookupError:  # nobody who is supported here
        return False


def _kept_by_family(
    c: Connection, whose: Whose, kept: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    """Those whom somebody keeps who is in their circle, too."""
    place = schema.membership
    rows = c.execute(
        select(place.c.person, place.c.member).where(
            place.c.person.in_(whose), place.c.until.is_(None)
        )
    )
    return frozenset(row.person for row in rows if row.member in kept.get(row.person, ()))


def keepers(
    c: Connection, team: str, whose: Whose, others: Sequence[Sequence[str]]
) -> dict[str, list[str]]:
    """Who keeps each of these people, as `around.keepers` says it, for all of them at once; a key
    worker of another team no longer does."""
    member, support, place = schema.member, schema.support, schema.membership
    here = select(place.c.member).where(
        place.c.team == team,
        place.c.role.in_([role.value for role in STAFF_ROLES]),
        place.c.until.is_(None),
    )
    named = (
        select(support.c.person, support.c.staff)
        .join(member, member.c.id == support.c.staff)
        .where(
            support.c.person.in_(whose),
            support.c.staff.in_(here),
            support.c.key_worker,
            support.c.until.is_(None),
            member.c.telegram.is_not(None),
            member.c.left_at.is_(None),
            member.c.unreachable_since.is_(None),
        )
        .order_by(support.c.since, support.c.id)
    )
    found: dict[str, list[str]] = {person: [] for person in c.execute(whose).scalars()}
    for row in c.execute(named):
        if row.staff != row.person:
            found[row.person].append(row.staff)
    for person in [one for one, theirs in found.items() if not theirs]:
        groups = ([one for one in group if one != person] for group in others)
        found[person] = next(filter(None, groups), [])
    return found


def _others(c: Connection, team: str, now: datetime) -> list[list[str]]:
    """Who keeps those who have no key worker who can be reached: the first of these groups."""
    groups = (load(c, team, now) for load in (around.on_call, _managers, _everybody))
    return [[one.id for one in group if one.reachable] for group in groups]


def _managers(c: Connection, team: str, _now: datetime) -> list[Member]:
    return around.staff_of(c, team, Role.MANAGER)


def _everybody(c: Connection, team: str, _now: datetime) -> list[Member]:
    return around.staff_of(c, team)


# --- each kind ----------------------------------------------------------------------------


def _agreements(look: Look) -> Iterator[Item]:
    """By their own date; at once when it is in doubt whether the person can decide about them."""
    table, place, hold = schema.agreement, schema.membership, schema.hold
    active = (table.c.state == Agreed.ACTIVE.value, table.c.person.in_(look.whose))
    doubted = (
        select(table.c.id, func.max(hold.c.since).label("since"))
        .join(schema.sharing, schema.sharing.c.agreement == table.c.id)
        .join(
            hold,
            (hold.c.person == table.c.person) & (hold.c.topic == schema.sharing.c.topic),
        )
        .where(*active, hold.c.until.is_(None))
        .group_by(table.c.id)
    )
    in_doubt = {row.id: row.since for row in look.c.execute(doubted)}
    rows = look.c.execute(
        select(table.c.id, table.c.person, table.c.review_at, place.c.member)
        .join(place, place.c.id == table.c.supporter)
        .where(*active, place.c.until.is_(None))
    )
    for row in rows:
        event = in_doubt.get(row.id)
        due = care.due(row.review_at, look.last.get((Kind.AGREEMENT, row.id)), event)
        if due is not None:
            early = due == event
            apart = (row.member,)
            yield Item(Kind.AGREEMENT, row.id, row.person, due, early, apart=apart)


def _sign_plans(look: Look) -> Iterator[Item]:
    table = schema.sign_plan
    rows = look.c.execute(
        select(table.c.id, table.c.person, table.c.review_at).where(
            table.c.person.in_(look.whose), table.c.state == SignState.ACTIVE.value
        )
    )
    for row in rows:
        before = look.last.get((Kind.SIGN_PLAN, row.id))
        due = care.due(row.review_at, before, None)
        if due is not None:
            early = before is not None and before.came is Came.ASKED
            yield Item(Kind.SIGN_PLAN, row.id, row.person, due, early)


def _outings(look: Look) -> Iterator[Item]:
    table, zone = schema.plan, tools(look.c).hours.zone
    alerted = alerts(look.c, look.whose)
    rows = look.c.execute(
        select(table.c.id, table.c.person, table.c.agreed_at).where(
            table.c.person.in_(look.whose),
            table.c.state == PlanState.AGREED.value,
            table.c.agreed_at.is_not(None),
        )
    )
    for row in rows:
        before = look.last.get((Kind.OUTINGS, row.id))
        due = care.outings(row.agreed_at, before, alerted.get(row.person), zone)
        if due is not None:
            yield Item(Kind.OUTINGS, row.id, row.person, due)


def alerts(c: Connection, whose: Whose) -> dict[str, datetime]:
    """When staff were last asked about an outing of each of these people."""
    table, journey = schema.escalation, schema.journey
    rows = c.execute(
        select(table.c.person, func.max(table.c.opened_at).label("at"))
        .join(journey, journey.c.id == table.c.subject)
        .where(table.c.person.in_(whose))
        .group_by(table.c.person)
    )
    return {row.person: row.at for row in rows}


def _decisions(look: Look) -> Iterator[Item]:
    table = schema.decision
    rows = look.c.execute(
        select(table.c.id, table.c.person, table.c.review_at).where(
            table.c.person.in_(look.whose), table.c.until.is_(None)
        )
    )
    for row in rows:
        due = care.due(row.review_at, look.last.get((Kind.DECISION, row.id)), None)
        if due is not None:
            yield Item(Kind.DECISION, row.id, row.person, due)


def _authorities(look: Look) -> Iterator[Item]:
    """They end by themselves: a week before that the papers are looked at."""
    table, place = schema.authority, schema.membership
    rows = look.c.execute(
        select(table.c.id, table.c.person, table.c.until, place.c.member)
        .join(place, place.c.id == table.c.membership)
        .where(table.c.person.in_(look.whose), table.c.ended_at.is_(None), place.c.until.is_(None))
    )
    for row in rows:
        due = care.due(row.until - care.WEEK, look.last.get((Kind.AUTHORITY, row.id)), None)
        if due is not None:
            yield Item(Kind.AUTHORITY, row.id, row.person, due, apart=(row.member,))


def _glasses(look: Look) -> Iterator[Item]:
    """For those alone who may look at it; it has an act of its own."""
    table = schema.glass
    rows = look.c.execute(
        select(table.c.id).where(table.c.person.in_(look.whose), table.c.reviewed_at.is_(None))
    ).scalars()
    for id in rows.all():
        broken = glass.glass(look.c, id)
        assert broken is not None  # it was read just now
        only = tuple(glass.reviewers(look.c, broken))
        yield Item(Kind.GLASS, id, broken.person, broken.review_at, only=only)


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
    table = schema.membership
    rows = look.c.execute(
        select(table.c.member, func.min(table.c.since))
        .where(
            table.c.member.in_(look.whose),
            table.c.role == Role.PERSON.value,
            table.c.until.is_(None),
        )
        .group_by(table.c.member)
    )
    for person, since in rows:
        for kind, cadence in wanted:
            due = care.due(
                care.next_time(cadence, since, zone), look.last.get((kind, person)), None
            )
            if due is not None:
                yield Item(kind, person, person, due)


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
    _glasses,
    _first_weeks,
    _of_everybody,
    _by_hand,
)
"""Where each kind is read: what is due, whenever that is."""
