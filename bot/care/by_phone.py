"""By phone: somebody rings their team, and staff write down what they say, in their place.

The same times and the same ladder hold. It is marked as theirs: in the ledger, to whoever was
told of an alert, and to the person. What somebody without an account is asked, staff ask them, and
write down what they answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.care.circle import Member, Membership, Support
from bot.care.escalation import Escalation, to_told
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value
from bot.care.text import Text


class Said(StrEnum):
    """What they rang to say; kept, never renamed."""

    GOING_OUT = "going_out"
    OK = "ok"
    POINT = "point"
    LATE = "late"
    LONGER = "longer"
    PAUSE = "pause"
    SLOW = "slow"
    PHONE = "phone"
    HOME = "home"
    HELP = "help"
    RING_ME = "ring_me"
    LOST = "lost"
    UPSET = "upset"
    EMERGENCY = "emergency"
    FELT = "felt"


FOR_HELP = (Said.HELP, Said.RING_ME, Said.LOST, Said.UPSET, Said.EMERGENCY)


class Asks(StrEnum):
    """What somebody without an account is asked by staff; kept, never renamed."""

    PLAN = "plan"
    STEP = "step"
    STEPPED = "stepped"  # more support at once, of which they hear now
    DRILL = "drill"
    REGULAR = "regular"


@dataclass(frozen=True, slots=True)
class Question:
    """`of` is the id of the plan, step, practice or outing that it is about."""

    asks: Asks
    of: str
    person: str


LINE = "journey_by_phone"
"""The kind of the ledger's lines about what somebody rang to say."""

AGAIN = timedelta(minutes=1)
"""The same, written down again within it, is of the same call: it is told once."""

TOLD_LATER = timedelta(hours=24)
"""So long after an outing somebody may ring to say how it went."""


def written(
    person: str,
    journey: str,
    said: Said,
    by: str,
    alert: Escalation | None,
    nonce: str,
    *,
    told: bool = False,
) -> Outcome:
    """It is marked as written down by `by`; staff who were told of the alert hear so, too. `told`:
    they have heard of this call already."""
    facts: dict[str, Value] = {"journey": journey, "said": said.value}
    line = Log(LINE, person, by, facts)
    if told:
        return Outcome(logs=(line,))
    theirs = Message(Text("by_phone", "for_you"), {"member": by, "rang": said.value})
    hear: Sequence[str] = ()
    if alert is not None:
        hear = [m for m in alert.told if m != by and alert.acting(m) is None]
    return Outcome(
        tells=(
            Tell(person, theirs, Lane.REPLY, key=f"by_phone:{nonce}"),
            *(_to_staff(alert, m, said, by, nonce) for m in hear if alert is not None),
        ),
        logs=(line,),
    )


def _to_staff(alert: Escalation, member: str, said: Said, by: str, nonce: str) -> Tell:
    told = to_told(alert, member, Text("by_phone", "said_for"), Lane.SAFETY, by=by, rang=said.value)
    return Tell(told.to, told.message, told.lane, told.about, f"by_phone:{nonce}:{member}")


def enrol(
    member: Member, role: Membership, support: Support, by: str, managers: Sequence[str]
) -> Outcome:
    """Somebody without Telegram is one of those the team supports from now on; managers hear so."""
    told = Message(Text("by_phone", "added_by"), {"person": member.id, "by": by})
    return Outcome(
        said=Message(Text("by_phone", "added"), {"person": member.id}),
        records=(member, role, support),
        tells=_to_managers(told, member.id, by, managers, f"{member.id}:added"),
        logs=(Log("person_added_by_phone", member.id, by),),
    )


def answered(question: Question, yes: bool, by: str, managers: Sequence[str]) -> Outcome:
    """The person has no account to press on: `by` has asked them, and they said yes, or no."""
    asks, person = question.asks.value, question.person
    facts: dict[str, Value] = {"asks": asks, "of": question.of, "answer": "yes" if yes else "no"}
    line = Log("answered_by_phone", person, by, facts)
    if not yes:
        said = Message(Text("by_phone", "answer_no"), {"person": person})
        return Outcome(said=said, logs=(line,))
    told = Message(Text("by_phone", "agreed_by"), {"person": person, "by": by, "asks": asks})
    key = f"{question.of}:agreed_by_phone"
    return Outcome(
        said=Message(Text("by_phone", "answer_yes"), {"person": person}),
        tells=_to_managers(told, person, by, managers, key),
        logs=(line,),
    )


def stopped(question: Question, by: str) -> Outcome:
    """They do not want to be asked about an outing that comes again any more."""
    facts: dict[str, Value] = {"asks": question.asks.value, "of": question.of, "answer": "stop"}
    person = question.person
    return Outcome(
        said=Message(Text("by_phone", "regular_stopped"), {"person": person}),
        logs=(Log("answered_by_phone", person, by, facts),),
    )


def ring(question: Tell, keepers: Sequence[str]) -> tuple[Tell, ...]:
    """What the person would be asked, where nothing can be written to them: staff ring and ask."""
    person = question.to
    ask = Message(
        Text("by_phone", "ring_for_outing"), {"person": person, **question.message.params}
    )
    about = About(person, Topic.JOURNEYS, 2)
    return tuple(Tell(to, ask, question.lane, about, f"{question.key}:{to}") for to in keepers)


def _to_managers(
    told: Message, person: str, by: str, managers: Sequence[str], key: str
) -> tuple[Tell, ...]:
    about = About(person, Topic.PLANS_AND_REVIEWS, 2)
    return tuple(Tell(to, told, Lane.NEWS, about, f"{key}:{to}") for to in managers if to != by)
