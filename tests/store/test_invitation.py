"""How one comes in: a link, and a human who says yes."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from bot.care.circle import Membership, No, Role
from bot.care.invitation import CONFIRM_WITHIN, LINK_LIVES, Stage
from bot.store import around, circle, invitation, leaving, schema, seed
from bot.store.engine import Refused
from bot.store.tools import new_id
from tests.conftest import NOON
from tests.oak import ACCOUNTS, LATER, NEW, OTHER, Oak, begun, link, linked, mark, opens, said, told


def test_the_first_manager_comes_in_by_the_link_of_init_alone(engine: Engine) -> None:
    with engine.begin() as c:
        token = seed.init_service(c, "Willow Support", "Oak House", "Priya", NOON)
        found, why_not = invitation.followed(c, token, NEW, LATER)
        assert found is not None and why_not is None
        invitation.open_(c, found.id, found.mark, NEW, LATER)
        here = circle.present(c, NEW)
        assert here is not None
        assert here.member.name == "Priya"
        assert here.roles == {Role.MANAGER}
        assert told(c, "invitation.welcome_manager") == ["Priya"]
        with pytest.raises(Refused):
            seed.init_service(c, "Another", "Team", "Bob", LATER)


def test_the_number_to_ring_when_telegram_is_away_is_given_and_changed(engine: Engine) -> None:
    number = select(schema.service.c.phone)
    with engine.begin() as c:
        with pytest.raises(Refused, match="kith init"):
            seed.change_phone(c, "01632 960100", NOON)
        with pytest.raises(Refused, match="no telephone number"):
            seed.init_service(c, "Willow Support", "Oak House", "Priya", NOON, "ask Jo")
    with engine.begin() as c:
        seed.init_service(c, "Willow Support", "Oak House", "Priya", NOON, "01632 960100")
        assert c.execute(number).scalar_one() == "01632 960100"
        seed.change_phone(c, "+44 1632 960200", LATER)
        assert c.execute(number).scalar_one() == "+44 1632 960200"


def test_a_link_alone_lets_nobody_in(oak: Oak) -> None:
    _, id = link(oak, Role.STAFF, "Kit", oak.priya)
    opens(oak, id, NEW, LATER)
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
    opens(oak, id, NEW, LATER)
    assert said(opens(oak, id, OTHER, LATER)) == "door.link_over"
    assert invitation.followed(oak.c, token, OTHER, LATER)[1] is No.USED
    invitation.confirm(oak.c, id, oak.priya, LATER)
    assert circle.present(oak.c, NEW) is not None
    assert circle.present(oak.c, OTHER) is None


def test_a_link_lives_for_a_day(oak: Oak) -> None:
    token, id = link(oak, Role.STAFF, "Kit", oak.priya)
    end = NOON + LINK_LIVES
    assert invitation.followed(oak.c, token, NEW, end - timedelta(seconds=1))[1] is None
    assert invitation.followed(oak.c, token, NEW, end)[1] is No.EXPIRED
    assert said(opens(oak, id, NEW, end)) == "door.link_over"


def test_an_unknown_link_sounds_like_an_old_one(oak: Oak) -> None:
    assert invitation.followed(oak.c, "x" * 32, NEW, NOON) == (None, No.EXPIRED)


def test_whoever_made_the_link_cannot_open_it_and_it_stays_good(oak: Oak) -> None:
    token, id = link(oak, Role.STAFF, "Kit", oak.priya)
    assert said(opens(oak, id, ACCOUNTS["Priya"], LATER)) == "door.own_link"
    assert invitation.followed(oak.c, token, NEW, LATER)[1] is None


def test_a_no_from_whoever_invited_opens_nothing(oak: Oak) -> None:
    _, id = link(oak, Role.STAFF, "Kit", oak.priya)
    opens(oak, id, NEW, LATER)
    assert said(invitation.refuse(oak.c, id, oak.priya, LATER)) == "invitation.refused"
    assert said(invitation.confirm(oak.c, id, oak.priya, LATER)) == "invitation.answered_already"
    assert circle.present(oak.c, NEW) is None


def test_no_telegram_account_is_kept_of_whoever_was_not_let_in(oak: Oak) -> None:
    _, refused = link(oak, Role.STAFF, "Kit", oak.priya)
    opens(oak, refused, NEW, LATER)
    invitation.refuse(oak.c, refused, oak.priya, LATER)
    _, astray = link(oak, Role.STAFF, "Kit", oak.priya)
    invitation.not_me(oak.c, astray, mark(oak, astray), NEW, LATER)
    assert oak.c.execute(select(schema.invitation.c.used_by)).scalars().all() == [None, None]


def test_nobody_but_whoever_invited_answers(oak: Oak) -> None:
    _, id = link(oak, Role.STAFF, "Kit", oak.priya)
    opens(oak, id, NEW, LATER)
    assert said(invitation.confirm(oak.c, id, oak.mina, LATER)) == "circle.no_not_yours"
    assert said(invitation.refuse(oak.c, id, oak.mina, LATER)) == "circle.no_not_yours"
    assert circle.present(oak.c, NEW) is None


def test_a_second_yes_changes_nothing(oak: Oak) -> None:
    _, id = link(oak, Role.STAFF, "Kit", oak.priya)
    opens(oak, id, NEW, LATER)
    invitation.confirm(oak.c, id, oak.priya, LATER)
    assert said(invitation.confirm(oak.c, id, oak.priya, LATER)) == "invitation.answered_already"
    here = circle.present(oak.c, NEW)
    assert here is not None and len(here.memberships) == 1


def test_whoever_waits_too_long_is_not_let_in(oak: Oak) -> None:
    _, id = link(oak, Role.STAFF, "Kit", oak.priya)
    opens(oak, id, NEW, LATER)
    outcome = invitation.confirm(oak.c, id, oak.priya, LATER + CONFIRM_WITHIN)
    assert said(outcome) == "invitation.cannot_come_in"
    assert circle.present(oak.c, NEW) is None


def test_an_inviter_who_has_left_lets_nobody_in(oak: Oak) -> None:
    token, _ = link(oak, Role.STAFF, "Kit", oak.priya)
    leaving.leave(oak.c, oak.priya, LATER)
    assert invitation.followed(oak.c, token, NEW, LATER)[1] is No.EXPIRED


def test_this_is_not_me_spends_the_link_and_its_maker_hears(oak: Oak) -> None:
    token, id = link(oak, Role.STAFF, "Kit", oak.priya)
    assert said(invitation.not_me(oak.c, id, mark(oak, id), NEW, LATER)) == "door.not_you"
    assert told(oak.c, "invitation.went_astray") == ["Priya"]
    assert invitation.followed(oak.c, token, NEW, LATER)[1] is No.USED


def test_a_member_who_is_invited_again_gets_one_more_role(oak: Oak) -> None:
    _, id = link(oak, Role.STAFF, "Alex", oak.priya)
    opens(oak, id, ACCOUNTS["Alex"], LATER)
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
    opens(oak, id, NEW, LATER)
    invitation.confirm(oak.c, id, oak.jo, LATER)
    robin = circle.present(oak.c, NEW)
    assert robin is not None
    assert [m.name for m in around.key_workers(oak.c, robin.member.id)] == ["Jo"]
    assert [m.name for m in around.people_supported(oak.c, oak.jo)] == ["Sam", "Robin"]


def nominated(oak: Oak, name: str = "Noor") -> str:
    invitation.nominate(oak.c, oak.sam, Role.CARER, name, NOON)
    row = oak.c.execute(
        select(schema.invitation.c.id).where(schema.invitation.c.state == Stage.READY.value)
    ).one()
    return str(row.id)


def test_the_person_names_a_carer_and_staff_make_the_link(oak: Oak) -> None:
    id = nominated(oak)
    assert told(oak.c, "invitation.wants") == ["Jo"]
    token = linked(oak, id, oak.jo, LATER)
    assert invitation.followed(oak.c, token, NEW, LATER)[1] is None
    opens(oak, id, NEW, LATER)
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
    assert told(oak.c, "invitation.do_you_want") == ["Sam"]
    assert made.said is not None
    id = str(made.said.params["invitation"])
    assert said(invitation.make_link(oak.c, id, oak.jo, NOON)[0]) == "invitation.no_link_to_make"
    assert said(invitation.want(oak.c, id, oak.jo, NOON)) == "circle.no_not_yours"
    assert said(invitation.want(oak.c, id, oak.sam, NOON)) == "invitation.nominated"
    assert told(oak.c, "invitation.wants") == ["Jo"]
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
    opens(oak, id, NEW, LATER)
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


def test_the_one_who_confirms_never_learns_what_somebody_is_elsewhere(oak: Oak) -> None:
    elm = circle.memberships(oak.c, oak.alex)[0].team
    ids = []
    for team, by in ((oak.team, oak.jo), (elm, oak.alex)):
        begun = invitation.invite(oak.c, Role.PERSON, team, None, "Pat", by, NOON)
        assert begun.said is not None
        ids.append(str(begun.said.params["invitation"]))
        linked(oak, ids[-1], by)
        opens(oak, ids[-1], NEW, LATER)
    invitation.confirm(oak.c, ids[0], oak.jo, LATER)
    clash = invitation.confirm(oak.c, ids[1], oak.alex, LATER)
    late = invitation.confirm(oak.c, ids[1], oak.alex, LATER + CONFIRM_WITHIN)
    assert said(clash) == said(late) == "invitation.cannot_come_in"
    assert clash.said == late.said


def test_a_proposer_who_left_the_team_is_asked_for_no_link(oak: Oak) -> None:
    elm = circle.memberships(oak.c, oak.alex)[0].team
    here = oak.role("Jo")
    elsewhere = Membership(new_id(oak.c), oak.jo, Role.STAFF, elm, None, NOON)
    circle.keep_membership(oak.c, elsewhere)
    id = begun(oak, Role.ADVOCATE, "Zed", oak.jo, oak.sam)
    leaving.end_membership(oak.c, here, oak.priya, LATER)
    invitation.want(oak.c, id, oak.sam, LATER)
    assert told(oak.c, "invitation.wants") == ["Dev"]


def test_a_manager_answers_when_whoever_made_the_link_has_left(oak: Oak) -> None:
    id = nominated(oak)
    linked(oak, id, oak.jo, LATER)
    opens(oak, id, NEW, LATER)
    assert said(invitation.confirm(oak.c, id, oak.priya, LATER)) == "circle.no_not_yours"
    leaving.end_membership(oak.c, oak.role("Jo"), oak.jo, LATER)
    assert told(oak.c, "invitation.is_it_them") == ["Priya"]
    assert said(invitation.confirm(oak.c, id, oak.jo, LATER)) == "circle.no_not_staff"
    assert said(invitation.confirm(oak.c, id, oak.alex, LATER)) == "circle.no_other_team"
    assert said(invitation.confirm(oak.c, id, oak.priya, LATER)) == "invitation.confirmed"
    assert circle.present(oak.c, NEW) is not None


def test_managers_are_asked_when_the_maker_cannot_be_reached(oak: Oak) -> None:
    _, id = link(oak, Role.PERSON, "Robin", oak.jo)
    around.mark_unreachable(oak.c, oak.jo, NOON)
    opens(oak, id, NEW, LATER)
    assert told(oak.c, "invitation.is_that_them") == []
    assert told(oak.c, "invitation.is_it_them") == ["Priya"]
    assert said(invitation.refuse(oak.c, id, oak.priya, LATER)) == "invitation.refused"


def test_whoever_asks_again_while_the_maker_is_out_of_reach_sets_others_going(oak: Oak) -> None:
    _, id = link(oak, Role.PERSON, "Robin", oak.jo)
    opens(oak, id, NEW, LATER)
    around.mark_unreachable(oak.c, oak.jo, LATER)
    for _ in range(2):
        assert invitation.waits(oak.c, NEW, LATER)
    assert told(oak.c, "invitation.is_it_them") == ["Priya"]
    invitation.confirm(oak.c, id, oak.priya, LATER)
    robin = circle.present(oak.c, NEW)
    assert robin is not None
    assert [m.name for m in around.key_workers(oak.c, robin.member.id)] == ["Priya"]


def test_the_screen_of_a_replaced_link_opens_nothing(oak: Oak) -> None:
    _, id = link(oak, Role.STAFF, "Kit", oak.priya)
    old = mark(oak, id)
    linked(oak, id, oak.priya, NOON)
    assert said(invitation.open_(oak.c, id, old, NEW, LATER)) == "door.link_over"
    assert said(invitation.not_me(oak.c, id, old, NEW, LATER)) == "door.link_over"
    assert told(oak.c, "invitation.is_that_them") == []
    assert said(opens(oak, id, OTHER, LATER)) == "door.wait"
