"""How a role ends: at once, asking nobody, and with all that rested on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.care.circle import (
    ROTA,
    STAFF_ROLES,
    SUPPORTERS,
    Member,
    Membership,
    No,
    Role,
    Shift,
    Support,
    acting,
    current,
)
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Wake
from bot.care.text import Text


def may_end(
    by: str, memberships: Sequence[Membership], ending: Membership, supported: Iterable[str]
) -> No | None:
    """None when the member `by`, who has these memberships, may end this one; else why not.

    Everybody may end their own, a person their supporters', managers their team's,
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
