"""Quiet that is agreed: a pause, a slow stretch of the way, a phone that is nearly empty.

The rules of this file: each tap is a sign of life; nothing here outlasts what the plan allows;
whatever was agreed, there is a moment at which the person is asked.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.care.journey import (
    ALERTED,
    Event,
    Journey,
    State,
    alive,
    log,
    ok,
    say,
    to_person,
    wake,
)
from bot.care.lateness import often
from bot.care.outcome import About, Lane, Outcome, Tell, Topic
from bot.care.pattern import between
from bot.care.plan import Ladder, reachable
from bot.care.terms import Stretch
from bot.care.text import Text

SPANS = (30, 60, 90)
"""Minutes of a pause the person can choose from; they may name a time instead."""


def may_pause(journey: Journey) -> bool:
    """Whether there is a check-in on the way that could wait, and the plan allows it."""
    return journey.plan.terms.pause > 0 and journey.back_at is not None


def longest(journey: Journey, now: datetime) -> datetime:
    """Until when a pause may last. Past the time to be back it makes them later, which the plan
    may allow no more."""
    latest = journey.back if often(journey) else journey.limit_at
    return min(now + timedelta(minutes=journey.plan.terms.pause), latest)


def spans_left(journey: Journey, now: datetime) -> tuple[int, ...]:
    """Which of the spans the plan allows."""
    until = longest(journey, now)
    return tuple(m for m in SPANS if now + timedelta(minutes=m) <= until)


def pause(journey: Journey, until: datetime, now: datetime) -> Outcome:
    """Nothing is asked until then; then the next check-in is due. Whoever is asked by then
    anyway waits for nothing."""
    ended = journey.state is State.HOME or journey.state in ALERTED
    latest = longest(journey, now)
    if ended or not may_pause(journey) or until <= now or latest <= now:
        return ok(journey, now)
    heard = alive(journey, Event.OK, now)
    if until > latest:
        return Outcome(
            said=say(Text("pause", "too_long"), heard, longest=latest),
            records=(heard,),
            wakes=(wake(heard),),
            logs=(log("journey_ok", heard, journey.person),),
        )
    waits = heard.due_at
    due = max(until, waits)
    said = Text("pause", "paused") if until > waits else Text("pause", "quiet_anyway")
    later = heard.extends + (due > heard.back)
    due, back_at = between(due, max(due, heard.back))
    paused = replace(heard, due_at=due, back_at=back_at, extends=later)
    return Outcome(
        records=(paused,),
        tells=(to_person(paused, said),),
        wakes=(wake(paused),),
        logs=(log("journey_paused", paused, journey.person, until=due),),
    )


def stretches_left(journey: Journey) -> tuple[tuple[int, Stretch], ...]:
    """The stretches of the plan that were not used on this outing, each with its place in it."""
    known = enumerate(journey.plan.terms.stretches)
    return tuple((n, one) for n, one in known if one.id not in journey.stretches)


def slow_here(journey: Journey, number: int, now: datetime) -> Outcome:
    """On a stretch that is known to be slow or without signal: so much more grace this once."""
    here = dict(stretches_left(journey)).get(number)
    if journey.state is State.HOME or journey.state in ALERTED or here is None:
        return ok(journey, now)
    heard = alive(journey, Event.OK, now)
    slow = replace(heard, slack=heard.slack + here.extra, stretches=(*journey.stretches, here.id))
    noted = say(Text("pause", "slow_noted"), slow, extra=here.extra)
    return Outcome(
        records=(slow,),
        tells=(Tell(slow.person, noted, Lane.REPLY, key=f"{slow.id}:slow:{slow.version}"),),
        wakes=(wake(slow),),
        logs=(log("journey_slow_here", slow, journey.person, minutes=here.extra),),
    )


def phone_low(journey: Journey, ladder: Ladder, now: datetime) -> Outcome:
    """The phone may soon be silent: the first rung that can be reached hears so, once. What is due
    stands; after it, nothing is asked before the time to be back."""
    if journey.state is State.HOME or journey.phone_low:
        return ok(journey, now)
    heard = ok(replace(journey, phone_low=True), now)
    low = next(record for record in heard.records if isinstance(record, Journey))
    known = log("journey_phone_low", low, journey.person)
    first = next(iter(reachable(ladder)), None)
    if first is None:
        told = say(Text("pause", "phone_nobody"), low)
        tells: tuple[Tell, ...] = ()
    else:
        told = say(Text("pause", "phone_noted"), low, member=first)
        ask = say(Text("pause", "phone_told"), low, person=journey.person)
        about = About(journey.person, Topic.JOURNEYS, 3)
        tells = (Tell(first, ask, Lane.SAFETY, about, f"{low.id}:phone"),)
    person = Tell(journey.person, told, Lane.REPLY, key=f"{low.id}:phone:person")
    return replace(heard, tells=(*tells, person), logs=(*heard.logs, known))
