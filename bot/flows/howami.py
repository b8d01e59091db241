"""How a carer is: a sentence to a number; and that they ask for a carer's assessment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.care.concern import Kind, Part
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.concern import PARTS, short
from bot.flows.flow import (
    STOP,
    Choice,
    Conversation,
    Flow,
    Located,
    Offered,
    Step,
    Wrote,
    acting,
)
from bot.i18n import Param
from bot.store import Connection, around, circle, howami
from bot.store import concern as concerns
from bot.store.flow import Talk

SAID, NUMBER = "said", "number"
"""The answers a tapped number gives: the record that is kept of it, and the number."""

LONGEST = 1000
"""Characters of a sentence; more is no sentence."""

NONE = "none"


def _sentence(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    """In their own words; nobody else reads them."""
    if isinstance(said, Located) or not said.text.strip():
        return Text("howami", "in_words")
    return said.text if len(said.text) <= LONGEST else Text("howami", "too_long")


# --- how they are -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Writer:
    by: str


def _write(c: Connection, talk: Talk, writer: Writer, now: datetime, cause: Cause) -> Outcome:
    words = talk.answers.get("words", NONE)
    id, wrote = talk.answers[SAID], None if words == NONE else words
    return howami.write(c, id, wrote, writer.by, now, cause)


SAY = Conversation(
    Flow[Writer](
        name="howami",
        start="words",
        steps={
            "words": Step(
                Text("howami", "a_sentence"),
                (Choice(NONE, Text("howami", "no_sentence"), "kept"),),
                reads="sentence",
                to="kept",
            ),
            "kept": Step(ends="write"),
        },
        readers={"sentence": _sentence},
        stop="kept",
    ),
    lambda c, talk, _now: Writer(acting(c, talk)),
    {"write": _write},
    lambda _writer, talk: {"number": int(talk.answers[NUMBER])},
)
"""The talk behind a tapped number. It is kept before anything is asked."""


# --- a carer's assessment -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, as somebody around whom, and who of the team there is to ask."""

    by: str
    person: str
    team: str
    parts: tuple[Part, ...]


def _asking(c: Connection, talk: Talk, _now: datetime) -> Asking:
    place = circle.membership(c, talk.membership or "")
    assert place is not None and place.person is not None  # it is begun as a supporter
    team = around.team_of(c, place.person)
    keyed = any(one.id != place.member for one in around.key_workers(c, place.person))
    parts = (Part.KEY_WORKER, Part.MANAGER) if keyed else (Part.MANAGER,)
    return Asking(place.member, place.person, circle.team(c, team).name, parts)


def _parts(asking: Asking, _talk: Talk) -> list[Offered]:
    return [Offered(part.value, PARTS[part]) for part in asking.parts]


def _params(asking: Asking, talk: Talk) -> Mapping[str, Param]:
    to, words = talk.answers.get("whom"), talk.answers.get("help", NONE)
    return {
        "team": asking.team,
        "to": PARTS[Part(to)] if to in asking.parts else "",
        "words": Text("howami", "nothing_written") if words == NONE else short(words),
    }


def _ask(c: Connection, talk: Talk, asking: Asking, now: datetime, cause: Cause) -> Outcome:
    words, to = talk.answers["help"], Part(talk.answers["whom"])
    assert talk.membership is not None  # it is begun in a role
    said = "" if words == NONE else words
    return concerns.raise_(
        c,
        Kind.ASSESSMENT,
        talk.membership,
        asking.person,
        said,
        None,
        (),
        now,
        cause,
        sent_to=to,
    )


ASSESS = Conversation(
    Flow[Asking](
        name="assessment",
        start="whom",
        steps={
            "whom": Step(Text("howami", "to_whom"), offers="parts", to="help"),
            "help": Step(
                Text("howami", "what_would_help"),
                (Choice(NONE, Text("howami", "no_words"), "check"),),
                reads="sentence",
                to="check",
            ),
            "check": Step(
                Text("howami", "check"),
                (
                    Choice("send", Text("howami", "send"), "sent"),
                    Choice("not_now", Text("howami", "do_not_send"), "not_now"),
                ),
            ),
            "sent": Step(Text("howami", "sent"), ends="ask"),
            "not_now": Step(Text("howami", "not_sent"), ends=STOP),
        },
        offers={"parts": _parts},
        readers={"sentence": _sentence},
    ),
    _asking,
    {"ask": _ask},
    _params,
)
"""The talk behind `Ask for a carer's assessment`. It goes where they send it, read back first."""
