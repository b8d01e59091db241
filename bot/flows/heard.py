"""A word of those around a person to the team: the talks behind `Reply`, and behind words that
no question asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import (
    STOP,
    Choice,
    Conversation,
    Flow,
    Located,
    Offered,
    Route,
    Step,
    Wrote,
    acting,
)
from bot.flows.news import PERSON, in_one_message
from bot.i18n import Phrase
from bot.store import Connection, circle, heard
from bot.store.flow import Talk

LONGEST = 3000
"""Characters: it has to fit into one message, with what is said around it."""

SAID = "said"
"""The answer that the message itself gives: what was written."""


@dataclass(frozen=True, slots=True)
class Writer:
    member: str
    person: str
    name: str


def _writer(c: Connection, talk: Talk, _now: datetime) -> Writer:
    person = talk.answers[PERSON]
    return Writer(acting(c, talk), person, circle.name(c, person))


def read_reply(said: Wrote | Located, _writer: Writer, _talk: Talk) -> str | Text | Phrase:
    return in_one_message(said, LONGEST)


def _reply(c: Connection, talk: Talk, writer: Writer, now: datetime, cause: Cause) -> Outcome:
    return heard.reply(c, writer.person, talk.answers["words"], writer.member, now, cause)


REPLY_FLOW = Flow[Writer](
    name="reply",
    start="words",
    steps={
        "words": Step(Text("news", "what_reply"), reads="reply", to="sent"),
        "sent": Step(ends="reply"),
    },
    readers={"reply": read_reply},
)

REPLY = Conversation(
    REPLY_FLOW, _writer, {"reply": _reply}, lambda writer, _talk: {"person": writer.name}
)
"""The talk behind `Reply`."""


# --- words that no question asked for -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Theirs:
    """Whoever wrote, and those they are there for: id and name."""

    member: str
    people: Mapping[str, str]


def _theirs(c: Connection, talk: Talk, _now: datetime) -> Theirs:
    member = acting(c, talk)
    held = circle.memberships(c, member)
    return Theirs(member, {m.person: circle.name(c, m.person) for m in held if m.person})


def people(theirs: Theirs, _talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in theirs.people.items()]


def _pass_on(c: Connection, talk: Talk, theirs: Theirs, now: datetime, cause: Cause) -> Outcome:
    person = talk.answers.get("who") or next(iter(theirs.people), "")
    return heard.reply(c, person, talk.answers[SAID], theirs.member, now, cause)


PASS_ON_FLOW = Flow[Theirs](
    name="pass_on",
    start="check",
    steps={
        "check": Step(
            Text("news", "pass_on"),
            choices=(
                Choice("send", Text("news", "send"), "about_whom"),
                Choice("not_now", Text("news", "not_now"), "kept"),
            ),
        ),
        "who": Step(Text("news", "write_about_whom"), offers="people", to="sent"),
        "sent": Step(ends="reply"),
        "kept": Step(Text("news", "not_sent"), ends=STOP),
    },
    offers={"people": people},
    routes={
        "about_whom": Route(
            ("who", "sent"), lambda theirs, _talk: "who" if len(theirs.people) > 1 else "sent"
        )
    },
)

PASS_ON = Conversation(
    PASS_ON_FLOW,
    _theirs,
    {"reply": _pass_on},
    lambda _theirs, talk: {"words": talk.answers.get(SAID, "")},
)
"""The talk behind words that a carer just writes."""
