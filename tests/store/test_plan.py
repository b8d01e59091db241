"""Plans as they are kept: versions, drafts, and what the person has agreed to."""

import pytest
from sqlalchemy import select

from bot.care.outcome import Cause, Outcome
from bot.care.plan import LADDERS, Plan, PlanState
from bot.store import inbox, ledger, plan, schema
from tests.conftest import NOON
from tests.oak import Oak, said


def draft(oak: Oak, by: str = "Jo", place: str = "Park") -> Outcome:
    return plan.draft(
        oak.c,
        oak.sam,
        oak.ids[by],
        (place, "Swimming pool"),
        60,
        LADDERS["on_call"],
        "Ring Sam, then the pool.",
        NOON,
    )


def drafted(oak: Oak, place: str = "Park") -> Plan:
    proposed = draft(oak, place=place).records[-1]
    assert isinstance(proposed, Plan)
    return proposed


def test_a_plan_comes_back_as_it_was_kept(oak: Oak) -> None:
    proposed = drafted(oak)
    assert plan.plan(oak.c, proposed.id) == proposed
    assert plan.draft_of(oak.c, oak.sam) == proposed
    assert plan.in_force(oak.c, oak.sam) is None
    assert plan.plan(oak.c, "no-such-plan") is None


def test_its_words_cannot_be_read_in_the_database(oak: Oak) -> None:
    drafted(oak)
    row = oak.c.execute(select(schema.plan)).one()
    assert b"pool" not in row.words and "pool" not in str(row.terms)


def test_agreeing_puts_it_in_force_closes_the_update_and_is_logged(oak: Oak) -> None:
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    first = plan.in_force(oak.c, oak.sam)
    proposed = drafted(oak)
    inbox.arrive(oak.c, 7, 1, "{}", NOON)

    plan.agree(oak.c, proposed.id, oak.sam, NOON, Cause(update=7))

    now_in_force = plan.in_force(oak.c, oak.sam)
    assert now_in_force is not None and now_in_force.id == proposed.id
    assert now_in_force.version == 2 and now_in_force.agreed_at == NOON
    assert first is not None
    replaced = plan.plan(oak.c, first.id)
    assert replaced is not None and replaced.state is PlanState.REPLACED
    assert replaced.places == first.places, "an outing under it still reads it"
    assert oak.c.execute(select(schema.inbox.c.state)).scalar_one() == "done"
    assert ledger.lines(oak.c)[-1].kind == "plan_agreed"


def test_an_older_draft_cannot_be_agreed_to_any_more(oak: Oak) -> None:
    old, new = drafted(oak), drafted(oak, "Beach")
    assert said(plan.agree(oak.c, old.id, oak.sam, NOON)) == "plan.not_open"
    assert plan.draft_of(oak.c, oak.sam) == new


def test_declining_leaves_the_one_in_force(oak: Oak) -> None:
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    before = plan.in_force(oak.c, oak.sam)
    plan.decline(oak.c, drafted(oak).id, oak.sam, NOON)
    assert plan.in_force(oak.c, oak.sam) == before
    assert plan.draft_of(oak.c, oak.sam) is None


@pytest.mark.parametrize("name", ["Sam", "Amira", "Alex"])
def test_only_staff_of_the_team_draft(oak: Oak, name: str) -> None:
    assert draft(oak, by=name) == Outcome()
    assert plan.draft_of(oak.c, oak.sam) is None


@pytest.mark.parametrize("name", ["Jo", "Amira", "Alex"])
def test_nobody_agrees_for_the_person(oak: Oak, name: str) -> None:
    proposed = drafted(oak)
    assert plan.agree(oak.c, proposed.id, oak.ids[name], NOON) == Outcome()
    assert plan.decline(oak.c, proposed.id, oak.ids[name], NOON) == Outcome()
    assert plan.agree(oak.c, "no-such-plan", oak.sam, NOON) == Outcome()
    assert plan.draft_of(oak.c, oak.sam) == proposed
