"""What the person decides about one of those around them, and what ends with a role."""

import pytest
from sqlalchemy import insert, select

from bot.care.agreement import Effect, Reason
from bot.care.outcome import About, Outcome, Topic
from bot.store import agreement, around, leaving, ledger, schema, supporter
from bot.store.tools import new_id
from tests.conftest import NOON
from tests.oak import LATER, Oak, said


def asked(oak: Oak, to: str = "Amira") -> Reason:
    about = About(oak.sam, Topic.DAILY_LIFE, 1, oak.role(to), at=NOON)
    return agreement.ask(oak.c, oak.ids[to], about, LATER).reason


def test_a_paused_supporter_hears_nothing_until_the_person_starts_again(oak: Oak) -> None:
    place = oak.role("Amira")
    assert asked(oak) is Reason.AGREED
    assert said(supporter.pause(oak.c, place, oak.sam, NOON)) == "circle.paused"
    assert asked(oak) is Reason.PAUSED
    assert asked(oak, "Leo") is Reason.AGREED
    assert said(supporter.resume(oak.c, place, oak.sam, LATER)) == "circle.resumed"
    assert asked(oak) is Reason.AGREED


def test_nobody_is_told_of_a_pause(oak: Oak) -> None:
    before = oak.c.execute(select(schema.outbox.c.id)).all()
    supporter.pause(oak.c, oak.role("Amira"), oak.sam, NOON)
    assert oak.c.execute(select(schema.outbox.c.id)).all() == before


def test_a_second_pause_and_a_second_start_change_nothing(oak: Oak) -> None:
    place = oak.role("Amira")
    assert supporter.resume(oak.c, place, oak.sam, NOON) == Outcome()
    supporter.pause(oak.c, place, oak.sam, NOON)
    assert supporter.pause(oak.c, place, oak.sam, LATER) == Outcome()


@pytest.mark.parametrize("by", ["Amira", "Leo", "Jo", "Priya", "Mina", "Alex"])
def test_only_the_person_decides_about_those_around_them(oak: Oak, by: str) -> None:
    place, who = oak.role("Amira"), oak.ids[by]
    assert supporter.pause(oak.c, place, who, NOON) == Outcome()
    assert supporter.say_helps_with(oak.c, place, "Shopping", who, NOON) == Outcome()
    supporter.pause(oak.c, place, oak.sam, NOON)
    assert supporter.resume(oak.c, place, who, NOON) == Outcome()
    assert asked(oak) is Reason.PAUSED
    assert supporter.helps_with(oak.c, place) is None


def test_what_they_help_with_is_sealed(oak: Oak) -> None:
    place = oak.role("Amira")
    supporter.say_helps_with(oak.c, place, "Shopping", oak.sam, NOON)
    assert supporter.helps_with(oak.c, place) == "Shopping"
    stored = oak.c.execute(select(schema.membership.c.helps_with)).scalars().all()
    assert not any(b"Shopping" in words for words in stored if words is not None)


def test_whoever_is_here_no_more_is_nobody_to_decide_about(oak: Oak) -> None:
    place = oak.role("Amira")
    leaving.end_membership(oak.c, place, oak.sam, NOON)
    assert supporter.pause(oak.c, place, oak.sam, LATER) == Outcome()
    assert supporter.say_helps_with(oak.c, place, "Shopping", oak.sam, LATER) == Outcome()


def test_with_the_role_ends_what_was_agreed(oak: Oak) -> None:
    place = oak.role("Amira")
    assert agreement.active(oak.c, place, NOON)
    leaving.end_membership(oak.c, place, oak.sam, LATER)
    assert agreement.active(oak.c, place, LATER) == []
    kinds = [line.kind for line in ledger.lines(oak.c, oak.sam)]
    assert kinds[-2:] == ["sharing_stopped", "membership_ended"]
    about = About(oak.sam, Topic.DAILY_LIFE, 1, place, at=NOON)
    assert agreement.ask(oak.c, oak.amira, about, LATER).effect is Effect.WITHHOLD


def test_a_role_that_has_ended_ends_nothing_more(oak: Oak) -> None:
    place = oak.role("Amira")
    leaving.end_membership(oak.c, place, oak.sam, LATER)
    again = leaving.end_membership(oak.c, place, oak.sam, LATER)
    assert said(again) == "circle.ended_already"


def test_a_team_knows_the_people_it_supports(oak: Oak) -> None:
    assert [m.name for m in around.people_in(oak.c, oak.team)] == ["Sam"]


def test_a_pause_that_is_over_is_still_true_of_its_time(oak: Oak) -> None:
    place, hour = oak.role("Amira"), LATER - NOON
    supporter.pause(oak.c, place, oak.sam, NOON + hour)
    supporter.resume(oak.c, place, oak.sam, NOON + 3 * hour)
    supporter.pause(oak.c, place, oak.sam, NOON + 5 * hour)

    def then(hours: int) -> bool:
        at = NOON + hours * hour
        about = About(oak.sam, Topic.DAILY_LIFE, 1, place, at=at)
        return agreement.replay(oak.c, oak.amira, about, at).reason is Reason.PAUSED

    assert [then(hours) for hours in range(7)] == [False, True, True, False, False, True, True]


def test_a_person_who_has_moved_was_of_another_team_before(oak: Oak) -> None:
    before = around.team_of(oak.c, oak.sam)
    (after,) = oak.c.execute(
        select(schema.membership.c.team).where(schema.membership.c.member == oak.alex)
    ).scalars()
    table = schema.membership
    home = table.c.member == oak.sam
    oak.c.execute(table.update().where(home).values(until=LATER))
    oak.c.execute(
        insert(table).values(
            id=new_id(oak.c), member=oak.sam, role="person", team=after, since=LATER
        )
    )
    assert around.team_of(oak.c, oak.sam) == after
    assert around.team_of(oak.c, oak.sam, NOON) == before
    about = About(oak.sam, Topic.DAILY_LIFE, 1, at=NOON)
    here, elsewhere = Reason.DIRECT_CARE, Reason.OTHER_TEAM
    for staff, reasons in ((oak.jo, [here, elsewhere]), (oak.alex, [elsewhere, here])):
        then = [agreement.replay(oak.c, staff, about, at).reason for at in (NOON, LATER)]
        assert then == reasons
