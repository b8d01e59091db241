"""Whom the person asks to sit with them over the cards, and for which supporter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.care.circle import Role
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import Conversation, Flow, Offered, Step, acting
from bot.i18n import Param
from bot.outbox.roles import ROLES
from bot.store import Connection, around, circle, preparing
from bot.store.flow import Talk


@dataclass(frozen=True, slots=True)
class Facts:
    """The person; those around them by membership; the staff of their team, with a role."""

    person: str
    supporters: Mapping[str, str]
    staff: Mapping[str, tuple[str, Role]]


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    person = acting(c, talk)
    places = around.circle_of(c, person)
    carer = next((one.member for one in places if one.id == talk.answers.get("supporter")), None)
    return Facts(
        person,
        {held.id: circle.name(c, held.member) for held in places},
        {
            member.id: (member.name, role)
            for role, member in around.staff_by_role(c, around.team_of(c, person))
            if member.reachable and member.id not in (carer, person)
        },
    )


def supporters(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in facts.supporters.items()]


def staff(facts: Facts, _talk: Talk) -> list[Offered]:
    return [
        Offered(id, Text("preparing", "one_of_team"), {"name": name, "role": ROLES[role]})
        for id, (name, role) in facts.staff.items()
    ]


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    return {"carer": facts.supporters.get(talk.answers.get("supporter", ""), "")}


def _ask(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers
    return preparing.ask(c, said["supporter"], said["staff"], facts.person, now, cause)


FLOW = Flow[Facts](
    name="help_with_cards",
    start="supporter",
    steps={
        "supporter": Step(Text("preparing", "about_whom"), offers="supporters", to="staff"),
        "staff": Step(Text("preparing", "who_sits"), offers="staff", to="asked"),
        "asked": Step(ends="ask"),
    },
    offers={"supporters": supporters, "staff": staff},
)

ASK = Conversation(FLOW, _facts, {"ask": _ask}, _params)
"""The talk behind `Ask someone to help`."""
