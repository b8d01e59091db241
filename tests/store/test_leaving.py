"""How a role ends, with all that rests on it."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.care.circle import Role
from bot.store import around, circle, invitation, leaving, rota, schema
from bot.store.tools import new_id
from tests.conftest import NOON
from tests.oak import ACCOUNTS, LATER, Oak, link, names, opens, said, told


def test_whoever_leaves_is_a_stranger_at_once(oak: Oak) -> None:
    leaving.leave(oak.c, oak.amira, LATER)
    assert circle.present(oak.c, ACCOUNTS["Amira"]) is None
    assert names(oak.c, around.supporters(oak.c, oak.sam)).count("Amira") == 0
    amira = circle.member(oak.c, oak.amira)
    assert amira is not None
    assert (amira.telegram, amira.left_at, amira.reachable) == (None, LATER, False)
    assert told(oak.c, "circle.left_you") == ["Sam"]


def test_an_account_that_changed_hands_brings_nothing_of_its_last_owner(oak: Oak) -> None:
    account = ACCOUNTS["Jo"]
    talk = {
        "id": new_id(oak.c),
        "chat": account,
        "name": "invite",
        "step": "name",
        "answers": b"",
        "path": [],
        "turn": 1,
        "updated_at": NOON,
    }
    oak.c.execute(insert(schema.flow).values(**talk))
    leaving.leave(oak.c, oak.jo, NOON)
    assert oak.c.execute(select(schema.flow)).all() == []
    _, id = link(oak, Role.STAFF, "Kit", oak.priya)
    opens(oak, id, account, NOON)
    invitation.confirm(oak.c, id, oak.priya, NOON)
    here = circle.present(oak.c, account)
    assert here is not None
    assert here.member.id != oak.jo
    assert around.people_supported(oak.c, here.member.id) == []


def test_staff_who_leave_leave_their_shifts_and_the_people_they_support(oak: Oak) -> None:
    leaving.leave(oak.c, oak.jo, LATER)
    assert around.key_workers(oak.c, oak.sam) == []
    assert told(oak.c, "circle.staff_left") == ["Priya"]
    assert told(oak.c, "circle.no_key_worker") == ["Priya"]
    leaving.leave(oak.c, oak.dev, LATER)
    assert around.on_call(oak.c, oak.team, LATER) == []
    assert around.shifts(oak.c, oak.team, LATER) == []


def test_a_rota_left_empty_warns_the_manager_at_the_next_look(oak: Oak) -> None:
    leaving.leave(oak.c, oak.dev, LATER)
    due = oak.c.execute(select(schema.deadline.c.due_at).where(schema.deadline.c.kind == "rota"))
    assert due.scalar_one() == LATER
    rota.tick(oak.c, oak.team, LATER, LATER)
    assert told(oak.c, "rota.gap_now") == ["Priya"]


def test_past_shifts_stay_as_they_were(oak: Oak) -> None:
    leaving.leave(oak.c, oak.dev, LATER)
    assert [m.name for m in around.on_call(oak.c, oak.team, NOON)] == ["Dev"]


def test_with_the_person_their_carers_go_and_staff_hear(oak: Oak) -> None:
    leaving.leave(oak.c, oak.sam, LATER)
    for name in ("Sam", "Amira", "Leo", "Ruth"):
        assert circle.present(oak.c, ACCOUNTS[name]) is None
    assert around.people_supported(oak.c, oak.jo) == []
    assert told(oak.c, "circle.person_left") == ["Jo", "Priya"]
    assert told(oak.c, "circle.left_you") == []


def test_an_open_alert_still_finds_the_team_of_a_person_who_left(oak: Oak) -> None:
    team = oak.team
    leaving.leave(oak.c, oak.sam, LATER)
    assert around.team_of(oak.c, oak.sam) == team
    assert [m.name for m in around.key_workers(oak.c, oak.sam)] == ["Jo"]
    assert around.works_for(oak.c, oak.jo, oak.sam, LATER)


def test_the_person_sends_a_carer_away(oak: Oak) -> None:
    leaving.end_membership(oak.c, oak.role("Leo"), oak.sam, LATER)
    assert circle.present(oak.c, ACCOUNTS["Leo"]) is None
    assert sorted(names(oak.c, around.supporters(oak.c, oak.sam))) == ["Amira", "Ruth"]


@pytest.mark.parametrize(
    ("by", "whom", "answer"),
    [
        ("Alex", "Leo", "circle.no_other_team"),
        ("Amira", "Leo", "circle.no_other_team"),
        ("Sam", "Jo", "circle.no_other_team"),
        ("Jo", "Dev", "circle.no_managers_only"),
        ("Jo", "Leo", "circle.ended"),
        ("Priya", "Jo", "circle.ended"),
    ],
)
def test_who_may_end_whose_role(oak: Oak, by: str, whom: str, answer: str) -> None:
    outcome = leaving.end_membership(oak.c, oak.role(whom), oak.ids[by], LATER)
    assert said(outcome) == answer
    gone = circle.present(oak.c, ACCOUNTS[whom]) is None
    assert gone == (answer == "circle.ended")


def test_one_role_ends_and_the_other_stays(oak: Oak) -> None:
    _, id = link(oak, Role.MANAGER, "Jo", oak.priya)
    opens(oak, id, ACCOUNTS["Jo"], LATER)
    invitation.confirm(oak.c, id, oak.priya, LATER)
    both = circle.memberships(oak.c, oak.jo)
    assert len(both) == 2
    leaving.end_membership(oak.c, both[0].id, oak.priya, LATER)
    here = circle.present(oak.c, ACCOUNTS["Jo"])
    assert here is not None and here.roles == {Role.MANAGER}
    assert [m.name for m in around.key_workers(oak.c, oak.sam)] == ["Jo"]
    assert told(oak.c, "circle.your_role_ended") == ["Jo"]


def test_ending_a_role_twice_does_nothing(oak: Oak) -> None:
    role = oak.role("Leo")
    leaving.end_membership(oak.c, role, oak.sam, LATER)
    again = leaving.end_membership(oak.c, role, oak.sam, LATER + timedelta(minutes=1))
    assert said(again) == "circle.ended_already"
    leo = circle.member(oak.c, oak.leo)
    assert leo is not None and leo.left_at == LATER
