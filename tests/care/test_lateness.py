"""Being late: within the plan at once, beyond it when staff say yes; pressed twice, once."""

from datetime import datetime

import pytest

from bot.care import journey, lateness
from bot.care.journey import ALERTED, State
from bot.care.outcome import Lane, Outcome
from tests.care.outing import (
    DUE,
    GRACE_OVER,
    MINUTE,
    NOON,
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


def test_later_moves_the_time_once_however_often_it_is_pressed() -> None:
    first = lateness.later(outing(), 10, outing().mark, HALF_PAST)
    second = lateness.later(outing_of(first), 10, outing().mark, HALF_PAST)

    assert outing_of(first).due_at == DUE + 10 * MINUTE
    assert outing_of(second).due_at == DUE + 10 * MINUTE
    assert told(first) == [("sam", "later")] and told(second) == [("sam", "ok")]


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


def test_longer_asks_the_first_rung_that_can_be_reached_and_the_time_stands() -> None:
    outcome = lateness.ask_longer(outing(), around(None, "dev", "priya").ladder, HALF_PAST)

    assert told(outcome) == [("dev", "asks_longer"), ("sam", "longer_asked")]
    assert outcome.tells[0].message.params["person"] == "sam"
    assert outcome.tells[1].message.params["member"] == "dev"
    assert outing_of(outcome).due_at == DUE
    assert [tell.lane for tell in outcome.tells] == [Lane.SAFETY, Lane.REPLY]


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
