"""`Ask for another date` and `Suggest a topic`, for anybody with a role."""

from dataclasses import dataclass
from datetime import datetime

from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.care.wish import Part
from bot.flows.flow import Choice, Conversation, Flow, Located, Offered, Step, Wrote, acting
from bot.outbox.fills import WEEKDAYS
from bot.outbox.wish import LANGUAGES, PARTS
from bot.store import Connection, wish
from bot.store.flow import Talk

LONGEST_LANGUAGE, LONGEST_TOPIC = 30, 200
"""Characters."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Who asks."""

    by: str


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    return Facts(acting(c, talk))


def _weekdays(_facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(str(number), day) for number, day in enumerate(WEEKDAYS)]


def _language(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    """The name of a language: letters, so that nothing else is said here."""
    words = " ".join(said.text.split()) if isinstance(said, Wrote) else ""
    letters = all(one.isalpha() or one in " -’'()" for one in words)
    if not words or not letters or len(words) > LONGEST_LANGUAGE:
        return Text("wish", "language_in_words")
    return words.capitalize()


def _topic(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    words = said.text.strip() if isinstance(said, Wrote) else ""
    return words if 0 < len(words) <= LONGEST_TOPIC else Text("wish", "topic_in_words")


def _ask(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers
    weekday = None if said["day"] == "any" else int(said["day"])
    language = said.get("other", said["language"])
    return wish.ask(c, weekday, Part(said["part"]), language, facts.by, now, cause)


def _suggest(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return wish.suggest(c, talk.answers["words"], facts.by, now, cause)


DATE = Conversation(
    Flow[Facts](
        name="wish_date",
        start="day",
        steps={
            "day": Step(
                Text("wish", "which_day"),
                (Choice("any", Text("wish", "any_day"), "part"),),
                offers="weekdays",
                to="part",
            ),
            "part": Step(
                Text("wish", "which_part"),
                tuple(Choice(part.value, label, "language") for part, label in PARTS.items()),
            ),
            "language": Step(
                Text("wish", "which_language"),
                (
                    *(Choice(id, label, "asked") for id, label in LANGUAGES.items()),
                    Choice("other", Text("wish", "another_language"), "other"),
                ),
            ),
            "other": Step(Text("wish", "name_language"), reads="language", to="asked"),
            "asked": Step(ends="ask"),
        },
        offers={"weekdays": _weekdays},
        readers={"language": _language},
    ),
    _facts,
    {"ask": _ask},
)
"""The talk behind `Ask for another date`."""

TOPIC = Conversation(
    Flow[Facts](
        name="wish_topic",
        start="words",
        steps={
            "words": Step(Text("wish", "which_topic"), reads="topic", to="suggested"),
            "suggested": Step(ends="suggest"),
        },
        readers={"topic": _topic},
    ),
    _facts,
    {"suggest": _suggest},
)
"""The talk behind `Suggest a topic`."""
