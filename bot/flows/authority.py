"""The papers of an attorney or a deputy: whose, for what, seen by whoever answers, until when."""

from dataclasses import dataclass
from datetime import datetime

from bot.care.authority import LENGTHS, MONEY, WELFARE
from bot.care.circle import APPOINTED
from bot.care.outcome import Cause, Outcome, Topic
from bot.care.text import Text
from bot.flows.decision import topics
from bot.flows.flow import STOP, Choice, Conversation, Flow, Offered, Step, acting
from bot.i18n import Param
from bot.outbox.topics import TOPICS
from bot.store import Connection, around, authority, circle
from bot.store.flow import Talk

PERSON = "about"
"""The answer the menu gives: about whom."""

KINDS = {
    "money": (Text("authority", "money"), MONEY),
    "welfare": (Text("authority", "welfare"), WELFARE),
    "both": (Text("authority", "both"), MONEY | WELFARE),
}

MONTHS = {
    3: Text("authority", "three_months"),
    6: Text("authority", "six_months"),
    12: Text("authority", "one_year"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Who has seen the papers; the attorneys and deputies, by membership, with their names."""

    by: str
    person: str
    holders: tuple[tuple[str, str], ...]


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    person = talk.answers[PERSON]
    holders = (m for m in around.circle_of(c, person) if m.role in APPOINTED)
    named = tuple((m.id, circle.name(c, m.member)) for m in holders)
    return Facts(acting(c, talk), circle.name(c, person), named)


def holders(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in facts.holders]


def _topics(talk: Talk) -> frozenset[Topic]:
    kind = talk.answers["what"]
    return KINDS[kind][1] if kind in KINDS else frozenset({Topic(talk.answers["topic"])})


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    said = talk.answers
    params: dict[str, Param] = {
        "person": facts.person,
        "holder": dict(facts.holders).get(said.get("who", ""), ""),
    }
    if talk.step == "check":
        kind = said["what"]
        params["what"] = KINDS[kind][0] if kind in KINDS else TOPICS[Topic(said["topic"])]
        params["length"] = MONTHS[int(said["until"])]
    return params


def _record(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers
    length = LENGTHS[int(said["until"])]
    return authority.record(c, said["who"], _topics(talk), length, facts.by, now, cause)


FLOW = Flow[Facts](
    name="authority",
    start="who",
    steps={
        "who": Step(Text("authority", "who"), offers="holders", to="what"),
        "what": Step(
            Text("authority", "for_what"),
            (
                *(Choice(kind, label, "seen") for kind, (label, _) in KINDS.items()),
                Choice("one", Text("authority", "one_topic"), "topic"),
            ),
        ),
        "topic": Step(Text("authority", "which_topic"), offers="topics", to="seen"),
        "seen": Step(
            Text("authority", "seen"),
            (
                Choice("yes", Text("authority", "seen_yes"), "until"),
                Choice("not_yet", Text("authority", "seen_not_yet"), "look_first"),
            ),
        ),
        "until": Step(
            Text("authority", "until"),
            tuple(Choice(str(months), label, "check") for months, label in MONTHS.items()),
        ),
        "check": Step(
            Text("authority", "check"),
            (
                Choice("save", Text("decision", "save"), "saved"),
                Choice("change", Text("decision", "change"), "who"),
                Choice("not_now", Text("decision", "not_now"), "not_now"),
            ),
        ),
        "saved": Step(ends="record"),
        "look_first": Step(Text("authority", "look_first"), ends=STOP),
        "not_now": Step(Text("decision", "not_saved"), ends=STOP),
    },
    offers={"holders": holders, "topics": topics},
)

PAPERS = Conversation(FLOW, _facts, {"record": _record}, _params)
"""The talk behind "Attorney or deputy"."""
