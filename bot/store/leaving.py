"""How a role ends, with all that rests on it: the acts of leaving and of being removed."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.care import agreeing
from bot.care import leaving as care
from bot.care.circle import STAFF_ROLES, SUPPORTERS, WHY_NOT, Membership, Role, acting
from bot.care.leaving import Resting
from bot.care.outcome import NOBODY, Cause, Message, Outcome
from bot.care.text import Text
from bot.store import (
    agreement,
    around,
    booking,
    circle,
    contact,
    escalation,
    howami,
    invitation,
    news,
)
from bot.store.commit import close, commit


def leave(c: Connection, member: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """End every role of this member now: they leave Kith. Nobody is asked."""
    outcome = Outcome()
    for role in circle.memberships(c, member):
        outcome += _end(c, role.id, member, now)
    close(c, cause)
    return outcome


def end_membership(
    c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """End one role of one member now, if `by` may: the member, the person, a manager."""
    close(c, cause)
    ending = circle.membership(c, id)
    if ending is None:
        return Outcome()
    supported = [m.id for m in around.people_supported(c, by)]
    why_not = care.may_end(by, circle.memberships(c, by), ending, supported)
    if why_not is not None:
        return Outcome(said=Message(WHY_NOT[why_not]))
    return _end(c, id, by, now)


def endable(c: Connection, by: str) -> list[Membership]:
    """The roles of others that this member may end: around them, in their team, or both."""
    mine = circle.memberships(c, by)
    supported = [m.id for m in around.people_supported(c, by)]
    found = around.circle_of(c, by)
    for person in supported:
        found += around.circle_of(c, person)
    for held in acting(mine, [Role.MANAGER]):
        found += around.in_team(c, held.team)
    others = {m.id: m for m in found if m.member != by}
    return [m for m in others.values() if care.may_end(by, mine, m, supported) is None]


def _end(c: Connection, id: str, by: str, now: datetime) -> Outcome:
    """Supporters leave with the person they are there for, and before them."""
    ending = circle.membership(c, id)
    assert ending is not None
    outcome = Outcome()
    if ending.role is Role.PERSON and ending.until is None:
        for other in around.circle_of(c, ending.member):
            outcome += _end(c, other.id, ending.member, now)
    if ending.role in SUPPORTERS and ending.until is None:
        outcome += _stop_sharing(c, id, by, now)
    member = circle.member(c, ending.member)
    assert member is not None  # a foreign key says so
    ended = care.end(member, ending, _resting(c, ending, now), by, now)
    commit(c, ended, NOBODY, now)
    invitation.maker_gone(c, ending.member, now)
    contact.forget_unless_staff(c, ending.member)
    howami.forget_unless_supporter(c, ending.member)
    booking.leave(c, ending.member, now)
    return outcome + ended + escalation.left(c, ending.member, now)


def _stop_sharing(c: Connection, supporter: str, by: str, now: datetime) -> Outcome:
    """What was agreed with them ends, and what is still shown to them is taken away."""
    standing = agreement.versions(c, supporter)
    outcome = agreeing.stop(standing, Message(Text("agreement", "stopped")), by, now)
    commit(c, outcome, NOBODY, now)
    return replace(outcome, said=None) + news.withdrawn(c, [supporter], by, now)


def _resting(c: Connection, ending: Membership, now: datetime) -> Resting:
    others = tuple(circle.memberships(c, ending.member))
    managers = [m.id for m in around.staff_of(c, ending.team, Role.MANAGER)]
    if ending.role is Role.PERSON:
        hear = [*around.keepers(c, ending.member, now), *managers]
        return Resting(others, hear=tuple(dict.fromkeys(hear)))
    stays = [m for m in acting(others, STAFF_ROLES) if m.id != ending.id]
    if ending.role in SUPPORTERS or any(m.team == ending.team for m in stays):
        return Resting(others)
    supports = around.supports(c, ending.member)
    return Resting(
        others,
        supports=tuple(s for s in supports if around.team_of(c, s.person) == ending.team),
        shifts=tuple(s for s in around.shifts(c, ending.team, now) if s.member == ending.member),
        hear=tuple(managers),
    )
