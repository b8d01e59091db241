"""After an outing: was anything worrying? And, asked apart, how worried are those who would be
asked if it went wrong?

The person's word is never corrected, and theirs to keep. How worried somebody around them is
belongs to whoever says it, and to the team.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value
from bot.care.text import Text

KIND = "after"
"""The kind of the deadline at which an outing is looked back at, the next time that the service
opens; its key is the journey."""

AGAIN = timedelta(days=7)
"""So often, at most, one around the person is asked."""

QUESTION = Text("after", "how_worried")

MOST = 5
"""Very worried; 1 is not at all."""


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What the person said after one outing; `words` are theirs, `shown` to their team or not."""

    journey: str
    person: str
    at: datetime
    worried: bool
    shown: bool = False
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """How worried somebody is, through their place (a membership): asked then, and what was heard.

    `worry`: one to five. `no_more`: they want to be asked no more.
    """

    id: str
    supporter: str
    person: str
    asked_at: datetime
    worry: int | None = None
    answered_at: datetime | None = None
    no_more: bool = False


# --- the person ---------------------------------------------------------------------------


def nothing(journey: str, person: str, now: datetime) -> Outcome:
    """`No`, nothing was worrying."""
    return Outcome(
        said=Message(Text("after", "good")), records=(Afterwards(journey, person, now, False),)
    )


def worrying(journey: str, person: str, now: datetime) -> Outcome:
    """`Yes`. What it was is asked; this is kept, whatever they say then."""
    return Outcome(records=(Afterwards(journey, person, now, True),))


def say(said: Afterwards, words: str, now: datetime, *, shown: bool) -> Outcome:
    """What it was, in their own words."""
    kept = replace(said, at=now, worried=True, shown=shown, words=words)
    text = Text("after", "shown") if shown else Text("after", "kept")
    return Outcome(said=Message(text), records=(kept,))


def would_talk(said: Afterwards, keepers: Sequence[str], now: datetime) -> Outcome:
    """They would rather talk about it than write: their team hears that, and no more."""
    if not keepers:
        return Outcome(said=Message(Text("after", "nobody_to_talk")))
    message = Message(Text("after", "would_talk"), {"person": said.person})
    about = About(said.person, Topic.JOURNEYS, 3)
    key = f"{said.journey}:would_talk"
    return Outcome(
        said=Message(Text("after", "will_talk")),
        records=(replace(said, at=now, worried=True, shown=True),),
        tells=tuple(Tell(to, message, Lane.REPLY, about, f"{key}:{to}") for to in keepers),
        logs=(Log("would_talk_after_outing", said.person, said.person, {"journey": said.journey}),),
    )


# --- those around -------------------------------------------------------------------------


def ask(asked: Asked, member: str) -> Outcome:
    """One who would be asked if it went wrong, and may hear of outings: how worried are they?"""
    about = About(asked.person, Topic.JOURNEYS, 1, asked.supporter)
    params: dict[str, Value] = {"worry": asked.id, "alias": asked.person}
    question = Message(QUESTION, params)
    return Outcome(
        records=(asked,),
        tells=(Tell(member, question, Lane.REMINDER, about, f"{asked.id}:asked"),),
    )


def rate(asked: Asked, worry: int, by: str, now: datetime) -> Outcome:
    """Pressed again, the later answer stands."""
    return Outcome(
        said=Message(Text("after", "rated")),
        records=(replace(asked, worry=worry, answered_at=now),),
        logs=(Log("worry_rated", None, by, {"asked": asked.id}),),
    )


def no_more(asked: Asked, by: str, now: datetime) -> Outcome:
    """`Do not ask me again`"""
    return Outcome(
        said=Message(Text("after", "asked_no_more")),
        records=(replace(asked, no_more=True, answered_at=now),),
        logs=(Log("worry_asked_no_more", None, by, {"asked": asked.id}),),
    )
