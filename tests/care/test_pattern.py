"""When the person is next to be heard from: by a time, every so many minutes, at points."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care import journey, lateness, setting_off
from bot.care.journey import Journey, State
from bot.care.outcome import Outcome
from bot.care.plan import Plan
from bot.care.terms import Pattern, Point, Stretch, Terms
from bot.care.text import Text
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

EVERY = replace(PLAN, terms=Terms(pattern=Pattern.EVERY, every=20, pause=60))
POINTS = replace(
    PLAN,
    terms=Terms(
        pattern=Pattern.POINTS,
        points=(Point("on the bus", 15), Point("at the café", 25)),
        pause=60,
        stretches=(Stretch("hill", "The hill", 15),),
    ),
)
LADDER = around().ladder
TEN = 10 * MINUTE


def off(plan: Plan) -> Journey:
    """Sam has just set off at noon, and is back at one."""
    outcome = setting_off.set_off(outing(plan=plan), None, LADDER, (), "jo", NOON)
    return outing_of(outcome)


def at(out: Journey) -> tuple[float, float | None]:
    """Minutes after noon: when the next check-in is due, and to be back if that is later."""
    after = [None if one is None else (one - NOON) / MINUTE for one in (out.due_at, out.back_at)]
    assert after[0] is not None
    return after[0], after[1]


# --- every so many minutes ----------------------------------------------------------------


def test_every_check_in_has_the_same_grace_and_the_last_one_is_the_time_to_be_back() -> None:
    out = off(EVERY)
    assert at(out) == (20, 60) and out.limit_at == DUE + 30 * MINUTE
    out = outing_of(journey.ok(out, NOON + 22 * MINUTE))
    assert at(out) == (42, 60)
    out = outing_of(journey.ok(out, NOON + 42 * MINUTE))
    assert at(out) == (60, None) and out.back == DUE
    late = journey.ok(out, NOON + 61 * MINUTE)
    assert told(late) == [("sam", "ok_when_home")] and at(outing_of(late)) == (71, None)


def test_an_ok_before_a_check_in_is_due_moves_nothing_and_is_heard() -> None:
    early = outing_of(journey.ok(off(EVERY), NOON + TEN))
    assert at(early) == (20, 60) and early.heard_at == NOON + TEN


def test_a_check_in_on_the_way_is_missed_when_its_own_grace_is_over() -> None:
    out = off(EVERY)
    nudged = outing_of(journey.tick(out, None, "alert", NOON + 20 * MINUTE))
    assert nudged.state is State.NUDGED
    assert journey.next_moment(nudged) == NOON + 25 * MINUTE
    missed = journey.tick(nudged, None, "alert", NOON + 30 * MINUTE)
    assert logged(missed) == ["journey_missed"]
    assert [line.facts["due"] for line in missed.logs] == [NOON + 20 * MINUTE]


def test_the_answer_to_a_check_in_on_the_way_is_not_asked_when_they_will_be_home() -> None:
    assert told(journey.ok(off(EVERY), NOON + 20 * MINUTE)) == [("sam", "ok")]


def test_when_the_time_to_be_back_has_gone_by_unheard_grace_begins_anew() -> None:
    hasty = replace(off(EVERY), due_at=NOON + 58 * MINUTE)
    assert at(outing_of(journey.ok(hasty, NOON + 60 * MINUTE))) == (70, None)


def test_being_later_moves_the_time_to_be_back_and_no_check_in_that_is_to_come() -> None:
    out = off(EVERY)
    later = lateness.later(out, 20, out.mark, NOON + TEN)
    assert at(outing_of(later)) == (20, 80) and told(later) == [("sam", "later")]
    again = lateness.later(outing_of(later), 20, out.mark, NOON + TEN)
    assert at(outing_of(again)) == (20, 80), "an old button moves it no more"
    last = replace(out, due_at=DUE, back_at=None)
    assert at(outing_of(lateness.later(last, 20, last.mark, NOON + 50 * MINUTE))) == (60, 80)
    past = lateness.home_in(last, 30, last.mark, DUE)
    assert at(outing_of(past)) == (80, 90)


def test_being_later_when_a_check_in_is_due_answers_it() -> None:
    out = off(EVERY)
    assert at(outing_of(lateness.later(out, 10, out.mark, NOON + 22 * MINUTE))) == (42, 70)


def test_more_time_from_staff_never_answers_a_check_in_for_the_person() -> None:
    asked = outing_of(journey.tick(off(EVERY), None, "alert", NOON + 20 * MINUTE))
    outcome = lateness.give_longer(asked, "jo", 30, asked.mark, NOON + 22 * MINUTE)
    given = outing_of(outcome)
    assert outcome.tells[0].message.text == Text("pattern", "longer_given")
    assert (given.state, given.nudges, given.version) == (State.NUDGED, 1, asked.version + 1)
    assert at(given) == (20, 90) and given.limit_at == NOON + 90 * MINUTE
    assert given.heard_at is None

    last = outing(plan=EVERY, state=State.NUDGED, nudges=1)
    given = outing_of(lateness.give_longer(last, "jo", 30, last.mark, DUE + MINUTE))
    assert given.state is State.NUDGED and at(given) == (60, 90)
    low = replace(last, phone_low=True)
    given = outing_of(lateness.give_longer(low, "jo", 30, low.mark, DUE + MINUTE))
    assert given.state is State.OUT and at(given) == (90, None)


# --- points -------------------------------------------------------------------------------


def test_each_point_leads_to_the_next_and_the_last_one_to_being_back() -> None:
    out = off(POINTS)
    assert at(out) == (15, 60)
    assert told(journey.ok(out, NOON + MINUTE)) == [("sam", "ok")]

    on_the_bus = journey.reached(out, 0, NOON + 12 * MINUTE)
    out = outing_of(on_the_bus)
    assert at(out) == (37, 60) and out.point == 1 and out.heard_at == NOON + 12 * MINUTE
    params = on_the_bus.tells[0].message.params
    assert params.items() >= {"point": "out.1", "at": 1, "due": out.due_at}.items()
    assert on_the_bus.logs[0].actor == "sam"
    assert on_the_bus.tells[0].message.text.subject == "pattern"
    assert logged(on_the_bus) == ["journey_point"] and on_the_bus.logs[0].facts["point"] == 0
    assert [wake.at for wake in on_the_bus.wakes] == [NOON + 37 * MINUTE]

    there = journey.reached(out, 1, NOON + 30 * MINUTE)
    out = outing_of(there)
    assert at(out) == (60, None) and out.next_point is None
    assert there.tells[0].message.text.subject == "journey"


def test_a_point_that_lies_behind_is_a_sign_of_life_and_no_more() -> None:
    out = outing_of(journey.reached(off(POINTS), 0, NOON + 12 * MINUTE))
    again = outing_of(journey.reached(out, 0, NOON + 13 * MINUTE))
    assert (again.point, at(again)) == (1, at(out)) and again.heard_at == NOON + 13 * MINUTE
    ahead = outing_of(journey.reached(out, 2, NOON + 13 * MINUTE))
    assert (ahead.point, at(ahead)) == (1, at(out))


def test_a_point_reached_answers_what_was_asked_and_ends_what_was_granted() -> None:
    asked = replace(
        off(POINTS), state=State.NUDGED, nudges=2, slack=5, off=(NOON, NOON), stretches=("hill",)
    )
    there = outing_of(journey.reached(asked, 0, NOON + 16 * MINUTE))
    assert (there.state, there.nudges, there.slack, there.off) == (State.OUT, 0, 0, None)
    assert there.stretches == ("hill",) and there.version == asked.version + 1


def test_being_ok_but_not_there_yet_begins_grace_anew_and_the_point_stays() -> None:
    out = outing_of(journey.ok(off(POINTS), NOON + 16 * MINUTE))
    assert at(out) == (26, 60) and out.point == 0
    nearly = outing_of(journey.ok(replace(out, due_at=NOON + 52 * MINUTE), NOON + 52 * MINUTE))
    assert at(nearly) == (62, None) and nearly.next_point is not None


def test_the_last_point_reached_after_the_time_to_be_back_asks_when_they_will_be_home() -> None:
    out = replace(off(POINTS), point=1, due_at=DUE, back_at=None)
    late = journey.reached(out, 1, DUE + MINUTE)
    assert told(late) == [("sam", "ok_when_home")] and at(outing_of(late)) == (71, None)
    assert told(journey.reached(out, 1, DUE)) == [("sam", "ok_when_home")]


def test_being_later_moves_the_way_to_the_point_as_well() -> None:
    out = off(POINTS)
    later = lateness.later(out, 10, out.mark, NOON)
    assert at(outing_of(later)) == (25, 70) and told(later) == [("sam", "later")]
    due = outing_of(lateness.later(out, 10, out.mark, NOON + 20 * MINUTE))
    assert at(due) == (30, 70)
    last = replace(out, due_at=DUE, back_at=None)
    assert at(outing_of(lateness.home_in(last, 10, last.mark, DUE))) == (70, None)


@pytest.mark.parametrize("state", [State.MISSED, State.HELP, State.ANSWERED, State.HOME])
def test_a_point_after_staff_were_asked_or_at_home_ends_nothing(state: State) -> None:
    out = replace(outing(state), plan=POINTS)
    reached, ok = journey.reached(out, 0, DUE), journey.ok(out, DUE)
    assert reached == ok
    assert reached.said is None or said(reached) == "already_home"


def test_without_points_left_a_button_of_one_is_a_sign_of_life() -> None:
    assert journey.reached(outing(), 0, NOON + TEN) == journey.ok(outing(), NOON + TEN)


# --- how often ----------------------------------------------------------------------------


def test_being_later_as_often_as_the_plan_says_and_then_staff_are_asked() -> None:
    once = replace(PLAN, terms=Terms(extends=1))
    out = outing_of(lateness.later(outing(plan=once), 10, outing().mark, NOON))
    assert out.extends == 1 and lateness.often(out) and lateness.minutes_left(out, NOON) == ()
    for tap in (lateness.later, lateness.home_in):
        again = tap(out, 10, out.mark, NOON + MINUTE)
        assert said(again) == "later_often" and logged(again) == ["journey_ok"]
        kept = outing_of(again)
        assert (kept.due_at, kept.heard_at) == (out.due_at, NOON + MINUTE)
        assert [wake.at for wake in again.wakes] == [out.due_at]
    given = outing_of(lateness.give_longer(out, "jo", 30, out.mark, NOON))
    assert given.due_at == out.due_at + 30 * MINUTE and given.extends == 1
    assert not lateness.often(outing()) and outing().extends == 0


# --- any way ------------------------------------------------------------------------------

PLANS = st.builds(
    lambda kind, every, within, grace: replace(
        PLAN,
        grace=grace,
        terms=Terms(
            pattern=kind,
            every=every,
            points=tuple(Point(str(n), m) for n, m in enumerate(within)),
            pause=60,
        ),
    ),
    st.sampled_from(Pattern),
    st.integers(1, 90),
    st.lists(st.integers(1, 90), max_size=3),
    st.integers(5, 20),
)


def tapped(out: Journey, what: str, now: datetime) -> Outcome:
    match what:
        case "point":
            return journey.reached(out, out.point, now)
        case "later":
            return lateness.later(out, 10, out.mark, now)
        case "home_in":
            return lateness.home_in(out, 20, out.mark, now)
        case "give":
            return lateness.give_longer(out, "jo", 30, out.mark, now)
        case "tick":
            return journey.tick(out, None, "alert", now)
        case _:
            return journey.ok(out, now)


@given(
    PLANS,
    st.lists(
        st.tuples(
            st.sampled_from(["ok", "point", "later", "home_in", "give", "tick"]),
            st.integers(0, 40),
        ),
        max_size=12,
    ),
)
def test_whatever_the_pattern_and_whatever_is_pressed_somebody_out_is_asked_in_time(
    plan: Plan, taps: list[tuple[str, int]]
) -> None:
    out, now = off(plan), NOON
    for what, minutes in taps:
        now += minutes * MINUTE
        moment = journey.next_moment(out)
        if moment is not None and moment <= now:
            out = outing_of(journey.tick(out, None, "alert", now))
        before = out
        for record in tapped(out, what, now).records:
            assert isinstance(record, Journey)
            out = record
        if out.state not in (State.OUT, State.NUDGED):
            assert out.state in journey.ALERTED and out.escalation is not None
            return
        assert out.back_at is None or out.due_at < out.back_at, "nothing is asked after being back"
        span = _span(out)
        heard = out.heard_at or out.started_at
        assert out.due_at <= max(heard + span, before.due_at), "never longer unheard than agreed"
        assert out.back <= max(out.limit_at, heard + out.plan.grace * MINUTE)
        upcoming = journey.next_moment(out)
        assert upcoming is not None and upcoming <= out.due_at + out.grace * MINUTE


def _span(out: Journey) -> timedelta:
    """The longest a person may be unheard by the pattern of their plan, before grace."""
    terms = out.plan.terms
    longest = (out.back - NOON) + out.plan.grace * MINUTE
    if terms.pattern is Pattern.EVERY:
        return max(terms.every, out.plan.grace) * MINUTE
    return longest
