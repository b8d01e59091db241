"""Asking for a time for which the person has chosen otherwise: unwell, or in an emergency."""

from dataclasses import dataclass
from datetime import datetime

from bot.care.agreement import Situation
from bot.care.outcome import Cause, Outcome
from bot.care.switching import LENGTHS
from bot.care.text import Text
from bot.flows.flow import STOP, Choice, Conversation, Flow, Step, acting
from bot.i18n import Param
from bot.outbox.topics import NOW
from bot.store import Connection, circle, switching
from bot.store.flow import Talk

PERSON = "about"
"""The answer the menu gives: about whom."""

HOW_LONG = {"day": Text("switching", "one_day"), "week": Text("switching", "one_week")}

TOLD = {"told": Text("switching", "told_by_you"), "not_yet": Text("switching", "told_by_other")}


@dataclass(frozen=True, slots=True)
class Facts:
    by: str
    person: str
    name: str


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    person = talk.answers[PERSON]
    return Facts(acting(c, talk), person, circle.name(c, person))


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    said = talk.answers
    params: dict[str, Param] = {"person": facts.name}
    if "situation" in said:
        params["situation"] = NOW[Situation(said["situation"])]
    if "length" in said:
        params["length"] = HOW_LONG[said["length"]]
    if "told" in said:
        params["told"] = TOLD[said["told"]]
    return params


def _ask(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers
    return switching.ask(
        c,
        facts.person,
        Situation(said["situation"]),
        LENGTHS[said["length"]],
        facts.by,
        now,
        cause,
        told=said["told"] == "told",
    )


FLOW = Flow[Facts](
    name="switching",
    start="situation",
    steps={
        "situation": Step(
            Text("switching", "which"),
            (
                Choice("unwell", Text("switching", "is_unwell"), "length"),
                Choice("emergency", Text("switching", "is_emergency"), "length"),
            ),
        ),
        "length": Step(
            Text("switching", "how_long"),
            tuple(Choice(length, label, "told") for length, label in HOW_LONG.items()),
        ),
        "told": Step(
            Text("switching", "who_told"),
            (
                Choice("told", Text("switching", "i_told"), "check"),
                Choice("not_yet", Text("switching", "not_yet"), "check"),
            ),
        ),
        "check": Step(
            Text("switching", "check"),
            (
                Choice("ask", Text("switching", "ask_colleague"), "asked"),
                Choice("change", Text("decision", "change"), "situation"),
                Choice("not_now", Text("decision", "not_now"), "not_now"),
            ),
        ),
        "asked": Step(ends="ask"),
        "not_now": Step(Text("decision", "not_saved"), ends=STOP),
    },
)

SWITCH = Conversation(FLOW, _facts, {"ask": _ask}, _params)
"""The talk behind "Unwell, or an emergency"."""
