"""What the person says while an alert stands: heard by everyone who was told, ending nothing.

Anyone could be holding the phone: no word of theirs closes an alert, nor puts off when staff
are asked.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.care.escalation import (
    ALERTS,
    MISSED,
    Cause,
    Escalation,
    Event,
    Need,
    State,
    just_now,
    log,
    moved,
    to_told,
    wake,
)
from bot.care.outcome import Lane, Message, Outcome, Tell, Value
from bot.care.text import Text

_NEED_HEARD = {
    Need.RING_ME: Text("journey", "ring_me_said"),
    Need.LOST: Text("journey", "lost_said"),
    Need.UPSET: Text("journey", "upset_said"),
}


def answered(escalation: Escalation, now: datetime, *, home: bool) -> Outcome:
    """The person was heard from. A missed check-in stops climbing; a call for help does not."""
    if escalation.state is State.CLOSED:
        return Outcome()
    before = escalation.answered_at
    if escalation.cause not in MISSED:
        heard = replace(escalation, answered_at=now, version=escalation.version + 1)
    else:
        heard = replace(moved(escalation, Event.ANSWER), answered_at=now)
    if escalation.state is State.OPEN and heard.state is State.ANSWERED:
        heard = replace(
            heard,
            current=_first_told(heard),
            asked=0,
            due_at=now + timedelta(minutes=heard.ask_again),
        )
    if home:
        text = Text("escalation", "person_home")
    elif heard.cause is Cause.MISSED:
        text = Text("escalation", "person_ok")
    else:
        text = Text("escalation", "person_answered")
    told_already = just_now(before, now) and not home
    return Outcome(
        records=(heard,),
        tells=() if told_already else tuple(to_told(heard, m, text) for m in heard.told),
        wakes=(wake(heard),),
        logs=(log("escalation_answered", heard, heard.person),),
    )


def _first_told(escalation: Escalation) -> str | None:
    """Who is to speak with the person: staff before a supporter."""
    staff = (member for member in escalation.told if escalation.acting(member) is None)
    return next(staff, next(iter(escalation.told), None))


def needs(escalation: Escalation, need: Need, *, place: bool = False) -> Outcome:
    """The person says what they need: all who were told hear it, and so does every later rung.
    `place`: whoever is lost is shown one where it is safe, and is not told to stay besides."""
    if escalation.state is State.CLOSED:
        return Outcome()
    lost = escalation.lost or need is Need.LOST
    known = replace(escalation, need=need, lost=lost, version=escalation.version + 1)
    heard = _NEED_HEARD[need]
    if need is Need.LOST and place:
        heard = Text("journey", "lost_go")
    return _word(known, ALERTS[need], heard, "escalation_need", need=need.value)


def mistake(escalation: Escalation) -> Outcome:
    """ "I pressed it by mistake": staff are told, and nothing closes; anyone may hold the phone."""
    if escalation.state is State.CLOSED:
        return Outcome()
    said = replace(escalation, version=escalation.version + 1)
    heard = Text("journey", "mistake_said")
    return _word(said, Text("escalation", "mistake"), heard, "escalation_mistake")


def _word(
    escalation: Escalation, to_team: Text, receipt: Text, kind: str, **facts: Value
) -> Outcome:
    """A word of the person's for everyone who was told; the receipt never claims too much."""
    if not escalation.told:
        receipt = Text("escalation", "nobody_at_all")
    key = f"{escalation.id}:{receipt.id}:{escalation.version}:person"
    return Outcome(
        records=(escalation,),
        tells=(
            *(to_told(escalation, member, to_team) for member in escalation.told),
            Tell(escalation.person, Message(receipt), Lane.REPLY, key=key),
        ),
        logs=(log(kind, escalation, escalation.person, **facts),),
    )
