"""An alert about a person: who was told, who has taken it on, and how it is closed.

The rules of this file: the first to press has it; only a human closes it, once they have
spoken to the person; whatever is pressed gets an answer. How it climbs is `ladder`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care.for_supporters import FOR_SUPPORTERS
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value, Wake
from bot.care.plan import Rung
from bot.care.spoken import (
    CALL,
    CONCERN,
    DRILL,
    DURESS,
    EARLY_SIGN,
    HANDOVER,
    OUTING,
    SIGN,
    UNREAD,
    Spoken,
)
from bot.care.text import Text


class Cause(StrEnum):
    """Why it stands; a later one is graver."""

    DRILL = "drill"
    HANDOVER = "handover"
    UNREAD = "unread"
    EARLY_SIGN = "early_sign"
    SIGN = "sign"
    CONCERN = "concern"
    CALL = "call"
    DURESS = "duress"
    DURESS_NOW = "duress_now"
    MISSED = "missed"
    MISSED_WHILE_OFF = "missed_while_off"
    HELP = "help"
    EMERGENCY = "emergency"


MISSED = frozenset({Cause.MISSED, Cause.MISSED_WHILE_OFF})
AT_ONCE = frozenset({Cause.EMERGENCY, Cause.DURESS_NOW})
"""These are told to every rung at once."""

SPOKEN = {
    Cause.DRILL: DRILL,
    Cause.HANDOVER: HANDOVER,
    Cause.UNREAD: UNREAD,
    Cause.EARLY_SIGN: EARLY_SIGN,
    Cause.SIGN: SIGN,
    Cause.CONCERN: CONCERN,
    Cause.CALL: CALL,
    Cause.DURESS: DURESS,
    Cause.DURESS_NOW: DURESS,
}
"""How those speak that are about no outing."""


class State(StrEnum):
    OPEN = "open"
    HELD = "held"
    ANSWERED = "answered"
    CLOSED = "closed"


class Need(StrEnum):
    """What the person said they need, after asking for help."""

    RING_ME = "ring_me"
    LOST = "lost"
    UPSET = "upset"


class Event(StrEnum):
    CLIMB = "climb"
    TAKE = "take"
    PASS_ON = "pass_on"
    ASK = "ask"
    SILENT = "silent"
    ANSWER = "answer"
    RAISE = "raise"
    CLOSE = "close"


TABLE: dict[State, dict[Event, State]] = {
    State.OPEN: {
        Event.CLIMB: State.OPEN,
        Event.TAKE: State.HELD,
        Event.PASS_ON: State.OPEN,
        Event.ANSWER: State.ANSWERED,
        Event.RAISE: State.OPEN,
    },
    State.HELD: {
        Event.TAKE: State.HELD,  # staff, from a supporter
        Event.ASK: State.HELD,
        Event.SILENT: State.OPEN,
        Event.PASS_ON: State.OPEN,
        Event.ANSWER: State.ANSWERED,
        Event.RAISE: State.HELD,
        Event.CLOSE: State.CLOSED,
    },
    # The person has answered a missed check-in; somebody must still speak to them. It stays
    # with its holder, or with the first who was told, and is asked about until a human closes it.
    State.ANSWERED: {
        Event.ASK: State.ANSWERED,
        Event.SILENT: State.ANSWERED,
        Event.TAKE: State.ANSWERED,
        Event.PASS_ON: State.ANSWERED,
        Event.ANSWER: State.ANSWERED,
        Event.RAISE: State.OPEN,
        Event.CLOSE: State.CLOSED,
    },
    State.CLOSED: {},
}
"""state × event → state; a missing cell is "nothing happens"."""


class Close(StrEnum):
    SAFE_AND_WELL = "safe_and_well"
    NEEDED_HELP = "needed_help"
    USEFUL = "useful"
    TOO_SOON = "too_soon"
    TOO_LATE = "too_late"
    NOT_ABOUT_THIS = "not_about_this"
    SEEN_TO = "seen_to"


OF_OUTINGS = (Close.SAFE_AND_WELL, Close.NEEDED_HELP)
OF_SIGNS = (Close.USEFUL, Close.TOO_SOON, Close.TOO_LATE, Close.NOT_ABOUT_THIS)

CLOSES: dict[Cause, tuple[Close, ...]] = {
    Cause.DRILL: (),  # it ends by itself
    Cause.HANDOVER: (Close.SEEN_TO,),
    Cause.UNREAD: (Close.SEEN_TO,),
    Cause.EARLY_SIGN: OF_SIGNS,
    Cause.SIGN: OF_SIGNS,
    Cause.CONCERN: (Close.SEEN_TO,),
    Cause.CALL: OF_OUTINGS,
    Cause.DURESS: (Close.SEEN_TO,),
    Cause.DURESS_NOW: (Close.SEEN_TO,),
}
"""How one may end that is about no outing."""


AGAIN = timedelta(minutes=1)
"""The same word of the person's pressed again within it is answered, and not told twice."""


def just_now(then: datetime | None, now: datetime) -> bool:
    """Within `AGAIN`. What lies further ahead is of a clock that has been set back since: nobody
    knows how long ago it was."""
    return then is not None and abs(now - then) < AGAIN


@dataclass(frozen=True, slots=True)
class Escalation:
    """`event_at` is when it was due, asked for or reported, never when Kith noticed.

    `rung` is the rung last told and `round` how often the ladder has begun again. `told` are
    the members told so far, the first told first; `current` is the one it waits on while
    nobody holds it. `asked` counts what had no answer: questions, or rungs not reached in a row.
    `police_told_by`: who of staff has rung 101 or 999 about it. `lost`: the person has said so,
    whatever they said after it.
    """

    id: str
    person: str
    team: str
    cause: Cause
    subject: str
    state: State
    event_at: datetime
    opened_at: datetime
    rungs: tuple[Rung, ...]
    ask_again: int
    police_at: datetime
    rung: int = -1
    round: int = 0
    told: tuple[str, ...] = ()
    current: str | None = None
    need: Need | None = None
    holder: str | None = None
    held_at: datetime | None = None
    asked: int = 0
    answered_at: datetime | None = None
    due_at: datetime | None = None
    outcome: Close | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    police_told_at: datetime | None = None
    police_told_by: str | None = None
    lost: bool = False
    version: int = 1

    @property
    def carried_by(self) -> str | None:
        """Who is asked about it: the holder, or whom it waits on once the person answered."""
        if self.state is State.ANSWERED:
            return self.holder or self.current
        return self.holder

    @property
    def spoken(self) -> Spoken:
        """What it speaks of, to whom, in which words."""
        return SPOKEN.get(self.cause, OUTING)

    def acting(self, member: str) -> str | None:
        """The place in the person's circle of a supporter who is a rung; None of staff."""
        places = (rung.acting for rung in self.rungs if rung.member == member)
        return next((place for place in places if place is not None), None)


ALERTS = {
    None: Text("escalation", "alert_help"),
    Need.RING_ME: Text("escalation", "alert_ring_me"),
    Need.LOST: Text("escalation", "alert_lost"),
    Need.UPSET: Text("escalation", "alert_upset"),
}
"""A call for help, by what the person said they need."""


HELP = Text("escalation", "supporter_help")
"""What a supporter hears of whatever has no words of its own for them."""

KIND = "escalation"
"""The kind of an escalation's deadline; its key is the escalation's id."""


def take(escalation: Escalation, by: str, now: datetime, keepers: Sequence[str] = ()) -> Outcome:
    """The first to press has it; everyone else who was told learns who.

    Staff who have it and press again are still there: they are asked later. When a supporter has
    it, `keepers` of the team learn of it, told before or not; any of staff may take it from them,
    and the next rung is asked no later than it would have been.
    """
    if escalation.state is State.CLOSED:
        return Outcome(said=_closed_already(escalation, by))
    if escalation.holder not in (None, by) and not _gives_way(escalation, by):
        return Outcome(said=_held_already(escalation, by))
    supporter = escalation.acting(by) is not None
    if escalation.holder == by and supporter:
        return Outcome(said=answer(Text("escalation", "yours"), escalation, by))
    due = now + timedelta(minutes=escalation.ask_again)
    if supporter and escalation.due_at is not None:
        due = min(due, escalation.due_at)
    if escalation.holder == by:
        still = replace(escalation, asked=0, due_at=due, version=escalation.version + 1)
        return Outcome(
            said=message(Text("escalation", "yours"), still),
            records=(still,),
            wakes=(wake(still),),
            logs=(log("escalation_still_held", still, by),),
        )
    held = replace(
        moved(escalation, Event.TAKE),
        holder=by,
        held_at=now,
        current=None,
        asked=0,
        told=also(escalation.told, by, *keepers),
        due_at=due,
    )
    has_it = Text("escalation", "supporter_took") if supporter else Text("escalation", "has_it")
    return Outcome(
        records=(held,),
        tells=(
            to_told(held, by, Text("escalation", "yours"), Lane.REPLY),
            *(to_told(held, member, has_it) for member in held.told if member != by),
            *to_person(held, Text("escalation", "seen_by"), member=by),
        ),
        wakes=(wake(held),),
        logs=(log("escalation_taken", held, by),),
    )


def _gives_way(escalation: Escalation, by: str) -> bool:
    """Whether a supporter has it, and staff ask for it."""
    holder = escalation.holder
    supported = holder is not None and escalation.acting(holder) is not None
    return supported and escalation.acting(by) is None


def not_reached(escalation: Escalation, by: str, now: datetime) -> Outcome:
    """Still open, asked again later; the holder gets what a 101 or 999 call would need."""
    not_theirs = refused(escalation, by)
    if not_theirs is not None:
        return Outcome(said=not_theirs)
    again = replace(
        escalation,
        asked=0,
        due_at=now + timedelta(minutes=escalation.ask_again),
        version=escalation.version + 1,
    )
    call = for_a_call(again, by)
    summary = message(Text("escalation", "call_summary"), again, police=again.police_at, call=call)
    key = f"{again.id}:summary:{again.version}"
    return Outcome(
        records=(again,),
        tells=(Tell(by, summary, Lane.REPLY, about(again), key),),
        wakes=(wake(again),),
        logs=(log("escalation_not_reached", again, by),),
    )


def close(escalation: Escalation, by: str, outcome: Close, now: datetime) -> Outcome:
    """A human has seen to it, of an outing spoken to the person, and says how it ended."""
    if outcome not in CLOSES.get(escalation.cause, OF_OUTINGS):
        return Outcome()
    not_theirs = refused(escalation, by)
    if not_theirs is not None:
        return Outcome(said=not_theirs)
    done = replace(
        moved(escalation, Event.CLOSE),
        outcome=outcome,
        closed_at=now,
        closed_by=by,
        due_at=None,
    )
    closed_by = Text("escalation", "closed_by")
    return Outcome(
        said=message(Text("escalation", "closed"), done),
        records=(done,),
        tells=(
            *(
                replace(
                    to_told(done, member, closed_by, Lane.REPLY, by=by),
                    key=f"{done.id}:closed_by:{member}",
                )
                for member in done.told
                if member != by
            ),
            *to_person(done, Text("escalation", "finished"), member=by),
        ),
        wakes=(Wake(KIND, done.id, None),),
        logs=(log("escalation_closed", done, by, outcome=outcome.value),),
    )


# --- what the rules of an alert share -----------------------------------------------------


def for_a_call(escalation: Escalation, by: str) -> str:
    """Who would ring 101 or 999 about which alert: what they may be told is asked when it goes."""
    return f"{escalation.id}:{by}"


def refused(escalation: Escalation, by: str) -> Message | None:
    """Why `by` may not say how it is: it is closed, or not theirs. None: it is theirs."""
    if escalation.state is State.CLOSED:
        return _closed_already(escalation, by)
    return None if escalation.holder == by else _held_already(escalation, by)


def moved(escalation: Escalation, event: Event) -> Escalation:
    state = TABLE[escalation.state][event]
    return replace(escalation, state=state, version=escalation.version + 1)


def also(told: tuple[str, ...], *members: str) -> tuple[str, ...]:
    """With these told, too; the first told stays first."""
    return tuple(dict.fromkeys((*told, *members)))


def wake(escalation: Escalation) -> Wake:
    return Wake(KIND, escalation.id, escalation.due_at)


def about(escalation: Escalation, acting: str | None = None) -> About:
    """Staff hear it as their work; a supporter through their place, as little as can be."""
    if acting is None:
        return About(escalation.person, escalation.spoken.topic, 3)
    return About(escalation.person, Topic.JOURNEYS, 1, acting, None, escalation.event_at)


def message(text: Text, escalation: Escalation, **more: Value) -> Message:
    spoken = escalation.spoken
    params: dict[str, Value] = {
        "escalation": escalation.id,
        "person": escalation.person,
        spoken.param: escalation.subject,
        "event": escalation.event_at,
        **more,
    }
    if escalation.holder is not None:
        params["holder"] = escalation.holder
    if escalation.held_at is not None:
        params["since"] = escalation.held_at
    return Message(spoken.words.get(text, text), params)


def answer(text: Text, escalation: Escalation, member: str, **more: Value) -> Message:
    """What staff read; or what a supporter does in its place, which names nothing but whom."""
    if escalation.acting(member) is None:
        return message(text, escalation, **more)
    instead = escalation.spoken.supporters.get(text) or FOR_SUPPORTERS.get(text, HELP)
    of = {"person": escalation.person, "alias": escalation.person}
    return Message(instead, {"escalation": escalation.id, **of})


def to_told(
    escalation: Escalation, member: str, text: Text, lane: Lane = Lane.SAFETY, **more: Value
) -> Tell:
    """To one who is asked or was told: each of staff, and a supporter who is a rung."""
    key = f"{escalation.id}:{text.id}:{escalation.version}:{member}"
    said = answer(text, escalation, member, **more)
    lane = max(lane, escalation.spoken.lane)
    return Tell(member, said, lane, about(escalation, escalation.acting(member)), key)


def to_person(escalation: Escalation, text: Text, **more: str) -> tuple[Tell, ...]:
    """The person hears how it goes; of what somebody else has said they hear nothing."""
    if not escalation.spoken.person:
        return ()
    key = f"{escalation.id}:{text.id}:{escalation.version}:person"
    said = message(text, escalation, **more)
    return (Tell(escalation.person, said, Lane.SAFETY, key=key),)


def log(kind: str, escalation: Escalation, actor: str | None, **facts: Value) -> Log:
    person = escalation.person if escalation.spoken.person else None  # they may read their lines
    return Log(kind, person, actor, {"escalation": escalation.id, **facts})


def _held_already(escalation: Escalation, by: str) -> Message:
    text = (
        Text("escalation", "held_already")
        if escalation.holder is not None
        else Text("escalation", "take_it_first")
    )
    return answer(text, escalation, by)


def _closed_already(escalation: Escalation, by: str) -> Message:
    if escalation.closed_by is None:  # a hand-over, of an outing that has ended
        return answer(Text("escalation", "closed_alone"), escalation, by)
    text = Text("escalation", "closed_already")
    return answer(text, escalation, by, by=escalation.closed_by)
