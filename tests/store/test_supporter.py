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


def test_what_an_attorney_was_appointed_for_holds_while_it_is_in_date(oak: Oak) -> None:
    place = oak.role("Amira")
    oak.c.execute(
        insert(schema.authority).values(
            id=new_id(oak.c),
            person=oak.sam,
            membership=place,
            topics=["finances", "medication"],
            seen_by=oak.jo,
            since=NOON,
            until=LATER,
        )
    )
    assert supporter.authority(oak.c, place, NOON) == [Topic.FINANCES, Topic.MEDICATION]
    assert supporter.authority(oak.c, place, LATER) == []


def test_a_team_knows_the_people_it_supports(oak: Oak) -> None:
    assert [m.name for m in around.people_in(oak.c, oak.team)] == ["Sam"]
