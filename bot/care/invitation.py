"""How somebody comes in: a link that works once, and a human who says "yes, that is them".

The rules of this file: a link alone lets nobody in; supporters are let in only because
the person wants them; whoever holds a link that is not theirs learns nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care import first_weeks
from bot.care.circle import (
    STAFF_ROLES,
    SUPPORTERS,
    WHY_NOT,
    Member,
    Membership,
    No,
    Role,
    Support,
    acting,
    current,
)
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value
from bot.care.text import Text

LINK_LIVES = timedelta(hours=24)
CONFIRM_WITHIN = timedelta(days=3)
WISH_LIVES = timedelta(days=14)


class Stage(StrEnum):
    """How far an invitation has come. Only `made` has a link that opens."""

    PROPOSED = "proposed"  # staff say the person wants this; the person has not said so yet
    READY = "ready"  # wanted by the person, or nobody's wish but the team's; no link yet
    MADE = "made"
    OPENED = "opened"  # somebody says it is them; whoever invited has not said so yet
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Invitation:
    """`hash` is all that is kept of the link; `used_by` the Telegram id that opened it.

    `made_by` is whoever confirms, None when `kith init` made it. `member` is who they became.
    """

    id: str
    stage: Stage
    role: Role
    team: str
    person: str | None
    name: str
    made_by: str | None
    made_at: datetime
    expires_at: datetime
    hash: str | None = None
    used_at: datetime | None = None
    used_by: int | None = None
    member: str | None = None
    confirmed_at: datetime | None = None
    refused_at: datetime | None = None

    @property
    def mark(self) -> str:
        """Which link of this invitation it is: only the newest works."""
        return "" if self.hash is None else self.hash[:8]


def may_invite(
    memberships: Sequence[Membership],
    supported: Iterable[str],
    role: Role,
    team: str,
    person: str | None,
) -> No | None:
    """None when someone with these memberships may invite; else why not.

    Managers invite staff. All staff of a team invite a person into it, and, for a person they
    support (`supported` are member ids), supporters.
    """
    staff = acting(memberships, STAFF_ROLES)
    if not staff:
        return No.NOT_STAFF
    mine = {m.role for m in staff if m.team == team}
    if not mine:
        return No.OTHER_TEAM
    if role in STAFF_ROLES:
        return None if Role.MANAGER in mine else No.MANAGERS_ONLY
    if role is Role.PERSON:
        return None
    if person is None:
        return No.PERSON_MISSING
    return None if person in frozenset(supported) else No.NOT_SUPPORTED


# --- before there is a link ---------------------------------------------------------------


def invite(
    id: str,
    role: Role,
    team: str,
    person: str | None,
    name: str,
    by: str | None,
    why_not: No | None,
    now: datetime,
) -> Outcome:
    """Somebody is to come in; for a supporter the person is asked first.

    `by` is None only for `kith init`. `why_not` is what `may_invite` says.
    """
    wish = role in SUPPORTERS
    invitation = Invitation(
        id=id,
        stage=Stage.PROPOSED if wish else Stage.READY,
        role=role,
        team=team,
        person=person if wish else None,
        name=name,
        made_by=by,
        made_at=now,
        expires_at=now + WISH_LIVES,
    )
    if why_not is not None:
        return _no(invitation, by, why_not)
    if not wish:
        return Outcome(
            said=Message(Text("invitation", "ready"), {"invitation": id, "role": role.value}),
            records=(invitation,),
            logs=(_log("invitation_begun", invitation, by),),
        )
    assert person is not None and by is not None
    ask = Message(
        Text("invitation", "do_you_want"), {"by": by, "invitation": id, "role": role.value}
    )
    return Outcome(
        said=Message(Text("invitation", "asked_the_person"), {"person": person, "invitation": id}),
        records=(invitation,),
        tells=(Tell(person, ask, Lane.REPLY, key=f"{id}:proposed"),),
        logs=(_log("invitation_proposed", invitation, by),),
    )


def nominate(
    id: str, role: Role, team: str, person: str, name: str, staff: Sequence[str], now: datetime
) -> Outcome:
    """The person names somebody they want around them."""
    wanted = Invitation(
        id=id,
        stage=Stage.READY,
        role=role,
        team=team,
        person=person,
        name=name,
        made_by=person,
        made_at=now,
        expires_at=now + WISH_LIVES,
    )
    return _wanted(wanted, staff)


def want(invitation: Invitation, by: str, staff: Sequence[str], now: datetime) -> Outcome:
    """The person says yes to somebody whom staff proposed."""
    if by != invitation.person:
        return _no(invitation, by, No.NOT_YOURS)
    if invitation.stage is not Stage.PROPOSED or invitation.expires_at <= now:
        return _answered_already()
    wanted = replace(invitation, stage=Stage.READY, made_at=now, expires_at=now + WISH_LIVES)
    return _wanted(wanted, staff)


def _wanted(wanted: Invitation, staff: Sequence[str]) -> Outcome:
    """Those of `staff` are asked to make the link; the first to do so confirms who came."""
    assert wanted.person is not None
    ask = Message(
        Text("invitation", "wants"),
        {"person": wanted.person, "invitation": wanted.id, "role": wanted.role.value},
    )
    said = (
        Text("invitation", "nominated") if staff else Text("invitation", "nominated_nobody_to_ask")
    )
    return Outcome(
        said=Message(said, {"invitation": wanted.id}),
        records=(wanted,),
        tells=tuple(
            Tell(to, ask, Lane.NEWS, _about(wanted), f"{wanted.id}:nominated:{to}") for to in staff
        ),
        logs=(_log("invitation_nominated", wanted, wanted.person),),
    )


def decline(invitation: Invitation, by: str, now: datetime) -> Outcome:
    """The person does not want this, or no longer: until somebody is in, their word ends it."""
    if by != invitation.person:
        return _no(invitation, by, No.NOT_YOURS)
    if invitation.stage in (Stage.CONFIRMED, Stage.REFUSED):
        return _answered_already()
    gone = replace(invitation, stage=Stage.REFUSED, refused_at=now, used_by=None)
    told = Message(Text("invitation", "not_wanted"), {"person": by, "invitation": gone.id})
    return Outcome(
        said=Message(Text("invitation", "not_wanted_heard")),
        records=(gone,),
        tells=_to_maker(gone, told, "declined"),
        logs=(_log("invitation_declined", gone, by),),
    )


def make_link(
    invitation: Invitation, by: str | None, hashed: str, why_not: No | None, now: datetime
) -> Outcome:
    """Make the link, once it is wanted; whoever made it may make a new one while it is unused.

    Only the newest link works. `said` is None when it stands.
    """
    again = invitation.stage is Stage.MADE and invitation.made_by == by
    if invitation.stage is not Stage.READY and not again:
        return Outcome(said=Message(Text("invitation", "no_link_to_make")))
    if invitation.stage is Stage.READY and invitation.expires_at <= now:
        return _no(invitation, by, No.EXPIRED)
    if why_not is not None:
        return _no(invitation, by, why_not)
    made = replace(
        invitation,
        stage=Stage.MADE,
        hash=hashed,
        made_by=by,
        made_at=now,
        expires_at=now + LINK_LIVES,
    )
    return Outcome(records=(made,), logs=(_log("invitation_made", made, by),))


# --- the link is followed -----------------------------------------------------------------


def fits(
    invitation: Invitation,
    telegram: int,
    inviter: Member | None,
    inviter_may: No | None,
    newcomer: Iterable[Membership],
    now: datetime,
) -> No | None:
    """None when this Telegram account may open the link now; else why not.

    `inviter_may` is what `may_invite` says now; `newcomer` are the memberships of whoever
    opens the link, if they are here already.
    """
    if inviter is not None and inviter.telegram == telegram:
        return No.OWN_LINK
    if invitation.stage is not Stage.MADE:
        return No.USED
    if invitation.expires_at <= now or inviter_may is not None:
        return No.EXPIRED
    return clash(invitation, newcomer)


def clash(invitation: Invitation, newcomer: Iterable[Membership]) -> No | None:
    """What somebody is already can stand in the way of what they are invited to be."""
    here = current(newcomer)
    if invitation.person is not None and any(m.member == invitation.person for m in here):
        return No.OWN_SUPPORTER
    if invitation.role is Role.PERSON:
        return No.HERE_ALREADY if any(m.role is Role.PERSON for m in here) else None
    same = (invitation.role, invitation.team, invitation.person)
    return No.HERE_ALREADY if any((m.role, m.team, m.person) == same for m in here) else None


def open_invitation(
    invitation: Invitation,
    telegram: int,
    why_not: No | None,
    asked: Sequence[str],
    now: datetime,
) -> Outcome:
    """The newcomer says it is them: the link is used up, and whoever invited is asked.

    `why_not` is what `fits` says; `asked` are those who may confirm.
    """
    if why_not is not None:
        return _no(invitation, None, why_not)
    opened = replace(invitation, stage=Stage.OPENED, used_at=now, used_by=telegram)
    return Outcome(
        said=Message(Text("door", "wait")),
        records=(opened,),
        tells=ask(opened, asked),
        logs=(_log("invitation_opened", opened, None),),
    )


def ask(opened: Invitation, asked: Sequence[str]) -> tuple[Tell, ...]:
    """Is that really them? Whoever made the link is asked; others when the maker cannot be."""
    texts = {True: Text("invitation", "is_that_them"), False: Text("invitation", "is_it_them")}
    return tuple(
        Tell(
            to,
            Message(texts[to == opened.made_by], {"invitation": opened.id}),
            Lane.REPLY,
            _about(opened),
            f"{opened.id}:opened:{to}",
        )
        for to in asked
    )


def not_me(invitation: Invitation, why_not: No | None, now: datetime) -> Outcome:
    """Whoever holds the link says it is not for them: it is spent, and its maker hears so."""
    if why_not is not None:
        return _no(invitation, None, why_not)
    gone = replace(invitation, stage=Stage.REFUSED, refused_at=now)
    astray = Message(Text("invitation", "went_astray"), {"invitation": gone.id})
    return Outcome(
        said=Message(Text("door", "not_you")),
        records=(gone,),
        tells=_to_maker(gone, astray, "astray"),
        logs=(_log("invitation_astray", gone, None),),
    )


WELCOME = {
    Role.PERSON: Text("invitation", "welcome_person"),
    **dict.fromkeys(sorted(SUPPORTERS), Text("invitation", "welcome_supporter")),
    Role.STAFF: Text("invitation", "welcome_staff"),
    Role.ON_CALL_LEAD: Text("invitation", "welcome_on_call_lead"),
    Role.MANAGER: Text("invitation", "welcome_manager"),
    Role.SAFEGUARDING_LEAD: Text("invitation", "welcome_safeguarding_lead"),
}


OF_THE_NEWCOMER = frozenset({No.OWN_SUPPORTER, No.HERE_ALREADY})
"""What `clash` says."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What stands once an invitation is confirmed.

    `member` may be here already and gets one more role; `support` begins with it.
    """

    member: Member
    membership: Membership
    support: Support | None = None


def confirm(
    invitation: Invitation, by: str | None, why_not: No | None, arrival: Arrival, now: datetime
) -> Outcome:
    """Whoever may answer says "yes, that is them": only now is the newcomer in.

    `why_not` is what `may_answer` and `clash` say now, not what was so when it was made.
    """
    refusal = _not_to_answer(invitation, by, None if why_not in OF_THE_NEWCOMER else why_not)
    if refusal is not None:
        return refusal
    assert invitation.used_at is not None
    if now >= invitation.used_at + CONFIRM_WITHIN:
        why_not = No.EXPIRED
    if why_not is not None:
        # One answer for all of it: what somebody is elsewhere is not for this team to learn.
        said = Message(Text("invitation", "cannot_come_in"), {"invitation": invitation.id})
        return replace(_no(invitation, by, why_not), said=said)
    member = arrival.member.id
    # Whoever opened it is a member or nobody to us now: their account is not kept here.
    done = replace(invitation, stage=Stage.CONFIRMED, confirmed_at=now, member=member, used_by=None)
    # Names nobody: what somebody may know of the person is the gate's to say.
    welcome = Message(WELCOME[done.role], {"role": done.role.value})
    tells: tuple[Tell, ...] = (Tell(member, welcome, Lane.REPLY, key=f"{done.id}:welcome"),)
    if done.person is not None:
        joined = Message(Text("invitation", "joined_you"), {"member": member})
        tells += (Tell(done.person, joined, Lane.NEWS, key=f"{done.id}:joined"),)
    if done.role is Role.PERSON and by is not None:
        tells += (first_weeks.offer(member, by, done.id),)
    support = () if arrival.support is None else (arrival.support,)
    return Outcome(
        said=Message(Text("invitation", "confirmed"), {"invitation": done.id}),
        records=(arrival.member, arrival.membership, *support, done),
        tells=tells,
        logs=(_log("invitation_confirmed", done, by, membership=arrival.membership.id),),
    )


def refuse(invitation: Invitation, by: str, why_not: No | None, now: datetime) -> Outcome:
    """The answer "no, that is not them": nothing opens, and the one who tried learns nothing."""
    refusal = _not_to_answer(invitation, by, why_not)
    if refusal is not None:
        return refusal
    gone = replace(invitation, stage=Stage.REFUSED, refused_at=now, used_by=None)
    return Outcome(
        said=Message(Text("invitation", "refused"), {"invitation": gone.id}),
        records=(gone,),
        logs=(_log("invitation_refused", gone, by),),
    )


# ------------------------------------------------------------------------------------------


def may_answer(
    invitation: Invitation,
    by: str,
    inviter: Member | None,
    inviter_may: No | None,
    may: No | None,
) -> No | None:
    """None when `by` may say whether it is them: the maker of the link, while there is one.

    When the maker cannot be reached or may not invite any more, everybody may who might invite
    the same (`may` and `inviter_may` are what `may_invite` says of both now).
    """
    if by == invitation.made_by:
        return may
    if inviter is None or (inviter.reachable and inviter_may is None):
        return No.NOT_YOURS
    return may


def _not_to_answer(invitation: Invitation, by: str | None, why_not: No | None) -> Outcome | None:
    if why_not is not None:
        return _no(invitation, by, why_not)
    return None if invitation.stage is Stage.OPENED else _answered_already()


def _answered_already() -> Outcome:
    return Outcome(said=Message(Text("invitation", "answered_already")))


def _no(invitation: Invitation, by: str | None, why: No) -> Outcome:
    return Outcome(
        said=Message(WHY_NOT[why]),
        logs=(_log("invitation_not_done", invitation, by, why=why.value),),
    )


def _to_maker(invitation: Invitation, message: Message, step: str) -> tuple[Tell, ...]:
    if invitation.made_by in (None, invitation.person):
        return ()
    assert invitation.made_by is not None
    key = f"{invitation.id}:{step}"
    return (Tell(invitation.made_by, message, Lane.REPLY, _about(invitation), key),)


def _about(invitation: Invitation) -> About | None:
    if invitation.person is None:
        return None
    return About(invitation.person, Topic.PLANS_AND_REVIEWS, 2)


def _log(kind: str, invitation: Invitation, actor: str | None, **facts: Value) -> Log:
    return Log(
        kind,
        invitation.person,
        actor,
        {"invitation": invitation.id, "role": invitation.role.value, **facts},
    )
