"""Invitations as they are kept, and the acts of inviting, opening, confirming and refusing."""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from bot.care import invitation as care
from bot.care.circle import SUPPORTERS, WHY_NOT, Member, Membership, No, Role, Support
from bot.care.invitation import Arrival, Invitation, Stage
from bot.care.outcome import NOBODY, Cause, Message, Outcome
from bot.store import around, circle, schema
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.tools import ERASED, SERVICE, KeyErased, new_id, seal, unseal

table = schema.invitation


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# --- acts: before there is a link ---------------------------------------------------------


def invite(
    c: Connection,
    role: Role,
    team: str,
    person: str | None,
    name: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """Somebody is to come in; for a supporter the person is asked first."""
    why_not = _may(c, by, role, team, person)
    outcome = care.invite(new_id(c), role, team, person, name, by, why_not, now)
    commit(c, outcome, cause, now)
    return outcome


def nominate(
    c: Connection, person: str, role: Role, name: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The person names somebody they want around them; their staff are asked for the link."""
    assert role in SUPPORTERS
    team = around.team_of(c, person)
    staff = around.keepers(c, person, now)
    outcome = care.nominate(new_id(c), role, team, person, name, staff, now)
    commit(c, outcome, cause, now)
    return outcome


def want(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person says yes to somebody whom staff proposed."""
    invitation = load(c, id)
    if invitation is None or invitation.person is None:
        return Outcome()
    staff = around.keepers(c, invitation.person, now)
    proposer = invitation.made_by and circle.member(c, invitation.made_by)
    if proposer and proposer.reachable and _may_still(c, invitation, proposer.id) is None:
        staff = [proposer.id]
    outcome = care.want(invitation, by, staff, now)
    commit(c, outcome, cause, now)
    return outcome


def decline(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person says no, or changes their mind before anybody is in."""
    invitation = load(c, id)
    if invitation is None:
        return Outcome()
    outcome = care.decline(invitation, by, now)
    commit(c, outcome, cause, now)
    return outcome


def make_link(
    c: Connection, id: str, by: str | None, now: datetime, cause: Cause = NOBODY
) -> tuple[Outcome, str | None]:
    """Make the link of an invitation; with its token, or None and what to say instead.

    The token is not kept: it can be shown this once. `by` is None only for `kith init`.
    """
    invitation = load(c, id)
    if invitation is None:
        return Outcome(), None
    token = new_id(c) + new_id(c)  # 160 random bits
    why_not = None if by is None else _may_still(c, invitation, by)
    outcome = care.make_link(invitation, by, hashed(token), why_not, now)
    commit(c, outcome, cause, now)
    return outcome, token if outcome.said is None else None


# --- acts: the link is followed -----------------------------------------------------------


def followed(
    c: Connection, token: str, telegram: int, now: datetime
) -> tuple[Invitation | None, No | None]:
    """The invitation behind a link, and why this account may not open it, if it may not."""
    row = c.execute(select(table).where(table.c.hash == hashed(token))).one_or_none()
    if row is None:
        return None, No.EXPIRED
    invitation = _invitation(c, row)
    return invitation, _fits(c, invitation, telegram, now)


def open_(
    c: Connection, id: str, mark: str, telegram: int, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The newcomer says it is them. The first manager, invited by nobody, is in at once.

    `mark` is that of the link they hold: one that was replaced opens nothing.
    """
    invitation = load(c, id)
    if invitation is None or invitation.mark != mark:
        return Outcome(said=Message(WHY_NOT[No.EXPIRED]))
    why_not = _fits(c, invitation, telegram, now)
    asked = _asked(c, invitation)
    outcome = care.open_invitation(invitation, telegram, why_not, asked, now)
    commit(c, outcome, cause, now)
    if why_not is None and invitation.made_by is None:
        return replace(outcome + confirm(c, id, None, now), said=None)
    return outcome


def not_me(
    c: Connection, id: str, mark: str, telegram: int, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Whoever holds the link says it is not for them."""
    invitation = load(c, id)
    if invitation is None or invitation.mark != mark:
        return Outcome(said=Message(WHY_NOT[No.EXPIRED]))
    outcome = care.not_me(invitation, _fits(c, invitation, telegram, now), now)
    commit(c, outcome, cause, now)
    return outcome


def confirm(
    c: Connection, id: str, by: str | None, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Whoever invited, or stands in for them, says "yes, that is them"."""
    invitation = load(c, id)
    if invitation is None:
        return Outcome()
    arrival = _arrival(c, invitation, by, now)
    here = circle.memberships(c, arrival.member.id)
    why_not = _may_answer(c, invitation, by) or care.clash(invitation, here)
    outcome = care.confirm(invitation, by, why_not, arrival, now)
    commit(c, outcome, cause, now)
    return outcome


def refuse(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """Whoever invited, or stands in for them, says "no, that is not them"."""
    invitation = load(c, id)
    if invitation is None:
        return Outcome()
    outcome = care.refuse(invitation, by, _may_answer(c, invitation, by), now)
    commit(c, outcome, cause, now)
    return outcome


def waits(c: Connection, telegram: int, now: datetime) -> bool:
    """Whether this account has opened a link and waits for the one who invited them.

    If that one cannot be reached any more, others are asked now.
    """
    return ask_again(c, table.c.used_by == telegram, now)


def maker_gone(c: Connection, member: str, now: datetime) -> None:
    """Whoever waits for this member's yes does not wait for ever: others are asked now."""
    ask_again(c, table.c.made_by == member, now)


def ask_again(c: Connection, whose: ColumnElement[bool], now: datetime) -> bool:
    """Ask those who can answer now about each opened invitation; True if there is any."""
    opened = select(table).where(
        whose,
        table.c.state == Stage.OPENED.value,
        table.c.used_at > now - care.CONFIRM_WITHIN,
    )
    found = [_invitation(c, row) for row in c.execute(opened)]
    for invitation in found:
        commit(c, Outcome(tells=care.ask(invitation, _asked(c, invitation))), NOBODY, now)
    return bool(found)


def _asked(c: Connection, invitation: Invitation) -> list[str]:
    """Who is asked whether it is them: the maker of the link, or else the team's managers."""
    if invitation.made_by is None:
        return []
    maker = circle.member(c, invitation.made_by)
    managers = around.staff_of(c, invitation.team, Role.MANAGER)
    can = [m.id for m in (maker, *managers) if m is not None and m.reachable]
    return [id for id in dict.fromkeys(can) if _may_answer(c, invitation, id) is None]


def _may_answer(c: Connection, invitation: Invitation, by: str | None) -> No | None:
    maker = invitation.made_by
    if maker is None or by is None:  # `kith init` made it, and answers for it
        return None if by == maker else No.NOT_YOURS
    inviter, inviter_may = circle.member(c, maker), _may_still(c, invitation, maker)
    return care.may_answer(invitation, by, inviter, inviter_may, _may_still(c, invitation, by))


def _arrival(c: Connection, invitation: Invitation, by: str | None, now: datetime) -> Arrival:
    """The member they become, or are already, and what begins with it."""
    here = None if invitation.used_by is None else circle.present(c, invitation.used_by)
    member = (
        Member(new_id(c), invitation.used_by, invitation.name, None, "en_GB", now)
        if here is None
        else here.member
    )
    role = Membership(
        new_id(c), member.id, invitation.role, invitation.team, invitation.person, now
    )
    support = None
    if invitation.role is Role.PERSON and by is not None:
        # Somebody has to be the key worker until the team says who.
        support = Support(new_id(c), by, member.id, True, now)
    return Arrival(member, role, support)


def _fits(c: Connection, invitation: Invitation, telegram: int, now: datetime) -> No | None:
    inviter = may = None
    if invitation.made_by is not None:
        inviter = circle.member(c, invitation.made_by)
        may = _may_still(c, invitation, invitation.made_by)
    here = circle.present(c, telegram)
    roles = () if here is None else here.memberships
    return care.fits(invitation, telegram, inviter, may, roles, now)


def _may_still(c: Connection, invitation: Invitation, by: str) -> No | None:
    return _may(c, by, invitation.role, invitation.team, invitation.person)


def _may(c: Connection, by: str, role: Role, team: str, person: str | None) -> No | None:
    supported = [m.id for m in around.people_supported(c, by)]
    return care.may_invite(circle.memberships(c, by), supported, role, team, person)


# --- rows ---------------------------------------------------------------------------------


def load(c: Connection, id: str) -> Invitation | None:
    """One invitation, locked until this transaction ends."""
    row = c.execute(select(table).where(table.c.id == id).with_for_update()).one_or_none()
    return None if row is None else _invitation(c, row)


def keep_invitation(c: Connection, kept: Invitation) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        hash=kept.hash,
        state=kept.stage.value,
        role=kept.role.value,
        team=kept.team,
        person=kept.person,
        name=seal(c, SERVICE, kept.name),
        made_by=kept.made_by,
        made_at=kept.made_at,
        expires_at=kept.expires_at,
        used_at=kept.used_at,
        used_by=kept.used_by,
        member=kept.member,
        confirmed_at=kept.confirmed_at,
        refused_at=kept.refused_at,
    )


KEEP[Invitation] = keep_invitation


def invited_name(c: Connection, id: str) -> str:
    """Whom an invitation was made for, in the words of whoever made it. For reading only."""
    sealed = c.execute(select(table.c.name).where(table.c.id == id)).scalar_one_or_none()
    return ERASED if sealed is None else _name(c, sealed)


def _name(c: Connection, sealed: bytes) -> str:
    try:
        return unseal(c, SERVICE, sealed)
    except KeyErased:
        return ERASED


def _invitation(c: Connection, row: Any) -> Invitation:
    return Invitation(
        id=row.id,
        stage=Stage(row.state),
        role=Role(row.role),
        team=row.team,
        person=row.person,
        name=_name(c, row.name),
        made_by=row.made_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        hash=row.hash,
        used_at=row.used_at,
        used_by=row.used_by,
        member=row.member,
        confirmed_at=row.confirmed_at,
        refused_at=row.refused_at,
    )
