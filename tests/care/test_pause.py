"""Quiet that is agreed: a pause, a slow stretch, a phone that is nearly empty; and no longer."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care import journey, lateness, pause
from bot.care.journey import ALERTED, Journey, State
from bot.care.outcome import Lane, Outcome, Topic
from bot.care.terms import Pattern, Stretch, Terms
from tests.care.outing import (
    DUE,
    MINUTE,
    NOON,
    PLAN,
    around,
    logged,
    outing,
    outing_of,
    said,
    told,
)

HILL, TUNNEL = Stretch("hill", "The hill", 15), Stretch("tunnel", "The tunnel", 5)
EVERY = replace(
    PLAN,
    terms=Terms(pattern=Pattern.EVERY, every=20, pause=45, stretches=(HILL, TUNNEL)),
)
LADDER = around().ladder
TEN = 10 * MINUTE
ENDED = [State.MISSED, State.HELP, State.ANSWERED, State.HOME]


def out(state: State = State.OUT, **more: object) -> Journey:
    """Sam set off at noon, is to check in at twenty past, and back at one."""
    given = {"plan": EVERY, "due_at": NOON + 20 * MINUTE, "back_at": DUE, **more}
    return outing(state, **given)


def until(minutes: float) -> datetime:
    return NOON + minutes * MINUTE


# --- a pause ------------------------------------------------------------------------------


def test_a_pause_puts_off_the_next_check_in_and_no_time_to_be_back() -> None:
    outcome = pause.pause(out(), until(45), NOON + TEN)

    paused = outing_of(outcome)
    assert (paused.due_at, paused.back_at, paused.heard_at) == (until(45), DUE, NOON + TEN)
    assert told(outcome) == [("sam", "paused")] and logged(outcome) == ["journey_paused"]
    assert outcome.logs[0].facts["until"] == until(45)
    assert [wake.at for wake in outcome.wakes] == [until(45)]
    after = outing_of(journey.ok(paused, until(46)))
    assert (after.due_at, after.back_at) == (DUE, None)


def test_a_pause_that_ends_before_the_next_check_in_says_so() -> None:
    outcome = pause.pause(out(), until(20), NOON + TEN)
    assert told(outcome) == [("sam", "quiet_anyway")] and outing_of(outcome).due_at == until(20)


def test_a_pause_that_ends_after_the_time_to_be_back_moves_that_within_what_the_plan_allows() -> (
    None
):
    late = out(due_at=NOON + 50 * MINUTE)
    paused = outing_of(pause.pause(late, until(85), NOON + 45 * MINUTE))
    assert (paused.due_at, paused.back_at) == (until(85), None)
    assert paused.extends == 1, "they are later, as if they had said so"
    beyond = pause.pause(late, until(91), NOON + 46 * MINUTE)
    assert said(beyond) == "too_long" and outing_of(beyond).due_at == late.due_at


def test_who_may_be_later_no_more_pauses_until_the_time_to_be_back_and_no_longer() -> None:
    once = replace(EVERY, terms=replace(EVERY.terms, extends=1))
    now, late = NOON + 45 * MINUTE, out(due_at=NOON + 50 * MINUTE, plan=once)
    assert outing_of(pause.pause(late, until(85), now)).back == until(85)
    again = replace(late, extends=1)
    refused = pause.pause(again, until(61), now)
    assert refused.said is not None and said(refused) == "too_long"
    assert refused.said.params["longest"] == late.back == until(60)
    assert outing_of(refused).back == late.back
    paused = outing_of(pause.pause(again, until(60), now))
    assert (paused.back, paused.extends) == (until(60), 1), "a pause within it is no lateness"
    assert pause.spans_left(again, now) == ()
    over = until(60)
    assert pause.pause(again, until(70), over) == journey.ok(again, over)


@pytest.mark.parametrize(("minutes", "longest"), [(45, True), (46, False)])
def test_a_pause_is_as_long_as_the_plan_says_at_the_most(minutes: int, longest: bool) -> None:
    outcome = pause.pause(out(), until(minutes), NOON)
    assert (said(outcome) is None) == longest
    if not longest:
        assert outcome.said is not None and outcome.said.params["longest"] == until(45)
        kept = outing_of(outcome)
        assert (kept.due_at, kept.heard_at) == (until(20), NOON)
        assert logged(outcome) == ["journey_ok"]
        assert [wake.at for wake in outcome.wakes] == [until(20)]


def test_a_pause_shorter_than_until_the_next_check_in_brings_none_forward() -> None:
    assert outing_of(pause.pause(out(), until(15), NOON + TEN)).due_at == until(20)
    due = outing_of(pause.pause(out(), until(30), until(22)))
    assert due.due_at == until(42), "what was due is answered by the tap"


@pytest.mark.parametrize(
    ("outing", "minutes"),
    [
        pytest.param(outing(), 30, id="a plan with one check-in has none to put off"),
        pytest.param(out(due_at=DUE, back_at=None), 30, id="only being back is left"),
        pytest.param(out(plan=replace(EVERY, terms=Terms())), 30, id="the plan allows no pause"),
        pytest.param(out(), 10, id="that time has gone by"),
        *(pytest.param(out(state), 30, id=f"{state}") for state in ENDED),
    ],
)
def test_where_no_pause_is_left_it_is_a_sign_of_life_and_no_more(
    outing: Journey, minutes: float
) -> None:
    now = NOON + TEN
    assert pause.pause(outing, until(minutes), now) == journey.ok(outing, now)


def test_the_spans_that_are_offered_are_those_that_fit() -> None:
    assert pause.spans_left(out(), NOON) == (30,)
    long = replace(EVERY, terms=replace(EVERY.terms, pause=90))
    assert pause.spans_left(out(plan=long), NOON) == (30, 60, 90)
    assert pause.spans_left(out(plan=long), NOON + 31 * MINUTE) == (30,)
    assert pause.may_pause(out()) and not pause.may_pause(outing(plan=EVERY))
    assert pause.longest(out(), until(60)) == until(90)


# --- a slow stretch -----------------------------------------------------------------------


def test_a_stretch_gives_its_grace_to_this_check_in_and_once_an_outing() -> None:
    outcome = pause.slow_here(out(), 0, NOON + TEN)

    slow = outing_of(outcome)
    assert (slow.slack, slow.stretches, slow.grace) == (15, ("hill",), 25)
    assert (slow.due_at, slow.heard_at) == (until(20), NOON + TEN)
    assert told(outcome) == [("sam", "slow_noted")] and logged(outcome) == ["journey_slow_here"]
    assert outcome.tells[0].message.params["extra"] == 15
    assert outcome.logs[0].facts["minutes"] == 15
    assert pause.stretches_left(slow) == ((1, TUNNEL),)
    assert pause.slow_here(slow, 0, NOON + TEN) == journey.ok(slow, NOON + TEN)
    both = outing_of(pause.slow_here(slow, 1, NOON + TEN))
    assert (both.slack, both.stretches) == (20, ("hill", "tunnel"))

    asked = replace(both, state=State.NUDGED, nudges=2)
    assert journey.next_moment(asked) == until(50)
    almost = journey.tick(asked, None, "alert", until(50) - MINUTE)
    assert not almost.records
    assert logged(journey.tick(asked, None, "alert", until(50))) == ["journey_missed"]
    assert outing_of(journey.ok(asked, until(30))).slack == 0


def test_a_stretch_does_not_keep_back_the_nudges() -> None:
    slow = outing_of(pause.slow_here(out(), 0, NOON))
    assert journey.next_moment(slow) == until(20)
    assert journey.next_moment(replace(slow, nudges=1)) == until(25)


def test_a_stretch_pressed_when_a_check_in_is_due_answers_it_and_helps_the_next() -> None:
    slow = outing_of(pause.slow_here(out(State.NUDGED, nudges=1), 0, until(22)))
    assert (slow.due_at, slow.slack, slow.state) == (until(42), 15, State.OUT)


@pytest.mark.parametrize("state", ENDED)
def test_after_staff_were_asked_a_stretch_changes_no_time(state: State) -> None:
    assert pause.slow_here(out(state), 0, DUE) == journey.ok(out(state), DUE)
    assert pause.slow_here(out(), 2, NOON) == journey.ok(out(), NOON), "no such stretch"


# --- a phone that is nearly empty ---------------------------------------------------------


def test_the_first_rung_hears_of_an_empty_phone_once_and_the_check_in_stands() -> None:
    outcome = pause.phone_low(out(), LADDER, NOON + TEN)

    low = outing_of(outcome)
    assert low.phone_low and (low.due_at, low.back_at) == (until(20), DUE)
    assert low.going.terms.pattern is Pattern.BACK_BY
    assert told(outcome) == [("jo", "phone_told"), ("sam", "phone_noted")]
    assert logged(outcome) == ["journey_ok", "journey_phone_low"]
    asks, answer = outcome.tells
    assert (asks.lane, answer.lane, answer.about) == (Lane.SAFETY, Lane.REPLY, None)
    assert asks.about is not None and asks.about.topic is Topic.JOURNEYS
    assert asks.message.params["person"] == "sam" and answer.message.params["member"] == "jo"
    assert len({asks.key, answer.key, None}) == 3
    assert [wake.at for wake in outcome.wakes] == [until(20)]
    again = pause.phone_low(low, LADDER, NOON + TEN)
    assert again == journey.ok(low, NOON + TEN)


def test_after_an_empty_phone_nothing_is_asked_on_the_way_beyond_what_stands() -> None:
    low = outing_of(pause.phone_low(out(), LADDER, NOON + TEN))
    next_ = outing_of(journey.ok(low, until(21)))
    assert (next_.due_at, next_.back_at, next_.next_point) == (DUE, None, None)
    later = outing_of(lateness.later(low, 10, low.mark, NOON + TEN))
    assert (later.due_at, later.back_at) == (until(20), until(70))
    last = outing_of(lateness.later(next_, 10, next_.mark, until(30)))
    assert (last.due_at, last.back_at) == (until(70), None)


def test_when_nobody_can_be_told_of_an_empty_phone_that_is_said() -> None:
    nobody = around(None, None, None).ladder
    assert told(pause.phone_low(out(), nobody, NOON)) == [("sam", "phone_nobody")]


@pytest.mark.parametrize("state", [State.MISSED, State.HELP, State.ANSWERED])
def test_an_empty_phone_during_an_alert_is_told_and_closes_nothing(state: State) -> None:
    outcome = pause.phone_low(out(state), LADDER, DUE)
    assert told(outcome) == [("jo", "phone_told"), ("sam", "phone_noted")]
    assert outing_of(outcome).state in ALERTED and outing_of(outcome).phone_low
    home = out(State.HOME)
    assert pause.phone_low(home, LADDER, DUE) == journey.ok(home, DUE)


# --- any quiet ----------------------------------------------------------------------------


def pressed(one: Journey, what: str, minutes: int, now: datetime) -> Outcome:
    match what:
        case "pause":
            return pause.pause(one, now + minutes * MINUTE, now)
        case "slow":
            return pause.slow_here(one, minutes % 3, now)
        case "phone":
            return pause.phone_low(one, LADDER, now)
        case "later":
            return lateness.later(one, 10, one.mark, now)
        case _:
            return journey.ok(one, now)


@given(
    st.integers(1, 60),
    st.sampled_from([0, 15, 45, 120]),
    st.lists(
        st.tuples(
            st.sampled_from(["pause", "slow", "phone", "later", "ok"]),
            st.integers(0, 130),
            st.integers(0, 50),
        ),
        max_size=10,
    ),
)
def test_no_quiet_outlasts_what_the_plan_allows(
    every: int, longest: int, taps: list[tuple[str, int, int]]
) -> None:
    terms = replace(EVERY.terms, every=every, pause=longest)
    one, now = out(plan=replace(EVERY, terms=terms), due_at=NOON + min(every, 59) * MINUTE), NOON
    for what, minutes, passed in taps:
        now += passed * MINUTE
        moment = journey.next_moment(one)
        if moment is not None and moment <= now:
            one = outing_of(journey.tick(one, None, "alert", now))
        one = outing_of(pressed(one, what, minutes, now))
        if one.state in ALERTED:
            return
        assert one.heard_at == now
        coming = journey.next_moment(one)
        assert coming is not None and now < coming
        agreed = max(every, longest, one.plan.grace) * MINUTE
        latest = max(now + agreed, one.limit_at) if one.phone_low else now + agreed
        assert one.due_at <= latest
        assert one.back <= max(one.limit_at, now + one.plan.grace * MINUTE)
        assert one.grace <= one.plan.grace + HILL.extra + TUNNEL.extra
