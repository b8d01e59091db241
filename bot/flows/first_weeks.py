"""A week's two questions in words, each of which may be skipped: what went well, what should be
different."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.care.outcome import Cause, Outcome
from bot.care.sign import Voice
from bot.care.text import Text
from bot.care.week_answer import Answer
from bot.flows.flow import Choice, Conversation, Flow, Left, Located, Step, Wrote, acting
from bot.i18n import Param, Phrase
from bot.store import Connection, circle, first_weeks, flow, profile, week_answer
from bot.store.flow import Talk

ASKED = "asked"
"""The answer that the button gives: which one is being written."""

LONGEST = 1000
"""Characters of one answer."""

PATIENCE = timedelta(minutes=15)
"""What was written is kept as it is, when nobody goes on for so long."""

_SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Facts:
    """Who writes, in which voice, and what those who are not the person call the person."""

    by: str
    voice: Voice
    name: str


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    by = acting(c, talk)
    found = week_answer.answer(c, talk.answers[ASKED], words=False)
    assert found is not None  # answers are never taken away
    return Facts(by, found.to.voice, _name(c, found))


def _name(c: Connection, found: Answer) -> str:
    weeks = first_weeks.first_weeks(c, found.weeks)
    assert weeks is not None  # a foreign key says so
    named = profile.called if found.to.voice is Voice.CARER else circle.name
    return named(c, weeks.person)


def read_words(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text | Phrase:
    if isinstance(said, Located):
        return Text("first_weeks", "words_please")
    over = len(said.text) - LONGEST
    if over > 0:
        return Phrase(Text("first_weeks", "too_long"), {"longest": LONGEST, "over": over})
    return f"={said.text}"


def _params(facts: Facts, _talk: Talk) -> dict[str, Param]:
    own = facts.voice is Voice.PERSON
    text = Text("first_weeks", "for_you") if own else Text("first_weeks", "for_them")
    return {"whom": Phrase(text, {"person": facts.name})}


def _words(said: Mapping[str, str], step: str) -> str | None:
    words = said.get(step, "")
    return words.removeprefix("=") if words.startswith("=") else None


def _holds(talk: Talk) -> bool:
    return any(_words(talk.answers, step) is not None for step in ("well", "different"))


def _keep(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    well, different = (_words(talk.answers, step) for step in ("well", "different"))
    return week_answer.say(c, talk.answers[ASKED], well, different, facts.by, now, cause)


def _left(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    flow.end(c, talk.id)
    return _keep(c, talk, facts, now, cause)


WEEK_FLOW = Flow[Facts](
    name="first_weeks",
    start="well",
    steps={
        "well": Step(
            Text("first_weeks", "what_well"),
            (Choice(_SKIP, Text("first_weeks", "skip"), "different"),),
            reads="words",
            to="different",
        ),
        "different": Step(
            Text("first_weeks", "what_different"),
            (Choice(_SKIP, Text("first_weeks", "skip"), "kept"),),
            reads="words",
            to="kept",
        ),
        "kept": Step(ends="keep"),
    },
    readers={"words": read_words},
    stop="kept",
)

WEEK = Conversation(
    WEEK_FLOW,
    _facts,
    {"keep": _keep},
    _params,
    outlives=True,
    left=Left(PATIENCE, _holds, _left, replaced=True),
)
"""The talk behind a week's question; how the week was is kept already."""
