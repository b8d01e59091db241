"""A step of support: one at a time, less only by both, more with a reason told kindly."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.care import stepping
from bot.care.outcome import Outcome
from bot.care.outings import Outing, Went
from bot.care.plan import Plan, PlanState
from bot.care.stepping import PATIENCE, Change, Next, Proposal, State, Way, Why
from bot.care.terms import Pattern, Point, Support, Terms, at_step
from tests.care.outing import NOON, PLAN, logged, said, told

LATER = NOON + timedelta(hours=1)
NEXT = Next("plan2", 2)
JO = ["jo"]


def proposal(way: Way = Way.MORE, why: Why = Why.MISSED, by: str | None = None) -> Proposal:
    return Proposal("step", "sam", "plan", way, why, NOON, by=by)


def outing(went: Went = Went.ON_TIME, feeling: int | None = None, hours: int = 0) -> Outing:
    return Outing(f"out{hours}", NOON + timedelta(hours=hours), went, feeling)


def kept(outcome: Outcome) -> Proposal:
    return [one for one in outcome.records if isinstance(one, Proposal)][-1]


def plans(outcome: Outcome) -> list[Plan]:
    return [one for one in outcome.records if isinstance(one, Plan)]


@pytest.mark.parametrize(
    ("support", "way", "then"),
    [
        (Support.TOGETHER, Way.MORE, None),
        (Support.TOGETHER, Way.LESS, Support.SHADOWED),
        (Support.CHECK_INS, Way.MORE, Support.ROUTE),
        (Support.CHECK_INS, Way.LESS, Support.ALONE),
        (Support.ALONE, Way.LESS, None),
    ],
)
def test_a_step_is_one_step(support: Support, way: Way, then: Support | None) -> None:
    assert stepping.towards(support, way) is then


POINTS = Terms(pattern=Pattern.POINTS, points=(Point("On the bus", 20),))


def test_alone_only_the_time_to_be_back_is_asked_for_and_a_step_up_brings_the_points_back() -> None:
    plan = replace(PLAN, terms=POINTS)
    both = replace(proposal(Way.LESS, Why.ASKED, by="jo"), staff="jo", staff_at=NOON)
    alone = plans(stepping.yes(both, plan, "sam", NEXT, JO, LATER))[-1].terms
    assert (alone.support, alone.pattern) == (Support.ALONE, Pattern.BACK_BY)
    assert at_step(alone, Support.ALONE) == alone
    assert at_step(alone, Support.CHECK_INS) == POINTS
    chosen = replace(alone, pattern=Pattern.EVERY)
    assert at_step(chosen, Support.CHECK_INS).pattern is Pattern.EVERY, "what was chosen since"


@pytest.mark.parametrize(
    ("terms", "way", "change"),
    [
        (POINTS, Way.LESS, Change.ONLY_BACK),
        (at_step(POINTS, Support.ALONE), Way.MORE, Change.ASKS_AGAIN),
        (Terms(), Way.LESS, Change.SAME),
        (POINTS, Way.MORE, Change.SOMEBODY),
        (Terms(support=Support.ROUTE), Way.LESS, Change.NOBODY),
        (Terms(support=Support.ROUTE), Way.MORE, Change.SAME),
        (at_step(POINTS, Support.ALONE), Way.LESS, Change.SAME),
    ],
)
def test_what_a_step_changes_is_known(terms: Terms, way: Way, change: Change) -> None:
    assert stepping.changes(terms, way) is change


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ([], None),
        ([outing()], None),
        ([outing(Went.MISSED)], Why.MISSED),
        ([outing(Went.LATE)], None),
        ([outing(Went.NOT_COUNTED)], None),
        ([outing(Went.HELP)], None),
        ([outing(feeling=2), outing(feeling=1)], Why.LOW),
        ([outing(feeling=2)], None),
        ([Outing("o", NOON, Went.ON_TIME, worried=True, shown=True)], Why.WORRIED),
        ([Outing("o", NOON, Went.ON_TIME, worried=True)], None),
    ],
)
def test_why_more_support_might_help(found: list[Outing], why: Why | None) -> None:
    assert stepping.reason(found, None) is why


def test_what_has_been_talked_about_is_no_reason_again() -> None:
    found = [outing(feeling=1, hours=1), outing(feeling=2, hours=2)]
    assert stepping.reason(found, NOON) is Why.LOW
    assert stepping.reason(found, found[0].at) is None
    assert stepping.reason(found, found[1].at) is None


@pytest.mark.parametrize(("count", "opens"), [(0, 0), (4, 0), (5, 5), (6, 0), (10, 10)])
def test_so_many_good_ones_open_the_talk(count: int, opens: int) -> None:
    assert stepping.good(PLAN, [outing() for _ in range(count)]) == opens


def test_no_talk_is_opened_where_the_newest_does_not_count_or_there_is_no_step() -> None:
    five = [outing() for _ in range(5)]
    assert stepping.good(PLAN, [*five, outing(Went.NOT_COUNTED)]) == 0
    alone = replace(PLAN, terms=replace(PLAN.terms, support=Support.ALONE))
    assert stepping.good(alone, five) == 0
    assert stepping.good(replace(PLAN, terms=replace(PLAN.terms, good=0)), five) == 0


def test_both_are_asked_and_nothing_changes_before_both_say_yes() -> None:
    asked = stepping.propose(proposal(), JO)
    assert told(asked) == [("sam", "please_more"), ("jo", "team_missed")]
    assert not plans(asked) and said(asked) is None

    sam = stepping.yes(kept(asked), PLAN, "sam", NEXT, JO, LATER)
    assert not plans(sam) and told(sam) == [("jo", "person_said_yes")]
    assert said(sam) == "waits_for_team"
    jo = stepping.yes(kept(sam), PLAN, "jo", NEXT, JO, LATER)
    before, after = plans(jo)
    assert (before.id, before.state) == ("plan", PlanState.REPLACED)
    assert (after.id, after.version, after.state) == ("plan2", 2, PlanState.AGREED)
    assert after.terms.support is Support.ROUTE and after.agreed_at == LATER
    assert replace(after.terms, support=Support.CHECK_INS) == PLAN.terms
    assert (after.rungs, after.places, after.drafted_by) == (PLAN.rungs, PLAN.places, "jo")
    assert kept(jo).state is State.DONE and kept(jo).became == "plan2"
    assert told(jo) == [("sam", "stepped"), ("jo", "stepped_team")]
    assert "support_stepped" in logged(jo)


def test_the_team_may_be_first_and_a_second_yes_of_theirs_is_none_of_sams() -> None:
    jo = stepping.yes(proposal(Way.LESS, Why.ASKED), PLAN, "jo", NEXT, JO, LATER)
    again = stepping.yes(kept(jo), PLAN, "dev", NEXT, JO, LATER)
    assert said(jo) == said(again) == "waits_for_person" and not plans(jo) and not plans(again)
    assert kept(again).staff == "jo"
    sam = stepping.yes(kept(again), PLAN, "sam", NEXT, JO, LATER)
    assert plans(sam)[-1].terms.support is Support.ALONE


def test_whoever_of_the_team_suggests_it_has_said_yes() -> None:
    asked = stepping.propose(proposal(Way.LESS, Why.ASKED, by="jo"), ["jo", "dev"])
    assert told(asked) == [("sam", "please_less"), ("dev", "team_less")]
    assert said(asked) == "suggested" and kept(asked).staff == "jo"
    sam = stepping.yes(kept(asked), PLAN, "sam", NEXT, JO, LATER)
    assert plans(sam)[-1].drafted_by == "jo"


@pytest.mark.parametrize(
    ("by", "hears"),
    [("sam", ("jo", "person_said_no")), ("jo", ("sam", "team_said_no"))],
)
def test_a_no_of_either_leaves_everything_as_it_is(by: str, hears: tuple[str, str]) -> None:
    outcome = stepping.no(proposal(), PLAN, by, JO)
    assert told(outcome) == [hears] and said(outcome) == "stays" and not plans(outcome)
    assert kept(outcome).state is State.NO
    over = stepping.yes(kept(outcome), PLAN, "jo", NEXT, JO, LATER)
    assert said(over) == "settled" and not over.records


def test_a_check_in_that_was_forgotten_is_written_down_as_that_and_nothing_more() -> None:
    outcome = stepping.forgot(proposal(), PLAN, "jo", JO)
    assert logged(outcome) == ["check_in_forgotten"] and kept(outcome).state is State.FORGOTTEN
    assert not plans(outcome)
    assert stepping.forgot(proposal(), PLAN, "sam", JO) == Outcome()
    assert stepping.forgot(proposal(why=Why.LOW), PLAN, "jo", JO) == Outcome()
    done = replace(proposal(), state=State.DONE)
    assert said(stepping.forgot(done, PLAN, "jo", JO)) == "settled"


def test_a_plan_that_has_changed_since_is_not_changed_by_an_old_step() -> None:
    other = replace(PLAN, id="other")
    for outcome in (
        stepping.yes(proposal(), other, "sam", NEXT, JO, LATER),
        stepping.yes(proposal(), None, "sam", NEXT, JO, LATER),
        stepping.no(proposal(), other, "jo", JO),
    ):
        assert not plans(outcome)
    outcome = stepping.yes(proposal(), other, "sam", NEXT, JO, LATER)
    assert said(outcome) == "plan_changed" and kept(outcome).state is State.OVERTAKEN


def test_at_once_sam_hears_why_and_may_disagree() -> None:
    outcome = stepping.at_once(proposal(), PLAN, NEXT, JO)
    assert plans(outcome)[-1].terms.support is Support.ROUTE
    assert told(outcome) == [("sam", "at_once"), ("jo", "at_once_team")]
    assert said(outcome) is None

    no = stepping.disagree(kept(outcome), "sam", JO, LATER)
    assert told(no) == [("jo", "person_disagrees")] and kept(no).disagreed_at == LATER
    assert logged(no) == ["support_step_disagreed"] and not plans(no)
    again = stepping.disagree(kept(no), "sam", JO, LATER)
    assert said(again) == "disagreed_already" and not again.records
    assert stepping.disagree(kept(outcome), "jo", JO, LATER) == Outcome()
    assert stepping.disagree(proposal(), "sam", JO, LATER) == Outcome()


def test_one_that_still_waits_is_asked_once_and_gives_way_in_the_end() -> None:
    open_ = proposal()
    assert stepping.stands(open_, PLAN, NOON)
    assert not stepping.stands(open_, PLAN, NOON + PATIENCE)
    assert not stepping.stands(open_, replace(PLAN, id="other"), NOON)
    assert not stepping.stands(replace(open_, state=State.NO), PLAN, NOON)
    assert not stepping.stands(None, PLAN, NOON)
    later = stepping.propose(replace(proposal(), id="step2"), JO, open_)
    first, second = (one for one in later.records if isinstance(one, Proposal))
    assert (first.id, first.state, second.id) == ("step", State.OVERTAKEN, "step2")


def test_the_talk_is_opened_and_asked_for_without_changing_anything() -> None:
    opened = stepping.open_talk(PLAN, 5, "out", JO)
    assert told(opened) == [("sam", "good"), ("jo", "good_team")] and not opened.records
    less = stepping.would_talk("sam", Way.LESS, JO, NOON)
    assert told(less) == [("jo", "would_talk_less")] and said(less) == "team_told"
    more = stepping.would_talk("sam", Way.MORE, JO, NOON)
    assert told(more) == [("jo", "would_talk_more")]
    assert said(stepping.would_talk("sam", Way.MORE, [], NOON)) == "nobody_to_talk"
