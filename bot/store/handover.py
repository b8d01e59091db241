"""Who is there for an outing, as it is kept; and its acts: begun, warned, handed over, ended."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select

from bot.care import handover as care
from bot.care import rota
from bot.care.circle import Shift
from bot.care.escalation import Cause as Why
from bot.care.escalation import Escalation, State
from bot.care.handover import Duty, NoDuty
from bot.care.journey import Journey
from bot.care.journey import State as Out
from bot.care.ladder import open_
from bot.care.outcome import NOBODY, Cause, Outcome, Wake
from bot.care.plan import Rung, RungKind
from bot.store import around
from bot.store import escalation as escalations
from bot.store import journey as journeys
from bot.store import ladder as ladders
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_one
from bot.store.schema import duty as table
from bot.store.schema import journey as under_way
from bot.store.tools import new_id

_ONE = select(table).where(table.c.journey == bindparam("journey"))
_ALL = select(table).order_by(table.c.journey)
_FORGET = delete(table).where(table.c.journey == bindparam("journey"))
_NOBODYS = (
    select(under_way.c.id)
    .where(under_way.c.ended_at.is_(None), under_way.c.id.not_in(select(table.c.journey)))
    .order_by(under_way.c.id)
)

KINDS = (RungKind.ON_CALL, RungKind.KEY_WORKER, RungKind.MANAGER)
"""Who is asked to take an outing over, in this order."""


def duty(c: Connection, journey: str) -> Duty | None:
    """Whose it is to be there for this outing, if it rests on the rota."""
    row = c.execute(_ONE, {"journey": journey}).one_or_none()
    return None if row is None else Duty(*row)


def again(c: Connection, team: str, now: datetime) -> Outcome:
    """The rota of this team has changed, or may have: each of its outings is looked at."""
    theirs = [Duty(*row) for row in c.execute(_ALL)]
    looked_at = Outcome(
        wakes=tuple(
            Wake(care.KIND, one.journey, now)
            for one in theirs
            if around.team_of(c, one.person) == team
        )
    )
    for id in c.execute(_NOBODYS).scalars().all():
        out = journeys.journey(c, id)
        if out is not None and around.team_of(c, out.person) == team:
            looked_at += _begin(c, out, now)
    return looked_at


def follows(c: Connection, journey: Journey, now: datetime) -> Outcome:
    """An outing has begun, or it has ended."""
    if journey.state is Out.HOME:
        found = duty(c, journey.id)
        if found is None:
            return Outcome(wakes=(Wake(care.KIND, journey.id, None),))
        return care.over(found, _standing(c, found), now)
    return Outcome() if journey.version > 1 else _begin(c, journey, now)


def _begin(c: Connection, journey: Journey, now: datetime) -> Outcome:
    """Whoever is on call is there for it; in a gap of the rota, whoever is so next."""
    if all(rung.kind is not RungKind.ON_CALL for rung in journey.plan.rungs):
        return Outcome()
    shifts = _shifts(c, journey.person, now)
    on_call = rota.on_call(shifts, now)
    if not on_call:
        next_ = min((one.starts_at for one in shifts if one.starts_at > now), default=None)
        return Outcome(wakes=(Wake(care.KIND, journey.id, next_),))
    ends = care.on_call_until(shifts, on_call[0], now)
    return care.begin(Duty(journey.id, journey.person, on_call[0], ends))


# --- acts ---------------------------------------------------------------------------------


def tick(
    c: Connection, journey: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The time on call of whoever is there for this outing ends soon, or has ended; or somebody is
    on call for it at last."""
    found, out = duty(c, journey), journeys.journey(c, journey)
    outcome = Outcome()
    if found is None and out is not None and out.state is not Out.HOME:
        outcome = _begin(c, out, now)
    if found is not None and out is not None:
        shifts = _shifts(c, found.person, now)
        ends = care.on_call_until(shifts, found.member, now) or now
        next_ = next((m for m in rota.on_call(shifts, ends) if m != found.member), None)
        outcome, hand_over = care.tick(found, shifts, next_, out.back, now)
        if hand_over and _standing(c, found) is None:
            asked = _ask(c, found, out, now)
            outcome += asked + _hand_on(c, found, asked, now)
    commit(c, outcome, cause, now)
    return outcome


def _ask(c: Connection, found: Duty, out: Journey, now: datetime) -> Outcome:
    rungs = _rungs(c, found, now)
    fresh = Escalation(
        id=new_id(c),
        person=found.person,
        team=around.team_of(c, found.person),
        cause=Why.HANDOVER,
        subject=found.journey,
        state=State.OPEN,
        event_at=found.ends_at or now,
        opened_at=now,
        rungs=rungs,
        ask_again=care.WAIT,
        police_at=now + timedelta(minutes=out.plan.police_after),
    )
    return open_(fresh, ladders.those_around(c, found.person, rungs, now), now)


def _hand_on(c: Connection, found: Duty, asked: Outcome, now: datetime) -> Outcome:
    """What they carry goes to whoever is asked; with nobody else to ask it stays with them."""
    to = next(one.current for one in asked.records if isinstance(one, Escalation))
    handed = Outcome()
    if to is None or to == found.member:
        return handed
    for alert in left_by(c, found):
        if found.member in (alert.holder, alert.current):
            handed += care.hand_on(alert, found, to, _reached(c, alert, now), now)
    return handed


def _reached(c: Connection, alert: Escalation, now: datetime) -> bool:
    return ladders.around_it(c, alert, now).person


def left_by(c: Connection, found: Duty) -> list[Escalation]:
    """The alerts about the person that go along with the outing."""
    standing = escalations.standing(c, found.person, care.GOES_ALONG)
    return [alert for alert in standing if care.left_by(alert, found)]


def _rungs(c: Connection, found: Duty, now: datetime) -> tuple[Rung, ...]:
    """Whoever has just gone off call is asked last."""
    rungs = tuple(Rung(kind, care.WAIT) for kind in KINDS)
    there = ladders.those_around(c, found.person, rungs, now).ladder
    fresh = [standing.rung for standing in there if standing.member != found.member]
    return (*fresh, *(standing.rung for standing in there if standing.member == found.member))


def _taken(
    c: Connection, _before: Escalation, after: Escalation, by: str, now: datetime
) -> Outcome:
    found = duty(c, after.subject)
    if after.state is not State.HELD or found is None:
        return Outcome()
    ends = care.on_call_until(_shifts(c, found.person, now), by, now)
    outcome = care.taken(found, after, by, ends, now)
    for alert in left_by(c, found):
        theirs = care.takes(alert, after, found, by, _reached(c, alert, now), now)
        outcome += escalations.followed(c, alert, theirs, by, now)
    return outcome


def _standing(c: Connection, found: Duty) -> Escalation | None:
    """What is open about this outing's handing over."""
    alerts = escalations.standing(c, found.person, [Why.HANDOVER])
    return next((alert for alert in alerts if alert.subject == found.journey), None)


def _shifts(c: Connection, person: str, now: datetime) -> list[Shift]:
    return around.shifts(c, around.team_of(c, person), now)


def keep_duty(c: Connection, kept: Duty) -> None:
    values = {
        "person": kept.person,
        "member": kept.member,
        "ends_at": kept.ends_at,
        "warned": kept.warned,
    }
    keep_one(c, table, {"journey": kept.journey}, **values)


def forget_duty(c: Connection, gone: NoDuty) -> None:
    c.execute(_FORGET, {"journey": gone.journey})


KEEP[Duty] = keep_duty
KEEP[NoDuty] = forget_duty
journeys.FOLLOWS.append(follows)
escalations.FOLLOWS[Why.HANDOVER] = _taken
