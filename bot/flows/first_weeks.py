"""A week's two questions in words, each of which may be skipped: what went well, what should be
different. In the first week one more, once: how it is on an ordinary good day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.care.outcome import Cause, Outcome
from bot.care.sign import Voice
from bot.care.text import Text
from bot.care.week_answer import Answer
from bot.flows.flow import Choice, Conversation, Flow, Left, Located, Route, Step, Wrote, acting
from bot.i18n import Param, Phrase
from bot.store import Connection, circle, first_weeks, flow, profile, week_answer
from bot.store.flow import Talk

ASKED = "asked"
"""The answer that the button gives: which one is being written."""

LONGEST = 1000
"""Characters of one answer."""

LONGEST_USUAL = 300
"""The same of an ordinary good day: all voices stand on one page."""

PATIENCE = timedelta(minutes=15)
"""What was written is kept as it is, when nobody goes on for so long."""

_SKIP = "skip"

STEPS = ("well", "different", "usual")


@dataclass(frozen=True, slots=True)
class Facts:
    """Who writes, in which voice, and what those who are not the person call the person; whether
    how it usually is has yet to be asked."""

    by: str
    voice: Voice
    name: str
    first: bool


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    by = acting(c, talk)
    found = week_answer.answer(c, talk.answers[ASKED])
    assert found is not None  # answers are never taken away
    return Facts(by, found.to.voice, _name(c, found), found.week == 1 and found.usual is None)


def _name(c: Connection, found: Answer) -> str:
    weeks = first_weeks.first_weeks(c, found.weeks)
    assert weeks is not None  # a foreign key says so
    named = profile.called if found.to.voice is Voice.CARER else circle.name
    return named(c, weeks.person)


def read_words(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text | Phrase:
    return _read(said, LONGEST)


def read_usual(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text | Phrase:
    return _read(said, LONGEST_USUAL)


def _read(said: Wrote | Located, longest: int) -> str | Text | Phrase:
    if isinstance(said, Located):
        return Text("first_weeks", "words_please")
    over = len(said.text) - longest
    if over > 0:
        return Phrase(Text("first_weeks", "too_long"), {"longest": longest, "over": over})
    return f"={said.text}"


def _params(facts: Facts, _talk: Talk) -> dict[str, Param]:
    own = facts.voice is Voice.PERSON
    text = Text("first_weeks", "for_you") if own else Text("first_weeks", "for_them")
    usual = Text("first_weeks", "are_you") if own else Text("first_weeks", "are_they")
    person: dict[str, Param] = {"person": facts.name}
    return {"whom": Phrase(text, person), "how": Phrase(usual, person)}


def _words(said: Mapping[str, str], step: str) -> str | None:
    words = said.get(step, "")
    return words.removeprefix("=") if words.startswith("=") else None


def _holds(talk: Talk) -> bool:
    return any(_words(talk.answers, step) is not None for step in STEPS)


def _keep(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    well, different, usual = (_words(talk.answers, step) for step in STEPS)
    asked = talk.answers[ASKED]
    return week_answer.say(c, asked, well, different, facts.by, now, cause, usual=usual)


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
            (Choice(_SKIP, Text("first_weeks", "skip"), "once"),),
            reads="words",
            to="once",
        ),
        "usual": Step(
            Text("first_weeks", "what_usual"),
            (Choice(_SKIP, Text("first_weeks", "skip"), "kept"),),
            reads="usual",
            to="kept",
        ),
        "kept": Step(ends="keep"),
    },
    readers={"words": read_words, "usual": read_usual},
    routes={"once": Route(("usual", "kept"), lambda facts, _: "usual" if facts.first else "kept")},
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
