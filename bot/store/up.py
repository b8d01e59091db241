"""What is up for review, read from the records that stand.

A Monday has five thousand people: each kind is read for all of them at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, select

from bot.care import review as care
from bot.care.circle import STAFF_ROLES, Member, Role
from bot.care.review import Item, Kind
from bot.store import around, circle, schema, those
from bot.store import look as rounds
from bot.store.due import LOADERS, Look, glasses
from bot.store.those import Whose

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
        if item.stranded:
            return []
        if item.only is not None:
            return list(item.only)
        for group in (self.keepers.get(item.person, ()), *self.others):
            found = [one for one in group if one not in (*item.apart, item.person)]
            if found:
                return found
        return []


def up(c: Connection, team: str, now: datetime) -> Up:
    """All that a team is shown now."""
    return of(c, team, those.people_of(team), now)


def of(c: Connection, team: str, whose: Whose, now: datetime) -> Up:
    """What is up for some of a team's people."""
    others = _others(c, team, now)
    return Up(items(c, whose, now), keepers(c, team, whose, others), others)


def mine(c: Connection, team: str, staff: str, now: datetime) -> list[Item]:
    """What one of a team's staff is to see to, what has waited longest first."""
    everybody = those.people_of(team)
    others = _others(c, team, now)
    kept = keepers(c, team, everybody, others)
    doubly = _kept_by_family(c, everybody, kept)
    theirs = [person for person, who in kept.items() if staff in who or person in doubly]
    here = Up(items(c, those.these(team, theirs), now), kept, others)
    found = [one for one in here.of(staff) if one.only is None]
    named = glasses(Look(c, everybody, {}, now))  # for those alone whom each one names
    return care.in_order([*found, *(one for one in named if one.may_see(staff) and one.up(now))])


def items(c: Connection, whose: Whose, now: datetime) -> list[Item]:
    """What is up for these people, what has waited longest first; what was put off, too."""
    every = _every(c, whose, now)
    return care.in_order(one for one in every if one.due_at - care.shown_from(one.kind) <= now)


def thing(c: Connection, kind: str, of: str, now: datetime) -> Item | None:
    """When one thing is looked at next, however far off that is; whoever asks."""
    person = person_of(c, kind, of)
    every = () if person is None else _every(c, those.one(person), now)
    return next((one for one in every if (one.kind, one.of) == (kind, of)), None)


def _every(c: Connection, whose: Whose, now: datetime) -> Iterator[Item]:
    look = Look(c, whose, rounds.latest(c, whose), now)
    put_off = rounds.snoozes(c, whose)
    for one in (one for load in LOADERS for one in load(look)):
        yield replace(one, snoozed=put_off.get((one.kind, one.of, one.due_at), ()))


def item(c: Connection, kind: str, of: str, mark: int, by: str, now: datetime) -> Item | None:
    """One that is up, if whoever asks works for the person and may see it."""
    person = person_of(c, kind, of)
    if person is None or not works_for(c, by, person, now):
        return None
    for one in items(c, those.one(person), now):
        if (one.kind, one.of, int(one.due_at.timestamp())) == (kind, of, mark):
            return one if one.may_see(by) else None
    return None


def person_of(c: Connection, kind: str, of: str) -> str | None:
    table = OF.get(kind)
    if kind == Kind.RESTRICTIVE:  # kept by its looks alone
        begun = schema.review.c.kind == kind, schema.review.c.of == of
        return c.execute(select(schema.review.c.person).where(*begun).limit(1)).scalar()
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
    rows = whose.read(c, _around)
    return frozenset(row.person for row in rows if row.member in kept.get(row.person, ()))


def _around(ids: Select[str]) -> Select[Any]:
    place = schema.membership
    return select(place.c.person, place.c.member).where(
        place.c.person.in_(ids), place.c.until.is_(None)
    )


def keepers(
    c: Connection, team: str, whose: Whose, others: Sequence[Sequence[str]]
) -> dict[str, list[str]]:
    """Who keeps each of these people, as `around.keepers` says it, for all of them at once; a key
    worker of another team no longer does."""
    found: dict[str, list[str]] = {person: [] for person in whose.read(c, _themselves).scalars()}
    for row in whose.read(c, _key_workers, team=team):
        if row.staff != row.person:
            found[row.person].append(row.staff)
    for person in [one for one, theirs in found.items() if not theirs]:
        groups = ([one for one in group if one != person] for group in others)
        found[person] = next(filter(None, groups), [])
    return found


def _themselves(ids: Select[str]) -> Select[Any]:
    return ids


def _key_workers(ids: Select[str]) -> Select[Any]:
    member, support, place = schema.member, schema.support, schema.membership
    here = select(place.c.member).where(
        place.c.team == bindparam("team"),
        place.c.role.in_([role.value for role in STAFF_ROLES]),
        place.c.until.is_(None),
    )
    return (
        select(support.c.person, support.c.staff)
        .join(member, member.c.id == support.c.staff)
        .where(
            support.c.person.in_(ids),
            support.c.staff.in_(here),
            support.c.key_worker,
            support.c.until.is_(None),
            member.c.telegram.is_not(None),
            member.c.left_at.is_(None),
            member.c.unreachable_since.is_(None),
        )
        .order_by(support.c.since, support.c.id)
    )


def _others(c: Connection, team: str, now: datetime) -> list[list[str]]:
    """Who keeps those who have no key worker who can be reached: the first of these groups."""
    groups = (load(c, team, now) for load in (around.on_call, _managers, _everybody))
    return [[one.id for one in group if one.reachable] for group in groups]


def _managers(c: Connection, team: str, _now: datetime) -> list[Member]:
    return around.staff_of(c, team, Role.MANAGER)


def _everybody(c: Connection, team: str, _now: datetime) -> list[Member]:
    return around.staff_of(c, team)
