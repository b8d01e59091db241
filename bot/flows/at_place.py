"""Saying what is otherwise at one place: how long, how Kith asks, which delays are known."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.care.plan import Plan
from bot.care.terms import Pattern, PlaceTerms, at
from bot.care.text import Text
from bot.flows.flow import Choice, Offered, Step
from bot.flows.plan import read_longest
from bot.flows.saying import (
    Facts,
    by_pattern,
    params_of,
    points,
    read_minutes,
    read_spans,
    spans,
    stretches,
    talk,
    with_terms,
)
from bot.i18n import Param
from bot.store.flow import Talk


def places(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(place.id, place.name) for place in facts.plan.places]


def _place(plan: Plan, talk: Talk) -> str:
    """The name of the place that was picked."""
    return next((one.name for one in plan.places if one.id == talk.answers.get("place")), "")


def _params(facts: Facts, talk: Talk) -> Mapping[str, Param]:
    return {**params_of(facts, talk), "place": _place(facts.plan, talk)}


def _own(plan: Plan, talk: Talk) -> PlaceTerms:
    """What is otherwise there so far."""
    place = _place(plan, talk)
    return at(plan.terms, place) or PlaceTerms(place)


def _others(plan: Plan, place: str) -> tuple[PlaceTerms, ...]:
    """What is otherwise at the other places."""
    own = at(plan.terms, place)
    return tuple(one for one in plan.terms.at_places if one != own)


def _with(plan: Plan, own: PlaceTerms) -> Plan:
    return with_terms(plan, at_places=(*_others(plan, own.place), own))


def _longest(plan: Plan, talk: Talk, _fresh: Callable[[], str]) -> Plan:
    return _with(plan, replace(_own(plan, talk), longest=int(talk.answers["longest"])))


def _asks(plan: Plan, talk: Talk, _fresh: Callable[[], str]) -> Plan:
    said, own = talk.answers, _own(plan, talk)
    every = int(said.get("every", own.every))
    chosen = replace(own, pattern=Pattern(said["pattern"]), every=every, points=points(talk))
    return _with(plan, replace(chosen, before_alone=None))


def _delays(plan: Plan, talk: Talk, fresh: Callable[[], str]) -> Plan:
    return _with(plan, replace(_own(plan, talk), stretches=stretches(talk, fresh)))


def _as_everywhere(plan: Plan, talk: Talk, _fresh: Callable[[], str]) -> Plan:
    return with_terms(plan, at_places=_others(plan, _place(plan, talk)))


AT_PLACE = talk(
    "at_place",
    {
        "place": Step(Text("terms", "which_place"), offers="places", to="differs"),
        "differs": Step(
            Text("terms", "what_differs"),
            (
                Choice("longest", Text("terms", "differs_longest"), "longest"),
                Choice("asks", Text("terms", "asks"), "pattern"),
                Choice("delays", Text("terms", "delays"), "delays"),
                Choice("nothing", Text("terms", "as_everywhere"), "as_everywhere"),
            ),
        ),
        "longest": Step(
            Text("terms", "longest_there"), offers="longest", reads="longest", to="longest_kept"
        ),
        **by_pattern(Text("terms", "pattern_there"), "asks_kept"),
        "delays": Step(
            Text("terms", "which_delays"),
            (Choice("none", Text("terms", "no_delays"), "delays_kept"),),
            reads="spans",
            to="delays_kept",
        ),
    },
    {
        "longest_kept": _longest,
        "asks_kept": _asks,
        "delays_kept": _delays,
        "as_everywhere": _as_everywhere,
    },
    offers={"places": places, "longest": spans(60, 120, 240), "every": spans(15, 20, 30, 60)},
    readers={"longest": read_longest, "minutes": read_minutes, "spans": read_spans},
    params=_params,
)
