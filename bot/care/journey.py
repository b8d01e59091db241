"""One outing under a plan: set off, check in, be late, come home, or ask for help.

The rules of this file: the person is asked first, kindly; a moment that passes is an event
with the time it was due; `I'm OK` never ends an outing; nothing the person taps is an error.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care import pattern
from bot.care.outcome import Lane, Log, Message, Outcome, Tell, Value, Wake
from bot.care.plan import Plan
from bot.care.terms import Pattern, Point
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
    """`due_at` is when the next check-in is due; `back_at` when to be back, while that lies beyond
    it (None: `due_at` is that time); `limit_at` how late the plan lets it become.

    `place` is the person's own word for where. `off` is the time Kith was not running over
    the due time, if it was not. `ended_by` is the member who ended it, `set_off_by` the one who
    began it for the person (None: they themselves). `point`: at so many points on the way they
    have been. `slack`: minutes of grace more, for the check-in that comes next, on one of
    `stretches` (ids of those that were used). `extends`: how often they were later. `said_home`:
    it was their last word after staff were asked.
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
    back_at: datetime | None = None
    point: int = 0
    slack: int = 0
    stretches: tuple[str, ...] = ()
    extends: int = 0
    phone_low: bool = False
    set_off_by: str | None = None
    said_home: bool = False
    version: int = 1

    @property
    def back(self) -> datetime:
        """When they said they would be back."""
        return self.back_at or self.due_at

    @property
    def mark(self) -> int:
        """Names the time that stands: a button that moves it carries this, so an old one shows."""
        return int(self.back.timestamp())

    @property
    def grace(self) -> int:
        """Minutes, with what the stretch they are on adds."""
        return self.plan.grace + self.slack

    @property
    def going(self) -> Plan:
        """The plan as it goes from here: once the phone is nearly empty, no more is asked for on
        the way than what stands."""
        if not self.phone_low:
            return self.plan
        return replace(self.plan, terms=replace(self.plan.terms, pattern=Pattern.BACK_BY))

    @property
    def next_point(self) -> Point | None:
        """The point on the way they come to next."""
        return pattern.next_point(self.going, self.point)


KIND = "journey"
"""The kind of a journey's deadline; its key is the journey's id."""


def next_moment(journey: Journey) -> datetime | None:
    """When time alone next brings something about; None once staff have been asked."""
    if journey.state not in (State.OUT, State.NUDGED):
        return None
    plan = journey.plan
    after = plan.nudges[journey.nudges] if journey.nudges < len(plan.nudges) else journey.grace
    return journey.due_at + timedelta(minutes=min(after, journey.grace))


def tick(
    journey: Journey, off: tuple[datetime, datetime] | None, escalation: str, now: datetime
) -> Outcome:
    """What the time that has passed calls for: nothing, a nudge, or the end of grace.

    `off` is the latest span in which Kith was not running. What it kept Kith from is said
    honestly and never counted against the person. `escalation` is the id an alert would get.
    """
    moment = next_moment(journey)
    if moment is None or moment > now:
        return Outcome(wakes=(Wake(KIND, journey.id, moment),))
    sorry: tuple[Tell, ...] = ()
    if off is not None and moment <= off[1] and journey.off != off:
        journey = replace(journey, off=off)
        sorry = (_were_off(journey, off),)
    if now >= journey.due_at + timedelta(minutes=journey.grace):
        return Outcome(tells=sorry) + _missed(journey, escalation)
    due = (journey.due_at + timedelta(minutes=m) for m in journey.plan.nudges)
    passed = sum(1 for at in due if at <= now)
    nudged = replace(moved(journey, Event.NUDGE), nudges=max(passed, journey.nudges + 1))
    again = to_person(nudged, Text("journey", "nudge_again"), Lane.SAFETY)
    return Outcome(
        records=(nudged,),
        tells=(*sorry, again if journey.nudges else _nudge(nudged)),
        wakes=(wake(nudged),),
        logs=(log("journey_nudged", nudged, None, due=nudged.due_at),),
    )


def _missed(journey: Journey, escalation: str) -> Outcome:
    """The grace is over: the check-in is missed, at the time it was due."""
    missed = replace(moved(journey, Event.GRACE_OVER), escalation=escalation)
    kind = "journey_missed" if missed.off is None else "journey_missed_while_off"
    return Outcome(
        records=(missed,),
        tells=() if journey.nudges else (_nudge(missed),),
        wakes=(Wake(KIND, missed.id, None),),
        logs=(log(kind, missed, None, due=missed.due_at),),
    )


def _nudge(journey: Journey) -> Tell:
    if journey.off is not None:
        return to_person(journey, Text("journey", "nudge_after_off"), Lane.SAFETY)
    return to_person(journey, Text("journey", "nudge"), Lane.SAFETY)


def ok(journey: Journey, now: datetime) -> Outcome:
    """A sign of life. Before the due time, that time stands; after it, the next one comes, or
    grace begins anew."""
    if journey.state is State.HOME:
        return Outcome(said=Message(Text("journey", "already_home")))
    if journey.state in ALERTED:
        return heard_after_alert(journey, Event.OK, now, Text("journey", "ok_after_alert"))
    heard = alive(journey, Event.OK, now)
    past = journey.due_at <= now and heard.back_at is None
    text = Text("journey", "ok_when_home") if past else Text("journey", "ok")
    return Outcome(
        records=(heard,),
        tells=(to_person(heard, text),),
        wakes=(wake(heard),),
        logs=(log("journey_ok", heard, journey.person),),
    )


def reached(journey: Journey, point: int, now: datetime) -> Outcome:
    """At a point on the way: the next one is asked for. An old button is a sign of life."""
    over = journey.state is State.HOME or journey.state in ALERTED
    if over or journey.next_point is None or point != journey.point:
        return ok(journey, now)
    heard = replace(moved(journey, Event.OK), heard_at=now, nudges=0, off=None, point=point + 1)
    there = asked_at(heard, pattern.next_check_in(heard.going, point + 1, journey.back, now))
    past = journey.back <= now
    text = Text("journey", "ok_when_home") if past else Text("journey", "ok")
    return Outcome(
        records=(there,),
        tells=(to_person(there, text),),
        wakes=(wake(there),),
        logs=(log("journey_point", there, journey.person, point=point),),
    )


def home(journey: Journey, now: datetime) -> Outcome:
    """The person is home. After an alert a human still speaks to them before it closes."""
    if journey.state is State.HOME:
        return Outcome(said=Message(Text("journey", "already_home")))
    if journey.state in ALERTED:
        return heard_after_alert(journey, Event.HOME, now, Text("journey", "home_after_alert"))
    ended = replace(moved(journey, Event.HOME), heard_at=now, ended_at=now, ended_by=journey.person)
    return Outcome(
        records=(ended,),
        tells=(to_person(ended, Text("journey", "home")),),
        wakes=(Wake(KIND, ended.id, None),),
        logs=(log("journey_home", ended, journey.person),),
    )


def help_wanted(journey: Journey, escalation: str, now: datetime) -> Outcome:
    """The person asks for help: no grace, the ladder at once (see `escalation.raise_`)."""
    if journey.state is State.HOME:
        return Outcome(said=Message(Text("journey", "help_after_home")))
    asked = replace(
        moved(journey, Event.HELP),
        heard_at=now,
        escalation=journey.escalation or escalation,
        said_home=False,
    )
    return Outcome(
        said=say(Text("journey", "what_help"), asked),
        records=(asked,),
        wakes=(Wake(KIND, asked.id, None),),
        logs=(log("journey_help", asked, journey.person),),
    )


def closed(journey: Journey, by: str, now: datetime) -> Outcome:
    """Staff have spoken to the person and closed the alert: the outing ends with it."""
    if journey.state is State.HOME:
        return Outcome()
    ended = replace(moved(journey, Event.CLOSED), ended_at=now, ended_by=by)
    return Outcome(
        records=(ended,),
        wakes=(Wake(KIND, ended.id, None),),
        logs=(log("journey_closed", ended, by),),
    )


def felt(journey: Journey, feeling: int | None) -> Outcome:
    """How it went, one to five, in the person's own view; None when they skip."""
    if journey.state not in (*ALERTED, State.HOME):
        return Outcome()
    if feeling is None:
        return Outcome(said=Message(Text("journey", "felt_skipped")))
    return Outcome(
        said=say(Text("journey", "felt"), journey),
        records=(replace(journey, feeling=feeling, version=journey.version + 1),),
    )


# --- what the rules of an outing share ----------------------------------------------------


def alive(journey: Journey, event: Event, now: datetime) -> Journey:
    """After a sign of life, before staff are asked: the time stands, or the next one comes."""
    heard = replace(moved(journey, event), heard_at=now, nudges=0, off=None)
    if journey.due_at > now:
        return heard
    return asked_at(heard, pattern.after_ok(journey.going, journey.point, journey.back, now))


def asked_at(journey: Journey, times: pattern.Times) -> Journey:
    """With another check-in to come: what was granted to the one before is over."""
    due, back = times
    return replace(journey, due_at=due, back_at=back, slack=0)


def heard_after_alert(journey: Journey, event: Event, now: datetime, text: Text) -> Outcome:
    """An answer after staff were asked: no incident, and a human still rings."""
    in_time = journey.state is not State.MISSED or journey.off is not None
    heard = replace(
        moved(journey, event),
        heard_at=now,
        late=journey.late or not in_time,
        said_home=event is Event.HOME,
    )
    kind = "journey_answered" if in_time else "journey_checked_in_late"
    return Outcome(
        records=(heard,),
        tells=(to_person(heard, text),),
        logs=(log(kind, heard, journey.person, event=event.value),),
    )


def moved(journey: Journey, event: Event) -> Journey:
    return replace(journey, state=TABLE[journey.state][event], version=journey.version + 1)


def wake(journey: Journey) -> Wake:
    return Wake(KIND, journey.id, next_moment(journey))


def say(text: Text, journey: Journey, **more: Value) -> Message:
    params: dict[str, Value] = {
        "journey": journey.id,
        "due": journey.due_at,
        "limit": journey.limit_at,
        "mark": journey.mark,
        **more,
    }
    if journey.next_point is None:
        return Message(text, params)
    params |= {"point": f"{journey.id}.{journey.point}", "at": journey.point}
    return Message(pattern.AT_POINTS.get(text, text), params)


def to_person(journey: Journey, text: Text, lane: Lane = Lane.REPLY) -> Tell:
    key = f"{journey.id}:{text.id}:{journey.version}"
    return Tell(journey.person, say(text, journey), lane, key=key)


def _were_off(journey: Journey, off: tuple[datetime, datetime]) -> Tell:
    said = Message(Text("journey", "were_off"), {"off_from": off[0], "off_to": off[1]})
    return Tell(journey.person, said, Lane.SAFETY, key=f"{journey.id}:were_off:{journey.version}")


def log(kind: str, journey: Journey, actor: str | None, **facts: Value) -> Log:
    return Log(kind, journey.person, actor, {"journey": journey.id, **facts})
