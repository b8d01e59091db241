"""What is otherwise on the way to one place, and as everywhere on the way to all others."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care import planning, setting_off, stepping
from bot.care.plan import Place, Plan, PlanState
from bot.care.stepping import Change, Way
from bot.care.terms import Pattern, PlaceTerms, Point, Stretch, Support, Terms, at_step
from tests.care.outing import MINUTE, NOON, PLAN, around, outing, outing_of, said

BUS = (Point("on the bus", 15), Point("at the library", 20))
LIBRARY = PlaceTerms(
    "Library", 120, Pattern.POINTS, points=BUS, stretches=(Stretch("bus", "Bus 9", 10),)
)
TERMS = Terms(stretches=(Stretch("hill", "Hill Road", 5),), at_places=(LIBRARY,))
AGREED = replace(PLAN, places=(Place("c", "Café"), Place("l", "Library")), longest=60, terms=TERMS)


def off(place: str, minutes: int) -> str | tuple[float, str | None] | None:
    """What is said to who sets off there at noon; or when they are first asked, and where."""
    plan = AGREED.at(place)
    leaves = replace(outing(plan=plan, place=place), due_at=NOON + minutes * MINUTE)
    outcome = setting_off.set_off(leaves, None, around().ladder, (), "jo", NOON)
    if not outcome.records:
        return said(outcome)
    out = outing_of(outcome)
    point = out.plan.terms.points[0].name if out.plan.terms.points else None
    return (out.due_at - NOON) / MINUTE, point


@pytest.mark.parametrize("name", ["Library", "library", " LIBRARY "])
def test_on_the_way_there_what_is_agreed_for_it_comes_first(name: str) -> None:
    assert off(name, 90) == (15, "on the bus")
    assert [one.id for one in AGREED.at(name).terms.stretches] == ["bus"]


@pytest.mark.parametrize("name", ["Café", "The pub", "Library café", ""])
def test_everywhere_else_it_is_as_agreed_for_all(name: str) -> None:
    assert AGREED.at(name) == AGREED
    assert off(name, 60) == (60, None)
    assert off(name, 90) == "cannot_keep_longer"


def test_only_what_was_said_is_otherwise() -> None:
    longer = replace(AGREED, terms=replace(TERMS, at_places=(PlaceTerms("Library", 90),)))
    assert longer.at("Library") == replace(longer, longest=90)
    quick = replace(longer, terms=replace(TERMS, at_places=(PlaceTerms("Library", stretches=()),)))
    assert quick.at("Library").terms.stretches == () and quick.at("Library").longest == 60


spans = st.integers(1, 240)
patterns = st.sampled_from([None, *Pattern])
of_places = st.builds(
    PlaceTerms,
    st.sampled_from(["Café", "Library"]),
    st.none() | spans,
    patterns,
    spans,
    st.lists(st.builds(Point, st.text(min_size=1), spans), max_size=3).map(tuple),
)


@given(
    st.lists(of_places, max_size=2, unique_by=lambda one: one.place).map(tuple),
    st.sampled_from(["Café", "Library", "elsewhere"]),
)
def test_however_often_it_is_asked_it_says_the_same_and_nothing_of_who_is_told(
    own: tuple[PlaceTerms, ...], place: str
) -> None:
    plan = replace(AGREED, terms=replace(TERMS, at_places=own))
    there = plan.at(place)
    assert there.at(place) == there
    kept = replace(there, longest=plan.longest, terms=plan.terms)
    assert kept == plan, "who is told, and after how long, is one for all places"


@given(
    st.builds(Terms, pattern=st.sampled_from(Pattern)),
    st.lists(of_places, max_size=2, unique_by=lambda one: one.place).map(tuple),
    st.sampled_from([one for one in Support if one is not Support.ALONE]),
)
def test_a_step_to_alone_and_back_brings_back_what_each_place_had(
    terms: Terms, own: tuple[PlaceTerms, ...], support: Support
) -> None:
    before = replace(terms, support=support, at_places=own)
    alone = at_step(before, Support.ALONE)
    assert {one.pattern for one in alone.at_places} <= {None, Pattern.BACK_BY}
    assert alone.pattern is Pattern.BACK_BY
    assert at_step(alone, support) == before


def test_a_step_says_that_it_changes_what_one_place_asks() -> None:
    assert stepping.changes(TERMS, Way.LESS) is Change.ONLY_BACK
    assert stepping.changes(at_step(TERMS, Support.ALONE), Way.MORE) is Change.ASKS_AGAIN


def test_to_be_asked_at_one_place_wants_what_was_thought_of_first() -> None:
    written = replace(AGREED, state=PlanState.PREPARING)
    assert planning.lacks(written) is not None
    assert (
        planning.lacks(replace(written, terms=replace(TERMS, less_restrictive="A lift."))) is None
    )


def test_a_place_that_is_taken_out_leaves_nothing_behind() -> None:
    written = replace(AGREED, state=PlanState.PREPARING)
    outcome = planning.write(written, replace(written, places=written.places[:1]), "jo")
    (kept,) = (record for record in outcome.records if isinstance(record, Plan))
    assert kept.terms.at_places == ()
    both = planning.write(written, replace(written, longest=30), "jo")
    (kept,) = (record for record in both.records if isinstance(record, Plan))
    assert kept.terms.at_places == (LIBRARY,)
