"""Every conversation of Kith, and a flow of the tests' own with one of everything in it."""

import pkgutil
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import bot.flows
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
from bot.store.flow import Talk

LONDON = ZoneInfo("Europe/London")


def conversations() -> dict[str, Conversation[Any]]:
    """Those of the modules in bot/flows, by the name of their flow."""
    found: list[Conversation[Any]] = []
    for module in pkgutil.iter_modules(bot.flows.__path__):
        there = vars(import_module(f"bot.flows.{module.name}"))
        found += [value for value in there.values() if isinstance(value, Conversation)]
        if "conversation" in there:
            found.append(there["conversation"](LONDON))
    return {conversation.flow.name: conversation for conversation in found}


@dataclass(frozen=True)
class Kitchen:
    """What the tea flow knows: which biscuits are left."""

    biscuits: tuple[str, ...] = ("ginger", "oat")


NOT_A_NAME = Text("general", "choose")


def read_name(said: Wrote | Located, _facts: Kitchen, talk: Talk) -> str | Text:
    if isinstance(said, Located) or not said.text.isalpha():
        return NOT_A_NAME
    return "+".join(filter(None, (talk.answers.get("guests"), said.text)))


ANY = Text("general", "choose")

TEA = Flow[Kitchen](
    name="tea",
    start="drink",
    steps={
        "drink": Step(
            ANY,
            choices=(
                Choice("tea", Text("profile", "easy"), "with_it"),
                Choice("water", Text("general", "back"), "guests"),
            ),
        ),
        "biscuit": Step(ANY, offers="biscuits", to="guests"),
        "guests": Step(
            ANY,
            choices=(Choice("all", Text("general", "stop"), "sure"),),
            reads="name",
            to="guests",
        ),
        "sure": Step(
            ANY,
            choices=(
                Choice("yes", Text("leave", "yes"), "poured"),
                Choice("change", Text("leave", "no"), "drink"),
            ),
            back=False,
        ),
        "poured": Step(Text("general", "stopped"), ends="pour"),
        "nothing": Step(Text("general", "stopped"), ends=STOP),
    },
    offers={"biscuits": lambda facts, _talk: [Offered(b, b) for b in facts.biscuits]},
    readers={"name": read_name},
    routes={
        "with_it": Route(
            ("biscuit", "guests", "nothing"),
            lambda facts, _talk: "biscuit" if facts.biscuits else "guests",
        )
    },
)
