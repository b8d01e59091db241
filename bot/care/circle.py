"""Who is around the person, in what role, and how a role ends.

The rule of this file: leaving takes effect at once, asks nobody, and ends all that rested on
it. How somebody comes in is `invitation`; who is on call when is `rota`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Wake
from bot.care.text import Text


class Role(StrEnum):
    PERSON = "person"
    CARER = "carer"
    ADVOCATE = "advocate"
    STAFF = "staff"
    ON_CALL_LEAD = "on_call_lead"
    MANAGER = "manager"
    SAFEGUARDING_LEAD = "safeguarding_lead"


LEADS = frozenset({Role.ON_CALL_LEAD, Role.MANAGER, Role.SAFEGUARDING_LEAD})
"""Staff who are there for everyone their team supports."""

STAFF_ROLES = LEADS | {Role.STAFF}

SUPPORTERS = frozenset({Role.CARER, Role.ADVOCATE})
"""Those who are there for one person, because that person wants them."""


ROTA = "rota"
"""The kind of the deadline at which a team's rota is looked at; its key is the team's id."""


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """`telegram` is None once they have left: the account is a stranger's again."""

    id: str
    telegram: int | None
    name: str
    phone: str | None
    locale: str
    joined_at: datetime
    unreachable_since: datetime | None = None
    left_at: datetime | None = None

    @property
    def reachable(self) -> bool:
        """Whether a message can reach them, as far as Kith knows."""
        return self.telegram is not None and self.left_at is None and self.unreachable_since is None


@dataclass(frozen=True, slots=True)
class Membership:
    """One role of one member in a team; `person` is whom a carer or advocate is there for."""

    id: str
    member: str
    role: Role
    team: str
    person: str | None
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Support:
    """A member of staff supports a person; one of them is the person's key worker."""

    id: str
    staff: str
    person: str
    key_worker: bool
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """On call for a team from `starts_at` until just before `ends_at`."""

    id: str
    team: str
    member: str
    starts_at: datetime
    ends_at: datetime


class No(StrEnum):
    """Why something about the circle is not done. Kept in the ledger; never renamed."""

    NOT_STAFF = "not_staff"
    OTHER_TEAM = "other_team"
    MANAGERS_ONLY = "managers_only"
    NOT_SUPPORTED = "not_supported"
    PERSON_MISSING = "person_missing"
    OWN_LINK = "own_link"
    OWN_SUPPORTER = "own_supporter"
    HERE_ALREADY = "here_already"
    EXPIRED = "expired"
    USED = "used"
    NOT_YOURS = "not_yours"
    NOT_STAFF_ON_CALL = "not_staff_on_call"
    TIMES = "times"


WHY_NOT = {
    No.NOT_STAFF: Text("circle", "no_not_staff"),
    No.OTHER_TEAM: Text("circle", "no_other_team"),
    No.MANAGERS_ONLY: Text("circle", "no_managers_only"),
    No.NOT_SUPPORTED: Text("circle", "no_not_supported"),
    No.PERSON_MISSING: Text("circle", "no_person_missing"),
    No.OWN_LINK: Text("door", "own_link"),
    No.OWN_SUPPORTER: Text("door", "link_not_for_you"),
    No.HERE_ALREADY: Text("door", "here_already"),
    # A used link and an expired one sound the same: nobody learns whether somebody came in.
    No.EXPIRED: Text("door", "link_over"),
    No.USED: Text("door", "link_over"),
    No.NOT_YOURS: Text("circle", "no_not_yours"),
    No.NOT_STAFF_ON_CALL: Text("rota", "no_not_staff"),
    No.TIMES: Text("rota", "no_times"),
}


def current(memberships: Iterable[Membership]) -> list[Membership]:
    """Those that stand, oldest first."""
    standing = (m for m in memberships if m.until is None)
    return sorted(standing, key=lambda m: (m.since, m.id))


def acting(memberships: Iterable[Membership], roles: Iterable[Role]) -> list[Membership]:
    """The memberships through which one may act in one of these roles, oldest first."""
    wanted = frozenset(roles)
    return [m for m in current(memberships) if m.role in wanted]


def may_end(
    by: str, memberships: Sequence[Membership], ending: Membership, supported: Iterable[str]
) -> No | None:
    """None when the member `by`, who has these memberships, may end this one; else why not.

    Everybody may end their own, a person their carers' and advocates', managers their team's,
    staff those around people they support.
    """
    if by in (ending.member, ending.person):
        return None
    staff = [m for m in acting(memberships, STAFF_ROLES) if m.team == ending.team]
    if not staff:
        return No.OTHER_TEAM
    if any(m.role is Role.MANAGER for m in staff):
        return None
    if ending.role not in SUPPORTERS:
        return No.MANAGERS_ONLY
    return None if ending.person in frozenset(supported) else No.NOT_SUPPORTED


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on a membership and ends with it, and who has to hear of it.

    `others` are all current memberships of the same member. For staff: the people they
    support and their shifts from now on, as far as no other role in the team carries them.
    """

    others: tuple[Membership, ...] = ()
    supports: tuple[Support, ...] = ()
    shifts: tuple[Shift, ...] = ()
    hear: tuple[str, ...] = ()


def end(member: Member, ending: Membership, resting: Resting, by: str, now: datetime) -> Outcome:
    """End one membership now, with all that rested on it.

    Whoever has no role left is no member any more: their Telegram account is let go of and is
    a stranger's from this moment. Support of a person who leaves is not ended: an alert that
    is open still has to find its key worker.
    """
    if ending.until is not None:
        return Outcome(said=Message(Text("circle", "ended_already")))
    stays = any(m.id != ending.id for m in current(resting.others))
    records: tuple[object, ...] = (replace(ending, until=now),)
    records += tuple(replace(s, until=now) for s in resting.supports)
    records += tuple(replace(s, ends_at=max(s.starts_at, now)) for s in resting.shifts)
    if not stays:
        records += (replace(member, telegram=None, left_at=now),)
    facts = {"membership": ending.id, "member": member.id, "role": ending.role.value}
    person = member.id if ending.role is Role.PERSON else ending.person
    return Outcome(
        said=None if by == member.id else Message(Text("circle", "ended"), {"member": member.id}),
        records=records,
        tells=tuple(_news(ending, resting, by, stays)),
        wakes=(Wake(ROTA, ending.team, now),) if resting.shifts else (),
        logs=(Log("membership_ended", person, by, facts),),
    )


def _news(ending: Membership, resting: Resting, by: str, stays: bool) -> Iterable[Tell]:
    key = f"{ending.id}:ended"
    gone = {"member": ending.member}
    if stays and by != ending.member:
        over = Message(Text("circle", "your_role_ended"), {"role": ending.role.value})
        yield Tell(ending.member, over, Lane.REPLY, key=f"{key}:own")
    if ending.role in SUPPORTERS:
        if ending.person is not None and by != ending.person:
            left = Message(Text("circle", "left_you"), gone)
            yield Tell(ending.person, left, Lane.NEWS, key=key)
        return
    hear = [to for to in resting.hear if to not in (by, ending.member)]
    if ending.role is Role.PERSON:
        about = About(ending.member, Topic.PLANS_AND_REVIEWS, 2)
        left = Message(Text("circle", "person_left"), {"person": ending.member})
        for to in hear:
            yield Tell(to, left, Lane.NEWS, about, f"{key}:{to}")
        return
    for to in hear:
        yield Tell(to, Message(Text("circle", "staff_left"), gone), Lane.NEWS, key=f"{key}:{to}")
    for support in resting.supports:
        if support.key_worker:
            alone = Message(Text("circle", "no_key_worker"), {"person": support.person})
            about = About(support.person, Topic.PLANS_AND_REVIEWS, 2)
            for to in resting.hear:
                yield Tell(to, alone, Lane.NEWS, about, f"{key}:{support.id}:{to}")


def out_of_reach(
    member: Member, memberships: Sequence[Membership], hear: Sequence[str], now: datetime
) -> Outcome:
    """Messages do not reach this member any more; those who count on them hear of it.

    `hear` are the managers of a member of staff, the staff of a person; nobody of a carer.
    """
    if member.unreachable_since not in (None, now) or member.left_at is not None:
        return Outcome()
    roles = {m.role for m in current(memberships)}
    person = member.id if Role.PERSON in roles else None
    about = None if person is None else About(person, Topic.PLANS_AND_REVIEWS, 1)
    lost = Message(Text("circle", "out_of_reach"), {"member": member.id})
    stamp = int(now.timestamp())
    return Outcome(
        records=(replace(member, unreachable_since=now),),
        tells=tuple(
            Tell(to, lost, Lane.NEWS, about, f"{member.id}:lost:{stamp}:{to}")
            for to in hear
            if to != member.id
        ),
        logs=(Log("member_out_of_reach", person, None, {"member": member.id}),),
    )
