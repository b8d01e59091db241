"""A supporter as a rung, as it is kept: asked of the gate at each moment, and answered for."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.care.agreeing import Freely, Wish
from bot.care.agreement import Agreement, Choice, Situation
from bot.care.authority import Authority
from bot.care.circle import Membership
from bot.care.decision import Found, Part
from bot.care.escalation import Escalation
from bot.care.outcome import Outcome, Topic
from bot.care.plan import LADDERS, Rung, RungKind, with_supporter
from bot.care.switching import LENGTHS, Switching
from bot.store import (
    agreeing,
    authority,
    circle,
    decision,
    escalation,
    ground,
    guarding,
    journey,
    ladder,
    plan,
    schema,
    supporter,
    switching,
)
from tests.conftest import NOON
from tests.oak import Oak, said, told

MINUTE = timedelta(minutes=1)
DUE = NOON + 60 * MINUTE
MISSED = DUE + 10 * MINUTE
ASKED = MISSED + 10 * MINUTE


def rung(oak: Oak, name: str = "Amira") -> Rung:
    return Rung(RungKind.SUPPORTER, 10, oak.ids[name], oak.role(name))


def drafts(oak: Oak, rungs: tuple[Rung, ...]) -> Outcome:
    return plan.draft(oak.c, oak.sam, oak.jo, ("Café",), 120, rungs, "Ring Sam.", NOON)


def out(oak: Oak, name: str = "Amira") -> Oak:
    """Sam has agreed that this supporter is asked after Jo, and is out."""
    drafts(oak, with_supporter(LADDERS["key_worker"], rung(oak, name), 1))
    draft = plan.draft_of(oak.c, oak.sam)
    assert draft is not None
    plan.agree(oak.c, draft.id, oak.sam, NOON)
    journey.set_off(oak.c, oak.sam, "Café", DUE, NOON)
    return oak


def asked(oak: Oak, name: str = "Amira") -> Escalation:
    """Sam has not checked in, and Jo has not answered."""
    out(oak, name)
    running = journey.running(oak.c, oak.sam)
    assert running is not None
    journey.tick(oak.c, running.id, DUE, MISSED)
    ids = oak.c.execute(select(schema.escalation.c.id)).scalars().all()
    escalation.tick(oak.c, ids[0], ASKED, ASKED)
    return alert(oak)


def alert(oak: Oak) -> Escalation:
    found = escalation.escalation(oak.c, oak.c.execute(select(schema.escalation.c.id)).scalar_one())
    assert found is not None
    return found


def test_the_ladder_comes_back_as_it_was_agreed(oak: Oak) -> None:
    out(oak)
    agreed = plan.in_force(oak.c, oak.sam)
    assert agreed is not None and agreed.rungs[1] == rung(oak)
    assert agreed.staff == LADDERS["key_worker"]
    running = journey.running(oak.c, oak.sam)
    assert running is not None
    journey.tick(oak.c, running.id, DUE, MISSED)
    assert alert(oak).rungs == agreed.rungs


def test_the_first_rung_is_staff_and_a_supporter_one_of_the_persons_own(oak: Oak) -> None:
    staff, amira = LADDERS["key_worker"], rung(oak)
    for rungs in (
        (amira, *staff),
        (amira,),
        (*staff, replace(amira, acting=oak.role("Leo"))),
        (*staff, Rung(RungKind.SUPPORTER, 10, oak.alex, oak.role("Alex"))),
        (*staff, Rung(RungKind.SUPPORTER, 10, oak.jo, oak.role("Jo"))),
    ):
        assert drafts(oak, rungs) == Outcome()
    assert plan.draft_of(oak.c, oak.sam) is None


def test_they_stand_on_it_while_the_person_lets_them_hear_of_it(oak: Oak) -> None:
    assert asked(oak).current == oak.amira


def test_who_may_not_hear_of_it_is_passed_over(oak: Oak) -> None:
    assert asked(oak, "Leo").current == oak.dev


def test_who_has_left_or_works_for_the_person_is_passed_over(oak: Oak) -> None:
    rungs = (rung(oak), Rung(RungKind.SUPPORTER, 10, oak.jo, oak.role("Amira")))
    table = schema.membership
    standing = ladder.those_around(oak.c, oak.sam, rungs, NOON).ladder
    assert [(one.member, one.why_not) for one in standing] == [
        (oak.amira, None),
        (None, "is_staff"),
    ]
    assert ladder.at_the_start(oak.c, oak.sam, rungs, NOON) == rungs[:1]
    oak.c.execute(update(table).where(table.c.id == oak.role("Amira")).values(until=NOON))
    (ended,) = ladder.those_around(oak.c, oak.sam, rungs[:1], NOON).ladder
    assert (ended.member, ended.why_not) == (None, "not_in_circle")


def test_an_outing_rests_on_staff_alone(oak: Oak) -> None:
    table = schema.member
    staff = [oak.jo, oak.dev, oak.priya]
    drafts(oak, with_supporter(LADDERS["key_worker"], rung(oak), 1))
    draft = plan.draft_of(oak.c, oak.sam)
    assert draft is not None
    plan.agree(oak.c, draft.id, oak.sam, NOON)
    oak.c.execute(update(table).where(table.c.id.in_(staff)).values(unreachable_since=NOON))

    journey.set_off(oak.c, oak.sam, "Café", DUE, NOON)

    assert journey.running(oak.c, oak.sam) is None


def test_staff_who_were_told_that_somebody_has_it_hear_when_a_supporter_alone_is_asked(
    oak: Oak,
) -> None:
    out(oak)
    running = journey.running(oak.c, oak.sam)
    assert running is not None
    journey.tick(oak.c, running.id, DUE, MISSED)
    escalation.take(oak.c, alert(oak).id, oak.dev, MISSED)
    assert told(oak.c, "escalation.has_it") == ["Jo"]

    escalation.pass_on(oak.c, alert(oak).id, oak.dev, MISSED + MINUTE)

    assert alert(oak).current == oak.amira
    assert told(oak.c, "escalation.open_again") == ["Jo"]
    escalation.take(oak.c, alert(oak).id, oak.jo, MISSED + 2 * MINUTE)
    escalation.pass_on(oak.c, alert(oak).id, oak.jo, MISSED + 3 * MINUTE)
    assert told(oak.c, "escalation.open_again") == ["Jo"], "staff are asked: nothing more is said"


def test_they_answer_for_it_and_nobody_else_around_the_person_does(oak: Oak) -> None:
    id = asked(oak).id
    for stranger in (oak.leo, oak.ruth, oak.alex, oak.sam):
        assert escalation.take(oak.c, id, stranger, ASKED) == Outcome()
        assert escalation.vouch(oak.c, id, stranger, ASKED) == Outcome()

    escalation.take(oak.c, id, oak.amira, ASKED)
    assert alert(oak).holder == oak.amira and oak.jo in alert(oak).told
    assert escalation.not_reached(oak.c, id, oak.amira, ASKED) == Outcome()
    assert escalation.vouch(oak.c, id, oak.jo, ASKED) == Outcome()
    assert said(escalation.vouch(oak.c, id, oak.amira, ASKED)) == "escalation.vouched_for"
    assert alert(oak).holder is None and alert(oak).current == oak.dev


def test_before_their_turn_they_answer_nothing(oak: Oak) -> None:
    out(oak)
    running = journey.running(oak.c, oak.sam)
    assert running is not None
    journey.tick(oak.c, running.id, DUE, MISSED)
    assert escalation.take(oak.c, alert(oak).id, oak.amira, MISSED) == Outcome()


@pytest.mark.parametrize("holds", [False, True])
@pytest.mark.parametrize("ends", ["stop", "stop_all", "pause"])
def test_when_nothing_is_shared_any_more_it_moves_on_at_once(
    oak: Oak, ends: str, holds: bool
) -> None:
    id = asked(oak).id
    if holds:
        escalation.take(oak.c, id, oak.amira, ASKED)
    match ends:
        case "stop":
            agreeing.stop(oak.c, oak.role("Amira"), oak.sam, ASKED)
        case "stop_all":
            agreeing.stop_all(oak.c, oak.sam, ASKED)
        case _:
            supporter.pause(oak.c, oak.role("Amira"), oak.sam, ASKED)

    assert (alert(oak).holder, alert(oak).current) == (None, oak.dev)
    assert escalation.take(oak.c, id, oak.amira, ASKED) == Outcome()
    assert isinstance(circle.membership(oak.c, oak.role("Amira")), Membership)


# --- the moment they may hear of it no more ------------------------------------------------


def decided(oak: Oak, found: Found) -> str:
    """Jo has written down what is best for Sam about outings; its id."""
    test, until = dict.fromkeys(Part, False), NOON + timedelta(days=30)
    made = decision.record(
        oak.c, oak.sam, (Topic.JOURNEYS,), "Pictures.", test, found, until, oak.jo, NOON
    )
    assert made.said is not None
    return str(made.said.params["decision"])


def test_a_guardrail_moves_the_alert_on(oak: Oak) -> None:
    assert asked(oak).current == oak.amira
    guarding.forbid(oak.c, oak.role("Amira"), [Topic.JOURNEYS], "Why.", oak.mina, ASKED)
    assert alert(oak).current == oak.dev


@pytest.mark.parametrize("again", [False, True])
def test_what_no_decision_lets_them_know_any_more_moves_the_alert_on(oak: Oak, again: bool) -> None:
    id, leo = decided(oak, Found.SHARE), oak.role("Leo")
    ground.allow(oak.c, id, leo, Topic.JOURNEYS, 1, oak.jo, NOON)
    assert asked(oak, "Leo").current == oak.leo
    if again:
        decided(oak, Found.KEEP)
    else:
        ground.allow(oak.c, id, leo, Topic.JOURNEYS, None, oak.jo, ASKED)
    assert alert(oak).current == oak.dev


@pytest.mark.parametrize("by_itself", [False, True])
def test_the_end_of_a_time_that_let_them_know_moves_the_alert_on(oak: Oak, by_itself: bool) -> None:
    wish = Wish(Topic.JOURNEYS, Choice.SHARE, 1, Situation.UNWELL)
    made = agreeing.draft(oak.c, oak.role("Leo"), (wish,), oak.sam, NOON).records[-1]
    assert isinstance(made, Agreement)
    agreeing.answer(oak.c, made.id, oak.sam, NOON, freely=Freely.YES)
    day = LENGTHS["day"]
    one = switching.ask(oak.c, oak.sam, Situation.UNWELL, day, oak.jo, NOON, told=True).records[-1]
    assert isinstance(one, Switching)
    switching.confirm(oak.c, one.id, oak.dev, NOON)
    assert asked(oak, "Leo").current == oak.leo
    if by_itself:
        switching.over(oak.c, one.id, NOON + day, NOON + day)
    else:
        switching.end(oak.c, one.id, oak.dev, ASKED)
    assert alert(oak).current == oak.dev


@pytest.mark.parametrize("by_itself", [False, True])
def test_the_end_of_an_attorneys_papers_moves_the_alert_on(oak: Oak, by_itself: bool) -> None:
    table, leo = schema.membership, oak.role("Leo")
    oak.c.execute(update(table).where(table.c.id == leo).values(role="attorney"))
    decided(oak, Found.CANNOT_NOW)
    topics, length = frozenset({Topic.JOURNEYS}), timedelta(days=91)
    papers = authority.record(oak.c, leo, topics, length, oak.jo, NOON).records[-1]
    assert isinstance(papers, Authority)
    ground.allow(oak.c, papers.id, leo, Topic.JOURNEYS, 1, oak.leo, NOON)
    assert asked(oak, "Leo").current == oak.leo
    if by_itself:
        ends = update(schema.authority).where(schema.authority.c.id == papers.id)
        oak.c.execute(ends.values(until=ASKED))
        authority.due(oak.c, papers.id, ASKED, ASKED)
    else:
        authority.end(oak.c, papers.id, oak.jo, ASKED)
    assert alert(oak).current == oak.dev
