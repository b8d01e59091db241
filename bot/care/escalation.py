"""The ladder: who is told next, who has taken it on, and how it is closed.

The rules of this file: an alert that is not closed always has a moment at which it moves on
by itself; a rung nobody can be reached on is passed at once, and the ledger says why; only a
human closes an alert; the person is never left wondering.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value, Wake
from bot.care.plan import Ladder, Rung
from bot.care.text import Text


class Cause(StrEnum):
    MISSED = "missed"
    MISSED_WHILE_OFF = "missed_while_off"
    HELP = "help"
    EMERGENCY = "emergency"


MISSED = frozenset({Cause.MISSED, Cause.MISSED_WHILE_OFF})


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
        Event.ASK: State.HELD,
        Event.SILENT: State.OPEN,
        Event.PASS_ON: State.OPEN,
        Event.ANSWER: State.HELD,
        Event.RAISE: State.HELD,
        Event.CLOSE: State.CLOSED,
    },
    # The person has answered; somebody must still speak to them, so it stays with the
    # first who was told and is asked about until a human closes it.
    State.ANSWERED: {
        Event.ASK: State.ANSWERED,
        Event.SILENT: State.ANSWERED,
        Event.TAKE: State.HELD,
        Event.PASS_ON: State.ANSWERED,
        Event.ANSWER: State.ANSWERED,
        Event.RAISE: State.OPEN,
    },
    State.CLOSED: {},
}
"""state × event → state; a missing cell is "nothing happens"."""


class Close(StrEnum):
    SAFE_AND_WELL = "safe_and_well"
    NEEDED_HELP = "needed_help"


NOBODY_AGAIN = timedelta(minutes=1)
"""How soon a ladder on which nobody could be reached is tried again."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """`event_at` is when it was due or asked for, never when Kith noticed.

    `rung` is the rung last told and `round` how often the ladder has begun again. `told` are
    the members told so far, the first told first; `current` is the one it waits on while
    nobody holds it. `asked` counts questions and tries that had no answer.
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
    version: int = 1

    @property
    def carried_by(self) -> str | None:
        """Who is asked about it: the holder, or the first told once the person answered."""
        if self.state is State.ANSWERED:
            return self.current
        return self.holder


KIND = "escalation"
"""The kind of an escalation's deadline; its key is the escalation's id."""


@dataclass(frozen=True, slots=True)
class Around:
    """Who can be told now: the ladder as it stands, and the rest of the team's reachable staff."""

    ladder: Ladder
    others: tuple[str, ...]


def open_(fresh: Escalation, around: Around, carers: Sequence[str], now: datetime) -> Outcome:
    """Tell the first rung; for an emergency every rung. Carers are told what the gate allows."""
    begun = Outcome(
        tells=tuple(
            Tell(
                carer,
                Message(Text("news", "pointer")),
                Lane.NEWS,
                About(fresh.person, Topic.JOURNEYS, 1),
                f"{fresh.id}:carer:{carer}",
            )
            for carer in carers
        ),
        logs=(_log("escalation_opened", fresh, None, cause=fresh.cause.value),),
    )
    if fresh.cause is Cause.EMERGENCY:
        return begun + _tell_all(fresh, around, now)
    return begun + _climb(fresh, around, now, Text("escalation", "asked_to_ring"))


def tick(escalation: Escalation, around: Around, now: datetime) -> Outcome:
    """What the time that has passed calls for: the next rung, or a question to the holder."""
    due = escalation.due_at
    if escalation.state is State.CLOSED or due is None:
        return Outcome(wakes=(Wake(KIND, escalation.id, None),))
    if due > now:
        return Outcome(wakes=(Wake(KIND, escalation.id, due),))
    if escalation.state is State.OPEN:
        climbing = _moved(escalation, Event.CLIMB)
        return _climb(climbing, around, now, Text("escalation", "asking_next"))
    carrier = escalation.carried_by
    if carrier is not None and escalation.asked == 0:
        return _ask(escalation, carrier, now)
    return _silent(escalation, carrier, around, now)


def take(escalation: Escalation, by: str, now: datetime) -> Outcome:
    """The first to press has it; everyone else who was told learns who."""
    if escalation.state is State.CLOSED:
        return Outcome(said=_closed_already(escalation))
    if escalation.holder == by:
        return Outcome(said=_message(Text("escalation", "yours"), escalation))
    if escalation.holder is not None:
        return Outcome(said=_held_already(escalation))
    held = replace(
        _moved(escalation, Event.TAKE),
        holder=by,
        held_at=now,
        current=None,
        asked=0,
        told=(*escalation.told, *(() if by in escalation.told else (by,))),
        due_at=now + timedelta(minutes=escalation.ask_again),
    )
    has_it = Text("escalation", "has_it")
    return Outcome(
        records=(held,),
        tells=(
            _to_staff(held, by, Text("escalation", "yours"), Lane.REPLY),
            *(_to_staff(held, m, has_it) for m in held.told if m != by),
            _to_person(held, Text("escalation", "seen_by"), by),
        ),
        wakes=(_wake(held),),
        logs=(_log("escalation_taken", held, by),),
    )


def pass_on(escalation: Escalation, by: str, around: Around, now: datetime) -> Outcome:
    """To the next rung at once. Only whoever holds it, or is being asked, can pass it on."""
    if escalation.state is State.CLOSED:
        return Outcome(said=_closed_already(escalation))
    if escalation.holder is not None and escalation.holder != by:
        return Outcome(said=_held_already(escalation))
    if escalation.holder is None and escalation.current != by:
        return Outcome(said=_message(Text("escalation", "passed_already"), escalation))
    passed = replace(_moved(escalation, Event.PASS_ON), holder=None, held_at=None, asked=0)
    said = Outcome(
        said=_message(Text("escalation", "passed_on"), passed),
        logs=(_log("escalation_passed_on", passed, by),),
    )
    return said + _climb(passed, around, now, Text("escalation", "asking_now"), besides=by)


def not_reached(escalation: Escalation, by: str, now: datetime) -> Outcome:
    """Still open, asked again later; the holder gets what a 101 or 999 call would need."""
    if escalation.state is State.CLOSED:
        return Outcome(said=_closed_already(escalation))
    if escalation.holder != by:
        return Outcome(said=_held_already(escalation))
    again = replace(
        escalation,
        asked=0,
        due_at=now + timedelta(minutes=escalation.ask_again),
        version=escalation.version + 1,
    )
    summary = _message(Text("escalation", "call_summary"), again, police=again.police_at)
    return Outcome(
        records=(again,),
        tells=(
            Tell(by, summary, Lane.REPLY, _about(again), f"{again.id}:summary:{again.version}"),
        ),
        wakes=(_wake(again),),
        logs=(_log("escalation_not_reached", again, by),),
    )


def close(escalation: Escalation, by: str, outcome: Close, now: datetime) -> Outcome:
    """A human has spoken to the person and says how it ended."""
    if escalation.state is State.CLOSED:
        return Outcome(said=_closed_already(escalation))
    if escalation.holder != by:
        return Outcome(said=_held_already(escalation))
    done = replace(
        _moved(escalation, Event.CLOSE),
        outcome=outcome,
        closed_at=now,
        closed_by=by,
        due_at=None,
    )
    closed_text = Text("escalation", "closed_by")
    return Outcome(
        said=_message(Text("escalation", "closed"), done),
        records=(done,),
        tells=(
            *(_to_staff(done, m, closed_text, Lane.REPLY) for m in done.told if m != by),
            _to_person(done, Text("escalation", "finished"), by),
        ),
        wakes=(Wake(KIND, done.id, None),),
        logs=(_log("escalation_closed", done, by, outcome=outcome.value),),
    )


def answered(escalation: Escalation, now: datetime, *, home: bool) -> Outcome:
    """The person was heard from. A missed check-in stops climbing; a call for help does not."""
    if escalation.state is State.CLOSED:
        return Outcome()
    text = Text("escalation", "person_home") if home else Text("escalation", "person_ok")
    told = escalation.told
    if escalation.cause not in MISSED or escalation.state is State.HELD:
        heard = replace(escalation, answered_at=now, version=escalation.version + 1)
        wakes: tuple[Wake, ...] = ()
    else:
        heard = replace(
            _moved(escalation, Event.ANSWER),
            answered_at=now,
            current=escalation.current if escalation.answered_at else next(iter(told), None),
            asked=0,
            due_at=now + timedelta(minutes=escalation.ask_again),
        )
        wakes = (_wake(heard),)
    return Outcome(
        records=(heard,),
        tells=tuple(_to_staff(heard, m, text) for m in heard.told),
        wakes=wakes,
        logs=(_log("escalation_answered", heard, heard.person),),
    )


def raise_(escalation: Escalation, cause: Cause, around: Around, now: datetime) -> Outcome:
    """The person asks for help while an alert stands: the ladder begins anew, at once.

    Whoever holds it keeps it, and is told; an emergency is told to every rung.
    """
    raised = replace(
        _moved(escalation, Event.RAISE),
        cause=cause,
        event_at=now,
        asked=0,
        rung=-1,
    )
    log = Outcome(logs=(_log("escalation_raised", raised, raised.person, cause=cause.value),))
    if cause is Cause.EMERGENCY:
        return log + _tell_all(raised, around, now)
    if raised.holder is None:
        return log + _climb(raised, around, now, Text("escalation", "asked_to_ring"))
    held = replace(raised, due_at=now + timedelta(minutes=_wait(raised)))
    return log + Outcome(
        records=(held,),
        tells=(
            _to_staff(held, raised.holder, Text("escalation", "alert_help")),
            _to_person(held, Text("escalation", "asked_to_ring"), raised.holder),
        ),
        wakes=(_wake(held),),
    )


def needs(escalation: Escalation, need: Need) -> Outcome:
    """The person says what they need: all who were told hear it, and so does every later rung."""
    if escalation.state is State.CLOSED:
        return Outcome()
    known = replace(escalation, need=need, version=escalation.version + 1)
    return Outcome(
        records=(known,),
        tells=(
            *(_to_staff(known, member, _alert(known)) for member in known.told),
            _receipt(known, _NEED_HEARD[need]),
        ),
        logs=(_log("escalation_need", known, known.person, need=need.value),),
    )


def mistake(escalation: Escalation) -> Outcome:
    """ "I pressed it by mistake": staff are told, and nothing closes; anyone may hold the phone."""
    if escalation.state is State.CLOSED:
        return Outcome()
    said = replace(escalation, version=escalation.version + 1)
    text = Text("escalation", "mistake")
    return Outcome(
        records=(said,),
        tells=(
            *(_to_staff(said, member, text) for member in said.told),
            _receipt(said, Text("journey", "mistake_said")),
        ),
        logs=(_log("escalation_mistake", said, said.person),),
    )


def unreachable(escalation: Escalation, member: str, around: Around, now: datetime) -> Outcome:
    """Telegram will not deliver to this member: if the alert waits on them, it moves at once."""
    waits_on_them = member in (escalation.holder, escalation.current)
    if escalation.state is State.CLOSED or not waits_on_them:
        return Outcome()
    event = Event.CLIMB if escalation.state is State.OPEN else Event.SILENT
    freed = replace(_moved(escalation, event), holder=None, held_at=None, asked=0)
    log = Outcome(logs=(_log("rung_unreachable", freed, None, member=member),))
    asking = Text("escalation", "asking_now")
    return log + _climb(freed, around, now, asking, besides=member)


def practice(to: str, by: str, nonce: str) -> Outcome:
    """A practice alert, marked as one, by the same lane as a real one."""
    alert = Message(Text("escalation", "practice"), {"by": by})
    return Outcome(
        said=Message(Text("escalation", "practice_sent"), {"member": to}),
        tells=(Tell(to, alert, Lane.SAFETY, key=f"practice:{nonce}"),),
        logs=(Log("practice_alert", None, by, {"member": to}),),
    )


def practised(asked_by: str, by: str, nonce: str) -> Outcome:
    """The practice alert was seen and answered."""
    told = Message(Text("escalation", "practice_seen"), {"member": by})
    tells = (Tell(asked_by, told, Lane.REPLY, key=f"practised:{nonce}"),) if by != asked_by else ()
    return Outcome(
        said=Message(Text("escalation", "practice_done")),
        tells=tells,
        logs=(Log("practice_alert_seen", None, by, {"by": asked_by}),),
    )


# --- the steps the rules share ------------------------------------------------------------


def _climb(
    escalation: Escalation, around: Around, now: datetime, said: Text, besides: str | None = None
) -> Outcome:
    """Tell the next rung on which somebody can be reached; past the last, begin again.

    `said` tells the person what is happening.
    """
    skipped: list[Log] = []
    count = len(around.ladder)
    for step in range(1, count + 1):
        at = escalation.rung + step
        standing = around.ladder[at % count]
        if standing.member is None or standing.member == besides:
            why = standing.why_not or "just_passed_on"
            skipped.append(_log("rung_skipped", escalation, None, rung=at % count, why=why))
            continue
        return _tell_rung(escalation, standing.member, at, said, now) + Outcome(logs=tuple(skipped))
    return _nobody(escalation, around, now) + Outcome(logs=tuple(skipped))


def _tell_rung(escalation: Escalation, member: str, at: int, said: Text, now: datetime) -> Outcome:
    count = len(escalation.rungs)
    before = escalation.current
    told = replace(
        escalation,
        rung=at % count,
        round=escalation.round + at // count,
        told=_also(escalation.told, member),
        current=member,
        asked=0,
        due_at=now + timedelta(minutes=escalation.rungs[at % count].wait),
        version=escalation.version + 1,
    )
    if told.state is State.ANSWERED:
        return _told(told, (_to_staff(told, member, Text("escalation", "please_speak")),))
    if said.id == "asking_next" and before in (None, member):
        said = Text("escalation", "asking_now")
    person = _to_person(told, said, member, before)
    return _told(told, (_to_staff(told, member, _alert(told)), person))


def _also(told: tuple[str, ...], *members: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*told, *members)))


def _tell_all(escalation: Escalation, around: Around, now: datetime) -> Outcome:
    """An emergency: every rung that can be reached, at once; then the ladder goes round."""
    members = tuple(dict.fromkeys(s.member for s in around.ladder if s.member is not None))
    if not members:
        return _nobody(escalation, around, now)
    told = replace(
        escalation,
        told=_also(escalation.told, *members),
        current=members[0] if escalation.holder is None else None,
        rung=-1,
        due_at=now + timedelta(minutes=_wait(escalation)),
        version=escalation.version + 1,
    )
    return _told(
        told,
        (
            *(_to_staff(told, m, Text("escalation", "alert_emergency")) for m in members),
            Tell(
                told.person,
                _message(Text("escalation", "ring_999"), told),
                Lane.SAFETY,
                key=f"{told.id}:999:{told.version}",
            ),
        ),
    )


def _nobody(escalation: Escalation, around: Around, now: datetime) -> Outcome:
    """No rung can be reached: everyone else of the team is told, every ten tries again."""
    again = escalation.asked % 10 == 0
    told = replace(
        escalation,
        told=_also(escalation.told, *around.others),
        current=None,
        asked=escalation.asked + 1,
        due_at=now + NOBODY_AGAIN,
        version=escalation.version + 1,
    )
    tells: tuple[Tell, ...] = ()
    if again:
        alert = Text("escalation", "alert_nobody")
        tells = (
            *(_to_staff(told, member, alert) for member in around.others),
            Tell(
                told.person,
                _message(Text("escalation", "nobody_yet"), told),
                Lane.SAFETY,
                key=f"{told.id}:nobody_yet:{told.version}",
            ),
        )
    return _told(told, tells) + Outcome(logs=(_log("nobody_reachable", told, None),))


def _told(escalation: Escalation, tells: tuple[Tell, ...]) -> Outcome:
    log = _log("escalation_told", escalation, None, rung=escalation.rung, round=escalation.round)
    return Outcome(records=(escalation,), tells=tells, wakes=(_wake(escalation),), logs=(log,))


def _ask(escalation: Escalation, carrier: str, now: datetime) -> Outcome:
    """Ask whoever carries it how it is going."""
    asked = replace(
        _moved(escalation, Event.ASK),
        asked=1,
        due_at=now + timedelta(minutes=_wait(escalation)),
    )
    text = (
        Text("escalation", "please_speak")
        if asked.state is State.ANSWERED
        else Text("escalation", "how_is_it")
    )
    return Outcome(
        records=(asked,),
        tells=(_to_staff(asked, carrier, text),),
        wakes=(_wake(asked),),
        logs=(_log("escalation_asked", asked, None, member=carrier),),
    )


def _silent(escalation: Escalation, carrier: str | None, around: Around, now: datetime) -> Outcome:
    """Whoever carried it did not answer: the next rung, and they are told so."""
    freed = replace(_moved(escalation, Event.SILENT), holder=None, held_at=None)
    freed = replace(freed, current=carrier, asked=escalation.asked if carrier is None else 0)
    moved = _climb(freed, around, now, Text("escalation", "asking_next"), besides=carrier)
    if carrier is None:
        return moved
    after = moved.records[-1]
    assert isinstance(after, Escalation)
    told = _to_staff(after, carrier, Text("escalation", "moved_on"))
    log = _log("escalation_silent", freed, None, member=carrier)
    return moved + Outcome(tells=(told,), logs=(log,))


_ALERTS = {
    None: Text("escalation", "alert_help"),
    Need.RING_ME: Text("escalation", "alert_ring_me"),
    Need.LOST: Text("escalation", "alert_lost"),
    Need.UPSET: Text("escalation", "alert_upset"),
}


_NEED_HEARD = {
    Need.RING_ME: Text("journey", "ring_me_said"),
    Need.LOST: Text("journey", "lost_said"),
    Need.UPSET: Text("journey", "upset_said"),
}


def _alert(escalation: Escalation) -> Text:
    match escalation.cause:
        case Cause.MISSED:
            return Text("escalation", "alert_missed")
        case Cause.MISSED_WHILE_OFF:
            return Text("escalation", "alert_missed_off")
        case Cause.EMERGENCY:
            return Text("escalation", "alert_emergency")
        case Cause.HELP:
            return _ALERTS[escalation.need]


def _wait(escalation: Escalation) -> int:
    return escalation.rungs[max(escalation.rung, 0)].wait


def _moved(escalation: Escalation, event: Event) -> Escalation:
    state = TABLE[escalation.state][event]
    return replace(escalation, state=state, version=escalation.version + 1)


def _wake(escalation: Escalation) -> Wake:
    return Wake(KIND, escalation.id, escalation.due_at)


def _about(escalation: Escalation) -> About:
    return About(escalation.person, Topic.JOURNEYS, 3)


def _message(text: Text, escalation: Escalation, **more: Value) -> Message:
    params: dict[str, Value] = {
        "escalation": escalation.id,
        "version": escalation.version,
        "person": escalation.person,
        "journey": escalation.subject,
        "event": escalation.event_at,
        **more,
    }
    if escalation.holder is not None:
        params["holder"] = escalation.holder
    if escalation.held_at is not None:
        params["since"] = escalation.held_at
    return Message(text, params)


def _to_staff(escalation: Escalation, member: str, text: Text, lane: Lane = Lane.SAFETY) -> Tell:
    key = f"{escalation.id}:{text.id}:{escalation.version}:{member}"
    return Tell(member, _message(text, escalation), lane, _about(escalation), key)


def _to_person(escalation: Escalation, text: Text, member: str, before: str | None = None) -> Tell:
    more: dict[str, Value] = {"member": member}
    if before is not None and before != member:
        more["before"] = before
    key = f"{escalation.id}:{text.id}:{escalation.version}:person"
    return Tell(escalation.person, _message(text, escalation, **more), Lane.SAFETY, key=key)


def _receipt(escalation: Escalation, text: Text) -> Tell:
    key = f"{escalation.id}:{text.id}:{escalation.version}:person"
    return Tell(escalation.person, Message(text), Lane.REPLY, key=key)


def _held_already(escalation: Escalation) -> Message:
    text = (
        Text("escalation", "held_already")
        if escalation.holder is not None
        else Text("escalation", "take_it_first")
    )
    return _message(text, escalation)


def _closed_already(escalation: Escalation) -> Message:
    assert escalation.closed_by is not None
    return _message(Text("escalation", "closed_already"), escalation, by=escalation.closed_by)


def _log(kind: str, escalation: Escalation, actor: str | None, **facts: Value) -> Log:
    return Log(kind, escalation.person, actor, {"escalation": escalation.id, **facts})
