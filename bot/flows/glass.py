"""Break-glass: what is told once, to whom, for what reason; and the review of it."""

from dataclasses import dataclass
from datetime import datetime

from bot.care.glass import Found, Why
from bot.care.outcome import Cause, Outcome, Topic
from bot.care.text import Text
from bot.flows.decision import read_words, topics
from bot.flows.flow import STOP, Choice, Conversation, Flow, Route, Step, acting
from bot.flows.guarding import Facts, facts, supporters
from bot.i18n import Param
from bot.outbox.topics import EXCEPTIONS, LEVELS, TOPICS
from bot.store import Connection, circle, glass
from bot.store.flow import Talk

GLASS = "glass"
"""The answer a review begins with: of which one."""

_TOLD = {"tell": Text("glass", "is_told"), "unsafe": Text("glass", "is_not_told")}


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    said = talk.answers
    params: dict[str, Param] = {
        "person": facts.person,
        "carer": dict(facts.around).get(said.get("who", ""), ""),
    }
    if talk.step == "check":
        params |= {
            "topic": TOPICS[Topic(said["topic"])],
            "level": LEVELS[int(said["level"][-1])],
            "words": said["words"],
            "reason": EXCEPTIONS[Why(said["reason"])],
            "why": said["why"],
            "told": _TOLD[said["person"]],
        }
    return params


def _tell(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers
    return glass.tell(
        c,
        said["who"],
        Topic(said["topic"]),
        int(said["level"][-1]),
        said["words"],
        Why(said["reason"]),
        said["why"],
        facts.by,
        now,
        cause,
        tell_person=said["person"] == "tell",
    )


FLOW = Flow[Facts](
    name="glass",
    start="who",
    steps={
        "who": Step(Text("glass", "who"), offers="supporters", to="topic"),
        "topic": Step(Text("glass", "about_what"), offers="topics", to="level"),
        "level": Step(
            Text("glass", "how_much"),
            tuple(Choice(f"level_{level}", label, "words") for level, label in LEVELS.items()),
        ),
        "words": Step(Text("glass", "what_words"), reads="words", to="reason"),
        "reason": Step(
            Text("glass", "which_reason"),
            tuple(Choice(one.value, label, "why") for one, label in EXCEPTIONS.items()),
        ),
        "why": Step(Text("glass", "why"), reads="words", to="person"),
        "person": Step(
            Text("glass", "tell_person"),
            (
                Choice("tell", Text("glass", "tell"), "check"),
                Choice("unsafe", Text("glass", "unsafe"), "check"),
            ),
        ),
        "check": Step(
            Text("glass", "check"),
            (
                Choice("send", Text("glass", "send"), "sent"),
                Choice("change", Text("decision", "change"), "who"),
                Choice("not_now", Text("decision", "not_now"), "not_now"),
            ),
        ),
        "sent": Step(ends="tell"),
        "not_now": Step(Text("decision", "not_saved"), ends=STOP),
    },
    offers={"supporters": supporters, "topics": topics},
    readers={"words": read_words},
)

ONCE = Conversation(FLOW, facts, {"tell": _tell}, _params)
"""The talk behind "Tell once, against the choices"."""


# --- the review ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Looked:
    """Who looks at it, what is looked at, and whether the person knows."""

    by: str
    known: bool
    shown: dict[str, Param]


def _looked(c: Connection, talk: Talk, _now: datetime) -> Looked:
    broken = glass.glass(c, talk.answers[GLASS])
    assert broken is not None  # the button was that of one which is there
    carer, topic, words = glass.was_told(c, broken)
    shown: dict[str, Param] = {
        "person": circle.name(c, broken.person),
        "by": circle.name(c, broken.by),
        "carer": circle.name(c, carer),
        "at": broken.since,
        "topic": TOPICS[topic],
        "words": words,
        "reason": EXCEPTIONS[broken.reason],
        "why": broken.why,
        "told": _TOLD["tell" if broken.tell_person else "unsafe"],
    }
    return Looked(acting(c, talk), broken.tell_person, shown)


def _review(c: Connection, talk: Talk, looked: Looked, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers
    tell = said.get("person") == "tell"
    id, found = said[GLASS], Found(said["look"])
    return glass.review(c, id, found, looked.by, now, cause, tell_person=tell)


REVIEW_FLOW = Flow[Looked](
    name="glass_review",
    start="look",
    steps={
        "look": Step(
            Text("glass", "look"),
            (
                Choice(Found.RIGHT.value, Text("glass", "right"), "of_person"),
                Choice(Found.NOT_RIGHT.value, Text("glass", "not_right"), "of_person"),
            ),
        ),
        "person": Step(
            Text("glass", "tell_person_now"),
            (
                Choice("tell", Text("glass", "tell_now"), "reviewed"),
                Choice("unsafe", Text("glass", "still_unsafe"), "reviewed"),
            ),
        ),
        "reviewed": Step(ends="review"),
    },
    routes={
        "of_person": Route(
            ("person", "reviewed"), lambda looked, _talk: "reviewed" if looked.known else "person"
        )
    },
)

REVIEW = Conversation(REVIEW_FLOW, _looked, {"review": _review}, lambda looked, _: looked.shown)
"""The talk behind the review of one."""
