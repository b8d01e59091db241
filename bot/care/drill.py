"""Practice of a whole ladder: everybody on it is asked as in an alert, and reads that it is none.

The rules of this file: nothing starts without the person's own yes; each rung is asked once, also
when one before it has answered; a practice ends by itself, and at once when an alert stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care import escalation as alerts
from bot.care import ladder
from bot.care.escalation import Close, Escalation
from bot.care.ladder import Around
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value, Wake
from bot.care.text import Text

ASKED_FOR = timedelta(hours=24)
"""So long may the person answer whether it is a good time."""


class State(StrEnum):
    ASKED = "asked"
    RUNNING = "running"
    ENDED = "ended"
    DECLINED = "declined"


class Why(StrEnum):
    """Why a practice came to its end."""

    DONE = "done"
    STOPPED = "stopped"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Asked:
    """One who was asked in a practice, and when they answered."""

    member: str
    at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Drill:
    """`id` is that of its alert, too. `by` wanted it: the person, or one of their staff.

    `empty` counts the rungs on which nobody could be told.
    """

    id: str
    person: str
    by: str
    asked_at: datetime
    state: State = State.ASKED
    began_at: datetime | None = None
    ended_at: datetime | None = None
    why: Why | None = None
    asked: tuple[Asked, ...] = ()
    empty: int = 0

    def of(self, member: str) -> Asked | None:
        """What this member was asked in it; None when they were not."""
        return next((one for one in self.asked if one.member == member), None)


def ask(drill: Drill, open_: Drill | None) -> Outcome:
    """Staff would like to practise: the person is asked whether now is a good time."""
    if open_ is not None and open_.state is State.RUNNING:
        return Outcome(said=Message(Text("drill", "runs_already"), {"person": drill.person}))
    earlier = () if open_ is None else (replace(open_, state=State.DECLINED),)
    question = _tell(drill, drill.person, Text("drill", "please"), by=drill.by)
    return Outcome(
        said=Message(Text("drill", "asked"), {"person": drill.person}),
        records=(*earlier, drill),
        tells=(question,),
        logs=(_log("drill_asked", drill, drill.by),),
    )


def decline(drill: Drill, by: str) -> Outcome:
    """The person says not now, and gives no reason."""
    if by != drill.person or drill.state is not State.ASKED:
        return Outcome()
    declined = replace(drill, state=State.DECLINED)
    return Outcome(
        said=Message(Text("drill", "not_now_said")),
        records=(declined,),
        tells=(_tell(declined, drill.by, Text("drill", "declined"), person=drill.person),),
        logs=(_log("drill_declined", declined, by),),
    )


def waits(drill: Drill, now: datetime) -> bool:
    """Whether the person may still answer whether it is a good time."""
    return drill.state is State.ASKED and now <= drill.asked_at + ASKED_FOR


def why_not(drill: Drill, by: str, out: bool, alert: bool, now: datetime) -> Text | None:
    """Why it does not begin now; None: it may. `out`: the person is out; `alert`: one stands."""
    if not waits(drill, now) or by != drill.person:
        return Text("drill", "too_late")
    if alert:
        return Text("drill", "alert_stands")
    return Text("drill", "when_home") if out else None


def begin(drill: Drill, alert: Escalation, around: Around, now: datetime) -> Outcome:
    """The person's own press: the first rung is asked, and the ladder climbs by itself."""
    empty = sum(one.member is None and not one.elsewhere for one in around.ladder)
    running = replace(drill, state=State.RUNNING, began_at=now, empty=empty)
    begun = Outcome(
        tells=(_tell(running, running.person, Text("drill", "begun")),),
        logs=(_log("drill_begun", running, running.person),),
    )
    return begun + step(running, alert, ladder.open_(alert, around, now), now)


def step(drill: Drill, before: Escalation, climbed: Outcome, now: datetime) -> Outcome:
    """The ladder has climbed: who is new on it is asked, and nobody twice. It is over when there
    is nobody new."""
    fresh = tuple(_called(tell) for tell in climbed.tells if drill.of(tell.to) is None)
    alert = _alert(climbed, before)
    if drill.state is not State.RUNNING or alert.state is alerts.State.CLOSED:
        return Outcome(wakes=(Wake(alerts.KIND, before.id, None),))
    if not fresh and (alert.round > 0 or alert.current is None):
        return end(drill, alert, Why.DONE, now)
    known = dict.fromkeys(tell.to for tell in fresh)
    grown = replace(drill, asked=(*drill.asked, *(Asked(member, now) for member in known)))
    return replace(climbed, tells=fresh) + Outcome(records=(grown,))


def answer(drill: Drill, alert: Escalation, by: str, around: Around, now: datetime) -> Outcome:
    """They are there. Whoever comes next is asked at once, so that the whole ladder is tried."""
    asked = drill.of(by)
    if asked is None:
        return Outcome()
    if drill.state is not State.RUNNING:
        return Outcome(said=Message(Text("drill", "over")))
    if asked.answered_at is not None:
        return Outcome(said=Message(Text("drill", "thanks")))
    there = replace(asked, answered_at=now)
    known = replace(drill, asked=tuple(there if one == asked else one for one in drill.asked))
    heard = Outcome(records=(known,), logs=(_log("drill_answered", known, None, member=by),))
    if alert.acting(by) is None:
        heard += Outcome(tells=(_tell(known, by, Text("drill", "thanks")),))
    else:
        heard += Outcome(said=Message(Text("drill", "thanks")))
    if alert.current == by:
        passed = replace(ladder.pass_on(alert, by, around, now), said=None, logs=())
        heard += step(known, alert, passed, now)
    return heard


def stop(drill: Drill, alert: Escalation, by: str, now: datetime) -> Outcome:
    """The person has had enough of it."""
    if by != drill.person or drill.state is not State.RUNNING:
        return Outcome()
    return end(drill, alert, Why.STOPPED, now)


RESULTS = {
    Why.DONE: Text("drill", "result"),
    Why.STOPPED: Text("drill", "stopped"),
    Why.ALERT: Text("drill", "made_way"),
}


def end(drill: Drill, alert: Escalation, why: Why, now: datetime) -> Outcome:
    """Who answered, and after how long: for the person, for whoever wanted it, for staff asked."""
    over = replace(drill, state=State.ENDED, ended_at=now, why=why)
    closed = replace(
        alert,
        state=alerts.State.CLOSED,
        outcome=Close.SEEN_TO,
        closed_at=now,
        due_at=None,
        version=alert.version + 1,
    )
    staff = (one.member for one in over.asked if alert.acting(one.member) is None)
    hear = dict.fromkeys((over.person, over.by, *staff))
    return Outcome(
        records=(closed, over),
        tells=tuple(_tell(over, member, RESULTS[why]) for member in hear),
        wakes=(Wake(alerts.KIND, closed.id, None),),
        logs=(_log("drill_ended", over, None, why=why.value),),
    )


def only(around: Around, willing: Sequence[str]) -> Around:
    """Nobody beside the ladder, and of supporters on it those who said yes to practice."""
    there = tuple(
        one
        if one.rung.member is None or one.rung.acting in willing
        else replace(one, member=None, why_not="no_practice")
        for one in around.ladder
    )
    return replace(around, ladder=there, others=())


def _alert(outcome: Outcome, before: Escalation) -> Escalation:
    found = [record for record in outcome.records if isinstance(record, Escalation)]
    return found[-1] if found else before


def _called(tell: Tell) -> Tell:
    """A supporter is called to read it like any news, and not while it is quiet for them."""
    supporter = tell.about is not None and tell.about.acting is not None
    return replace(tell, lane=Lane.NEWS) if supporter else tell


def _tell(drill: Drill, to: str, text: Text, **more: Value) -> Tell:
    params: dict[str, Value] = {"drill": drill.id, **more}
    about = None if to == drill.person else About(drill.person, Topic.JOURNEYS, 2)
    if about is not None:
        params["person"] = drill.person
    return Tell(to, Message(text, params), Lane.REPLY, about, f"{drill.id}:{text.id}:{to}")


def _log(kind: str, drill: Drill, actor: str | None, **facts: Value) -> Log:
    return Log(kind, drill.person, actor, {"drill": drill.id, **facts})
