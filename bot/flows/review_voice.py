"""What somebody around the person says for a review of the person's plan, in their own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import Choice, Conversation, Flow, Step, acting
from bot.flows.review import read_words
from bot.i18n import Param
from bot.store import Connection, profile, review_voice
from bot.store import look as rounds
from bot.store.flow import Talk

INVITED = "invited"
"""The answer that the button gives: with which invitation they heard of it."""


@dataclass(frozen=True, slots=True)
class Facts:
    by: str
    person: str


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    asked = rounds.invited(c, talk.answers[INVITED])
    assert asked is not None  # invitations are kept for ever
    return Facts(acting(c, talk), profile.called(c, asked.person))


def _params(facts: Facts, talk: Talk) -> Mapping[str, Param]:
    return {"person": facts.person, "words": talk.answers.get("words", "")}


def _say(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return review_voice.say(c, talk.answers[INVITED], talk.answers["words"], facts.by, now, cause)


FLOW: Flow[Facts] = Flow(
    name="review_voice",
    start="words",
    steps={
        "words": Step(Text("review", "voice_what"), reads="words", to="ready"),
        "ready": Step(
            Text("review", "voice_ready"),
            (
                Choice("keep", Text("review", "voice_keep"), "kept"),
                Choice("change", Text("review", "change"), "words"),
            ),
        ),
        "kept": Step(ends="say"),
    },
    readers={"words": read_words},
)

VOICE = Conversation(FLOW, _facts, {"say": _say}, _params)
"""The talk behind `Say something for it`."""
