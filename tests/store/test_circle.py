"""The circle as it is kept: how one comes in, who is there for whom, and how one leaves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from bot.care.circle import No, Role
from bot.care.invitation import CONFIRM_WITHIN, LINK_LIVES, Stage
from bot.care.outcome import Outcome
from bot.store import circle, invitation, leaving, rota, schema, seed
from bot.store.engine import Refused
from bot.store.tools import new_id
from tests.conftest import NOON

ACCOUNTS = {
    "Sam": 1,
    "Amira": 2,
    "Leo": 3,
    "Ruth": 4,
    "Jo": 5,
    "Dev": 6,
    "Priya": 7,
    "Mina": 8,
    "Alex": 9,
}
NEW = 100
OTHER = 101
LATER = NOON + timedelta(hours=1)


@dataclass(frozen=True)
class Oak:
    """The sample circle in an open transaction."""

    c: Connection
    ids: dict[str, str]

    def __getattr__(self, name: str) -> str:
        return self.ids[name.capitalize()]

    @property
    def team(self) -> str:
        return circle.team_of(self.c, self.sam)

    def role(self, name: str) -> str:
        return circle.memberships(self.c, self.ids[name])[0].id


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    with engine.begin() as c:
        yield Oak(c, seed.seed_sample(c, NOON, ACCOUNTS))


def names(c: Connection, ids: list[str]) -> list[str]:
    return [circle.name(c, id) for id in ids]


def said(outcome: Outcome) -> str | None:
    return None if outcome.said is None else str(outcome.said.text)


def told(c: Connection, text: str) -> list[str]:
    """Who is told this, by name."""
    rows = c.execute(
        select(schema.outbox.c.member)
        .where(schema.outbox.c.text == text)
        .order_by(schema.outbox.c.number)
    )
    return names(c, list(rows.scalars()))


def begun(oak: Oak, role: Role, name: str, by: str, person: str | None = None) -> str:
    """An invitation into Oak House by `by`; its id."""
    outcome = invitation.invite(oak.c, role, oak.team, person, name, by, NOON)
    assert outcome.said is not None
    return str(outcome.said.params["invitation"])


def linked(oak: Oak, id: str, by: str, now: datetime = NOON) -> str:
    """The token of its link."""
    _, token = invitation.make_link(oak.c, id, by, now)
    assert token is not None
    return token


def link(oak: Oak, role: Role, name: str, by: str) -> tuple[str, str]:
    """A link by `by` into Oak House: its token and the invitation's id."""
    id = begun(oak, role, name, by)
    token = linked(oak, id, by)
    assert invitation.followed(oak.c, token, NEW, NOON)[1] is None
    return token, id


# --- the sample circle --------------------------------------------------------------------


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
        found = circle.on_call(oak.c, oak.team, NOON + timedelta(weeks=weeks))
        assert [m.name for m in found] == ["Dev"]
    assert [m.name for m in circle.key_workers(oak.c, oak.sam)] == ["Jo"]
    assert names(oak.c, circle.keepers(oak.c, oak.sam, NOON)) == ["Jo"]


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


# --- who is there for whom ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["Jo", "Dev", "Priya", "Mina"])
def test_staff_and_leads_of_the_team_support_sam(oak: Oak, name: str) -> None:
    assert [m.name for m in circle.people_supported(oak.c, oak.ids[name])] == ["Sam"]
    assert circle.works_for(oak.c, oak.ids[name], oak.sam, NOON)


@pytest.mark.parametrize("name", ["Alex", "Amira", "Leo", "Ruth", "Sam"])
def test_nobody_else_does(oak: Oak, name: str) -> None:
    assert circle.people_supported(oak.c, oak.ids[name]) == []
    assert not circle.works_for(oak.c, oak.ids[name], oak.sam, NOON)


def test_someone_on_call_for_another_team_works_there_while_the_shift_lasts(oak: Oak) -> None:
    rota.plan(oak.c, oak.team, oak.alex, LATER, LATER + timedelta(hours=8), oak.priya, NOON)
    assert not circle.works_for(oak.c, oak.alex, oak.sam, NOON)
    assert circle.works_for(oak.c, oak.alex, oak.sam, LATER)
    assert not circle.works_for(oak.c, oak.alex, oak.sam, LATER + timedelta(hours=8))


def test_carers_and_advocates_are_around_the_person(oak: Oak) -> None:
    assert sorted(names(oak.c, circle.supporters(oak.c, oak.sam))) == ["Amira", "Leo", "Ruth"]


def test_when_the_key_worker_cannot_be_reached_the_next_group_keeps(oak: Oak) -> None:
    circle.mark_unreachable(oak.c, oak.jo, NOON)
    assert names(oak.c, circle.keepers(oak.c, oak.sam, NOON)) == ["Dev"]
    circle.mark_unreachable(oak.c, oak.dev, NOON)
    assert names(oak.c, circle.keepers(oak.c, oak.sam, NOON)) == ["Priya"]
    circle.mark_unreachable(oak.c, oak.priya, NOON)
    assert names(oak.c, circle.keepers(oak.c, oak.sam, NOON)) == ["Mina"]


def test_managers_hear_once_that_staff_are_out_of_reach(oak: Oak) -> None:
    circle.mark_unreachable(oak.c, oak.dev, NOON)
    circle.mark_unreachable(oak.c, oak.dev, LATER)
    assert told(oak.c, "circle.out_of_reach") == ["Priya"]
    circle.mark_reachable(oak.c, oak.dev)
    dev = circle.member(oak.c, oak.dev)
    assert dev is not None and dev.reachable


def test_staff_hear_that_the_person_is_out_of_reach_and_nobody_hears_it_of_a_carer(
    oak: Oak,
) -> None:
    circle.mark_unreachable(oak.c, oak.amira, NOON)
    assert told(oak.c, "circle.out_of_reach") == []
    circle.mark_unreachable(oak.c, oak.sam, NOON)
    assert told(oak.c, "circle.out_of_reach") == ["Jo"]


# --- coming in ----------------------------------------------------------------------------


def test_the_first_manager_comes_in_by_the_link_of_init_alone(engine: Engine) -> None:
    with engine.begin() as c:
        token = seed.init_service(c, "Willow Support", "Oak House", "Priya", NOON)
        found, why_not = invitation.followed(c, token, NEW, LATER)
        assert found is not None and why_not is None
        invitation.open_(c, found.id, NEW, LATER)
        here = circle.present(c, NEW)
        assert here is not None
        assert here.member.name == "Priya"
        assert here.roles == {Role.MANAGER}
        assert told(c, "invitation.welcome_manager") == ["Priya"]
        with pytest.raises(Refused):
            seed.init_service(c, "Another", "Team", "Bob", LATER)


def test_a_link_alone_lets_nobody_in(oak: Oak) -> None:
    _, id = link(oak, Role.STAFF, "Kit", oak.priya)
    invitation.open_(oak.c, id, NEW, LATER)
    assert circle.present(oak.c, NEW) is None
    assert invitation.waits(oak.c, NEW, LATER)
    assert told(oak.c, "invitation.is_that_them") == ["Priya"]
    assert said(invitation.confirm(oak.c, id, oak.priya, LATER)) == "invitation.confirmed"
    here = circle.present(oak.c, NEW)
    assert here is not None
    assert here.member.name == "Kit"
    assert here.roles == {Role.STAFF}
    assert told(oak.c, "invitation.welcome_staff") == ["Kit"]
    assert not invitation.waits(oak.c, NEW, LATER)


def test_only_a_hash_of_the_link_is_kept(oak: Oak) -> None:
    token, id = link(oak, Role.STAFF, "Kit", oak.priya)
    row = oak.c.execute(select(schema.invitation).where(schema.invitation.c.id == id)).one()
    assert all(token not in str(value) for value in row)


def test_of_two_people_who_open_one_link_the_first_to_say_yes_has_it(oak: Oak) -> None:
    token, id = link(oak, Role.STAFF, "Kit", oak.priya)
    invitation.open_(oak.c, id, NEW, LATER)
    assert said(invitation.open_(oak.c, id, OTHER, LATER)) == "door.link_over"
    assert invitation.followed(oak.c, token, OTHER, LATER)[1] is No.USED
    invitation.confirm(oak.c, id, oak.priya, LATER)
    assert circle.present(oak.c, NEW) is not None
    assert circle.present(oak.c, OTHER) is None


def test_a_link_lives_for_a_day(oak: Oak) -> None:
    token, id = link(oak, Role.STAFF, "Kit", oak.priya)
    end = NOON + LINK_LIVES
    assert invitation.followed(oak.c, token, NEW, end - timedelta(seconds=1))[1] is None
    assert invitation.followed(oak.c, token, NEW, end)[1] is No.EXPIRED
    assert said(invitation.open_(oak.c, id, NEW, end)) == "door.link_over"


def test_an_unknown_link_sounds_like_an_old_one(oak: Oak) -> None:
    assert invitation.followed(oak.c, "x" * 32, NEW, NOON) == (None, No.EXPIRED)


def test_whoever_made_the_link_cannot_open_it_and_it_stays_good(oak: Oak) -> None:
    token, id = link(oak, Role.STAFF, "Kit", oak.priya)
    assert said(invitation.open_(oak.c, id, ACCOUNTS["Priya"], LATER)) == "door.own_link"
    assert invitation.followed(oak.c, token, NEW, LATER)[1] is None


def test_a_no_from_whoever_invited_opens_nothing(oak: Oak) -> None:
    _, id = link(oak, Role.STAFF, "Kit", oak.priya)
    invitation.open_(oak.c, id, NEW, LATER)
    assert said(invitation.refuse(oak.c, id, oak.priya, LATER)) == "invitation.refused"
    assert said(invitation.confirm(oak.c, id, oak.priya, LATER)) == "invitation.answered_already"
    assert circle.present(oak.c, NEW) is None


def test_nobody_but_whoever_invited_answers(oak: Oak) -> None:
    _, id = link(oak, Role.STAFF, "Kit", oak.priya)
    invitation.open_(oak.c, id, NEW, LATER)
    assert said(invitation.confirm(oak.c, id, oak.mina, LATER)) == "circle.no_not_yours"
    assert said(invitation.refuse(oak.c, id, oak.mina, LATER)) == "circle.no_not_yours"
    assert circle.present(oak.c, NEW) is None


def test_a_second_yes_changes_nothing(oak: Oak) -> None:
    _, id = link(oak, Role.STAFF, "Kit", oak.priya)
    invitation.open_(oak.c, id, NEW, LATER)
    invitation.confirm(oak.c, id, oak.priya, LATER)
    assert said(invitation.confirm(oak.c, id, oak.priya, LATER)) == "invitation.answered_already"
    here = circle.present(oak.c, NEW)
    assert here is not None and len(here.memberships) == 1


def test_whoever_waits_too_long_is_not_let_in(oak: Oak) -> None:
    _, id = link(oak, Role.STAFF, "Kit", oak.priya)
    invitation.open_(oak.c, id, NEW, LATER)
    outcome = invitation.confirm(oak.c, id, oak.priya, LATER + CONFIRM_WITHIN)
    assert said(outcome) == "door.link_over"
    assert circle.present(oak.c, NEW) is None


def test_an_inviter_who_has_left_lets_nobody_in(oak: Oak) -> None:
    token, _ = link(oak, Role.STAFF, "Kit", oak.priya)
    leaving.leave(oak.c, oak.priya, LATER)
    assert invitation.followed(oak.c, token, NEW, LATER)[1] is No.EXPIRED


def test_this_is_not_me_spends_the_link_and_its_maker_hears(oak: Oak) -> None:
    token, id = link(oak, Role.STAFF, "Kit", oak.priya)
    assert said(invitation.not_me(oak.c, id, NEW, LATER)) == "door.not_you"
    assert told(oak.c, "invitation.went_astray") == ["Priya"]
    assert invitation.followed(oak.c, token, NEW, LATER)[1] is No.USED


def test_a_member_who_is_invited_again_gets_one_more_role(oak: Oak) -> None:
    _, id = link(oak, Role.STAFF, "Alex", oak.priya)
    invitation.open_(oak.c, id, ACCOUNTS["Alex"], LATER)
    invitation.confirm(oak.c, id, oak.priya, LATER)
    here = circle.present(oak.c, ACCOUNTS["Alex"])
    assert here is not None
    assert here.member.id == oak.alex
    assert len({m.team for m in here.memberships}) == 2


def test_the_same_role_twice_is_one_role(oak: Oak) -> None:
    token, _ = link(oak, Role.STAFF, "Jo", oak.priya)
    assert invitation.followed(oak.c, token, ACCOUNTS["Jo"], LATER)[1] is No.HERE_ALREADY


@pytest.mark.parametrize(
    ("by", "role", "answer"),
    [
        ("Jo", Role.STAFF, "circle.no_managers_only"),
        ("Dev", Role.MANAGER, "circle.no_managers_only"),
        ("Alex", Role.PERSON, "circle.no_other_team"),
        ("Amira", Role.CARER, "circle.no_not_staff"),
        ("Sam", Role.STAFF, "circle.no_not_staff"),
    ],
)
def test_a_link_nobody_may_make_is_not_made(oak: Oak, by: str, role: Role, answer: str) -> None:
    made = invitation.invite(oak.c, role, oak.team, oak.sam, "Kit", oak.ids[by], NOON)
    assert said(made) == answer
    assert oak.c.execute(select(schema.invitation)).all() == []


def test_a_manager_of_another_team_invites_nobody_into_this_one(oak: Oak) -> None:
    elm = circle.memberships(oak.c, oak.alex)[0].team
    made = invitation.invite(oak.c, Role.STAFF, elm, None, "Kit", oak.priya, NOON)
    assert said(made) == "circle.no_other_team"


def test_whoever_invites_a_person_is_their_key_worker_at_first(oak: Oak) -> None:
    _, id = link(oak, Role.PERSON, "Robin", oak.jo)
    invitation.open_(oak.c, id, NEW, LATER)
    invitation.confirm(oak.c, id, oak.jo, LATER)
    robin = circle.present(oak.c, NEW)
    assert robin is not None
    assert [m.name for m in circle.key_workers(oak.c, robin.member.id)] == ["Jo"]
    assert [m.name for m in circle.people_supported(oak.c, oak.jo)] == ["Sam", "Robin"]


# --- the person's own wish ----------------------------------------------------------------


def nominated(oak: Oak, name: str = "Noor") -> str:
    invitation.nominate(oak.c, oak.sam, Role.CARER, name, NOON)
    row = oak.c.execute(
        select(schema.invitation.c.id).where(schema.invitation.c.state == Stage.READY.value)
    ).one()
    return str(row.id)


def test_the_person_names_a_carer_and_staff_make_the_link(oak: Oak) -> None:
    id = nominated(oak)
    assert told(oak.c, "invitation.wants_carer") == ["Jo"]
    token = linked(oak, id, oak.jo, LATER)
    assert invitation.followed(oak.c, token, NEW, LATER)[1] is None
    invitation.open_(oak.c, id, NEW, LATER)
    assert told(oak.c, "invitation.is_that_them") == ["Jo"]
    invitation.confirm(oak.c, id, oak.jo, LATER)
    here = circle.present(oak.c, NEW)
    assert here is not None
    assert (here.memberships[0].role, here.memberships[0].person) == (Role.CARER, oak.sam)
    assert told(oak.c, "invitation.joined_you") == ["Sam"]


@pytest.mark.parametrize("name", ["Alex", "Amira", "Sam"])
def test_nobody_but_their_staff_makes_the_link(oak: Oak, name: str) -> None:
    id = nominated(oak)
    outcome, token = invitation.make_link(oak.c, id, oak.ids[name], LATER)
    assert outcome.said is not None
    assert token is None


def test_a_carer_whom_staff_propose_is_asked_about_first(oak: Oak) -> None:
    made = invitation.invite(oak.c, Role.CARER, oak.team, oak.sam, "Noor", oak.jo, NOON)
    assert said(made) == "invitation.asked_the_person"
    assert told(oak.c, "invitation.do_you_want_carer") == ["Sam"]
    assert made.said is not None
    id = str(made.said.params["invitation"])
    assert said(invitation.make_link(oak.c, id, oak.jo, NOON)[0]) == "invitation.no_link_to_make"
    assert said(invitation.want(oak.c, id, oak.jo, NOON)) == "circle.no_not_yours"
    assert said(invitation.want(oak.c, id, oak.sam, NOON)) == "invitation.nominated"
    assert told(oak.c, "invitation.wants_carer") == ["Jo"]
    assert linked(oak, id, oak.jo)


def test_the_person_says_no_and_it_ends_there(oak: Oak) -> None:
    id = begun(oak, Role.CARER, "Noor", oak.jo, oak.sam)
    invitation.decline(oak.c, id, oak.sam, NOON)
    assert told(oak.c, "invitation.not_wanted") == ["Jo"]
    assert said(invitation.make_link(oak.c, id, oak.jo, NOON)[0]) == "invitation.no_link_to_make"


def test_a_second_link_puts_an_end_to_the_first(oak: Oak) -> None:
    first, id = link(oak, Role.STAFF, "Kit", oak.priya)
    second = linked(oak, id, oak.priya, LATER)
    assert invitation.followed(oak.c, first, NEW, LATER) == (None, No.EXPIRED)
    assert invitation.followed(oak.c, second, NEW, LATER)[1] is None
    assert invitation.make_link(oak.c, id, oak.mina, LATER)[1] is None


def test_the_person_may_change_their_mind_until_somebody_is_in(oak: Oak) -> None:
    id = nominated(oak)
    linked(oak, id, oak.jo, LATER)
    invitation.open_(oak.c, id, NEW, LATER)
    assert said(invitation.decline(oak.c, id, oak.sam, LATER)) == "invitation.not_wanted_heard"
    assert said(invitation.confirm(oak.c, id, oak.jo, LATER)) == "invitation.answered_already"
    assert circle.present(oak.c, NEW) is None


def test_the_person_cannot_be_their_own_carer(oak: Oak) -> None:
    id = nominated(oak)
    token = linked(oak, id, oak.jo, LATER)
    assert invitation.followed(oak.c, token, ACCOUNTS["Sam"], LATER)[1] is No.OWN_SUPPORTER


def test_a_link_for_a_carer_is_void_once_the_person_has_left(oak: Oak) -> None:
    id = nominated(oak)
    token = linked(oak, id, oak.jo, LATER)
    leaving.leave(oak.c, oak.sam, LATER)
    assert invitation.followed(oak.c, token, NEW, LATER)[1] is No.EXPIRED


# --- leaving ------------------------------------------------------------------------------


def test_whoever_leaves_is_a_stranger_at_once(oak: Oak) -> None:
    leaving.leave(oak.c, oak.amira, LATER)
    assert circle.present(oak.c, ACCOUNTS["Amira"]) is None
    assert names(oak.c, circle.supporters(oak.c, oak.sam)).count("Amira") == 0
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
    invitation.open_(oak.c, id, account, NOON)
    invitation.confirm(oak.c, id, oak.priya, NOON)
    here = circle.present(oak.c, account)
    assert here is not None
    assert here.member.id != oak.jo
    assert circle.people_supported(oak.c, here.member.id) == []


def test_staff_who_leave_leave_their_shifts_and_the_people_they_support(oak: Oak) -> None:
    leaving.leave(oak.c, oak.jo, LATER)
    assert circle.key_workers(oak.c, oak.sam) == []
    assert told(oak.c, "circle.staff_left") == ["Priya"]
    assert told(oak.c, "circle.no_key_worker") == ["Priya"]
    leaving.leave(oak.c, oak.dev, LATER)
    assert circle.on_call(oak.c, oak.team, LATER) == []
    assert circle.shifts(oak.c, oak.team, LATER) == []


def test_a_rota_left_empty_warns_the_manager_at_the_next_look(oak: Oak) -> None:
    leaving.leave(oak.c, oak.dev, LATER)
    due = oak.c.execute(select(schema.deadline.c.due_at).where(schema.deadline.c.kind == "rota"))
    assert due.scalar_one() == LATER
    rota.tick(oak.c, oak.team, LATER, LATER)
    assert told(oak.c, "rota.gap_now") == ["Priya"]


def test_past_shifts_stay_as_they_were(oak: Oak) -> None:
    leaving.leave(oak.c, oak.dev, LATER)
    assert [m.name for m in circle.on_call(oak.c, oak.team, NOON)] == ["Dev"]


def test_with_the_person_their_carers_go_and_staff_hear(oak: Oak) -> None:
    leaving.leave(oak.c, oak.sam, LATER)
    for name in ("Sam", "Amira", "Leo", "Ruth"):
        assert circle.present(oak.c, ACCOUNTS[name]) is None
    assert circle.people_supported(oak.c, oak.jo) == []
    assert told(oak.c, "circle.person_left") == ["Jo", "Priya"]
    assert told(oak.c, "circle.left_you") == []


def test_an_open_alert_still_finds_the_team_of_a_person_who_left(oak: Oak) -> None:
    team = oak.team
    leaving.leave(oak.c, oak.sam, LATER)
    assert circle.team_of(oak.c, oak.sam) == team
    assert [m.name for m in circle.key_workers(oak.c, oak.sam)] == ["Jo"]
    assert circle.works_for(oak.c, oak.jo, oak.sam, LATER)


def test_the_person_sends_a_carer_away(oak: Oak) -> None:
    leaving.end_membership(oak.c, oak.role("Leo"), oak.sam, LATER)
    assert circle.present(oak.c, ACCOUNTS["Leo"]) is None
    assert sorted(names(oak.c, circle.supporters(oak.c, oak.sam))) == ["Amira", "Ruth"]


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
    invitation.open_(oak.c, id, ACCOUNTS["Jo"], LATER)
    invitation.confirm(oak.c, id, oak.priya, LATER)
    both = circle.memberships(oak.c, oak.jo)
    assert len(both) == 2
    leaving.end_membership(oak.c, both[0].id, oak.priya, LATER)
    here = circle.present(oak.c, ACCOUNTS["Jo"])
    assert here is not None and here.roles == {Role.MANAGER}
    assert [m.name for m in circle.key_workers(oak.c, oak.sam)] == ["Jo"]
    assert told(oak.c, "circle.your_role_ended") == ["Jo"]


def test_ending_a_role_twice_does_nothing(oak: Oak) -> None:
    role = oak.role("Leo")
    leaving.end_membership(oak.c, role, oak.sam, LATER)
    again = leaving.end_membership(oak.c, role, oak.sam, LATER + timedelta(minutes=1))
    assert said(again) == "circle.ended_already"
    leo = circle.member(oak.c, oak.leo)
    assert leo is not None and leo.left_at == LATER


def test_a_member_can_be_given_a_new_account_but_not_somebody_elses(oak: Oak) -> None:
    assert not circle.bind(oak.c, oak.sam, ACCOUNTS["Jo"])
    assert circle.bind(oak.c, oak.sam, NEW)
    here = circle.present(oak.c, NEW)
    assert here is not None and here.member.id == oak.sam
    assert circle.present(oak.c, ACCOUNTS["Sam"]) is None


def test_an_erased_name_reads_as_erased(oak: Oak) -> None:
    broken = update(schema.member).where(schema.member.c.id == oak.sam).values(name=b"x" * 40)
    oak.c.execute(broken)
    assert circle.name(oak.c, oak.sam) == "[erased]"


# --- the rota -----------------------------------------------------------------------------


def test_managers_plan_their_own_teams_rota(oak: Oak) -> None:
    end = LATER + timedelta(hours=8)
    assert said(rota.plan(oak.c, oak.team, oak.jo, LATER, end, oak.dev, NOON)) == (
        "circle.no_managers_only"
    )
    assert said(rota.plan(oak.c, oak.team, oak.amira, LATER, end, oak.priya, NOON)) == (
        "rota.no_not_staff"
    )
    assert said(rota.plan(oak.c, oak.team, oak.jo, end, LATER, oak.priya, NOON)) == (
        "rota.no_times"
    )
    rota.plan(oak.c, oak.team, oak.jo, LATER, end, oak.priya, NOON)
    assert told(oak.c, "rota.you_are_on_call") == ["Jo"]
    assert [m.name for m in circle.on_call(oak.c, oak.team, LATER)] == ["Jo", "Dev"]


def test_a_shift_taken_back_is_over_now(oak: Oak) -> None:
    running = circle.shifts(oak.c, oak.team, NOON)[0]
    assert said(rota.cancel(oak.c, running.id, oak.jo, LATER)) == "circle.no_managers_only"
    rota.cancel(oak.c, running.id, oak.priya, LATER)
    assert circle.on_call(oak.c, oak.team, LATER) == []
    assert told(oak.c, "rota.not_on_call") == ["Dev"]


def looked_at(c: Connection) -> datetime:
    found = c.execute(select(schema.deadline.c.due_at).where(schema.deadline.c.kind == "rota"))
    moment: datetime = found.scalar_one()
    return moment


def test_a_gap_is_said_a_week_ahead_a_day_ahead_and_when_it_comes_once_each(oak: Oak) -> None:
    end = NOON + timedelta(weeks=seed.WEEKS_ON_CALL)
    said_at: list[datetime] = []
    moment = NOON
    while moment <= end:
        before = len(told(oak.c, "rota.gap_ahead")) + len(told(oak.c, "rota.gap_now"))
        rota.tick(oak.c, oak.team, moment, moment)
        after = len(told(oak.c, "rota.gap_ahead")) + len(told(oak.c, "rota.gap_now"))
        if after > before:
            said_at.append(moment)
        assert looked_at(oak.c) > moment
        moment = looked_at(oak.c)
    assert said_at == [end - timedelta(days=7), end - timedelta(days=1), end]
