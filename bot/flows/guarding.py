"""A safeguarding lead's guardrail: never tell whom about what, and why."""

from dataclasses import dataclass
from datetime import datetime

from bot.care.outcome import Cause, Outcome, Topic
from bot.care.text import Text
from bot.flows.decision import read_words, topics
from bot.flows.flow import STOP, Choice, Conversation, Flow, Offered, Step, acting
from bot.i18n import Param
from bot.outbox.topics import TOPICS
from bot.store import Connection, around, circle, guarding
from bot.store.flow import Talk

PERSON = "about"
"""The answer the menu gives: about whom."""

EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Facts:
    """Who acts; those around the person, by membership, with their names."""

    by: str
    person: str
    around: tuple[tuple[str, str], ...]


def facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    person = talk.answers[PERSON]
    places = tuple((m.id, circle.name(c, m.member)) for m in around.circle_of(c, person))
    return Facts(acting(c, talk), circle.name(c, person), places)


def supporters(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in facts.around]


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    said = talk.answers
    topic = said.get("topic", EVERYTHING)
    return {
        "person": facts.person,
        "carer": dict(facts.around).get(said.get("who", ""), ""),
        "topic": Text("guarding", "everything") if topic == EVERYTHING else TOPICS[Topic(topic)],
        "why": said.get("why", ""),
    }


def _forbid(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers
    chosen = tuple(Topic) if said["topic"] == EVERYTHING else (Topic(said["topic"]),)
    return guarding.forbid(c, said["who"], chosen, said["why"], facts.by, now, cause)


FLOW = Flow[Facts](
    name="guarding",
    start="who",
    steps={
        "who": Step(Text("guarding", "who"), offers="supporters", to="topic"),
        "topic": Step(
            Text("guarding", "about_what"),
            (Choice(EVERYTHING, Text("guarding", "everything"), "why"),),
            offers="topics",
            to="why",
        ),
        "why": Step(Text("guarding", "why"), reads="words", to="check"),
        "check": Step(
            Text("guarding", "check"),
            (
                Choice("set", Text("guarding", "set_it"), "set"),
                Choice("change", Text("decision", "change"), "who"),
                Choice("not_now", Text("decision", "not_now"), "not_now"),
            ),
        ),
        "set": Step(ends="forbid"),
        "not_now": Step(Text("decision", "not_saved"), ends=STOP),
    },
    offers={"supporters": supporters, "topics": topics},
    readers={"words": read_words},
)

FORBID = Conversation(FLOW, facts, {"forbid": _forbid}, _params)
"""The talk behind "Never tell somebody"."""
