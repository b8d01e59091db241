"""Who is around the person, in what role, and which staff support them.

How somebody comes in is `invitation`, how a role ends `leaving`, who is on call when `rota`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic
from bot.care.text import Text


class Role(StrEnum):
    PERSON = "person"
    FAMILY = "family"
    FRIEND = "friend"
    CARER = "carer"
    ADVOCATE = "advocate"
    ATTORNEY = "attorney"
    DEPUTY = "deputy"
    NOMINATED_PERSON = "nominated_person"  # of the Mental Health Act
    PROFESSIONAL = "professional"
    STAFF = "staff"
    ON_CALL_LEAD = "on_call_lead"
    MANAGER = "manager"
    SAFEGUARDING_LEAD = "safeguarding_lead"


LEADS = frozenset({Role.ON_CALL_LEAD, Role.MANAGER, Role.SAFEGUARDING_LEAD})
"""Staff who are there for everyone their team supports."""

STAFF_ROLES = LEADS | {Role.STAFF}

SUPPORTERS = frozenset(Role) - STAFF_ROLES - {Role.PERSON}
"""Those who are there for one person, because that person wants them."""

APPOINTED = frozenset({Role.ATTORNEY, Role.DEPUTY})
"""Supporters whose word may stand for the person's, on the topics they were appointed for."""


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
    """One role of one member in a team; `person` is whom a supporter is there for.

    `paused_at`: the person lets them hear nothing from then on, until it is None again.
    """

    id: str
    member: str
    role: Role
    team: str
    person: str | None
    since: datetime
    until: datetime | None = None
    paused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that is over: from `since` until just before `until` this supporter (a membership)
    heard nothing."""

    id: str
    supporter: str
    since: datetime
    until: datetime


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


class How(StrEnum):
    """How a member of staff is there for a person."""

    KEY_WORKER = "key_worker"
    SUPPORTS = "supports"
    NOT = "not"


NEWS_OF_SUPPORT = {
    How.KEY_WORKER: Text("circle", "you_are_key_worker"),
    How.SUPPORTS: Text("circle", "you_support"),
    How.NOT: Text("circle", "you_support_no_longer"),
}


def may_assign(
    memberships: Sequence[Membership], staff: Sequence[Membership], team: str
) -> No | None:
    """None when someone with these memberships may say who supports a person of this team.

    `staff` are the memberships of whoever is to support them.
    """
    if not any(m.team == team for m in acting(memberships, LEADS)):
        return No.MANAGERS_ONLY
    return None if any(m.team == team for m in acting(staff, STAFF_ROLES)) else No.OTHER_TEAM


def assign(
    standing: Sequence[Support],
    fresh: Support,
    how: How,
    by: str,
    why_not: No | None,
    now: datetime,
) -> Outcome:
    """From now on `fresh.staff` is the person's key worker, or supports them, or does not.

    `standing` are the person's supports until now. There is one key worker at a time; the one
    before goes on supporting the person.
    """
    if why_not is not None:
        return Outcome(said=Message(WHY_NOT[why_not]))
    person, staff = fresh.person, fresh.staff
    before = next((s for s in standing if s.staff == staff), None)
    records: tuple[Support, ...] = ()
    if how is How.KEY_WORKER:
        records += tuple(replace(s, key_worker=False) for s in standing if s.key_worker)
    if how is not How.NOT:
        records += (replace(before or fresh, key_worker=how is How.KEY_WORKER),)
    elif before is not None:
        records += (replace(before, until=now),)
    about = About(person, Topic.PLANS_AND_REVIEWS, 2)
    news = Message(NEWS_OF_SUPPORT[how], {"person": person})
    tells: tuple[Tell, ...] = ()
    if staff != by:
        tells += (Tell(staff, news, Lane.NEWS, about),)
    if how is How.KEY_WORKER:
        yours = Message(Text("circle", "your_key_worker"), {"member": staff})
        tells += (Tell(person, yours, Lane.NEWS),)
    facts = {"staff": staff, "how": how.value}
    return Outcome(
        said=Message(Text("circle", "assigned")),
        records=records,
        tells=tells,
        logs=(Log("support_assigned", person, by, facts),),
    )


# --- the person's word about one supporter ------------------------------------------------


def pause(supporter: Membership, by: str, now: datetime) -> Outcome:
    """Until the person says otherwise, this supporter hears nothing about them. They are not
    told so: to them it looks as if there was nothing to hear."""
    if by != supporter.person or supporter.until is not None or supporter.paused_at is not None:
        return Outcome()
    return _of_supporter(
        replace(supporter, paused_at=now), by, "supporter_paused", Text("circle", "paused")
    )


def resume(supporter: Membership, id: str, by: str, now: datetime) -> Outcome:
    """From now on the agreement with this supporter holds again; the pause is kept under `id`."""
    since = supporter.paused_at
    if by != supporter.person or supporter.until is not None or since is None:
        return Outcome()
    again = _of_supporter(
        replace(supporter, paused_at=None), by, "supporter_resumed", Text("circle", "resumed")
    )
    return again + Outcome(records=(Pause(id, supporter.id, since, now),))


def _of_supporter(changed: Membership, by: str, kind: str, said: Text) -> Outcome:
    facts = {"membership": changed.id, "member": changed.member}
    return Outcome(
        said=Message(said, {"member": changed.member, "membership": changed.id}),
        records=(changed,),
        logs=(Log(kind, changed.person, by, facts),),
    )


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
