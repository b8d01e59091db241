"""One outing under a plan: set off, check in, be late, come home, or ask for help.

The rules of this file: the person is asked first, kindly; a moment that passes is an event
with the time it was due; `I'm OK` never ends an outing; nothing the person taps is an error.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value, Wake
from bot.care.plan import Ladder, Plan, reachable
from bot.care.text import Text


class State(StrEnum):
    OUT = "out"
    NUDGED = "nudged"
    MISSED = "missed"
    HELP = "help"
    ANSWERED = "answered"
    HOME = "home"


class Event(StrEnum):
    NUDGE = "nudge"
    GRACE_OVER = "grace_over"
    OK = "ok"
    LATER = "later"
    HOME = "home"
    HELP = "help"
    CLOSED = "closed"


TABLE: dict[State, dict[Event, State]] = {
    State.OUT: {
        Event.NUDGE: State.NUDGED,
        Event.GRACE_OVER: State.MISSED,
        Event.OK: State.OUT,
        Event.LATER: State.OUT,
        Event.HOME: State.HOME,
        Event.HELP: State.HELP,
        Event.CLOSED: State.HOME,
    },
    State.NUDGED: {
        Event.NUDGE: State.NUDGED,
        Event.GRACE_OVER: State.MISSED,
        Event.OK: State.OUT,
        Event.LATER: State.OUT,
        Event.HOME: State.HOME,
        Event.HELP: State.HELP,
        Event.CLOSED: State.HOME,
    },
    State.MISSED: {
        Event.OK: State.ANSWERED,
        Event.LATER: State.ANSWERED,
        Event.HOME: State.ANSWERED,
        Event.HELP: State.HELP,
        Event.CLOSED: State.HOME,
    },
    # Whoever asked for help is heard by a human first: only staff close it.
    State.HELP: {
        Event.OK: State.HELP,
        Event.LATER: State.HELP,
        Event.HOME: State.HELP,
        Event.HELP: State.HELP,
        Event.CLOSED: State.HOME,
    },
    State.ANSWERED: {
        Event.OK: State.ANSWERED,
        Event.LATER: State.ANSWERED,
        Event.HOME: State.ANSWERED,
        Event.HELP: State.HELP,
        Event.CLOSED: State.HOME,
    },
    State.HOME: {},
}
"""state × event → state; a missing cell is "nothing happens"."""

ALERTED = frozenset({State.MISSED, State.HELP, State.ANSWERED})


@dataclass(frozen=True, slots=True)
class Journey:
    """`due_at` is when the next check-in is due; `limit_at` how late the plan lets it become.

    `place` is the person's own word for where. `off` is the time Kith was not running over
    the due time, if it was not. `ended_by` is the member who ended it.
    """

    id: str
    person: str
    plan: Plan
    place: str
    state: State
    started_at: datetime
    due_at: datetime
    limit_at: datetime
    nudges: int = 0
    heard_at: datetime | None = None
    escalation: str | None = None
    late: bool = False
    off: tuple[datetime, datetime] | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    feeling: int | None = None
    version: int = 1


KIND = "journey"
"""The kind of a journey's deadline; its key is the journey's id."""


def next_moment(journey: Journey) -> datetime | None:
    """When time alone next brings something about; None once staff have been asked."""
    if journey.state not in (State.OUT, State.NUDGED):
        return None
    plan = journey.plan
    after = plan.nudges[journey.nudges] if journey.nudges < len(plan.nudges) else plan.grace
    return journey.due_at + timedelta(minutes=min(after, plan.grace))


def set_off(
    journey: Journey,
    running: Journey | None,
    ladder: Ladder,
    others: Sequence[str],
    ring: str | None,
    now: datetime,
) -> Outcome:
    """Start to keep time, or say kindly why Kith cannot. Nothing is ever forbidden.

    `others` are staff of the person's team beside the ladder, for when no rung is reachable;
    `ring` is whom the person is asked to ring before they go, their key worker.
    """
    if running is not None:
        return Outcome(said=_say(Text("journey", "already_out"), running))
    if journey.due_at <= now:
        return Outcome(said=Message(Text("journey", "time_passed")))
    if not reachable(ladder):
        return _not_kept(journey, "nobody_reachable", others, ring)
    if journey.due_at > now + timedelta(minutes=journey.plan.longest):
        return _not_kept(journey, "longer_than_plan", reachable(ladder)[:1], ring)
    return Outcome(
        records=(journey,),
        tells=(_to_person(journey, Text("journey", "set_off")),),
        wakes=(_wake(journey),),
        logs=(_log("journey_set_off", journey, journey.person),),
    )


def no_plan(person: str, staff: Sequence[str], ring: str | None, key: str) -> Outcome:
    """Nothing has been agreed yet: the person may still go; staff hear that they wanted to."""
    return Outcome(
        said=_ring_first(Text("journey", "no_plan"), Text("journey", "no_plan_team"), ring),
        tells=tuple(
            Tell(
                member,
                Message(Text("journey", "not_kept_no_plan"), {"person": person}),
                Lane.SAFETY,
                About(person, Topic.JOURNEYS, 2),
                f"{key}:no_plan:{member}",
            )
            for member in staff
        ),
        logs=(Log("journey_not_kept", person, person, {"why": "no_plan"}),),
    )


def _not_kept(journey: Journey, why: str, staff: Sequence[str], ring: str | None) -> Outcome:
    text = (
        Text("journey", "not_kept_longer")
        if why == "longer_than_plan"
        else Text("journey", "not_kept_nobody")
    )
    return Outcome(
        said=_ring_first(
            Text("journey", "cannot_keep_time"), Text("journey", "cannot_keep_time_team"), ring
        ),
        tells=tuple(
            Tell(
                member,
                Message(text, {"person": journey.person, "due": journey.due_at}),
                Lane.SAFETY,
                About(journey.person, Topic.JOURNEYS, 2),
                f"{journey.id}:not_kept:{member}",
            )
            for member in staff
        ),
        logs=(_log("journey_not_kept", journey, journey.person, why=why),),
    )


def tick(
    journey: Journey, off: tuple[datetime, datetime] | None, escalation: str, now: datetime
) -> Outcome:
    """What the time that has passed calls for: nothing, a nudge, or the end of grace.

    `off` is the latest span in which Kith was not running. A due time inside it is said
    honestly and never counted against the person. `escalation` is the id an alert would get.
    """
    moment = next_moment(journey)
    if moment is None or moment > now:
        return Outcome(wakes=(Wake(KIND, journey.id, moment),))
    if off is not None and off[0] <= moment <= off[1] and journey.off != off:
        journey = replace(journey, off=off)
    if now >= journey.due_at + timedelta(minutes=journey.plan.grace):
        return _missed(journey, escalation)
    nudges = journey.nudges
    due = (journey.due_at + timedelta(minutes=m) for m in journey.plan.nudges)
    passed = sum(1 for at in due if at <= now)
    text = Text("journey", "nudge") if nudges == 0 else Text("journey", "nudge_again")
    nudged = replace(_moved(journey, Event.NUDGE), nudges=max(passed, nudges + 1))
    tells: tuple[Tell, ...] = (_to_person(nudged, text, Lane.SAFETY),)
    if nudged.off is not None and nudges == 0:
        tells = (_were_off(nudged), *tells)
    return Outcome(
        records=(nudged,),
        tells=tells,
        wakes=(_wake(nudged),),
        logs=(_log("journey_nudged", nudged, None, due=nudged.due_at),),
    )


def _missed(journey: Journey, escalation: str) -> Outcome:
    """The grace is over: the check-in is missed, at the time it was due."""
    asked_before = journey.nudges > 0
    missed = replace(_moved(journey, Event.GRACE_OVER), escalation=escalation)
    tells: tuple[Tell, ...] = ()
    if missed.off is not None:
        tells += (_were_off(missed),)
    if not asked_before:
        tells += (_to_person(missed, Text("journey", "nudge"), Lane.SAFETY),)
    kind = "journey_missed" if missed.off is None else "journey_missed_while_off"
    return Outcome(
        records=(missed,),
        tells=tells,
        wakes=(Wake(KIND, missed.id, None),),
        logs=(_log(kind, missed, None, due=missed.due_at),),
    )


def ok(journey: Journey, now: datetime) -> Outcome:
    """A sign of life. Before the due time, that time stands; after it, grace begins anew."""
    if _ended(journey):
        return Outcome(said=Message(Text("journey", "already_home")))
    if journey.state in ALERTED:
        return _heard(journey, Event.OK, now, Text("journey", "ok_after_alert"))
    past = journey.due_at <= now
    due = now + timedelta(minutes=journey.plan.grace) if past else journey.due_at
    text = Text("journey", "ok_when_home") if past else Text("journey", "ok")
    heard = replace(_moved(journey, Event.OK), heard_at=now, due_at=due, nudges=0, off=None)
    return Outcome(
        records=(heard,),
        tells=(_to_person(heard, text),),
        wakes=(_wake(heard),),
        logs=(_log("journey_ok", heard, journey.person),),
    )


def later(journey: Journey, minutes: int, now: datetime) -> Outcome:
    """The person will be later; within the plan's limit the new time stands at once."""
    if _ended(journey):
        return Outcome(said=Message(Text("journey", "already_home")))
    if journey.state in ALERTED:
        return _heard(journey, Event.LATER, now, Text("journey", "ok_after_alert"))
    due = max(journey.due_at, now) + timedelta(minutes=minutes)
    if due > journey.limit_at:
        return Outcome(said=_say(Text("journey", "later_than_plan"), journey))
    moved = replace(_moved(journey, Event.LATER), heard_at=now, due_at=due, nudges=0, off=None)
    return Outcome(
        records=(moved,),
        tells=(_to_person(moved, Text("journey", "later")),),
        wakes=(_wake(moved),),
        logs=(_log("journey_later", moved, journey.person, minutes=minutes),),
    )


def minutes_left(journey: Journey, now: datetime) -> tuple[int, ...]:
    """Which of 10, 20 and 30 minutes more the plan still allows."""
    start = max(journey.due_at, now)
    return tuple(m for m in (10, 20, 30) if start + timedelta(minutes=m) <= journey.limit_at)


def ask_longer(journey: Journey, ladder: Ladder, now: datetime) -> Outcome:
    """More than the plan allows: the first rung that can be reached is asked. The time stands."""
    if _ended(journey):
        return Outcome(said=Message(Text("journey", "already_home")))
    first = reachable(ladder)[:1]
    if not first:
        return Outcome(said=_say(Text("journey", "longer_nobody"), journey))
    heard = replace(journey, heard_at=now, version=journey.version + 1)
    ask = Message(
        Text("journey", "asks_longer"),
        {"person": journey.person, "journey": journey.id, "due": journey.due_at},
    )
    about = About(journey.person, Topic.JOURNEYS, 3)
    said = Message(Text("journey", "longer_asked"), {"member": first[0], "due": journey.due_at})
    return Outcome(
        records=(heard,),
        tells=(
            Tell(first[0], ask, Lane.SAFETY, about, f"{journey.id}:longer:{heard.version}"),
            Tell(journey.person, said, Lane.REPLY),
        ),
        logs=(_log("journey_asks_longer", journey, journey.person),),
    )


def give_longer(journey: Journey, by: str, minutes: int, now: datetime) -> Outcome:
    """Staff give more time than the plan does; only while nobody has been alerted."""
    if _ended(journey) or journey.state in ALERTED:
        return Outcome(said=_say(Text("journey", "longer_too_late"), journey))
    due = max(journey.due_at, now) + timedelta(minutes=minutes)
    moved = replace(
        _moved(journey, Event.LATER),
        due_at=due,
        limit_at=max(due, journey.limit_at),
        nudges=0,
    )
    told = Message(Text("journey", "longer_given"), {"member": by, "due": due})
    return Outcome(
        said=Message(Text("journey", "longer_saved"), {"person": journey.person, "due": due}),
        records=(moved,),
        tells=(Tell(journey.person, told, Lane.REPLY),),
        wakes=(_wake(moved),),
        logs=(_log("journey_longer_given", moved, by, minutes=minutes),),
    )


def home(journey: Journey, now: datetime) -> Outcome:
    """The person is home. After an alert a human still speaks to them before it closes."""
    if _ended(journey):
        return Outcome(said=Message(Text("journey", "already_home")))
    if journey.state in ALERTED:
        return _heard(journey, Event.HOME, now, Text("journey", "home_after_alert"))
    ended = replace(
        _moved(journey, Event.HOME), heard_at=now, ended_at=now, ended_by=journey.person
    )
    return Outcome(
        records=(ended,),
        tells=(_to_person(ended, Text("journey", "home")),),
        wakes=(Wake(KIND, ended.id, None),),
        logs=(_log("journey_home", ended, journey.person),),
    )


def help_wanted(journey: Journey, escalation: str, now: datetime) -> Outcome:
    """The person asks for help: no grace, the ladder at once (see `escalation.raise_`)."""
    if _ended(journey):
        return Outcome(said=Message(Text("journey", "already_home")))
    asked = replace(
        _moved(journey, Event.HELP), heard_at=now, escalation=journey.escalation or escalation
    )
    return Outcome(
        said=_say(Text("journey", "what_help"), asked),
        records=(asked,),
        wakes=(Wake(KIND, asked.id, None),),
        logs=(_log("journey_help", asked, journey.person),),
    )


def closed(journey: Journey, by: str, now: datetime) -> Outcome:
    """Staff have spoken to the person and closed the alert: the outing ends with it."""
    if _ended(journey):
        return Outcome()
    ended = replace(_moved(journey, Event.CLOSED), ended_at=now, ended_by=by)
    return Outcome(
        records=(ended,),
        wakes=(Wake(KIND, ended.id, None),),
        logs=(_log("journey_closed", ended, by),),
    )


def felt(journey: Journey, feeling: int | None) -> Outcome:
    """How it went, one to five, in the person's own view; None when they skip."""
    if feeling is None:
        return Outcome(said=Message(Text("journey", "felt_skipped")))
    return Outcome(
        said=Message(Text("journey", "felt")),
        records=(replace(journey, feeling=feeling, version=journey.version + 1),),
    )


def _ring_first(text: Text, without_key_worker: Text, ring: str | None) -> Message:
    return Message(without_key_worker) if ring is None else Message(text, {"member": ring})


def _ended(journey: Journey) -> bool:
    return journey.state is State.HOME


def _heard(journey: Journey, event: Event, now: datetime, text: Text) -> Outcome:
    """An answer after staff were asked: kept as "checked in late", and a human still rings."""
    late = journey.late or (journey.state is State.MISSED and journey.off is None)
    heard = replace(_moved(journey, event), heard_at=now, late=late)
    return Outcome(
        records=(heard,),
        tells=(_to_person(heard, text),),
        logs=(_log("journey_checked_in_late", heard, journey.person, event=event.value),),
    )


def _moved(journey: Journey, event: Event) -> Journey:
    return replace(journey, state=TABLE[journey.state][event], version=journey.version + 1)


def _wake(journey: Journey) -> Wake:
    return Wake(KIND, journey.id, next_moment(journey))


def _say(text: Text, journey: Journey) -> Message:
    return Message(
        text,
        {"journey": journey.id, "due": journey.due_at, "limit": journey.limit_at},
    )


def _to_person(journey: Journey, text: Text, lane: Lane = Lane.REPLY) -> Tell:
    key = f"{journey.id}:{text.id}:{journey.version}"
    return Tell(journey.person, _say(text, journey), lane, key=key)


def _were_off(journey: Journey) -> Tell:
    assert journey.off is not None
    said = Message(
        Text("journey", "were_off"), {"off_from": journey.off[0], "off_to": journey.off[1]}
    )
    return Tell(journey.person, said, Lane.SAFETY, key=f"{journey.id}:were_off:{journey.version}")


def _log(kind: str, journey: Journey, actor: str | None, **facts: Value) -> Log:
    return Log(kind, journey.person, actor, {"journey": journey.id, **facts})
