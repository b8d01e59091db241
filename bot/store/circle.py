"""Who is here: teams, members and the roles they hold. Who is there for whom is `around`."""

from collections.abc import Iterable
from dataclasses import dataclass
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
from bot.care.circle import Member, Membership, Pause, Role, Team
from bot.store import schema
from bot.store.commit import KEEP
from bot.store.flow import OUTLIVE
from bot.store.rows import keep_row
from bot.store.tools import ERASED, KeyErased, seal, unseal


def standing(table: Any, *where: ColumnElement[bool]) -> Select[Any]:
    """What stands now, oldest first."""
    return select(table).where(table.c.until.is_(None), *where).order_by(table.c.since, table.c.id)


# Every tap and every alert asks who is here: these statements are made once.
OF: BindParameter[str] = bindparam("of")
_MEMBER = select(schema.member).where(schema.member.c.id == bindparam("id"))
_MEMBERS = select(schema.member).where(schema.member.c.id.in_(bindparam("ids", expanding=True)))
_HERE = select(schema.member).where(
    schema.member.c.telegram == bindparam("telegram"), schema.member.c.left_at.is_(None)
)
_MEMBERSHIP = (
    select(schema.membership).where(schema.membership.c.id == bindparam("id")).with_for_update()
)
_TEAM = select(schema.team).where(schema.team.c.id == bindparam("id"))
_HELD = standing(schema.membership, schema.membership.c.member == OF)
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
    .where(schema.member.c.telegram == OF, schema.member.c.left_at.is_(None))
    .values(menu=bindparam("as"))
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


def without_account(c: Connection, id: str) -> bool:
    """Whether this member is here and has no account: nothing can be written to them."""
    found = member(c, id)
    return found is not None and found.telegram is None and found.left_at is None


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


def members(c: Connection, ids: Iterable[str]) -> list[Member]:
    """These members, in this order; one who is named twice comes once."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    found = {row.id: _member(c, row) for row in c.execute(_MEMBERS, {"ids": wanted})}
    return [found[id] for id in wanted if id in found]


def memberships(c: Connection, member_id: str) -> list[Membership]:
    """The roles this member holds now, oldest first."""
    return memberships_by(c, _HELD, of=member_id)


def memberships_by(c: Connection, query: Select[Any], **asked: Any) -> list[Membership]:
    """The memberships a statement of the store finds."""
    return [_membership(row) for row in c.execute(query, asked)]


def membership(c: Connection, id: str) -> Membership | None:
    """The membership with this id, also an ended one; locked until the transaction ends."""
    row = c.execute(_MEMBERSHIP, {"id": id}).one_or_none()
    return None if row is None else _membership(row)


def teams(c: Connection) -> list[Team]:
    return [_team(row) for row in c.execute(select(schema.team).order_by(schema.team.c.name))]


def team(c: Connection, id: str) -> Team:
    return _team(c.execute(_TEAM, {"id": id}).one())


def service_name(c: Connection) -> str | None:
    """The name of the service; None before `kith init`."""
    return c.execute(select(schema.service.c.name)).scalar_one_or_none()


def let_go(c: Connection, member_id: str) -> None:
    """Forget the half-finished conversations of the member's Telegram account, but those in which
    they are still heard to the end.

    Whoever has that account next must not find them.
    """
    account = select(schema.member.c.telegram).where(schema.member.c.id == member_id)
    talks = schema.flow.c.chat.in_(account), schema.flow.c.name.not_in(OUTLIVE)
    c.execute(delete(schema.flow).where(*talks))


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
        paused_at=kept.paused_at,
    )


def keep_pause(c: Connection, kept: Pause) -> None:
    keep_row(
        c,
        schema.pause,
        id=kept.id,
        supporter=kept.supporter,
        since=kept.since,
        until=kept.until,
    )


KEEP[Member] = keep_member
KEEP[Membership] = keep_membership
KEEP[Pause] = keep_pause


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
        paused_at=row.paused_at,
    )


def _team(row: Any) -> Team:
    return Team(row.id, row.name, row.phone)
