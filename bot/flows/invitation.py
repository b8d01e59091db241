"""Inviting: staff say who is to come in, the person says whom they want around them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.care.circle import STAFF_ROLES, SUPPORTERS, Membership, Role
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
)
from bot.flows.reading import short
from bot.i18n import Param
from bot.outbox.roles import ROLES
from bot.store import Connection, around, circle
from bot.store import invitation as invitations
from bot.store.flow import Talk

LONGEST_NAME = 60
"""Characters of a name: it has to fit a button."""


SUPPORTING = [role for role in Role if role in SUPPORTERS]

OTHER = "other"
"""Somebody whose place beside the person rests on more than being near to them."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The role in which somebody invites, and the people they support: id and name."""

    acting: Membership
    people: Mapping[str, str]


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    assert talk.membership is not None  # /invite begins in a role
    acting = circle.membership(c, talk.membership)
    assert acting is not None  # a foreign key says so
    people = [
        person
        for person in around.people_supported(c, acting.member)
        if around.team_of(c, person.id) == acting.team
    ]
    return Facts(acting, {person.id: person.name for person in people})


def roles(facts: Facts, _talk: Talk) -> list[Offered]:
    """Whom somebody in this role may invite; supporters only where there is a person for them."""
    may = [Role.PERSON]
    if facts.people:
        may += SUPPORTING
    if facts.acting.role is Role.MANAGER:
        may += [role for role in Role if role in STAFF_ROLES]
    return [Offered(role.value, ROLES[role]) for role in may]


def people(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in facts.people.items()]


def read_name(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    if isinstance(said, Located):
        return Text("invitation", "name_in_words")
    return short(said, LONGEST_NAME) or Text("invitation", "name_too_long")


def _role(talk: Talk) -> Role:
    picked = talk.answers["role"]
    return Role(talk.answers["other"] if picked == OTHER else picked)


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    params: dict[str, Param] = {}
    if talk.answers.get("role", OTHER) != OTHER or "other" in talk.answers:
        params["role"] = ROLES[_role(talk)]
    if "person" in talk.answers:
        params["person"] = facts.people.get(talk.answers["person"], "")
    if "name" in talk.answers:
        params["name"] = talk.answers["name"]
    return params


def _invite(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return invitations.invite(
        c,
        _role(talk),
        facts.acting.team,
        talk.answers.get("person"),
        talk.answers["name"],
        facts.acting.member,
        now,
        cause,
    )


def _nominate(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return invitations.nominate(
        c, facts.acting.member, _role(talk), talk.answers["name"], now, cause
    )


INVITE_FLOW = Flow[Facts](
    name="invite",
    start="role",
    steps={
        "role": Step(Text("invitation", "who"), offers="roles", to="for_somebody"),
        "person": Step(Text("invitation", "for_whom"), offers="people", to="name"),
        "name": Step(Text("invitation", "what_name"), reads="name", to="by_role"),
        "check": Step(
            Text("invitation", "check"),
            choices=(
                Choice("go_on", Text("invitation", "go_on"), "done"),
                Choice("change", Text("invitation", "change"), "role"),
                Choice("not_now", Text("invitation", "not_now"), "not_now"),
            ),
        ),
        "check_wish": Step(
            Text("invitation", "check_wish"),
            choices=(
                Choice("ask", Text("invitation", "ask_person"), "done"),
                Choice("change", Text("invitation", "change"), "role"),
                Choice("not_now", Text("invitation", "not_now"), "not_now"),
            ),
        ),
        "done": Step(ends="invite"),
        "not_now": Step(Text("invitation", "not_invited"), ends=STOP),
    },
    offers={"roles": roles, "people": people},
    readers={"name": read_name},
    routes={
        "for_somebody": Route(
            ("person", "name"),
            lambda _facts, talk: "person" if _role(talk) in SUPPORTERS else "name",
        ),
        "by_role": Route(
            ("check_wish", "check"),
            lambda _facts, talk: "check_wish" if _role(talk) in SUPPORTERS else "check",
        ),
    },
)

NOMINATE_FLOW = Flow[Facts](
    name="nominate",
    start="role",
    steps={
        "role": Step(
            Text("invitation", "whom_do_you_want"),
            choices=(
                Choice(Role.FAMILY.value, Text("invitation", "family"), "name"),
                Choice(Role.FRIEND.value, Text("invitation", "a_friend"), "name"),
                Choice(Role.CARER.value, Text("invitation", "a_carer"), "name"),
                Choice(Role.ADVOCATE.value, Text("invitation", "an_advocate"), "name"),
                Choice(OTHER, Text("invitation", "somebody_else"), "other"),
            ),
        ),
        "other": Step(
            Text("invitation", "who_else"),
            choices=(
                Choice(Role.PROFESSIONAL.value, Text("invitation", "a_professional"), "name"),
                Choice(Role.ATTORNEY.value, Text("invitation", "an_attorney"), "name"),
                Choice(Role.DEPUTY.value, Text("invitation", "a_deputy"), "name"),
                Choice(Role.NOMINATED_PERSON.value, Text("invitation", "a_nominee"), "name"),
            ),
        ),
        "name": Step(Text("invitation", "their_name"), reads="name", to="check"),
        "check": Step(
            Text("invitation", "shall_i_ask"),
            choices=(
                Choice("yes", Text("invitation", "yes_ask"), "done"),
                Choice("change", Text("invitation", "change"), "role"),
                Choice("not_now", Text("invitation", "not_now"), "not_now"),
            ),
        ),
        "done": Step(ends="nominate"),
        "not_now": Step(Text("invitation", "nobody_asked"), ends=STOP),
    },
    readers={"name": read_name},
)

INVITE = Conversation(INVITE_FLOW, _facts, {"invite": _invite}, _params)
"""The talk behind a staff member's `/invite`."""

NOMINATE = Conversation(NOMINATE_FLOW, _facts, {"nominate": _nominate}, _params)
"""The talk behind the person's own `/invite`."""
