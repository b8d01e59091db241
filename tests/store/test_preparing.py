"""Who may sit with the person over the cards, and what comes of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.care.agreeing import Freely
from bot.care.agreement import State
from bot.care.circle import Membership, Role
from bot.care.outcome import Outcome
from bot.care.preparing import FOR, Sitting
from bot.flows import agreement as cards
from bot.store import agreeing, agreement, flow, ledger, preparing, schema
from bot.store.circle import keep_membership
from bot.store.flow import Talk
from tests.conftest import NOON
from tests.oak import LATER, Oak, said, told
from tests.store.test_agreeing import YES

TICK = timedelta(microseconds=1)


def asked(oak: Oak, staff: str = "Jo", by: str = "Sam", to: str = "Amira") -> Sitting | None:
    outcome = preparing.ask(oak.c, oak.role(to), oak.ids[staff], oak.ids[by], NOON)
    return next((one for one in outcome.records[-1:] if isinstance(one, Sitting)), None)


def test_whoever_was_asked_prepares_a_draft_that_the_person_alone_reads(oak: Oak) -> None:
    sitting = asked(oak)
    assert sitting is not None and told(oak.c, "preparing.please") == ["Jo"]
    outcome = preparing.prepare(oak.c, sitting.id, YES, oak.jo, LATER)
    assert said(outcome) == "preparing.prepared"
    assert told(oak.c, "agreement.read_back") == ["Sam"]
    draft = agreeing.shared(oak.c, oak.role("Amira"), LATER).draft
    assert draft is not None and (draft.drafted_by, draft.person) == (oak.jo, oak.sam)
    assert agreeing.answer(oak.c, draft.id, oak.jo, LATER, freely=Freely.YES) == Outcome()
    agreeing.answer(oak.c, draft.id, oak.sam, LATER, freely=Freely.YES)
    assert preparing.open_sitting(oak.c, sitting.id, oak.jo, LATER) is None
    kinds = {line.kind for line in ledger.lines(oak.c)}
    assert {"sitting_asked", "agreement_drafted", "agreement_active"} <= kinds


@pytest.mark.parametrize("by", ["Amira", "Leo", "Jo", "Priya", "Mina", "Alex"])
def test_only_the_person_asks_somebody(oak: Oak, by: str) -> None:
    assert asked(oak, by=by) is None


@pytest.mark.parametrize("staff", ["Alex", "Amira", "Ruth", "Sam"])
def test_only_staff_of_the_team_can_be_asked(oak: Oak, staff: str) -> None:
    assert asked(oak, staff) is None


@pytest.mark.parametrize("by", ["Sam", "Amira", "Dev", "Mina", "Alex"])
def test_nobody_else_prepares_anything(oak: Oak, by: str) -> None:
    sitting = asked(oak)
    assert sitting is not None
    assert preparing.prepare(oak.c, sitting.id, YES, oak.ids[by], LATER) == Outcome()
    if by != "Sam":
        assert preparing.end(oak.c, sitting.id, oak.ids[by], LATER) == Outcome()
    assert agreeing.shared(oak.c, oak.role("Amira"), LATER).draft is None


def test_it_is_over_in_time_and_when_the_person_says_so(oak: Oak) -> None:
    sitting = asked(oak)
    assert sitting is not None
    assert preparing.open_sitting(oak.c, sitting.id, oak.jo, NOON + FOR - TICK)
    assert preparing.open_sitting(oak.c, sitting.id, oak.jo, NOON + FOR) is None
    assert said(preparing.end(oak.c, sitting.id, oak.sam, LATER)) == "preparing.over"
    assert preparing.end(oak.c, sitting.id, oak.sam, LATER) == Outcome()
    assert preparing.prepare(oak.c, sitting.id, YES, oak.jo, LATER) == Outcome()
    assert preparing.open_sitting(oak.c, sitting.id, oak.jo, NOON) is None, "a clock set back"


def test_of_two_that_were_asked_the_second_sits_there(oak: Oak) -> None:
    first, second = asked(oak), asked(oak, "Dev")
    assert first is not None and second is not None
    assert preparing.prepare(oak.c, first.id, YES, oak.jo, LATER) == Outcome()
    assert preparing.prepare(oak.c, second.id, YES, oak.dev, LATER) != Outcome()
    rows = oak.c.execute(select(preparing.table.c.ended_at).order_by(preparing.table.c.id))
    assert sorted(rows.scalars(), key=str) == [NOON, None]


@pytest.mark.parametrize(("sat", "hears"), [("Mina", ["Priya"]), ("Jo", ["Mina"])])
def test_who_sat_there_never_hears_that_the_person_was_not_sure(
    oak: Oak, sat: str, hears: list[str]
) -> None:
    sitting = asked(oak, sat)
    assert sitting is not None
    preparing.prepare(oak.c, sitting.id, YES, oak.ids[sat], LATER)
    drafts = [v for v in agreement.versions(oak.c, oak.role("Amira")) if v.state is State.DRAFT]
    agreeing.change(oak.c, drafts[-1].id, (), oak.sam, LATER, months=1)  # the person's own now
    mine = agreeing.shared(oak.c, oak.role("Amira"), LATER).draft
    assert mine is not None and mine.drafted_by == oak.sam
    agreeing.answer(oak.c, mine.id, oak.sam, LATER, freely=Freely.NOT_SURE)
    assert told(oak.c, "agreement.please_talk_not_sure") == hears


@pytest.mark.parametrize("freely", list(Freely))
def test_whoever_sat_there_cannot_tell_what_was_answered(oak: Oak, freely: Freely) -> None:
    sitting = asked(oak)
    assert sitting is not None
    preparing.prepare(oak.c, sitting.id, YES, oak.jo, LATER)
    draft = agreeing.shared(oak.c, oak.role("Amira"), LATER).draft
    assert draft is not None
    begun = {cards.SUPPORTER: sitting.supporter, cards.SITTING: sitting.id}
    talk = Talk("talk", 1, oak.role("Jo"), "agreement", "finances", begun)
    assert cards._facts(oak.c, talk, LATER).so_far == draft
    agreeing.answer(oak.c, draft.id, oak.sam, LATER, freely=freely)
    assert preparing.open_sitting(oak.c, sitting.id, oak.jo, LATER) is None
    assert cards._facts(oak.c, talk, LATER).so_far is None


def test_who_it_is_about_neither_sits_there_nor_hears_of_a_doubt(oak: Oak) -> None:
    keep_membership(oak.c, Membership("aunt", oak.mina, Role.FAMILY, oak.team, oak.sam, since=NOON))
    assert preparing.ask(oak.c, "aunt", oak.mina, oak.sam, LATER) == Outcome()
    agreeing.draft(oak.c, "aunt", YES, oak.sam, LATER)
    draft = agreeing.shared(oak.c, "aunt", LATER).draft
    assert draft is not None
    agreeing.answer(oak.c, draft.id, oak.sam, LATER, freely=Freely.NOT_SURE)
    assert told(oak.c, "agreement.please_talk_not_sure") == ["Priya"]


def test_half_of_the_cards_of_a_sitting_are_never_read_back(oak: Oak) -> None:
    sitting = asked(oak)
    assert sitting is not None
    begun = {cards.SUPPORTER: sitting.supporter, cards.SITTING: sitting.id, "finances": "share"}
    talk = Talk("talk", 1, oak.role("Jo"), "agreement", "incidents", begun)
    flow.begin(oak.c, talk, LATER)
    cards.set_aside(oak.c, 1, oak.role("Leo"), LATER)
    assert told(oak.c, "agreement.read_back") == []
    assert agreeing.shared(oak.c, sitting.supporter, LATER).draft is None


def test_stopping_ends_the_sitting_too(oak: Oak) -> None:
    sitting = asked(oak)
    assert sitting is not None
    agreeing.stop(oak.c, sitting.supporter, oak.sam, LATER)
    assert preparing.prepare(oak.c, sitting.id, YES, oak.jo, LATER) == Outcome()


def test_whoever_wants_to_talk_is_heard_though_all_the_team_has_sat_there(oak: Oak) -> None:
    staff = schema.membership.c.team == oak.team
    others = schema.membership.c.member.not_in([oak.mina, oak.jo])
    oak.c.execute(
        schema.membership.update()
        .where(staff, others, schema.membership.c.person.is_(None))
        .where(schema.membership.c.role != Role.PERSON.value)
        .values(until=NOON)
    )
    first, second = asked(oak, "Mina"), asked(oak, "Jo")
    assert first is not None and second is not None
    preparing.prepare(oak.c, second.id, YES, oak.jo, LATER)
    draft = agreeing.shared(oak.c, oak.role("Amira"), LATER).draft
    assert draft is not None
    agreeing.answer(oak.c, draft.id, oak.sam, LATER, freely=Freely.NOT_SURE)
    assert told(oak.c, "agreement.please_talk_not_sure") == ["Mina"]


def test_with_nobody_else_in_the_team_the_service_is_called(oak: Oak) -> None:
    sitting = asked(oak, "Mina")
    assert sitting is not None
    preparing.prepare(oak.c, sitting.id, YES, oak.mina, LATER)
    draft = agreeing.shared(oak.c, oak.role("Amira"), LATER).draft
    assert draft is not None
    around_oak = schema.membership.c.member.in_([oak.jo, oak.dev, oak.priya])
    oak.c.execute(schema.membership.update().where(around_oak).values(until=NOON))
    agreeing.answer(oak.c, draft.id, oak.sam, LATER, freely=Freely.TALK)
    assert told(oak.c, "agreement.please_talk") == []
    assert "Alex" in told(oak.c, "general.set_aside")
