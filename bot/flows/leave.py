"""/leave: nothing is refused, everything is asked once, and a running outing is said first."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.care.circle import Role
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import STOP, Choice, Conversation, Flow, Route, Step
from bot.i18n import Param
from bot.store import Connection, circle, leaving
from bot.store import journey as journeys
from bot.store.flow import Talk


@dataclass(frozen=True, slots=True)
class Facts:
    """`place` is where the person is out to now, if they are; `member` is who wants to leave."""

    member: str
    role: Role
    place: str | None


YES = Text("leave", "yes")
NO = Text("leave", "no")

FLOW = Flow[Facts](
    name="leave",
    start="start",
    steps={
        "start": Step(
            Text("leave", "what_it_means"),
            choices=(Choice("go_on", Text("leave", "go_on"), "ask"), Choice("no", NO, "stays")),
        ),
        "while_out": Step(
            Text("leave", "while_out"),
            choices=(Choice("no", NO, "stays"), Choice("yes", YES, "leaves")),
        ),
        "sure": Step(
            Text("leave", "sure"),
            choices=(Choice("no", NO, "stays"), Choice("yes", YES, "leaves")),
        ),
        "stays": Step(Text("leave", "stays"), ends=STOP),
        "leaves": Step(Text("leave", "left"), ends="leave"),
    },
    routes={
        "ask": Route(
            ("while_out", "sure"), lambda facts, _talk: "while_out" if facts.place else "sure"
        )
    },
)


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    assert talk.membership is not None  # /leave begins with the role to be left
    membership = circle.membership(c, talk.membership)
    assert membership is not None
    journey = journeys.running(c, membership.member) if membership.role is Role.PERSON else None
    return Facts(membership.member, membership.role, journey.place if journey else None)


def _params(facts: Facts, _talk: Talk) -> dict[str, Param]:
    return {"place": facts.place or ""}


def _leave(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    assert talk.membership is not None
    outcome = leaving.end_membership(c, talk.membership, facts.member, now, cause)
    return replace(outcome, said=None)  # who leaves reads the step's own words


LEAVE = Conversation(FLOW, facts=_facts, ends={"leave": _leave}, params=_params)
