"""/leave: nothing is refused, everything is asked once, and a running outing is said first."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.care.circle import STAFF_ROLES, SUPPORTERS, Role, acting
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import STOP, Choice, Conversation, Flow, Route, Step
from bot.i18n import Param
from bot.store import Connection, circle, leaving
from bot.store import journey as journeys
from bot.store.flow import Talk


@dataclass(frozen=True, slots=True)
class Facts:
    """`place` is where the person is out to now, if they are; `member` is who wants to leave.

    `others`: other roles stay; `in_team`: one of them as staff of the same team.
    """

    member: str
    role: Role
    place: str | None
    others: bool
    in_team: bool


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
    others = [m for m in circle.memberships(c, membership.member) if m.id != membership.id]
    in_team = any(m.team == membership.team for m in acting(others, STAFF_ROLES))
    place = journey.place if journey else None
    return Facts(membership.member, membership.role, place, bool(others), in_team)


def _params(facts: Facts, _talk: Talk) -> dict[str, Param]:
    return {
        "place": facts.place or "",
        "means": _means(facts),
        "heard": _heard(facts),
        "goodbye": _goodbye(facts),
    }


def _means(facts: Facts) -> Text:
    """What ends with this role, truthfully for each: only the person has care to lose."""
    if facts.others:
        return Text("leave", "means_this_role")
    if facts.role is Role.PERSON:
        return Text("leave", "means_person")
    return Text("leave", "means_all")


def _heard(facts: Facts) -> Text:
    if facts.role is Role.PERSON:
        return Text("leave", "team_hears")
    if facts.role in SUPPORTERS:
        return Text("leave", "person_hears")
    return Text("leave", "nobody_hears") if facts.in_team else Text("leave", "managers_hear")


def _goodbye(facts: Facts) -> Text:
    if facts.others:
        return Text("leave", "role_left")
    if facts.role is Role.PERSON:
        return Text("leave", "person_left")
    return Text("leave", "all_left")


def _leave(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    assert talk.membership is not None
    outcome = leaving.end_membership(c, talk.membership, facts.member, now, cause)
    return replace(outcome, said=None)  # who leaves reads the step's own words


LEAVE = Conversation(FLOW, facts=_facts, ends={"leave": _leave}, params=_params)
