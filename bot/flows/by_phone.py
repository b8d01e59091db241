"""Somebody rings to say that they are going out: where, and back by when."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows import journey as out
from bot.flows.flow import STOP, Choice, Conversation, Flow, Located, Step, Wrote, acting
from bot.flows.journey import Facts
from bot.flows.reading import short
from bot.i18n import Param
from bot.outbox.stepping import SUPPORT
from bot.store import Connection, by_phone, circle
from bot.store import plan as plans
from bot.store.flow import Talk

NUMBER = re.compile(r"\+?[\d ()-]{6,39}")

FEWEST = 6
"""Digits of a telephone number."""

PERSON, NAME = "person", "name"
"""The answers that the button gives: for whom, a member, and what they are called."""


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    person = talk.answers[PERSON]
    plan = plans.in_force(c, person)
    assert plan is not None  # the button is there only where a plan is agreed
    return Facts(person, plan, ZoneInfo(talk.answers["zone"]), now)


def _set_off(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    by = acting(c, talk)
    place, due, arranged = out.place(facts, talk), out.due(talk, now), out.arranged(talk)
    return by_phone.set_off(c, facts.person, place, due, by, now, cause, arranged)


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    name: dict[str, Param] = {"person": talk.answers.get(NAME, "")}
    if talk.step == "arranged":
        return {**name, "support": SUPPORT[facts.plan.terms.support]}
    if talk.step != "ready":
        return name
    return {**name, "place": out.place(facts, talk), "due": out.due(talk, facts.now)}


FLOW: Flow[Facts] = Flow(
    name="by_phone",
    start="where",
    steps={
        "where": Step(
            Text("by_phone", "where"),
            (Choice("else", Text("journey", "somewhere_else"), "which"),),
            offers="places",
            reads="place",
            to="when",
        ),
        "which": Step(Text("by_phone", "which_place"), reads="place", to="when"),
        "when": Step(
            Text("by_phone", "back_by_when"),
            (
                Choice("30", Text("journey", "half_an_hour"), "to_read_back"),
                Choice("60", Text("journey", "one_hour"), "to_read_back"),
                Choice("120", Text("journey", "two_hours"), "to_read_back"),
                Choice("other", Text("journey", "another_time"), "time"),
            ),
        ),
        "time": Step(Text("by_phone", "what_time"), reads="time", to="to_read_back"),
        "arranged": Step(
            Text("by_phone", "arranged"),
            (
                Choice("arranged", Text("journey", "arranged_yes"), "ready"),
                Choice("not_yet", Text("by_phone", "not_yet"), "ready"),
            ),
        ),
        "ready": Step(
            Text("by_phone", "ready"),
            (
                Choice("go", Text("by_phone", "start"), "set_off"),
                Choice("change", Text("journey", "change"), "where"),
                Choice("not_now", Text("journey", "not_now"), "not_now"),
            ),
        ),
        "set_off": Step(ends="set_off"),
        "not_now": Step(Text("by_phone", "nothing_written"), ends=STOP),
    },
    offers={"places": out.places},
    readers={"place": out.read_place, "time": out.read_time},
    routes={"to_read_back": out.READ_BACK},
)

SET_OFF = Conversation(FLOW, _facts, {"set_off": _set_off}, _params)
"""The talk behind "Sam rang: going out"; begun with the answers `person`, `name` and `zone`."""


# --- somebody without Telegram ------------------------------------------------------------

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Adding:
    by: str
    team: str


def _adding(c: Connection, talk: Talk, _now: datetime) -> Adding:
    assert talk.membership is not None  # it is begun in a role
    role = circle.membership(c, talk.membership)
    assert role is not None  # a foreign key says so
    return Adding(role.member, role.team)


def read_name(said: Wrote | Located, _facts: Adding, _talk: Talk) -> str | Text:
    return short(said, LONGEST_NAME) or Text("by_phone", "name_unclear")


def read_number(said: Wrote | Located, _facts: Adding, _talk: Talk) -> str | Text:
    words = short(said, 40) or ""
    fits = NUMBER.fullmatch(words) is not None and sum(map(str.isdigit, words)) >= FEWEST
    return words if fits else Text("by_phone", "number_unclear")


def _add(c: Connection, talk: Talk, facts: Adding, now: datetime, cause: Cause) -> Outcome:
    name, number = talk.answers["name"], talk.answers["number"]
    return by_phone.enrol(c, facts.team, name, number, facts.by, now, cause)


ADD_FLOW: Flow[Adding] = Flow(
    name="by_phone_add",
    start="name",
    steps={
        "name": Step(Text("by_phone", "what_name"), reads="name", to="number"),
        "number": Step(Text("by_phone", "what_number"), reads="number", to="check"),
        "check": Step(
            Text("by_phone", "check_new"),
            (
                Choice("add", Text("by_phone", "add"), "added"),
                Choice("change", Text("journey", "change"), "name"),
                Choice("not_now", Text("journey", "not_now"), "not_now"),
            ),
        ),
        "added": Step(ends="add"),
        "not_now": Step(Text("by_phone", "nothing_written"), ends=STOP),
    },
    readers={"name": read_name, "number": read_number},
)

ADD = Conversation(
    ADD_FLOW,
    _adding,
    {"add": _add},
    lambda _facts, talk: {
        "name": talk.answers.get("name", ""),
        "number": talk.answers.get("number", ""),
    },
)
"""The talk behind "Somebody without Telegram"."""
