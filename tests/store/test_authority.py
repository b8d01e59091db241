"""What an attorney or a deputy may stand for: seen papers, their own topics, themselves alone."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.care.agreement import Reason
from bot.care.authority import LENGTHS, MONEY, Authority
from bot.care.decision import Found, Part
from bot.care.outcome import About, Outcome, Topic
from bot.store import agreement, authority, decision, ground, schema
from tests.conftest import NOON
from tests.oak import LATER, Oak, said, told

YEAR = LENGTHS[12]


@pytest.fixture
def deputy(oak: Oak) -> Oak:
    """Ruth is Sam's deputy here."""
    table = schema.membership
    oak.c.execute(update(table).where(table.c.id == oak.role("Ruth")).values(role="deputy"))
    return oak


def recorded(oak: Oak, topics: frozenset[Topic] = MONEY, now: datetime = NOON) -> Authority:
    outcome = authority.record(oak.c, oak.role("Ruth"), topics, YEAR, oak.jo, now)
    made = outcome.records[-1]
    assert isinstance(made, Authority)
    return made


def chosen(oak: Oak, id: str, topic: Topic, by: str = "Ruth", to: str = "Ruth") -> Outcome:
    return ground.allow(oak.c, id, oak.role(to), topic, 2, oak.ids[by], NOON)


def asked(oak: Oak, topic: Topic, now: datetime = NOON) -> Reason:
    about = About(oak.sam, topic, 1, oak.role("Ruth"), at=NOON)
    return agreement.ask(oak.c, oak.ruth, about, now).reason


def test_it_holds_for_their_topics_until_its_day_or_until_it_is_ended(deputy: Oak) -> None:
    oak = deputy
    made = recorded(oak)
    assert authority.standing(oak.c, oak.sam, NOON) == [made]
    assert authority.of(oak.c, oak.role("Ruth"), NOON) == made
    assert said(chosen(oak, made.id, Topic.FINANCES)) == "ground.own_saved"
    assert chosen(oak, made.id, Topic.INCIDENTS) == Outcome()
    assert asked(oak, Topic.FINANCES) is Reason.AGREED
    assert asked(oak, Topic.PLANS_AND_REVIEWS) is Reason.AGREED, "what Sam agreed to stays"
    assert told(oak.c, "ground.told_own") == ["Sam"]

    assert said(authority.end(oak.c, made.id, oak.dev, LATER)) == "authority.ended"
    assert authority.end(oak.c, made.id, oak.dev, LATER) == Outcome()
    for now in (LATER, NOON, LATER - timedelta(minutes=1)):
        assert asked(oak, Topic.FINANCES, now) is Reason.BASIS, (
            "a clock set back brings nothing back"
        )
    assert authority.of(oak.c, oak.role("Ruth"), LATER) is None


def test_it_ends_by_itself(deputy: Oak) -> None:
    oak = deputy
    made = recorded(oak)
    chosen(oak, made.id, Topic.FINANCES)
    moments = select(schema.deadline.c.due_at).where(schema.deadline.c.key == made.id)
    assert oak.c.execute(moments).scalars().all() == [made.until]
    authority.due(oak.c, made.id, made.until, made.until)
    later = authority.due(oak.c, made.id, NOON, NOON)
    assert [wake.at for wake in later.wakes] == [made.until]
    outcome = authority.record(oak.c, oak.role("Ruth"), MONEY, YEAR, oak.jo, LATER)
    assert len(outcome.records) == 2, "the papers of before are over"
    assert asked(oak, Topic.FINANCES, LATER) is Reason.BASIS, "they say anew what they want"


@pytest.mark.parametrize("stray", ["Sam", "Amira", "Ruth", "Alex"])
def test_only_the_persons_staff_say_that_papers_were_seen(deputy: Oak, stray: str) -> None:
    oak = deputy
    by = oak.ids[stray]
    assert authority.record(oak.c, oak.role("Ruth"), MONEY, YEAR, by, NOON) == Outcome()
    assert authority.record(oak.c, oak.role("Amira"), MONEY, YEAR, oak.jo, NOON) == Outcome()
    made = recorded(oak)
    assert authority.end(oak.c, made.id, by, NOON) == Outcome()


def test_they_choose_for_themselves_alone_and_nobody_chooses_for_them(deputy: Oak) -> None:
    oak = deputy
    made = recorded(oak)
    for by, to in (("Ruth", "Amira"), ("Jo", "Ruth"), ("Sam", "Ruth"), ("Amira", "Amira")):
        assert chosen(oak, made.id, Topic.FINANCES, by, to) == Outcome()
    assert asked(oak, Topic.FINANCES) is Reason.NO_ROW


def test_what_the_person_said_stands_and_they_do_not_learn_it(deputy: Oak) -> None:
    oak = deputy
    made = recorded(oak, frozenset({Topic.PLANS_AND_REVIEWS}))
    outcome = chosen(oak, made.id, Topic.PLANS_AND_REVIEWS)
    assert said(outcome) == "ground.own_saved" and outcome.records == ()
    about = About(oak.sam, Topic.PLANS_AND_REVIEWS, 3, oak.role("Ruth"), at=NOON)
    assert agreement.ask(oak.c, oak.ruth, about, NOON).reason is Reason.AGREED


def looks(oak: Oak, topic: Topic, found: Found) -> None:
    """Jo has written down whether Sam can decide this."""
    test = dict.fromkeys(Part, found is Found.CAN_DECIDE)
    later = NOON + timedelta(days=14)
    decision.record(oak.c, oak.sam, (topic,), "Pictures.", test, found, later, oak.jo, NOON)


def test_but_for_money_their_word_counts_only_while_the_person_cannot_decide(deputy: Oak) -> None:
    oak = deputy
    made = recorded(oak, frozenset({Topic.FINANCES, Topic.WELLBEING}))
    chosen(oak, made.id, Topic.FINANCES)
    nothing = chosen(oak, made.id, Topic.WELLBEING)
    assert said(nothing) == "ground.own_saved", "the same answer"
    assert nothing.records == () and asked(oak, Topic.WELLBEING) is Reason.NO_ROW

    looks(oak, Topic.WELLBEING, Found.CANNOT_NOW)
    assert asked(oak, Topic.WELLBEING) is Reason.NO_ROW
    chosen(oak, made.id, Topic.WELLBEING)
    assert asked(oak, Topic.WELLBEING) is Reason.AGREED

    looks(oak, Topic.FINANCES, Found.CAN_DECIDE)
    looks(oak, Topic.WELLBEING, Found.CAN_DECIDE)
    assert asked(oak, Topic.WELLBEING) is Reason.NO_ROW
    assert asked(oak, Topic.FINANCES) is Reason.AGREED
    assert asked(oak, Topic.PLANS_AND_REVIEWS) is Reason.AGREED, "Sam's own choices stay"
    looks(oak, Topic.WELLBEING, Found.CANNOT_NOW)
    assert asked(oak, Topic.WELLBEING) is Reason.NO_ROW, "a new worry brings nothing back"
