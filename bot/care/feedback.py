"""After a session: what those who came say of it, and what came of that.

Who came is theirs alone: staff read counts, and words without names.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care.outcome import Lane, Log, Message, Outcome, Tell, Wake
from bot.care.text import Text

KIND = "feedback"
"""The kind of the deadline at which those who had a place are asked; its key is the session."""

FOLLOWED = "feedback_followed"
"""The kind of the one at which they are told what came of it; its key is what was written."""

AFTER = timedelta(hours=1)
"""So long after its end one is asked how a session was."""

FEWEST = 3
"""What fewer than these have said is shown to nobody: who was in the room knows whose it is."""

AT_ONCE = 100
"""So many are asked or told in one transaction."""


class Answer(StrEnum):
    """Kept, never renamed."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Asked(StrEnum):
    """The three questions that are answered with a tap."""

    USEFUL = "useful"
    CLEAR = "clear"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one member says of one session; `came` is None as long as nothing was heard."""

    session: str
    member: str
    asked_at: datetime
    came: bool | None = None
    answers: Mapping[Asked, Answer] = field(default_factory=dict)
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """`You said, we did`, of one session; `told` is the last who has been told."""

    id: str
    session: str
    by: str
    at: datetime
    said: str
    done: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Themes:
    """What staff read: how many were asked and came, how many gave which answer, and words. Of
    too `few` only how many came.
    """

    asked: int
    came: int
    answers: Mapping[Asked, Mapping[Answer, int]]
    words: tuple[str, ...]

    @property
    def few(self) -> bool:
        return self.came < FEWEST


def wake(session: str, ends_at: datetime | None) -> Wake:
    """When those who had a place are asked; None: not at all."""
    return Wake(KIND, session, None if ends_at is None else ends_at + AFTER)


def ask(session: str, members: Iterable[str], more: bool, now: datetime) -> Outcome:
    """These are asked; `more` are to be asked after them."""
    asked = [Feedback(session, member, now) for member in members]
    question = Message(Text("feedback", "how_was"), {"session": session})
    return Outcome(
        records=tuple(asked),
        tells=tuple(
            Tell(one.member, question, Lane.REMINDER, key=f"{session}:feedback:{one.member}")
            for one in asked
        ),
        wakes=(Wake(KIND, session, now),) if more else (),
        logs=(Log("feedback_asked", facts={"session": session, "count": len(asked)}),),
    )


def rate(feedback: Feedback, useful: Answer) -> Outcome:
    """The first tap: whoever answers it came. The rest may follow."""
    answers = {**feedback.answers, Asked.USEFUL: useful}
    return _heard(replace(feedback, came=True, answers=answers))


def away(feedback: Feedback) -> Outcome:
    """They did not go; what they said before is taken back."""
    said = Message(Text("feedback", "not_there_noted"))
    return Outcome(said=said) + _heard(
        Feedback(feedback.session, feedback.member, feedback.asked_at, False)
    )


def say(feedback: Feedback, answers: Mapping[Asked, Answer], words: str | None) -> Outcome:
    """The other taps, and what they want to say; what they leave out stays as it was."""
    thanks = Outcome(said=Message(Text("feedback", "thank_you")))
    if feedback.came is False:  # they have taken it back meanwhile
        return thanks
    kept = replace(feedback, answers={**feedback.answers, **answers}, words=words or feedback.words)
    return thanks + _heard(kept)


def _heard(kept: Feedback) -> Outcome:
    return Outcome(records=(kept,), logs=(Log("feedback_given", facts={"session": kept.session}),))


def themes(given: Iterable[Feedback]) -> Themes:
    """What was said, in no order that tells who came when."""
    rows = list(given)
    came = [one for one in rows if one.came]
    shown = came if len(came) >= FEWEST else []
    counts = {
        asked: Counter(one.answers[asked] for one in shown if asked in one.answers)
        for asked in Asked
    }
    words = sorted(one.words for one in shown if one.words)
    return Themes(len(rows), len(came), counts, tuple(words))


def follow(followed: Followed) -> Outcome:
    """Those who came are told what came of what they said."""
    return Outcome(
        said=Message(Text("feedback", "followed")),
        records=(followed,),
        wakes=(Wake(FOLLOWED, followed.id, followed.at),),
        logs=(Log("feedback_followed", None, followed.by, {"session": followed.session}),),
    )


def tell(followed: Followed, members: Iterable[str], more: bool, now: datetime) -> Outcome:
    """These are told; `more` are to be told after them."""
    told = list(members)
    said = Message(Text("feedback", "you_said"), {"followed": followed.id})
    return Outcome(
        records=(replace(followed, told=told[-1]),) if told else (),
        tells=tuple(
            Tell(member, said, Lane.BROADCAST, key=f"{followed.id}:{member}") for member in told
        ),
        wakes=(Wake(FOLLOWED, followed.id, now),) if more else (),
    )
