"""Handing over: somebody on call has an outing to be there for, and their time on call ends.

The rules of this file: an outing under way is always somebody's; whose it was hears in good time,
whoever follows is asked, and the ladder goes on until somebody has said "I have it". The outing's
own times and its own ladder stay as they are. An alert that whoever goes off carries goes at once
to whoever is asked, and is theirs with the outing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.care import escalation as alerts
from bot.care.circle import Shift
from bot.care.escalation import SPOKEN, Cause, Close, Escalation
from bot.care.ladder import Around, pass_on
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value, Wake
from bot.care.plan import Standing
from bot.care.spoken import OUTING
from bot.care.text import Text

KIND = "handover"
"""The kind of its deadline; its key is the outing's id."""

BEFORE = timedelta(minutes=15)
"""So long before their time on call ends they hear of it."""

WAIT = 10
"""Minutes until the next one is asked."""

GOES_ALONG = tuple(
    cause
    for cause in Cause
    if SPOKEN.get(cause, OUTING).lane is Lane.SAFETY
    and cause not in (Cause.HANDOVER, Cause.CONCERN)
)
"""The alerts about the person that whoever is there for them carries: those that cannot wait. A
concern may be about anybody in the team, and keeps to its own ladder."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Whose it is to be there for an outing: on call until `ends_at` (None: not on the rota).

    `warned` is the end of which they have heard.
    """

    journey: str
    person: str
    member: str
    ends_at: datetime | None
    warned: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoDuty:
    """The outing is over."""

    journey: str


def on_call_until(shifts: Sequence[Shift], member: str, now: datetime) -> datetime | None:
    """When this member's time on call ends, shifts that follow each other counted as one; None
    when they are not on call now."""
    until = now
    for shift in sorted(shifts, key=lambda one: one.starts_at):
        if shift.member == member and shift.starts_at <= until:
            until = max(until, shift.ends_at)
    return until if until > now else None


def begin(duty: Duty) -> Outcome:
    """Somebody sets off while this one is on call for them."""
    return Outcome(records=(duty,), wakes=(_wake(duty),))


def tick(
    duty: Duty, shifts: Sequence[Shift], follows: str | None, until: datetime, now: datetime
) -> tuple[Outcome, bool]:
    """What the rota calls for now, and whether somebody must take the outing over.

    `follows` is on call next, if anybody is; `until` is when the person is expected back.
    """
    ends = on_call_until(shifts, duty.member, now)
    if ends is None:
        if duty.ends_at is None:
            return Outcome(wakes=(Wake(KIND, duty.journey, None),)), False
        over = replace(duty, ends_at=None)
        text = Text("handover", "ended_nobody") if follows is None else Text("handover", "ended")
        told = _tell(duty, text, until, now, follows)
        return Outcome(records=(over,), tells=(told,), wakes=(_wake(over),)), True
    duty = replace(duty, ends_at=ends)
    if ends - BEFORE > now or duty.warned == ends:
        return begin(duty), False
    heard = begin(replace(duty, warned=ends))
    if until < ends:  # they are back by then
        return heard, False
    text = Text("handover", "soon_nobody") if follows is None else Text("handover", "soon")
    return heard + Outcome(tells=(_tell(duty, text, until, ends, follows),)), False


def taken(
    duty: Duty, alert: Escalation, by: str, ends_at: datetime | None, now: datetime
) -> Outcome:
    """ "I have it": the alert is done, and the outing is theirs."""
    theirs = Duty(duty.journey, duty.person, by, ends_at)
    tells: tuple[Tell, ...] = ()
    if by != duty.member and duty.member not in alert.told:
        tells = (alerts.to_told(alert, duty.member, Text("escalation", "has_it"), Lane.REPLY),)
    facts: dict[str, Value] = {"journey": duty.journey, "from": duty.member, "to": by}
    return (
        begin(theirs)
        + _finished(alert, by, now)
        + Outcome(tells=tells, logs=(Log("outing_handed_over", duty.person, by, facts),))
    )


def left_by(alert: Escalation, duty: Duty) -> bool:
    """Whether the alert is in nobody's hands but theirs whose time on call has ended."""
    return alert.holder in (None, duty.member)


def hand_on(alert: Escalation, duty: Duty, to: str, person: bool, now: datetime) -> Outcome:
    """The alert goes to `to` in their place on its ladder, with its own buttons. `person` says
    whether messages reach the person it is about."""
    stands = replace(alert, rung=max(alert.rung - 1, -1))
    if alert.holder is None:
        stands = replace(stands, current=duty.member)
    there = Around(tuple(Standing(rung, to) for rung in alert.rungs), (), person)
    handed = pass_on(stands, duty.member, there, now)
    # Time has passed it on, and nobody's press.
    return replace(handed, said=None, logs=tuple(replace(one, actor=None) for one in handed.logs))


def takes(
    alert: Escalation, asked: Escalation, duty: Duty, by: str, person: bool, now: datetime
) -> Outcome:
    """ "I have it", of an alert that was left by whoever went off: it is theirs as well, and comes
    to them if it has not yet. One that came later and waits on others goes on waiting."""
    if not left_by(alert, duty) or alert.holder == by:
        return Outcome()
    known = by in alert.told
    if alert.holder is None and not known and alert.opened_at > asked.opened_at:
        return Outcome()
    if by == duty.member or (known and alert.holder is None):
        return alerts.take(alert, by, now)
    handed = hand_on(alert, duty, by, person, now)
    theirs = next(one for one in handed.records if isinstance(one, Escalation))
    return handed + alerts.take(theirs, by, now)


def over(duty: Duty, alert: Escalation | None, now: datetime) -> Outcome:
    """The outing has ended: nobody needs to take it over."""
    done = Outcome(records=(NoDuty(duty.journey),), wakes=(Wake(KIND, duty.journey, None),))
    if alert is None:
        return done
    home = Text("handover", "not_needed")
    hear = tuple(alerts.to_told(alert, m, home, Lane.REPLY) for m in alert.told)
    return done + _finished(alert, None, now) + Outcome(tells=hear)


def _finished(alert: Escalation, by: str | None, now: datetime) -> Outcome:
    done = replace(
        alert,
        state=alerts.State.CLOSED,
        current=None,
        outcome=Close.SEEN_TO,
        closed_at=now,
        closed_by=by,
        due_at=None,
        version=alert.version + 1,
    )
    return Outcome(records=(done,), wakes=(Wake(alerts.KIND, alert.id, None),))


def _wake(duty: Duty) -> Wake:
    if duty.ends_at is None:
        return Wake(KIND, duty.journey, None)
    soon = duty.ends_at - BEFORE
    return Wake(KIND, duty.journey, duty.ends_at if duty.warned == duty.ends_at else soon)


def _tell(duty: Duty, text: Text, until: datetime, ends: datetime, follows: str | None) -> Tell:
    params: dict[str, Value] = {
        "person": duty.person,
        "journey": duty.journey,
        "until": until,
        "ends": ends,
        "handing": duty.journey,
    }
    if follows is not None:
        params["next"] = follows
    key = f"{duty.journey}:{text.id}:{duty.member}:{int(ends.timestamp())}"
    about = About(duty.person, Topic.JOURNEYS, 3)
    return Tell(duty.member, Message(text, params), Lane.SAFETY, about, key)
