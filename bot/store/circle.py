"""Who is here: teams, members, their roles, who supports whom, who is on call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    select,
    update,
)

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
    Team,
)
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.store import schema
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.tools import ERASED, KeyErased, new_id, seal, unseal


def _all_of(table: Any, *where: ColumnElement[bool]) -> Select[Any]:
    return select(table).where(table.c.until.is_(None), *where).order_by(table.c.since, table.c.id)


# Every tap and every alert asks who is here: these statements are made once.
_OF: BindParameter[str] = bindparam("of")
_ROLES: BindParameter[str] = bindparam("roles", expanding=True)
_MEMBER = select(schema.member).where(schema.member.c.id == bindparam("id"))
_MEMBERS = select(schema.member).where(schema.member.c.id.in_(bindparam("ids", expanding=True)))
_HERE = select(schema.member).where(
    schema.member.c.telegram == bindparam("telegram"), schema.member.c.left_at.is_(None)
)
_HELD = _all_of(schema.membership, schema.membership.c.member == _OF)
_IN_TEAM = _all_of(schema.membership, schema.membership.c.team == _OF)
_STAFF = _IN_TEAM.where(schema.membership.c.role.in_(_ROLES))
_AROUND = _all_of(
    schema.membership, schema.membership.c.person == _OF, schema.membership.c.role.in_(_ROLES)
)
_MENUS = (
    select(
        schema.member.c.telegram,
        schema.member.c.locale,
        schema.member.c.menu,
        schema.membership.c.role,
    )
    .join(schema.membership, schema.membership.c.member == schema.member.c.id)
    .where(
        schema.member.c.telegram.is_not(None),
        schema.member.c.left_at.is_(None),
        schema.membership.c.until.is_(None),
    )
    .order_by(schema.member.c.joined_at, schema.membership.c.since, schema.membership.c.id)
)
_MENU_SHOWN = (
    update(schema.member)
    .where(schema.member.c.telegram == _OF, schema.member.c.left_at.is_(None))
    .values(menu=bindparam("as"))
)
_TEAM_OF = (
    select(schema.membership.c.team)
    .where(
        schema.membership.c.member == bindparam("person"),
        schema.membership.c.role == Role.PERSON.value,
    )
    .order_by(schema.membership.c.until.is_not(None), schema.membership.c.since.desc())
    .limit(1)
)
_SUPPORTING = _all_of(schema.support, schema.support.c.staff == _OF)
_SUPPORTED = _all_of(schema.support, schema.support.c.person == _OF)
_SHIFTS = select(schema.shift).order_by(schema.shift.c.starts_at, schema.shift.c.id)
_TEAM_SHIFTS = _SHIFTS.where(
    schema.shift.c.team == _OF, schema.shift.c.ends_at > bindparam("since")
)
_RUNNING_SHIFTS = _SHIFTS.where(
    schema.shift.c.member == _OF,
    schema.shift.c.starts_at <= bindparam("now"),
    schema.shift.c.ends_at > bindparam("now"),
)


@dataclass(frozen=True, slots=True)
class Present:
    """Who stands at the door: a member, and the roles they hold now, oldest first."""

    member: Member
    memberships: tuple[Membership, ...]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(m.role for m in self.memberships)

    def acting(self, roles: Iterable[Role]) -> list[Membership]:
        """The memberships through which they may act in one of these roles."""
        return care.acting(self.memberships, roles)


@dataclass(frozen=True, slots=True)
class Shown:
    """A member as their menu sees them; `menu` is the mark of what Telegram shows, if known."""

    telegram: int
    locale: str
    roles: tuple[Role, ...]
    menu: str | None


# --- who is here --------------------------------------------------------------------------


def present(c: Connection, telegram: int) -> Present | None:
    """Whoever writes from this Telegram account; None for a stranger."""
    row = c.execute(_HERE, {"telegram": telegram}).one_or_none()
    if row is None:
        return None
    roles = memberships(c, row.id)
    return Present(_member(c, row), tuple(roles)) if roles else None


def has_left(c: Connection, id: str) -> bool:
    """Whether this member is here no more."""
    found = member(c, id)
    return found is None or found.left_at is not None


def menus(c: Connection) -> list[Shown]:
    """Everybody who is here and can be written to, with the menu Telegram shows them."""
    found: dict[int, Shown] = {}
    for row in c.execute(_MENUS):
        before = found.get(row.telegram)
        roles = (*(before.roles if before else ()), Role(row.role))
        found[row.telegram] = Shown(row.telegram, row.locale, roles, row.menu)
    return list(found.values())


def menu_shown(c: Connection, telegram: int, mark: str) -> None:
    """From now on Telegram shows this member that menu."""
    c.execute(_MENU_SHOWN, {"of": telegram, "as": mark})


def member(c: Connection, id: str) -> Member | None:
    """The member with this id, also one who has left."""
    row = c.execute(_MEMBER, {"id": id}).one_or_none()
    return None if row is None else _member(c, row)


def name(c: Connection, id: str) -> str:
    """What this member is called here; "[erased]" when nobody can know it any more."""
    found = member(c, id)
    return ERASED if found is None else found.name


def memberships(c: Connection, member_id: str) -> list[Membership]:
    """The roles this member holds now, oldest first."""
    return _memberships(c, _HELD, of=member_id)


def membership(c: Connection, id: str) -> Membership | None:
    """The membership with this id, also an ended one; locked until the transaction ends."""
    table = schema.membership
    row = c.execute(select(table).where(table.c.id == id).with_for_update()).one_or_none()
    return None if row is None else _membership(row)


def teams(c: Connection) -> list[Team]:
    return [_team(row) for row in c.execute(select(schema.team).order_by(schema.team.c.name))]


def team(c: Connection, id: str) -> Team:
    return _team(c.execute(select(schema.team).where(schema.team.c.id == id)).one())


def service_name(c: Connection) -> str | None:
    """The name of the service; None before `kith init`."""
    return c.execute(select(schema.service.c.name)).scalar_one_or_none()


# --- who is there for whom ----------------------------------------------------------------


def team_of(c: Connection, person: str) -> str:
    """The team that supports this person; the last one, when they have left.

    Raises LookupError when this member never was a person supported here.
    """
    found = c.execute(_TEAM_OF, {"person": person}).scalar_one_or_none()
    if found is None:
        raise LookupError("no person with this id")
    return str(found)


def people_supported(c: Connection, staff: str) -> list[Member]:
    """The people this member of staff is there for: a lead for everyone of the team."""
    led = [m.team for m in care.acting(memberships(c, staff), LEADS)]
    table = schema.membership
    people = select(table.c.member).where(
        table.c.role == Role.PERSON.value,
        table.c.until.is_(None),
        table.c.team.in_(led) | table.c.member.in_(_supported_by(staff)),
    )
    return _members(c, schema.member.c.id.in_(people))


def _supported_by(staff: str) -> Any:
    table = schema.support
    return select(table.c.person).where(table.c.staff == staff, table.c.until.is_(None))


def supports(c: Connection, staff: str) -> list[Support]:
    """Whom this member of staff is named as supporting."""
    return _supports(c, _SUPPORTING, of=staff)


def supports_of(c: Connection, person: str) -> list[Support]:
    """Which staff are named as supporting this person."""
    return _supports(c, _SUPPORTED, of=person)


def supporters(c: Connection, person: str) -> list[str]:
    """The member ids of this person's carers and advocates."""
    return list(dict.fromkeys(m.member for m in around(c, person)))


def around(c: Connection, person: str) -> list[Membership]:
    """The memberships of this person's carers and advocates."""
    return _memberships(c, _AROUND, of=person, roles=[role.value for role in SUPPORTERS])


def in_team(c: Connection, team_id: str) -> list[Membership]:
    """Every role in a team, the oldest first."""
    return _memberships(c, _IN_TEAM, of=team_id)


def staff_of(c: Connection, team_id: str, role: Role | None = None) -> list[Member]:
    """The staff of a team, or those in one role, longest there first."""
    roles = STAFF_ROLES if role is None else [role]
    found = _memberships(c, _STAFF, of=team_id, roles=[r.value for r in roles])
    return _in_order(c, [m.member for m in found])


def staff_by_role(c: Connection, team_id: str) -> list[tuple[Role, Member]]:
    """The staff of a team beside each of their roles, longest there first."""
    held = _memberships(c, _STAFF, of=team_id, roles=[r.value for r in STAFF_ROLES])
    found = {m.id: m for m in _in_order(c, [m.member for m in held])}
    return [(m.role, found[m.member]) for m in held]


def key_workers(c: Connection, person: str) -> list[Member]:
    """This person's key worker; empty when there is none."""
    return _in_order(c, [held.staff for held in supports_of(c, person) if held.key_worker])


def on_call(c: Connection, team_id: str, now: datetime) -> list[Member]:
    """Who is on call for a team now; whose shift began last comes first."""
    return _in_order(c, rota.on_call(shifts(c, team_id, now), now))


def shifts(c: Connection, team_id: str, since: datetime) -> list[Shift]:
    """The team's shifts that end after `since`, in order."""
    return _shifts(c, _TEAM_SHIFTS, of=team_id, since=since)


def works_in(c: Connection, staff: str, now: datetime) -> frozenset[str]:
    """The teams this member works in: as staff, or on call for them now."""
    here = {m.team for m in care.acting(memberships(c, staff), STAFF_ROLES)}
    running = _shifts(c, _RUNNING_SHIFTS, of=staff, now=now)
    return frozenset(here | {shift.team for shift in running} if here else here)


def works_for(c: Connection, staff: str, person: str, now: datetime) -> bool:
    """Whether this member works in the team of this person; nobody is their own staff."""
    return staff != person and team_of(c, person) in works_in(c, staff, now)


def keepers(c: Connection, person: str, now: datetime) -> list[str]:
    """Whom to turn to for this person: the key worker, or who is on call, or the managers.

    Only those who can be reached; all staff of the team when there is nobody else.
    """
    team_id = team_of(c, person)
    for group in (
        key_workers(c, person),
        on_call(c, team_id, now),
        staff_of(c, team_id, Role.MANAGER),
        staff_of(c, team_id),
    ):
        reachable = [m.id for m in group if m.reachable]
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
    why_not = care.may_assign(memberships(c, by), memberships(c, staff), team_id)
    fresh = Support(new_id(c), staff, person, False, now)
    outcome = care.assign(supports_of(c, person), fresh, how, by, why_not, now)
    commit(c, outcome, cause, now)
    return outcome


def mark_unreachable(
    c: Connection, member_id: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Messages do not reach this member (they blocked the assistant, the account is gone)."""
    lost = member(c, member_id)
    if lost is None:
        return Outcome()
    roles = memberships(c, member_id)
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
    table = schema.member
    c.execute(table.update().where(table.c.id == member_id).values(unreachable_since=None))


def let_go(c: Connection, member_id: str) -> None:
    """Forget the half-finished conversations of the member's Telegram account.

    Whoever has that account next must not find them.
    """
    account = select(schema.member.c.telegram).where(schema.member.c.id == member_id)
    c.execute(delete(schema.flow).where(schema.flow.c.chat.in_(account)))


# --- rows ---------------------------------------------------------------------------------


def keep_member(c: Connection, kept: Member) -> None:
    """Keep a member. Words that did not change stay as they are, also those nobody can read."""
    if kept.telegram is None:
        let_go(c, kept.id)
    before = member(c, kept.id)
    words: dict[str, bytes | None] = {}
    if before is None or kept.name != before.name:
        words["name"] = seal(c, kept.id, kept.name)
    if before is None or kept.phone != before.phone:
        words["phone"] = None if kept.phone is None else seal(c, kept.id, kept.phone)
    keep_row(
        c,
        schema.member,
        id=kept.id,
        telegram=kept.telegram,
        **words,
        locale=kept.locale,
        unreachable_since=kept.unreachable_since,
        joined_at=kept.joined_at,
        left_at=kept.left_at,
    )


def keep_membership(c: Connection, kept: Membership) -> None:
    keep_row(
        c,
        schema.membership,
        id=kept.id,
        member=kept.member,
        role=kept.role.value,
        team=kept.team,
        person=kept.person,
        since=kept.since,
        until=kept.until,
    )


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
        c.execute(delete(schema.shift).where(schema.shift.c.id == kept.id))
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


KEEP[Member] = keep_member
KEEP[Membership] = keep_membership
KEEP[Support] = keep_support
KEEP[Shift] = keep_shift


def _members(c: Connection, *where: ColumnElement[bool]) -> list[Member]:
    table = schema.member
    rows = c.execute(select(table).where(*where).order_by(table.c.joined_at, table.c.id))
    return [_member(c, row) for row in rows]


def _in_order(c: Connection, ids: Iterable[str]) -> list[Member]:
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    found = {row.id: _member(c, row) for row in c.execute(_MEMBERS, {"ids": wanted})}
    return [found[id] for id in wanted if id in found]


def _memberships(c: Connection, query: Select[Any], **asked: Any) -> list[Membership]:
    return [_membership(row) for row in c.execute(query, asked)]


def _supports(c: Connection, query: Select[Any], **asked: Any) -> list[Support]:
    rows = c.execute(query, asked)
    return [
        Support(row.id, row.staff, row.person, row.key_worker, row.since, row.until) for row in rows
    ]


def _shifts(c: Connection, query: Select[Any], **asked: Any) -> list[Shift]:
    rows = c.execute(query, asked)
    return [Shift(row.id, row.team, row.member, row.starts_at, row.ends_at) for row in rows]


def _member(c: Connection, row: Any) -> Member:
    return Member(
        id=row.id,
        telegram=row.telegram,
        name=_words(c, row.id, row.name) or ERASED,
        phone=_words(c, row.id, row.phone),
        locale=row.locale,
        joined_at=row.joined_at,
        unreachable_since=row.unreachable_since,
        left_at=row.left_at,
    )


def _words(c: Connection, owner: str, sealed: bytes | None) -> str | None:
    if sealed is None:
        return None
    try:
        return unseal(c, owner, sealed)
    except KeyErased:
        return None


def _membership(row: Any) -> Membership:
    return Membership(
        id=row.id,
        member=row.member,
        role=Role(row.role),
        team=row.team,
        person=row.person,
        since=row.since,
        until=row.until,
    )


def _team(row: Any) -> Team:
    return Team(row.id, row.name, row.phone)
