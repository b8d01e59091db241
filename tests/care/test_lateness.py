"""Being late: within the plan at once, beyond it when staff say yes; pressed twice, once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.care import journey, lateness
from bot.care.journey import ALERTED, KIND, State
from bot.care.outcome import About, Lane, Log, Message, Outcome, Topic, Wake
from bot.care.terms import Pattern, Terms
from bot.care.text import Text
from tests.care.outing import (
    DUE,
    GRACE_OVER,
    MINUTE,
    NOON,
    PLAN,
    around,
    outing,
    outing_of,
    said,
    told,
)

LADDER = around().ladder
NOBODY = around(None, None, None).ladder
HALF_PAST = NOON + 30 * MINUTE


@pytest.mark.parametrize(
    ("now", "left"),
    [
        pytest.param(HALF_PAST, (10, 20, 30), id="all that the plan allows"),
        pytest.param(DUE + 15 * MINUTE, (10,), id="counted from now when the time has passed"),
        pytest.param(DUE + 25 * MINUTE, (), id="nothing is left"),
    ],
)
def test_how_much_later_the_plan_allows(now: datetime, left: tuple[int, ...]) -> None:
    assert lateness.minutes_left(outing(), now) == left


def test_saying_late_holds_the_grace_until_the_person_has_chosen() -> None:
    outcome = lateness.late(outing(State.NUDGED, nudges=2), DUE + 9 * MINUTE)

    assert [wake.at for wake in outcome.wakes] == [DUE + 19 * MINUTE]
    assert outing_of(outcome).state is State.OUT and told(outcome) == []
    assert outcome.logs == (Log("journey_late", "sam", "sam", {"journey": "out"}),)


def test_later_moves_the_time_once_however_often_it_is_pressed() -> None:
    first = lateness.later(outing(), 10, outing().mark, HALF_PAST)
    second = lateness.later(outing_of(first), 10, outing().mark, HALF_PAST)

    assert outing_of(first).due_at == DUE + 10 * MINUTE
    assert outing_of(second).due_at == DUE + 10 * MINUTE
    assert told(first) == [("sam", "later")] and told(second) == [("sam", "ok")]
    assert first.wakes == (Wake(KIND, "out", DUE + 10 * MINUTE),)


def test_what_is_said_of_the_new_time_tells_whether_a_check_in_comes_before_it() -> None:
    whole = outing()
    every = replace(PLAN, terms=Terms(pattern=Pattern.EVERY, every=20, pause=60))
    on_the_way = outing(plan=every, due_at=NOON + 40 * MINUTE, back_at=DUE)
    texts = [
        lateness.later(out, 10, out.mark, HALF_PAST).tells[0].message.text
        for out in (whole, on_the_way)
    ]
    assert texts == [Text("journey", "later"), Text("pattern", "later")]


def test_the_ledger_says_how_many_whole_minutes_later_it_became() -> None:
    late = DUE + 7 * MINUTE + timedelta(seconds=10)
    out = outing(State.NUDGED, nudges=1)
    outcome = lateness.home_in(out, 10, out.mark, late)
    assert outcome.logs == (Log("journey_later", "sam", "sam", {"journey": "out", "minutes": 17}),)


def test_home_in_ten_minutes_counts_from_now() -> None:
    asked = outing_of(journey.ok(outing(State.NUDGED, nudges=1), DUE + 6 * MINUTE))
    outcome = lateness.home_in(asked, 10, asked.mark, DUE + 7 * MINUTE)
    assert outing_of(outcome).due_at == DUE + 17 * MINUTE


def test_beyond_the_plan_is_no_no_and_still_a_sign_of_life() -> None:
    out = outing(State.NUDGED, nudges=2)
    outcome = lateness.later(out, 30, out.mark, DUE + 9 * MINUTE)

    assert said(outcome) == "later_than_plan"
    assert outing_of(outcome).due_at == DUE + 19 * MINUTE
    assert outing_of(outcome).limit_at == out.limit_at
    assert outcome.logs == (Log("journey_ok", "sam", "sam", {"journey": "out"}),)


def test_longer_asks_the_first_rung_that_can_be_reached_and_the_time_stands() -> None:
    outcome = lateness.ask_longer(outing(), around(None, "dev", "priya").ladder, HALF_PAST)

    assert told(outcome) == [("dev", "asks_longer"), ("sam", "longer_asked")]
    assert outcome.tells[0].message.params["person"] == "sam"
    assert outcome.tells[1].message.params["member"] == "dev"
    assert outing_of(outcome).due_at == DUE
    assert [tell.lane for tell in outcome.tells] == [Lane.SAFETY, Lane.REPLY]
    assert outcome.wakes == (Wake(KIND, "out", DUE),)
    assert outcome.logs == (Log("journey_asks_longer", "sam", "sam", {"journey": "out"}),)


def test_each_time_longer_is_asked_staff_are_told_once_and_the_gate_is_asked_first() -> None:
    first = lateness.ask_longer(outing(), LADDER, HALF_PAST)
    second = lateness.ask_longer(outing_of(first), LADDER, HALF_PAST)

    keys = [[tell.key for tell in outcome.tells] for outcome in (first, second)]
    assert keys == [
        ["out:longer:2", "out:longer:2:person"],
        ["out:longer:3", "out:longer:3:person"],
    ]
    assert [tell.about for tell in first.tells] == [About("sam", Topic.JOURNEYS, 3), None]


def test_when_nobody_can_be_asked_the_person_hears_so() -> None:
    outcome = lateness.ask_longer(outing(), NOBODY, HALF_PAST)
    assert said(outcome) == "longer_nobody" and told(outcome) == []


def test_staff_give_more_time_once_however_often_they_press() -> None:
    asked = outing_of(lateness.ask_longer(outing(), LADDER, HALF_PAST))
    first = lateness.give_longer(asked, "jo", 30, asked.mark, HALF_PAST)
    second = lateness.give_longer(outing_of(first), "jo", 30, asked.mark, HALF_PAST)

    given = outing_of(first)
    assert given.due_at == DUE + 30 * MINUTE and given.limit_at >= given.due_at
    assert told(first) == [("sam", "longer_given")] and said(first) == "longer_saved"
    assert second == Outcome(said=second.said) and said(second) == "longer_saved"


def test_who_gives_more_time_reads_until_when_and_the_person_reads_who_gave_it() -> None:
    out = outing(State.NUDGED, nudges=1)
    outcome = lateness.give_longer(out, "jo", 30, out.mark, DUE + MINUTE)

    until = DUE + 30 * MINUTE
    saved = Message(Text("journey", "longer_saved"), {"person": "sam", "due": until})
    assert outcome.said == saved
    [told] = outcome.tells
    assert (told.to, told.lane, told.key) == ("sam", Lane.REPLY, "out:longer_given:2")
    assert told.message.text == Text("journey", "longer_given")
    assert told.message.params.items() >= {"member": "jo", "due": until}.items()
    [line] = outcome.logs
    assert line == Log("journey_longer_given", "sam", "jo", {"journey": "out", "minutes": 30})


def test_when_more_time_is_given_the_person_is_asked_afresh_at_its_end() -> None:
    out = outing(State.NUDGED, nudges=2)
    outcome = lateness.give_longer(out, "jo", 30, out.mark, DUE + 6 * MINUTE)

    given = outing_of(outcome)
    assert (given.state, given.nudges, given.due_at) == (State.OUT, 0, DUE + 30 * MINUTE)
    assert outcome.wakes == (Wake(KIND, "out", DUE + 30 * MINUTE),)


def test_more_time_that_ends_at_this_very_moment_comes_too_late() -> None:
    out = outing(State.NUDGED, nudges=2)
    outcome = lateness.give_longer(out, "jo", 5, out.mark, DUE + 5 * MINUTE)
    assert outcome == Outcome(said=outcome.said) and said(outcome) == "longer_too_late"


@pytest.mark.parametrize("state", [*sorted(ALERTED), State.HOME])
def test_more_time_comes_too_late_once_staff_are_asked(state: State) -> None:
    outcome = lateness.give_longer(outing(state), "jo", 30, outing().mark, GRACE_OVER)
    assert outcome == Outcome(said=outcome.said) and said(outcome) == "longer_too_late"


def test_time_given_after_kith_was_off_is_a_new_start() -> None:
    out = outing(State.NUDGED, nudges=1, off=(NOON, DUE))
    assert outing_of(lateness.give_longer(out, "jo", 30, out.mark, DUE)).off is None


@pytest.mark.parametrize("mark", [10**10, 10**20])
def test_a_forged_button_gives_no_more_than_once_more_beyond_the_plan(mark: int) -> None:
    out = outing()
    given = outing_of(lateness.give_longer(out, "jo", 30, mark, HALF_PAST))
    assert given.due_at == out.limit_at + 30 * MINUTE
