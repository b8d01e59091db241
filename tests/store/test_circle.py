"""Who is here, and who is there for whom."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, update

from bot.care.circle import How
from bot.store import around, circle, leaving, rota, schema, seed
from bot.store.engine import Refused
from tests.conftest import NOON
from tests.oak import ACCOUNTS, LATER, NEW, Oak, names, said, told


def test_everyone_of_the_sample_is_at_the_door_in_their_role(oak: Oak) -> None:
    roles = {
        name: [role.value for role in here.roles]
        for name, account in ACCOUNTS.items()
        if (here := circle.present(oak.c, account)) is not None
    }
    assert roles == {
        "Sam": ["person"],
        "Amira": ["carer"],
        "Leo": ["carer"],
        "Ruth": ["advocate"],
        "Jo": ["staff"],
        "Dev": ["on_call_lead"],
        "Priya": ["manager"],
        "Mina": ["safeguarding_lead"],
        "Alex": ["staff"],
    }


def test_a_stranger_is_nobody(oak: Oak) -> None:
    assert circle.present(oak.c, NEW) is None


def test_the_sample_has_a_key_worker_and_somebody_on_call_for_half_a_year(oak: Oak) -> None:
    for weeks in (0, 3, 25):
        found = around.on_call(oak.c, oak.team, NOON + timedelta(weeks=weeks))
        assert [m.name for m in found] == ["Dev"]
    assert [m.name for m in around.key_workers(oak.c, oak.sam)] == ["Jo"]
    assert names(oak.c, around.keepers(oak.c, oak.sam, NOON)) == ["Jo"]


def test_the_sample_goes_into_an_empty_database_only(oak: Oak) -> None:
    with pytest.raises(Refused, match="already has a service"):
        seed.seed_sample(oak.c, NOON, {})


def test_the_sample_has_no_accounts_for_people_it_does_not_know(engine: Engine) -> None:
    with engine.begin() as c, pytest.raises(Refused, match="has no Bob"):
        seed.seed_sample(c, NOON, {"Bob": 1})


def test_nothing_readable_about_anybody_is_in_the_rows(oak: Oak) -> None:
    rows = oak.c.execute(select(schema.member.c.name, schema.member.c.phone)).all()
    assert all(b"Sam" not in row.name and b"07700" not in (row.phone or b"") for row in rows)
    assert circle.member(oak.c, oak.sam) is not None


@pytest.mark.parametrize("name", ["Jo", "Dev", "Priya", "Mina"])
def test_staff_and_leads_of_the_team_support_sam(oak: Oak, name: str) -> None:
    assert [m.name for m in around.people_supported(oak.c, oak.ids[name])] == ["Sam"]
    assert around.works_for(oak.c, oak.ids[name], oak.sam, NOON)


@pytest.mark.parametrize("name", ["Alex", "Amira", "Leo", "Ruth", "Sam"])
def test_nobody_else_does(oak: Oak, name: str) -> None:
    assert around.people_supported(oak.c, oak.ids[name]) == []
    assert not around.works_for(oak.c, oak.ids[name], oak.sam, NOON)


def test_someone_on_call_for_another_team_works_there_while_the_shift_lasts(oak: Oak) -> None:
    rota.plan(oak.c, oak.team, oak.alex, LATER, LATER + timedelta(hours=8), oak.priya, NOON)
    assert not around.works_for(oak.c, oak.alex, oak.sam, NOON)
    assert around.works_for(oak.c, oak.alex, oak.sam, LATER)
    assert not around.works_for(oak.c, oak.alex, oak.sam, LATER + timedelta(hours=8))


def test_carers_and_advocates_are_around_the_person(oak: Oak) -> None:
    assert sorted(names(oak.c, around.supporters(oak.c, oak.sam))) == ["Amira", "Leo", "Ruth"]


def test_when_the_key_worker_cannot_be_reached_the_next_group_keeps(oak: Oak) -> None:
    around.mark_unreachable(oak.c, oak.jo, NOON)
    assert names(oak.c, around.keepers(oak.c, oak.sam, NOON)) == ["Dev"]
    around.mark_unreachable(oak.c, oak.dev, NOON)
    assert names(oak.c, around.keepers(oak.c, oak.sam, NOON)) == ["Priya"]
    around.mark_unreachable(oak.c, oak.priya, NOON)
    assert names(oak.c, around.keepers(oak.c, oak.sam, NOON)) == ["Mina"]


def test_managers_hear_once_that_staff_are_out_of_reach(oak: Oak) -> None:
    around.mark_unreachable(oak.c, oak.dev, NOON)
    around.mark_unreachable(oak.c, oak.dev, LATER)
    assert told(oak.c, "circle.out_of_reach") == ["Priya"]
    around.mark_reachable(oak.c, oak.dev)
    dev = circle.member(oak.c, oak.dev)
    assert dev is not None and dev.reachable


def test_staff_hear_that_the_person_is_out_of_reach_and_nobody_hears_it_of_a_carer(
    oak: Oak,
) -> None:
    around.mark_unreachable(oak.c, oak.amira, NOON)
    assert told(oak.c, "circle.out_of_reach") == []
    around.mark_unreachable(oak.c, oak.sam, NOON)
    assert told(oak.c, "circle.out_of_reach") == ["Jo"]


@pytest.mark.parametrize("by", ["Priya", "Dev", "Mina"])
def test_leads_say_who_the_key_worker_is_and_there_is_one(oak: Oak, by: str) -> None:
    outcome = around.assign(oak.c, oak.mina, oak.sam, How.KEY_WORKER, oak.ids[by], LATER)
    assert said(outcome) == "circle.assigned"
    assert [m.name for m in around.key_workers(oak.c, oak.sam)] == ["Mina"]
    assert [m.name for m in around.people_supported(oak.c, oak.jo)] == ["Sam"]
    assert told(oak.c, "circle.your_key_worker") == ["Sam"]


@pytest.mark.parametrize(
    ("by", "staff", "answer"),
    [
        ("Jo", "Mina", "circle.no_managers_only"),
        ("Alex", "Alex", "circle.no_managers_only"),
        ("Sam", "Jo", "circle.no_managers_only"),
        ("Priya", "Alex", "circle.no_other_team"),
        ("Priya", "Amira", "circle.no_other_team"),
    ],
)
def test_nobody_else_says_it_and_nobody_else_is_named(
    oak: Oak, by: str, staff: str, answer: str
) -> None:
    outcome = around.assign(oak.c, oak.ids[staff], oak.sam, How.KEY_WORKER, oak.ids[by], LATER)
    assert said(outcome) == answer
    assert [m.name for m in around.key_workers(oak.c, oak.sam)] == ["Jo"]


def test_support_ends_when_a_lead_says_so(oak: Oak) -> None:
    around.assign(oak.c, oak.jo, oak.sam, How.NOT, oak.priya, LATER)
    assert around.people_supported(oak.c, oak.jo) == []
    assert around.key_workers(oak.c, oak.sam) == []
    assert told(oak.c, "circle.you_support_no_longer") == ["Jo"]


@pytest.mark.parametrize(
    ("by", "whose"),
    [
        ("Sam", ["Amira", "Leo", "Ruth"]),
        ("Jo", ["Amira", "Leo", "Ruth"]),
        ("Priya", ["Amira", "Dev", "Jo", "Leo", "Mina", "Ruth", "Sam"]),
        ("Amira", []),
        ("Alex", []),
    ],
)
def test_whose_roles_somebody_may_end(oak: Oak, by: str, whose: list[str]) -> None:
    ending = leaving.endable(oak.c, oak.ids[by])
    assert sorted(names(oak.c, [m.member for m in ending])) == whose


def test_an_erased_name_reads_as_erased(oak: Oak) -> None:
    broken = update(schema.member).where(schema.member.c.id == oak.sam).values(name=b"x" * 40)
    oak.c.execute(broken)
    assert circle.name(oak.c, oak.sam) == "[erased]"


def test_an_unreadable_name_is_never_written_over(oak: Oak) -> None:
    table = schema.member
    mine = table.c.id == oak.jo
    oak.c.execute(update(table).where(mine).values(name=b"x" * 40, phone=b"y" * 40))
    around.mark_unreachable(oak.c, oak.jo, NOON)
    leaving.end_membership(oak.c, oak.role("Jo"), oak.priya, LATER)
    kept = oak.c.execute(select(table).where(mine)).one()
    assert (kept.name, kept.phone, kept.unreachable_since) == (b"x" * 40, b"y" * 40, NOON)
    assert kept.telegram is None


def test_a_new_name_is_sealed_and_read_again(oak: Oak) -> None:
    jo = circle.member(oak.c, oak.jo)
    assert jo is not None
    circle.keep_member(oak.c, replace(jo, name="Josephine", phone=None))
    assert circle.member(oak.c, oak.jo) == replace(jo, name="Josephine", phone=None)
