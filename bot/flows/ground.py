"""Letting somebody know on another ground than the person's own word: staff say who may, an
attorney or a deputy what they themselves want to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.care.outcome import Cause, Outcome, Topic
from bot.care.text import Text
from bot.flows.flow import STOP, Choice, Conversation, Flow, Offered, Route, Step, acting
from bot.i18n import Param
from bot.outbox.topics import LEVELS, TOPICS
from bot.store import Connection, around, circle, ground, profile
from bot.store.flow import Talk

PERSON = "about"
GROUND = "ground"
TOPIC = "topic"
SUPPORTER = "who"
"""The answers these talks begin with, or ask for: about whom, on what ground, of which topic, to
whom (a membership)."""

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Facts:
    """Who says so, about whom; those around the person, by membership, with their names; the
    topics of the ground, in their order."""

    by: str
    person: str
    around: Mapping[str, str]
    topics: tuple[Topic, ...]


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    person = talk.answers[PERSON]
    places = {m.id: circle.name(c, m.member) for m in around.circle_of(c, person)}
    found = ground.ground(c, talk.answers[GROUND], now)
    topics = () if found is None else tuple(topic for topic in Topic if topic in found.topics)
    name = profile.called(c, person) if talk.flow == OWN_FLOW.name else circle.name(c, person)
    return Facts(acting(c, talk), name, places, topics)


def supporters(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in facts.around.items()]


def topics(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(topic.value, TOPICS[topic]) for topic in facts.topics]


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    said = talk.answers
    params: dict[str, Param] = {"person": facts.person}
    params["carer"] = facts.around.get(said.get(SUPPORTER, ""), "")
    if TOPIC in said:
        params["topic"] = TOPICS[Topic(said[TOPIC])]
    level = said.get("level", NOTHING)
    params["level"] = Text("ground", "nothing") if level == NOTHING else LEVELS[int(level[-1])]
    return params


def _allow(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers
    level = None if said["level"] == NOTHING else int(said["level"][-1])
    topic = Topic(said[TOPIC])
    return ground.allow(c, said[GROUND], said[SUPPORTER], topic, level, facts.by, now, cause)


def _steps(first: str, level: Text, check: Text) -> dict[str, Step]:
    """How much, read it through, done: the same for both."""
    return {
        "level": Step(
            level,
            (
                *(Choice(f"level_{level}", label, "check") for level, label in LEVELS.items()),
                Choice(NOTHING, Text("ground", "nothing"), "check"),
            ),
        ),
        "check": Step(
            check,
            (
                Choice("save", Text("decision", "save"), "allowed"),
                Choice("change", Text("decision", "change"), first),
                Choice("not_now", Text("decision", "not_now"), "not_now"),
            ),
        ),
        "allowed": Step(ends="allow"),
        "not_now": Step(Text("decision", "not_saved"), ends=STOP),
    }


FLOW = Flow[Facts](
    name="ground",
    start=SUPPORTER,
    steps={
        SUPPORTER: Step(Text("ground", "who"), offers="supporters", to="of_what"),
        TOPIC: Step(Text("ground", "which_topic"), offers="topics", to="level"),
        **_steps(SUPPORTER, Text("ground", "how_much"), Text("ground", "check")),
    },
    offers={"supporters": supporters, "topics": topics},
    routes={
        "of_what": Route(
            (TOPIC, "level"), lambda facts, _talk: TOPIC if len(facts.topics) > 1 else "level"
        )
    },
)

ALLOW = Conversation(FLOW, _facts, {"allow": _allow}, _params)
"""The talk behind "Who may know", on a best-interests decision."""

OWN_FLOW = Flow[Facts](
    name="own_ground",
    start=TOPIC,
    steps={
        TOPIC: Step(Text("ground", "own_topic"), offers="topics", to="level"),
        **_steps(TOPIC, Text("ground", "own_how_much"), Text("ground", "own_check")),
    },
    offers={"topics": topics},
)

OWN = Conversation(OWN_FLOW, _facts, {"allow": _allow}, _params)
"""The talk behind "What I am told", for an attorney or a deputy."""
