"""What staff write down for somebody who rings: who may, and what is marked."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.care.by_phone import AGAIN, TOLD_LATER, Asks, Said
from bot.care.drill import ASKED_FOR
from bot.care.escalation import Cause, Need
from bot.care.journey import Journey
from bot.care.outcome import NOBODY, Outcome, Value
from bot.care.plan import LADDERS, Plan
from bot.care.stepping import Way, Why
from bot.care.terms import Pattern, Point, SafePlace, Stretch, Support, Terms
from bot.store import (
    asked_by_phone,
    by_phone,
    circle,
    drill,
    escalation,
    journey,
    ledger,
    plan,
    regular,
    stepping,
)
from bot.store.commit import commit
from tests.conftest import NOON
from tests.oak import LATER, Oak, said, told

DUE = NOON + timedelta(hours=2)
SOON = NOON + timedelta(minutes=5)

ALL = Terms(
    support=Support.CHECK_INS,
    pattern=Pattern.POINTS,
    points=(Point("On the bus", 15), Point("At the café", 20)),
    stretches=(Stretch("s1", "The tunnel", 10),),
    pause=60,
    safe_places=(SafePlace("p1", "Library", "High Street", "01632 960001"),),
)
"""A plan that says something of everything a person can say on the way."""


def agreed(oak: Oak, person: str, terms: Terms) -> Plan:
    rungs = LADDERS["key_worker"]
    plan.draft(oak.c, person, oak.jo, ("Park",), 180, rungs, "Ring.", NOON)
    draft = plan.draft_of(oak.c, person)
    assert draft is not None
    plan.agree(oak.c, draft.id, person, NOON)
    found = plan.in_force(oak.c, person)
    assert found is not None
    full = replace(found, terms=terms)
    commit(oak.c, Outcome(records=(full,)), NOBODY, NOON)
    return full


def kim(oak: Oak, terms: Terms | None = None) -> str:
    """Somebody without an account, with a plan where `terms` are given."""
    by_phone.enrol(oak.c, oak.team, "Kim", "07700 900123", oak.jo, NOON)
    found = next(p for p in by_phone.people(oak.c, oak.dev, NOON) if p.name == "Kim")
    assert circle.without_account(oak.c, found.id) and not found.reachable
    if terms is not None:
        agreed(oak, found.id, terms)
    return found.id


def out(oak: Oak, person: str) -> Journey:
    found = journey.running(oak.c, person)
    assert found is not None
    return found


def lines(oak: Oak, kind: str) -> list[tuple[str | None, Mapping[str, Value]]]:
    return [(line.actor, line.facts) for line in ledger.lines(oak.c) if line.kind == kind]


def asked(oak: Oak, person: str, now: datetime = LATER) -> dict[Asks, str]:
    return {one.asks: one.of for one in asked_by_phone.questions(oak.c, person, now)}


@pytest.fixture
def planned(oak: Oak) -> Oak:
    agreed(oak, oak.sam, ALL)
    return oak


def test_only_staff_of_the_team_write_for_somebody(planned: Oak) -> None:
    oak = planned
    strangers = (oak.sam, oak.amira, oak.leo, oak.ruth, oak.alex)
    for nobody in strangers:
        assert by_phone.set_off(oak.c, oak.sam, "Park", DUE, nobody, NOON) == Outcome()
    assert journey.running(oak.c, oak.sam) is None
    assert not by_phone.may_write(oak.c, oak.jo, oak.amira, NOON)  # nobody is supported by that id
    by_phone.set_off(oak.c, oak.sam, "Park", DUE, oak.dev, NOON)
    found = out(oak, oak.sam)
    assert found.set_off_by == oak.dev
    acts: list[Callable[..., Outcome]] = [
        *(partial(by_phone.rang, said=one) for one in by_phone.THEIRS),
        partial(by_phone.point, number=0),
        partial(by_phone.slow_here, number=0),
        partial(by_phone.later, mark=found.mark, minutes=10),
        by_phone.pause,
        partial(by_phone.felt, feeling=4),
    ]
    for act in acts:
        for nobody in strangers:
            assert act(oak.c, found.id, by=nobody, now=LATER) == Outcome()
        assert act(oak.c, "no such outing", by=oak.jo, now=LATER) == Outcome()
    assert journey.running(oak.c, oak.sam) == found
    marks = lines(oak, "journey_by_phone")
    assert marks == [(oak.dev, {"journey": found.id, "said": "going_out"})]


def test_ringing_from_each_point_is_heard_like_the_button(planned: Oak) -> None:
    oak = planned
    by_phone.set_off(oak.c, oak.sam, "Park", DUE, oak.jo, NOON)
    first = out(oak, oak.sam)
    by_phone.point(oak.c, first.id, 0, oak.jo, SOON)
    there = out(oak, oak.sam)
    assert (there.point, there.due_at) == (1, SOON + timedelta(minutes=20))
    by_phone.point(oak.c, first.id, 0, oak.dev, SOON)  # of the same call
    assert out(oak, oak.sam).point == 1
    marks = lines(oak, "journey_by_phone")
    assert [actor for actor, facts in marks if facts["said"] == "point"] == [oak.jo, oak.dev]


@pytest.mark.parametrize("need", [Need.RING_ME, Need.LOST, Need.UPSET])
def test_what_somebody_needs_asks_the_ladder_at_once_and_says_so(planned: Oak, need: Need) -> None:
    oak = planned
    by_phone.set_off(oak.c, oak.sam, "Park", DUE, oak.dev, NOON)
    by_phone.rang(oak.c, out(oak, oak.sam).id, oak.dev, SOON, said=Said(need.value))
    found = out(oak, oak.sam)
    alert = escalation.escalation(oak.c, str(found.escalation))
    assert alert is not None
    assert (alert.cause, alert.need, alert.told) == (Cause.HELP, need, (oak.jo,))
    assert told(oak.c, f"escalation.alert_{need.value}") == ["Jo"]
    assert by_phone.asked_for_help(oak.c, alert) == oak.dev
    lost = ["Sam"] if need is Need.LOST else []
    assert told(oak.c, "location.safe_place") == lost


def test_help_and_then_what_kind_is_one_alert(planned: Oak) -> None:
    oak = planned
    by_phone.set_off(oak.c, oak.sam, "Park", DUE, oak.dev, NOON)
    id = out(oak, oak.sam).id
    for word in (Said.HELP, Said.LOST, Said.LOST):
        by_phone.rang(oak.c, id, oak.dev, SOON, said=word)
    assert told(oak.c, "escalation.alert_help") == ["Jo"]
    assert told(oak.c, "escalation.alert_lost") == ["Jo"]
    alert = escalation.escalation(oak.c, str(out(oak, oak.sam).escalation))
    assert alert is not None and alert.need is Need.LOST


def test_quiet_that_the_plan_allows_can_be_asked_for(planned: Oak) -> None:
    oak = planned
    by_phone.set_off(oak.c, oak.sam, "Park", DUE, oak.jo, NOON)
    id = out(oak, oak.sam).id
    by_phone.slow_here(oak.c, id, 0, oak.jo, SOON)
    assert out(oak, oak.sam).slack == 10
    by_phone.pause(oak.c, id, oak.jo, SOON, minutes=30)
    assert out(oak, oak.sam).due_at == SOON + timedelta(minutes=30)
    by_phone.pause(oak.c, id, oak.jo, SOON + 2 * AGAIN)
    assert out(oak, oak.sam).due_at == SOON + 2 * AGAIN + timedelta(minutes=60)
    by_phone.rang(oak.c, id, oak.jo, SOON + 3 * AGAIN, said=Said.PHONE)
    assert out(oak, oak.sam).phone_low
    assert told(oak.c, "pause.phone_told") == ["Jo"]


def test_two_who_write_down_the_same_call_are_told_of_each_other(planned: Oak) -> None:
    oak = planned
    by_phone.set_off(oak.c, oak.sam, "Park", DUE, oak.jo, NOON)
    again = by_phone.set_off(oak.c, oak.sam, "Park", DUE, oak.dev, NOON)
    assert said(again) == "by_phone.out_already"
    id = out(oak, oak.sam).id
    assert said(by_phone.rang(oak.c, id, oak.jo, SOON, said=Said.OK)) == "by_phone.written"
    second = by_phone.rang(oak.c, id, oak.dev, SOON, said=Said.OK)
    assert second.said is not None and second.said.params["by"] == oak.jo
    assert said(second) == "by_phone.written_too"
    assert told(oak.c, "by_phone.for_you") == ["Sam"] * 2  # going out; OK, once
    later = by_phone.rang(oak.c, id, oak.dev, SOON + 2 * AGAIN, said=Said.OK)
    assert said(later) == "by_phone.written"
    set_back = by_phone.rang(oak.c, id, oak.jo, SOON - 2 * AGAIN, said=Said.OK)
    assert said(set_back) == "by_phone.written"
    by_phone.rang(oak.c, id, oak.jo, LATER, said=Said.HOME)
    assert said(by_phone.rang(oak.c, id, oak.dev, LATER, said=Said.HOME)) == "by_phone.home_already"


def test_how_it_went_is_told_once_soon_after_and_never_over_their_own_word(planned: Oak) -> None:
    oak = planned
    by_phone.set_off(oak.c, oak.sam, "Park", DUE, oak.jo, NOON)
    id = out(oak, oak.sam).id
    assert said(by_phone.felt(oak.c, id, oak.jo, 4, SOON)) == "by_phone.felt_already"  # still out
    by_phone.rang(oak.c, id, oak.jo, LATER, said=Said.HOME)
    assert by_phone.just_home(oak.c, oak.sam, LATER + TOLD_LATER + AGAIN) is None
    assert said(by_phone.felt(oak.c, id, oak.dev, 2, LATER)) == "by_phone.written"
    assert said(by_phone.felt(oak.c, id, oak.jo, 4, LATER)) == "by_phone.felt_already"
    found = journey.journey(oak.c, id)
    assert found is not None and found.feeling == 2
    assert by_phone.just_home(oak.c, oak.sam, LATER) is None
    assert lines(oak, "journey_by_phone")[-1] == (oak.dev, {"journey": id, "said": "felt"})


def test_where_kith_cannot_keep_time_staff_read_so(planned: Oak) -> None:
    oak = planned
    far = NOON + timedelta(hours=9)
    refused = by_phone.set_off(oak.c, oak.sam, "Café", far, oak.jo, NOON)
    assert said(refused) == "by_phone.not_kept"
    assert told(oak.c, "by_phone.for_you") == []


# --- what is asked of somebody without an account -----------------------------------------


def test_nobody_answers_for_somebody_who_can_press(planned: Oak) -> None:
    oak = planned
    stepping.suggest(oak.c, oak.sam, oak.jo, Way.LESS, NOON)
    drill.ask(oak.c, oak.sam, oak.jo, NOON)
    step, practice = stepping.newest(oak.c, oak.sam), drill.newest(oak.c, oak.sam)
    assert step is not None and practice is not None
    assert asked(oak, oak.sam) == {}
    for asks, of in ((Asks.STEP, step.id), (Asks.DRILL, practice.id)):
        given = asked_by_phone.answered(oak.c, of, oak.jo, NOON, asks=asks, yes=True)
        assert given.records == ()
    assert stepping.newest(oak.c, oak.sam) == step


def test_each_question_is_answered_by_word_of_mouth_and_marked(oak: Oak) -> None:
    person = kim(oak, ALL)
    stepping.suggest(oak.c, person, oak.jo, Way.LESS, NOON)
    drill.ask(oak.c, person, oak.jo, NOON)
    at, back = NOON.time(), DUE.time()
    regular.plan(oak.c, person, "Park", (1,), at, back, True, oak.jo, NOON)
    plan.draft(oak.c, person, oak.jo, ("Park",), 60, LADDERS["on_call"], "Ring.", NOON)
    waiting = asked(oak, person)
    assert list(waiting) == [Asks.PLAN, Asks.STEP, Asks.DRILL, Asks.REGULAR]
    answer = partial(asked_by_phone.answered, oak.c)
    for asks, of in waiting.items():
        for nobody in (oak.alex, oak.amira, oak.sam, person):
            assert answer(of, nobody, LATER, asks=asks, yes=True) == Outcome()
        wrong = Asks.STEP if asks is not Asks.STEP else Asks.PLAN
        assert answer(of, oak.jo, LATER, asks=wrong, yes=True) == Outcome()
    assert asked(oak, person) == waiting

    yes = partial(answer, by=oak.dev, now=LATER, yes=True)
    assert said(yes(waiting[Asks.STEP], asks=Asks.STEP)) == "by_phone.answer_yes"
    assert said(yes(waiting[Asks.STEP], asks=Asks.STEP)) == "by_phone.answered_already"
    stepped = plan.in_force(oak.c, person)
    assert stepped is not None and stepped.terms.support is Support.ALONE
    yes(waiting[Asks.REGULAR], asks=Asks.REGULAR)
    assert [one.id for one in regular.regulars(oak.c, person)] == [waiting[Asks.REGULAR]]
    yes(waiting[Asks.DRILL], asks=Asks.DRILL)
    assert told(oak.c, "drill.alert") == ["Jo"]
    refused = answer(waiting[Asks.PLAN], oak.dev, LATER, asks=Asks.PLAN, yes=False)
    assert said(refused) == "by_phone.answer_no"
    assert plan.in_force(oak.c, person) == stepped
    assert asked(oak, person) == {}
    marks = [
        (actor, facts["asks"], facts["answer"]) for actor, facts in lines(oak, "answered_by_phone")
    ]
    assert marks == [
        (oak.dev, "step", "yes"),
        (oak.dev, "regular", "yes"),
        (oak.dev, "drill", "yes"),
        (oak.dev, "plan", "no"),
    ]
    assert told(oak.c, "by_phone.agreed_by") == ["Priya"] * 3


def test_a_practice_that_cannot_begin_is_not_written_down(oak: Oak) -> None:
    person = kim(oak, ALL)
    drill.ask(oak.c, person, oak.jo, NOON)
    of = asked(oak, person)[Asks.DRILL]
    assert asked(oak, person, NOON + ASKED_FOR + AGAIN) == {}
    by_phone.set_off(oak.c, person, "Park", DUE, oak.jo, NOON)
    refused = asked_by_phone.answered(oak.c, of, oak.jo, SOON, asks=Asks.DRILL, yes=True)
    assert said(refused) == "by_phone.not_now"
    assert lines(oak, "answered_by_phone") == []


def test_a_plan_that_was_drafted_before_another_is_not_written_down_as_agreed(oak: Oak) -> None:
    person = kim(oak, ALL)
    plan.draft(oak.c, person, oak.jo, ("Park",), 60, LADDERS["on_call"], "Ring.", NOON)
    stepping.suggest(oak.c, person, oak.jo, Way.LESS, NOON)
    waiting = asked(oak, person)
    asked_by_phone.answered(oak.c, waiting[Asks.STEP], oak.jo, LATER, asks=Asks.STEP, yes=True)
    old = waiting[Asks.PLAN]
    refused = asked_by_phone.answered(oak.c, old, oak.jo, LATER, asks=Asks.PLAN, yes=True)
    assert said(refused) == "by_phone.not_now"
    assert [facts["asks"] for _, facts in lines(oak, "answered_by_phone")] == ["step"]


def test_somebody_may_disagree_by_phone_with_more_support_at_once(oak: Oak) -> None:
    person = kim(oak, replace(ALL, step_up=True))
    stepping.suggest(oak.c, person, oak.jo, Way.MORE, NOON, why=Why.HEARD)
    of = asked(oak, person)[Asks.STEPPED]
    agreeing = asked_by_phone.answered(oak.c, of, oak.jo, LATER, asks=Asks.STEPPED, yes=True)
    assert agreeing == Outcome()  # there is nothing to agree to
    asked_by_phone.answered(oak.c, of, oak.jo, LATER, asks=Asks.STEPPED, yes=False)
    assert asked(oak, person) == {}
    assert told(oak.c, "stepping.person_disagrees") == ["Jo"]


def test_whoever_cannot_be_written_to_is_rung_an_hour_before_a_regular_outing(oak: Oak) -> None:
    person = kim(oak, ALL)
    at, back = DUE.time(), (DUE + timedelta(hours=1)).time()
    regular.plan(oak.c, person, "Park", tuple(range(7)), at, back, True, oak.jo, NOON)
    of = asked(oak, person, NOON)[Asks.REGULAR]
    asked_by_phone.answered(oak.c, of, oak.jo, NOON, asks=Asks.REGULAR, yes=True)
    (one,) = regular.regulars(oak.c, person)
    regular.due(oak.c, one.id, one.next_at, one.next_at - timedelta(hours=1))
    assert told(oak.c, "by_phone.ring_for_outing") == ["Jo"]
    assert told(oak.c, "regular.would_you_like") == []
    for nobody in (oak.alex, oak.amira, person):
        assert asked_by_phone.stop(oak.c, one.id, nobody, LATER) == Outcome()
    stopped = asked_by_phone.stop(oak.c, one.id, oak.dev, LATER)
    assert said(stopped) == "by_phone.regular_stopped"
    assert regular.regulars(oak.c, person) == []
    assert lines(oak, "answered_by_phone")[-1][1]["answer"] == "stop"


def test_only_those_who_may_invite_add_somebody_without_an_account(oak: Oak) -> None:
    for nobody in (oak.amira, oak.sam, oak.alex):
        assert by_phone.enrol(oak.c, oak.team, "Kim", "07700 900123", nobody, NOON) == Outcome()
    kim(oak)
    assert told(oak.c, "by_phone.added_by") == ["Priya"]


def test_outings_that_come_again_are_the_persons(planned: Oak) -> None:
    oak = planned
    at, back = NOON.time(), DUE.time()
    for nobody in (oak.amira, oak.alex):
        given = (oak.c, oak.sam, "Café", (1,), at, back, True, nobody, NOON)
        assert regular.plan(*given) == Outcome()
    regular.plan(oak.c, oak.sam, "Café", (1,), at, back, True, oak.sam, NOON)
    (mine,) = regular.regulars(oak.c, oak.sam)
    assert (mine.place, mine.days, mine.at, mine.back) == ("Café", (1,), at, back)
    assert regular.stop(oak.c, mine.id, oak.jo, NOON) == Outcome()
    regular.stop(oak.c, mine.id, oak.sam, NOON)
    assert regular.regulars(oak.c, oak.sam) == []
