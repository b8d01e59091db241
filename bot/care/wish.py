"""What people ask of sessions: another date, another topic. Counted; nobody is told who asked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care.outcome import Log, Message, Outcome
from bot.care.text import Text

LASTS = timedelta(days=365)
"""For so long what somebody has asked for is counted."""


class Part(StrEnum):
    """Kept, never renamed."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    ANY = "any"


ENGLISH, SIGNED = "english", "bsl"
"""Two languages by name; any other is kept as it was written."""


@dataclass(frozen=True, slots=True)
class Wish:
    """When `member` could come; `weekday` counts from Monday, 0, and is None for any day."""

    member: str
    weekday: int | None
    part: Part
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A topic that somebody would like."""

    id: str
    by: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many asked; for which times and languages, the most wanted first."""

    people: int
    times: tuple[tuple[tuple[int | None, Part], int], ...]
    languages: tuple[tuple[str, int], ...]


def ask(wish: Wish) -> Outcome:
    """They could come then; what they asked for before is forgotten."""
    facts = {"part": wish.part.value} | ({} if wish.weekday is None else {"weekday": wish.weekday})
    return Outcome(
        said=Message(Text("wish", "kept")), records=(wish,), logs=(Log("date_asked", facts=facts),)
    )


def suggest(suggestion: Suggestion) -> Outcome:
    log = Log("topic_suggested", facts={"suggestion": suggestion.id})
    return Outcome(said=Message(Text("wish", "suggested")), records=(suggestion,), logs=(log,))


def counted(wishes: Iterable[Wish]) -> Counts:
    """One wish a member: whoever asks again is one and the same."""
    asked = list(wishes)
    times = Counter((one.weekday, one.part) for one in asked)
    languages = Counter(one.language for one in asked)
    return Counts(
        people=len(asked),
        times=tuple(sorted(times.items(), key=lambda one: (-one[1], _order(*one[0])))),
        languages=tuple(sorted(languages.items(), key=lambda one: (-one[1], one[0]))),
    )


def _order(weekday: int | None, part: Part) -> tuple[int, int]:
    return 7 if weekday is None else weekday, list(Part).index(part)
