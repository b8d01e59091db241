"""When a plan's sentences come true: a table of cases, and a naive evaluator beside the rule."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.care.sign import (
    Observation,
    Sign,
    SignPlan,
    Stage,
    State,
    Template,
    Threshold,
    Voice,
)
from bot.care.threshold import Fired, fired
from tests.care.naive_threshold import naive

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
STAGES = {
    "night": Stage.EARLY,
    "silent": Stage.EARLY,
    "fast": Stage.MIDDLE,
    "flat": Stage.LATE,
    "sings": Stage.GOOD,
}


def sign(id: str, stage: Stage) -> Sign:
    return Sign(id, stage, id, "jo", NOON)


def threshold(template: Template, count: int = 1, days: int = 1) -> Threshold:
    return Threshold(template.value, template, "jo", count, days)


ANY_LATE = threshold(Template.ANY_LATE)
TWO_IN_SEVEN = threshold(Template.DIFFERENT_IN_DAYS, 2, 7)
THREE_RUNNING = threshold(Template.SAME_DAYS_RUNNING, days=3)
TWO_PEOPLE = threshold(Template.TWO_PEOPLE, 2, 7)

PLAN = SignPlan(
    "plan",
    "sam",
    1,
    State.ACTIVE,
    "jo",
    NOON - timedelta(days=60),
    NOON + timedelta(days=60),
    signs=tuple(sign(id, stage) for id, stage in STAGES.items()),
    thresholds=(ANY_LATE, TWO_IN_SEVEN, THREE_RUNNING, TWO_PEOPLE),
    active_at=NOON - timedelta(days=60),
)


def saw(
    of: str | None, days_ago: float = 0, *, since: int = 0, by: str = "amira", id: str = ""
) -> Observation:
    at = NOON - timedelta(days=days_ago)
    return Observation(
        id or f"{of}-{by}-{days_ago}", "sam", "plan", of, since, 1, None, by, None, Voice.CARER, at
    )


def names(found: Sequence[Fired]) -> set[Template]:
    return {one.threshold.template for one in found}


class Case(NamedTuple):
    saw: tuple[Observation, ...]
    fires: set[Template]


CASES = {
    "nothing was noticed": Case((), set()),
    "one early sign": Case((saw("night"),), set()),
    "one late sign": Case((saw("flat"),), {Template.ANY_LATE}),
    "a late sign of yesterday": Case((saw("flat", 1),), set()),
    "two different signs in a week": Case(
        (saw("night", 6), saw("fast")), {Template.DIFFERENT_IN_DAYS}
    ),
    "two different signs in eight days": Case((saw("night", 7), saw("fast")), set()),
    "the same sign twice is one sign": Case((saw("night", 2), saw("night")), set()),
    "three days running": Case(
        (saw("night", 2), saw("night", 1), saw("night")), {Template.SAME_DAYS_RUNNING}
    ),
    "three days with one between": Case((saw("night", 3), saw("night", 1), saw("night")), set()),
    "three times on one day": Case((saw("night", 0.1), saw("night", 0.2), saw("night")), set()),
    "a few days are three": Case((saw("night", since=3),), {Template.SAME_DAYS_RUNNING}),
    "a week reaches back too": Case((saw("night", since=7),), {Template.SAME_DAYS_RUNNING}),
    "two carers together see three days": Case(
        (saw("night", 1, since=3, by="leo"), saw("night")),
        {Template.SAME_DAYS_RUNNING, Template.TWO_PEOPLE},
    ),
    "two people": Case((saw("night", 3, by="leo"), saw("night")), {Template.TWO_PEOPLE}),
    "two people, different signs": Case(
        (saw("night", 3, by="leo"), saw("fast")), {Template.DIFFERENT_IN_DAYS}
    ),
    "one person twice": Case((saw("night", 3), saw("night")), set()),
    "good days count for nothing": Case(
        (saw("sings", since=7), saw("sings", by="leo"), saw("night")), set()
    ),
    "something else has no card": Case((saw(None), saw(None, by="leo"), saw("night")), set()),
    "a card of an earlier version": Case((saw("gone"), saw("gone", by="leo")), set()),
    "all at once": Case((saw("flat", since=3), saw("flat", by="leo"), saw("fast")), set(Template)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_each_sentence_comes_true_as_it_says(case: Case) -> None:
    assert names(fired(PLAN, case.saw, NOON, LONDON)) == case.fires
    assert fired(PLAN, case.saw[::-1], NOON, LONDON) == fired(PLAN, case.saw, NOON, LONDON)


def test_what_fired_says_which_signs_and_days_are_behind_it() -> None:
    first, second = saw("night", 6), saw("flat", since=3)
    late, different, running = fired(PLAN, [second, first], NOON, LONDON)
    assert late == Fired(ANY_LATE, (second.id,), ("flat",), Stage.LATE, (date(2026, 3, 4),))
    assert different.observations == (first.id, second.id)
    assert different.signs == ("night", "flat") and different.stage is Stage.LATE
    last = (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4))
    assert different.days == (date(2026, 2, 26), *last) and running.days == last


def test_only_a_plan_in_force_fires() -> None:
    late = [saw("flat")]
    draft = replace(PLAN, state=State.DRAFT, active_at=None)
    ended = replace(PLAN, state=State.ENDED, ended_at=NOON)
    assert fired(PLAN, late, NOON, LONDON)
    assert not fired(draft, late, NOON, LONDON) and not fired(ended, late, NOON, LONDON)


def test_what_was_taken_back_counts_for_nothing() -> None:
    late = replace(saw("flat"), withdrawn_at=NOON)
    assert not fired(PLAN, [late], NOON, LONDON)
    assert not fired(PLAN, [late, saw("night")], NOON, LONDON)


def test_an_edit_of_the_plan_changes_what_is_said_of_earlier_days() -> None:
    noticed = [saw("night")]
    assert not fired(PLAN, noticed, NOON, LONDON)
    later = replace(PLAN, signs=(sign("night", Stage.LATE),))
    assert names(fired(later, noticed, NOON, LONDON)) == {Template.ANY_LATE}
    assert not fired(replace(PLAN, signs=()), [saw("flat")], NOON, LONDON)
    assert not fired(replace(PLAN, thresholds=()), [saw("flat")], NOON, LONDON)


def test_a_day_is_the_services_own_day() -> None:
    """At half past eleven in the evening of summer it is tomorrow already in London."""
    evening = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    plan = replace(PLAN, thresholds=(threshold(Template.SAME_DAYS_RUNNING, days=2),))
    twice = [
        replace(saw("night", id="a"), at=evening - timedelta(hours=2)),
        replace(saw("night", id="b"), at=evening),
    ]
    assert fired(plan, twice, evening, LONDON)
    assert not fired(plan, twice, evening, ZoneInfo("UTC"))


def test_only_that_in_which_the_newest_has_a_part() -> None:
    """What was reached before has been told already."""
    late, early = saw("flat"), saw("night", 0.01)
    both = [late, early]
    found = fired(PLAN, both, NOON, LONDON, newest=early.id)
    assert names(found) == {Template.DIFFERENT_IN_DAYS}
    assert names(fired(PLAN, both, NOON, LONDON, newest=late.id)) > names(found)
    assert not fired(PLAN, [late, saw("sings", id="good")], NOON, LONDON, newest="good")


# --- beside a naive evaluator -------------------------------------------------------------

ZONES = [LONDON, ZoneInfo("UTC"), ZoneInfo("Pacific/Auckland"), ZoneInfo("America/New_York")]
observations = some.lists(
    some.builds(
        Observation,
        id=some.text("abcdef", min_size=4, max_size=8),
        person=some.just("sam"),
        plan=some.just("plan"),
        sign=some.sampled_from([*STAGES, "gone", None]),
        since=some.sampled_from([0, 3, 7]),
        worry=some.just(1),
        words=some.none(),
        by=some.sampled_from(["sam", "amira", "leo", "jo"]),
        acting=some.none(),
        voice=some.just(Voice.CARER),
        at=some.integers(-60, 15 * 24 * 60).map(lambda m: NOON - timedelta(minutes=m)),
        withdrawn_at=some.sampled_from([None, None, None, NOON]),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)
thresholds = some.lists(
    some.builds(
        Threshold,
        id=some.text("xyz", min_size=3, max_size=6),
        template=some.sampled_from(Template),
        by=some.just("jo"),
        count=some.integers(1, 4),
        days=some.integers(1, 14),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
).map(tuple)


@given(
    seen=observations,
    wanted=thresholds,
    stages=some.lists(some.sampled_from(Stage), min_size=5, max_size=5),
    zone=some.sampled_from(ZONES),
)
def test_it_agrees_with_a_calendar_on_paper_in_whatever_order_it_was_heard(
    seen: list[Observation],
    wanted: tuple[Threshold, ...],
    stages: list[Stage],
    zone: ZoneInfo,
) -> None:
    cards = tuple(sign(id, stage) for id, stage in zip(STAGES, stages, strict=True))
    plan = replace(PLAN, signs=cards, thresholds=wanted)
    found = fired(plan, seen, NOON, zone)
    assert {one.threshold.id for one in found} == set(naive(plan, seen, NOON, zone))
    assert fired(plan, seen[::-1], NOON, zone) == found
    for one in seen:
        part = fired(plan, seen, NOON, zone, newest=one.id)
        assert part == tuple(each for each in found if one.id in each.observations)
        without = [other for other in seen if other is not one]
        taken_back = replace(one, withdrawn_at=NOON)
        assert fired(plan, [*without, taken_back], NOON, zone) == fired(plan, without, NOON, zone)
