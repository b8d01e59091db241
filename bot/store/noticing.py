"""The acts of noticing: kept whatever else is true, and in the same transaction told to whom the
plan in force says; taken back; and whether the person may know who said it.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.care import noticing as care
from bot.care.agreement import State
from bot.care.calendar import may_see
from bot.care.circle import STAFF_ROLES, Membership, Role
from bot.care.noticing import Receipt
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.sign import Observation, Sign, SignPlan, Stage, Voice
from bot.care.threshold import fired
from bot.store import agreement, around, circle, digest, observation, sign, sign_alert, weekly
from bot.store.commit import commit
from bot.store.tools import new_id, tools

AT_ONCE = timedelta(minutes=1)
"""A receipt that leaves so soon says that nobody has read it yet, at any hour."""


def cards(c: Connection, held: Membership, person: str, now: datetime) -> tuple[Sign, ...]:
    """The cards somebody in this role is shown; none once the role has ended, or staff work for
    the person no more."""
    if held.until is not None:
        return ()
    plan, voice = sign.active(c, person), care.voice_of(held.role)
    if voice is Voice.STAFF and not around.works_for(c, held.member, person, now):
        return ()
    known = plan is None or voice is not Voice.CARER or _known(c, plan, held, now)
    return care.cards(plan, voice, held.member, known=known)


def _known(c: Connection, plan: SignPlan, held: Membership, now: datetime) -> bool:
    """Whether this supporter knows the cards of others too, and nothing is to keep them away."""
    if not care.known(plan, held.since, _ended(c, held)):
        return False
    assert plan.active_at is not None
    guarded = agreement.guarded(c, plan.person, held.member, care.OF_PLAN, now)
    return not guarded and not agreement.was_paused(c, held.id, plan.active_at)


def _ended(c: Connection, held: Membership) -> datetime | None:
    """Since when the person shares nothing with them any more, if they once did."""
    if held.paused_at is not None:
        return held.paused_at
    versions = agreement.versions(c, held.id)
    if any(one.state is State.ACTIVE for one in versions):
        return None
    return max((one.ended_at for one in versions if one.ended_at is not None), default=None)


# --- acts ---------------------------------------------------------------------------------


def notice(
    c: Connection,
    held: Membership,
    person: str,
    card: str | None,
    since: int,
    worry: int,
    words: str | None,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    plan: str | None = None,
    left: bool = False,
) -> Outcome:
    """Keep what was noticed: no agreement is asked, and a role that has ended meanwhile is enough.

    `plan` is the version whose cards were shown; the one in force says what follows. `left`: it
    was left before the last question.
    """
    if not _about(held, person):
        return Outcome()
    in_force = sign.active(c, person)
    fresh = Observation(
        id=new_id(c),
        person=person,
        plan=_version(c, in_force, plan, card),
        sign=card,
        since=since,
        worry=worry,
        words=words,
        by=held.member,
        acting=None if held.role in STAFF_ROLES or held.role is Role.PERSON else held.id,
        voice=care.voice_of(held.role),
        at=now,
    )
    opened, asking = _opened(c, in_force, fresh, now)
    kept = care.keep(
        fresh,
        asking=asking,
        nobody=asking and sign_alert.reaches_nobody(c, person, opened, now),
        here=not circle.has_left(c, held.member),
        left=left,
        good=_good(c, fresh),
    )
    # What was kept is read in time, whoever has been asked because of it.
    queued = digest.queue(c, fresh, now, opened != Outcome())
    outcome = kept + queued + opened + Outcome(said=kept.said)
    commit(c, outcome, cause, now)
    return outcome


def change(
    c: Connection,
    id: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    named: bool | None = None,
    asking: bool = False,
) -> Outcome:
    """`Change`: may the person know who said it? `asking`: its receipt may say that staff are
    asked, if they still are."""
    found = observation.observation(c, id)
    outcome = Outcome()
    if found is not None:
        nobody = asking and sign_alert.reaches_nobody(c, found.person, Outcome(), now)
        good = _good(c, found)
        outcome = care.change(found, by, named=named, asking=asking, nobody=nobody, good=good)
    return _done(c, outcome, cause, now)


def take_back(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    found = observation.observation(c, id)
    return _done(c, Outcome() if found is None else care.take_back(found, by, now), cause, now)


def may_take_back(c: Connection, id: str, by: str) -> bool:
    """Whether it is theirs, and stands."""
    found = observation.observation(c, id)
    return found is not None and found.by == by and found.withdrawn_at is None


def receipt(c: Connection, id: str, now: datetime) -> Receipt | None:
    """What is true of it now, without its words."""
    found = observation.observation(c, id)
    if found is None:
        return None
    hours, timed = tools(c).hours, digest.knows_when(c, id)
    return Receipt(
        at=found.at,
        person=found.person,
        named=found.named,
        read_at=None if timed is None else found.read_at,
        timed=bool(timed),
        quiet=now - found.at > AT_ONCE and digest.may_be_read(c, now),
        open=hours.is_open(now),
        closes=hours.closes(now),
        opens=hours.opens_after(now),
        zone=hours.zone,
        weekly=found.acting is not None and weekly.weekly(c, found.acting) is not None,
        number=circle.team(c, around.team_of(c, found.person)).phone,
        good=_good(c, found),
    )


# --- what the acts share ------------------------------------------------------------------


def _about(held: Membership, person: str) -> bool:
    """Whether this role is about this person, ended or not; for whom staff may write was asked
    when they began."""
    match care.voice_of(held.role):
        case Voice.PERSON:
            return held.member == person
        case Voice.CARER:
            return held.person == person
    return held.member != person


def _good(c: Connection, noticed: Observation) -> bool:
    """Whether it is of a card of a good week."""
    plan = None if noticed.plan is None else sign.of_version(c, noticed.plan)
    card = None if plan is None or noticed.sign is None else plan.sign(noticed.sign)
    return card is not None and card.stage is Stage.GOOD


def _version(
    c: Connection, in_force: SignPlan | None, shown: str | None, card: str | None
) -> str | None:
    """The version that the card was picked from, for its words are known by it; else that in force
    if it knows the card."""
    picked = None if shown is None else sign.of_version(c, shown)
    for one in (picked, in_force):
        if one is not None and card is not None and one.sign(card) is not None:
            return one.id
    newest = in_force or picked
    return None if newest is None else newest.id


def _opened(
    c: Connection, plan: SignPlan | None, fresh: Observation, now: datetime
) -> tuple[Outcome, bool]:
    """What the plan in force says has been reached by this one, and whether its receipt may say so:
    not where only what somebody else has said would tell its writer."""
    if plan is None:
        return Outcome(), False
    longest = max((threshold.days for threshold in plan.thresholds), default=1)
    before = observation.of(c, fresh.person, now - timedelta(days=longest + 2), words=False)
    zone, known = tools(c).hours.zone, [*before, fresh]
    reached = fired(plan, known, now, zone, newest=fresh.id)
    if not reached:
        return Outcome(), False
    theirs = [one for one in known if may_see(one, fresh.by, fresh.voice, shared=False)]
    asking = bool(fired(plan, theirs, now, zone, newest=fresh.id))
    return sign_alert.open_(c, fresh.person, reached, now), asking


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome
