"""A plan counts when the person, and nobody else, has agreed to it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.care import plan
from bot.care.outcome import Outcome
from bot.care.plan import LADDERS, Plan, PlanState, RungKind, Standing, reachable
from tests.care.outing import NOON, PLAN, said, told

DRAFT = replace(PLAN, id="new", version=2, state=PlanState.DRAFT, agreed_at=None)


def states(outcome: Outcome) -> dict[str, PlanState]:
    return {r.id: r.state for r in outcome.records if isinstance(r, Plan)}


def test_a_draft_is_read_back_to_the_person_and_changes_nothing_in_force() -> None:
    outcome = plan.draft(DRAFT, None)
    assert said(outcome) == "drafted" and told(outcome) == [("sam", "please_agree")]
    assert states(outcome) == {"new": PlanState.DRAFT}


def test_a_new_draft_replaces_one_nobody_has_answered() -> None:
    earlier = replace(DRAFT, id="earlier")
    assert states(plan.draft(DRAFT, earlier)) == {
        "earlier": PlanState.REPLACED,
        "new": PlanState.DRAFT,
    }


def test_agreeing_puts_it_in_force_and_replaces_the_one_before() -> None:
    outcome = plan.agree(DRAFT, PLAN, "sam", NOON)
    assert said(outcome) == "agreed" and told(outcome) == [("jo", "agreed_by_person")]
    assert states(outcome) == {"plan": PlanState.REPLACED, "new": PlanState.AGREED}
    assert [r.agreed_at for r in outcome.records if isinstance(r, Plan)] == [NOON, NOON]


def test_a_draft_begun_before_what_is_in_force_now_undoes_nothing() -> None:
    stepped_up = replace(PLAN, agreed_at=DRAFT.drafted_at + timedelta(seconds=1))
    outcome = plan.agree(DRAFT, stepped_up, "sam", NOON + timedelta(hours=1))
    assert said(outcome) == "changed_since" and told(outcome) == [("jo", "changed_since_drafted")]
    assert states(outcome) == {"new": PlanState.REPLACED}


def test_saying_no_leaves_what_was_agreed_before() -> None:
    outcome = plan.decline(DRAFT, "sam")
    assert said(outcome) == "declined" and told(outcome) == [("jo", "declined_by_person")]
    assert states(outcome) == {"new": PlanState.DECLINED}


ANSWERS: dict[str, Callable[[Plan, str], Outcome]] = {
    "agree": lambda proposed, by: plan.agree(proposed, PLAN, by, NOON),
    "decline": plan.decline,
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("state", sorted(set(PlanState) - {PlanState.DRAFT}))
def test_an_old_button_is_answered_and_changes_nothing(answer: str, state: PlanState) -> None:
    outcome = ANSWERS[answer](replace(DRAFT, state=state), "sam")
    assert outcome == Outcome(said=outcome.said) and said(outcome) == "not_open"


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("state", PlanState)
@pytest.mark.parametrize("by", ["jo", "amira", "alex"])
def test_nobody_else_agrees_or_learns_that_there_is_a_plan(
    answer: str, state: PlanState, by: str
) -> None:
    assert ANSWERS[answer](replace(DRAFT, state=state), by) == Outcome()


@pytest.mark.parametrize("name", LADDERS)
def test_every_ladder_of_the_short_form_has_each_kind_of_rung_once(name: str) -> None:
    staff = {RungKind.KEY_WORKER, RungKind.ON_CALL, RungKind.MANAGER}
    assert sorted(rung.kind for rung in LADDERS[name]) == sorted(staff)
    assert all(rung.wait == 10 for rung in LADDERS[name])


def test_who_can_be_reached_is_named_once_in_order() -> None:
    rung = PLAN.rungs[0]
    ladder = tuple(Standing(rung, member) for member in (None, "dev", "jo", "dev"))
    assert reachable(ladder) == ["dev", "jo"]
