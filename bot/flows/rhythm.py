"""Planned contact, as staff agree it; and good news, as the person writes it."""

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
    Step,
    Wrote,
    acting,
)
from bot.flows.news import LONGEST, in_one_message
from bot.i18n import Param, Phrase
from bot.store import Connection, around, circle, good_news, rhythm
from bot.store.flow import Talk


@dataclass(frozen=True, slots=True)
class Facts:
    """Whom this member supports, by id; those around each of them, by membership."""

    staff: str
    people: Mapping[str, str]
    around: Mapping[str, Mapping[str, str]]


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    staff = acting(c, talk)
    people = {person.id: person.name for person in around.people_supported(c, staff)}
    supporters = {
        person: {m.id: circle.name(c, m.member) for m in around.circle_of(c, person)}
        for person in people
    }
    return Facts(staff, people, supporters)


def people(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in facts.people.items()]


def supporters(facts: Facts, talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in _near(facts, talk).items()]


def _near(facts: Facts, talk: Talk) -> Mapping[str, str]:
    return facts.around.get(talk.answers.get("who", ""), {})


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    return {
        "person": facts.people.get(talk.answers.get("who", ""), ""),
        "carer": _near(facts, talk).get(talk.answers.get("supporter", ""), ""),
    }


def _agree(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    weeks, asks = int(talk.answers["often"]), talk.answers.get("asks") == "yes"
    return rhythm.agree(c, talk.answers["supporter"], weeks, facts.staff, now, cause, asks=asks)


PLAN_FLOW: Flow[Facts] = Flow(
    name="rhythm",
    start="who",
    steps={
        "who": Step(Text("rhythm", "about_whom"), offers="people", to="supporter"),
        "supporter": Step(Text("rhythm", "with_whom"), offers="supporters", to="often"),
        "often": Step(
            Text("rhythm", "how_often"),
            (
                Choice("1", Text("rhythm", "weekly"), "asks"),
                Choice("2", Text("rhythm", "fortnightly"), "asks"),
                Choice("0", Text("rhythm", "none"), "done"),
            ),
        ),
        "asks": Step(
            Text("rhythm", "asks"),
            (
                Choice("yes", Text("rhythm", "ask_yes"), "done"),
                Choice("no", Text("rhythm", "ask_no"), "done"),
            ),
        ),
        "done": Step(ends="agree"),
    },
    offers={"people": people, "supporters": supporters},
)

PLAN = Conversation(PLAN_FLOW, _facts, {"agree": _agree}, _params)
"""The talk behind `/contact_rhythm`."""


# --- good news ----------------------------------------------------------------------------

SUPPORTER = "for"
"""The answer that the button gives: for which supporter, a membership."""


@dataclass(frozen=True, slots=True)
class Theirs:
    person: str
    carer: str


def _theirs(c: Connection, talk: Talk, _now: datetime) -> Theirs:
    place = circle.membership(c, talk.answers[SUPPORTER])
    name = "" if place is None else circle.name(c, place.member)
    return Theirs(acting(c, talk), name)


def read_words(said: Wrote | Located, _theirs: Theirs, _talk: Talk) -> str | Text | Phrase:
    return in_one_message(said, LONGEST)


def _share(c: Connection, talk: Talk, theirs: Theirs, now: datetime, cause: Cause) -> Outcome:
    words, to = talk.answers["words"], talk.answers[SUPPORTER]
    return good_news.share(c, to, words, theirs.person, now, cause)


GOOD_NEWS_FLOW: Flow[Theirs] = Flow(
    name="good_news",
    start="words",
    steps={
        "words": Step(Text("rhythm", "what_words"), reads="words", to="ready"),
        "ready": Step(
            Text("rhythm", "ready"),
            (
                Choice("send", Text("rhythm", "send"), "sent"),
                Choice("change", Text("rhythm", "change"), "words"),
                Choice("not_now", Text("rhythm", "not_now"), "not_sent"),
            ),
        ),
        "sent": Step(ends="share"),
        "not_sent": Step(Text("rhythm", "not_sent"), ends=STOP),
    },
    readers={"words": read_words},
)

GOOD_NEWS = Conversation(
    GOOD_NEWS_FLOW,
    _theirs,
    {"share": _share},
    lambda theirs, talk: {"carer": theirs.carer, "words": talk.answers.get("words", "")},
)
"""The talk behind "Is there good news?"."""
