"""Who is there for whom: a person's team and circle, who supports them, who is on call."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, case, delete, select, update

from bot.care import circle as care
from bot.care import rota
from bot.care.circle import (
    LEADS,
    STAFF_ROLES,
    SUPPORTERS,
    How,
    Member,
    Membership,
    Role,
    Shift,
    Support,
)
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.store import circle, schema
from bot.store.circle import OF, standing
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import Moment
from bot.store.tools import new_id

# Every alert asks these: made once.
_ROLES: BindParameter[Any] = bindparam("roles", expanding=True)
_IN_TEAM = standing(schema.membership, schema.membership.c.team == OF)
_STAFF = _IN_TEAM.where(schema.membership.c.role.in_(_ROLES))
_AROUND = standing(
    schema.membership, schema.membership.c.person == OF, schema.membership.c.role.in_(_ROLES)
)
_known = bindparam("known", type_=Moment)
TEAM_OF = (
    select(schema.membership.c.team)
    .where(
        schema.membership.c.member == bindparam("person"),
        schema.membership.c.role == Role.PERSON.value,
    )
    .order_by(
        schema.membership.c.since > _known,
        case((schema.membership.c.until <= _known, 1), else_=0),
        schema.membership.c.since.desc(),
    )
    .limit(1)
)
FOR_EVER = datetime.max.replace(tzinfo=UTC)
"""What was recorded by then is all there is."""

_WORKS_IN = select(schema.membership.c.team).where(
    schema.membership.c.member == OF,
    schema.membership.c.role.in_([role.value for role in STAFF_ROLES]),
    schema.membership.c.since <= bindparam("known"),
    schema.membership.c.until.is_(None) | (schema.membership.c.until > bindparam("known")),
)
_NEVER_WAS = delete(schema.shift).where(schema.shift.c.id == bindparam("id"))
_REACHABLE = (
    update(schema.member)
    .where(schema.member.c.id == bindparam("this"))
    .values(unreachable_since=None)
)
_SUPPORTING = standing(schema.support, schema.support.c.staff == OF)
_SUPPORTED = standing(schema.support, schema.support.c.person == OF)
_SHIFTS = select(schema.shift).order_by(schema.shift.c.starts_at, schema.shift.c.id)
_TEAM_SHIFTS = _SHIFTS.where(schema.shift.c.team == OF, schema.shift.c.ends_at > bindparam("since"))
_RUNNING_SHIFTS = _SHIFTS.where(
    schema.shift.c.member == OF,
    schema.shift.c.starts_at <= bindparam("now"),
    schema.shift.c.ends_at > bindparam("now"),
)


def team_of(c: Connection, person: str, known: datetime = FOR_EVER) -> str:
    """The team that supports this person, or did by `known`; the last one, when they had left.

    Raises LookupError when this member never was a person supported here.
    """
    asked = {"person": person, "known": known}
    found = c.execute(TEAM_OF, asked).scalar_one_or_none()
    if found is None:
        raise LookupError("no person with this id")
    return str(found)


def people_supported(c: Connection, staff: str) -> list[Member]:
    """The people this member of staff is there for: a lead for everyone of the team."""
    led = [m.team for m in care.acting(circle.memberships(c, staff), LEADS)]
    named = select(schema.support.c.person).where(
        schema.support.c.staff == staff, schema.support.c.until.is_(None)
    )
    table = schema.membership
    people = (
        select(schema.member.c.id)
        .join(table, table.c.member == schema.member.c.id)
        .where(
            table.c.role == Role.PERSON.value,
            table.c.until.is_(None),
            table.c.team.in_(led) | table.c.member.in_(named),
        )
        .order_by(schema.member.c.joined_at, schema.member.c.id)
    )
    return circle.members(c, c.execute(people).scalars())


def people_in(c: Connection, team_id: str) -> list[Member]:
    """The people a team supports, longest there first."""
    held = in_team(c, team_id)
    return circle.members(c, [m.member for m in held if m.role is Role.PERSON])


def supports(c: Connection, staff: str) -> list[Support]:
    """Whom this member of staff is named as supporting."""
    return _supports(c, _SUPPORTING, of=staff)


def supports_of(c: Connection, person: str) -> list[Support]:
    """Which staff are named as supporting this person."""
    return _supports(c, _SUPPORTED, of=person)


def supporters(c: Connection, person: str) -> list[str]:
    """The member ids of those around this person who are no staff."""
    return list(dict.fromkeys(m.member for m in circle_of(c, person)))


def circle_of(c: Connection, person: str) -> list[Membership]:
    """The memberships of those around this person who are no staff: their supporters."""
    return circle.memberships_by(c, _AROUND, of=person, roles=[role.value for role in SUPPORTERS])


def in_team(c: Connection, team_id: str) -> list[Membership]:
    """Every role in a team, the oldest first."""
    return circle.memberships_by(c, _IN_TEAM, of=team_id)


def staff_of(c: Connection, team_id: str, role: Role | None = None) -> list[Member]:
    """The staff of a team, or those in one role, longest there first."""
    roles = STAFF_ROLES if role is None else [role]
    found = circle.memberships_by(c, _STAFF, of=team_id, roles=[r.value for r in roles])
    return circle.members(c, [m.member for m in found])


def staff_by_role(c: Connection, team_id: str) -> list[tuple[Role, Member]]:
    """The staff of a team beside each of their roles, longest there first."""
    held = circle.memberships_by(c, _STAFF, of=team_id, roles=[r.value for r in STAFF_ROLES])
    found = {m.id: m for m in circle.members(c, [m.member for m in held])}
    return [(m.role, found[m.member]) for m in held]


def key_workers(c: Connection, person: str) -> list[Member]:
    """This person's key worker; empty when there is none."""
    return circle.members(c, [held.staff for held in supports_of(c, person) if held.key_worker])


def on_call(c: Connection, team_id: str, now: datetime) -> list[Member]:
    """Who is on call for a team now; whose shift began last comes first."""
    return circle.members(c, rota.on_call(shifts(c, team_id, now), now))


def shifts(c: Connection, team_id: str, since: datetime) -> list[Shift]:
    """The team's shifts that end after `since`, in order."""
    return _shifts(c, _TEAM_SHIFTS, of=team_id, since=since)


def works_in(
    c: Connection, staff: str, now: datetime, known: datetime = FOR_EVER
) -> frozenset[str]:
    """The teams this member works in: as staff, or on call for them now.

    `known`: from what was recorded by then. Asked about now, a clock that was set back takes
    nobody's work away and gives nobody's back.
    """
    here = frozenset(c.execute(_WORKS_IN, {"of": staff, "known": known}).scalars())
    running = _shifts(c, _RUNNING_SHIFTS, of=staff, now=now)
    return here | {shift.team for shift in running} if here else here


def works_for(c: Connection, staff: str, person: str, now: datetime) -> bool:
    """Whether this member works in the team of this person; nobody is their own staff."""
    return staff != person and team_of(c, person) in works_in(c, staff, now)


def keepers(c: Connection, person: str, now: datetime) -> list[str]:
    """Whom to turn to for this person: the key worker, or who is on call, or the managers.

    Only those who can be reached, and never the person; all staff of the team when there is
    nobody else.
    """
    team_id = team_of(c, person)
    for group in (
        key_workers(c, person),
        on_call(c, team_id, now),
        staff_of(c, team_id, Role.MANAGER),
        staff_of(c, team_id),
    ):
        reachable = [m.id for m in group if m.reachable and m.id != person]
        if reachable:
            return reachable
    return []


# --- acts ---------------------------------------------------------------------------------


def assign(
    c: Connection,
    staff: str,
    person: str,
    how: How,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """Say how a member of staff is there for a person, if `by` leads the person's team."""
    team_id = team_of(c, person)
    why_not = care.may_assign(circle.memberships(c, by), circle.memberships(c, staff), team_id)
    fresh = Support(new_id(c), staff, person, False, now)
    outcome = care.assign(supports_of(c, person), fresh, how, by, why_not, now)
    commit(c, outcome, cause, now)
    return outcome


def mark_unreachable(
    c: Connection, member_id: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Messages do not reach this member (they blocked the assistant, the account is gone)."""
    lost = circle.member(c, member_id)
    if lost is None:
        return Outcome()
    roles = circle.memberships(c, member_id)
    outcome = care.out_of_reach(lost, roles, _who_counts_on(c, roles, now), now)
    commit(c, outcome, cause, now)
    return outcome


def _who_counts_on(c: Connection, roles: Sequence[Membership], now: datetime) -> list[str]:
    hear: list[str] = []
    for role in roles:
        if role.role is Role.PERSON:
            hear += keepers(c, role.member, now)
        elif role.role in STAFF_ROLES:
            hear += [m.id for m in staff_of(c, role.team, Role.MANAGER)]
    return list(dict.fromkeys(hear))


def mark_reachable(c: Connection, member_id: str) -> None:
    """A member who writes again, or lets messages in again, can be reached."""
    c.execute(_REACHABLE, {"this": member_id})


# --- rows ---------------------------------------------------------------------------------


def keep_support(c: Connection, kept: Support) -> None:
    keep_row(
        c,
        schema.support,
        id=kept.id,
        staff=kept.staff,
        person=kept.person,
        key_worker=kept.key_worker,
        since=kept.since,
        until=kept.until,
    )


def keep_shift(c: Connection, kept: Shift) -> None:
    """Keep a shift; one that ends before it begins never was."""
    if kept.ends_at <= kept.starts_at:
        c.execute(_NEVER_WAS, {"id": kept.id})
        return
    keep_row(
        c,
        schema.shift,
        id=kept.id,
        team=kept.team,
        member=kept.member,
        starts_at=kept.starts_at,
        ends_at=kept.ends_at,
    )


KEEP[Support] = keep_support
KEEP[Shift] = keep_shift


def _supports(c: Connection, query: Select[Any], **asked: Any) -> list[Support]:
    rows = c.execute(query, asked)
    return [
        Support(row.id, row.staff, row.person, row.key_worker, row.since, row.until) for row in rows
    ]


def _shifts(c: Connection, query: Select[Any], **asked: Any) -> list[Shift]:
    rows = c.execute(query, asked)
    return [Shift(row.id, row.team, row.member, row.starts_at, row.ends_at) for row in rows]
