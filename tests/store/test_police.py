"""What the person keeps for a call to the police: opened at its rung, for staff alone."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.care import police as care
from bot.care.journey import Journey
from bot.care.outcome import Outcome
from bot.care.plan import Plan, PlanState, Rung, RungKind
from bot.care.planning import PAGE
from bot.care.terms import Terms
from bot.i18n import STANDARD, Words
from bot.outbox.plan import fill
from bot.outbox.render import Reader, render
from bot.store import escalation, journey, plan, police, schema
from bot.store.commit import KEEP
from tests.conftest import NOON
from tests.oak import Oak
from tests.store.test_escalation import DUE, MINUTE, OPENED, missed

KEPT = Terms(usual_places="The pond", medicine="Insulin at six", photo="In the office", call_from=1)


@pytest.fixture
def alert(oak: Oak) -> str:
    """Sam has not come back, and keeps something for a call, from the second rung on."""
    id = missed(oak.c, oak.ids)
    agreed = plan.in_force(oak.c, oak.sam)
    assert agreed is not None
    KEEP[Plan](oak.c, replace(agreed, terms=KEPT))
    return id


def summary(oak: Oak, alert: str, by: str) -> str:
    """What this one of staff reads, who has it and does not reach Sam."""
    escalation.take(oak.c, alert, by, OPENED)
    said = escalation.not_reached(oak.c, alert, by, OPENED).tells[0]
    zone, now = ZoneInfo("Europe/London"), OPENED + MINUTE
    return render(oak.c, Words.load(), said.message, Reader(by, STANDARD), zone, now).text


def test_the_summary_for_a_call_holds_it_from_its_rung_on(oak: Oak, alert: str) -> None:
    mine = summary(oak, alert, oak.dev)
    assert "Usual places: The pond\nMedicine: Insulin at six\nA photo: In the office" in mine
    assert police.for_a_call(oak.c, alert, oak.dev, OPENED) == KEPT


def test_before_its_rung_the_summary_says_who_may_read_it(oak: Oak, alert: str) -> None:
    mine = summary(oak, alert, oak.jo)
    assert "Later steps may read it" in mine and "Last heard from at: 13:00" in mine
    assert not any(word in mine for word in ("pond", "Insulin", "office"))
    for other in (oak.jo, oak.amira, "nobody"):
        assert police.for_a_call(oak.c, alert, other, OPENED) is None
    assert police.for_a_call(oak.c, "nothing", oak.dev, OPENED) is None


def test_at_its_time_whoever_has_it_and_the_manager_are_told(oak: Oak, alert: str) -> None:
    escalation.take(oak.c, alert, oak.jo, OPENED)
    at = DUE + 60 * MINUTE
    assert police.due(oak.c, alert, at, at - MINUTE).tells == ()
    assert [tell.to for tell in police.due(oak.c, alert, at, at).tells] == [oak.jo, oak.priya]
    assert police.due(oak.c, "nothing", at, at) == Outcome()


def test_where_a_supporter_has_it_staff_who_were_told_hear_and_no_supporter(
    oak: Oak, alert: str
) -> None:
    """And where no staff were, the whole team."""
    at, found = DUE + 60 * MINUTE, escalation.escalation(oak.c, alert)
    assert found is not None
    amira = Rung(RungKind.SUPPORTER, 10, oak.amira, oak.role("Amira"))
    rungs = (*found.rungs, amira)
    has_it = replace(found, rungs=rungs, told=(oak.jo, oak.amira), holder=oak.amira, current=None)
    for told, managers, hear in (
        ((oak.jo, oak.amira), [], [oak.jo]),
        ((oak.jo, oak.amira), [oak.priya], [oak.jo, oak.priya]),
        ((oak.amira,), [], [oak.dev, oak.mina]),
    ):
        one = replace(has_it, told=told)
        outcome = care.due(one, managers, [oak.dev, oak.mina], at)
        assert [tell.to for tell in outcome.tells] == hear


def test_asked_for_again_after_it_has_passed_it_comes_again(oak: Oak, alert: str) -> None:
    found = escalation.escalation(oak.c, alert)
    assert found is not None
    journey.ok(oak.c, found.subject, oak.sam, DUE + 55 * MINUTE)
    at = DUE + 60 * MINUTE
    assert police.due(oak.c, alert, at, at) == Outcome(), "Sam has answered"
    help_at = at + 5 * MINUTE
    journey.help_wanted(oak.c, found.subject, oak.sam, help_at)
    again = escalation.escalation(oak.c, alert)
    assert again is not None and again.police_at == help_at + 60 * MINUTE
    assert (care.KIND, alert, again.police_at) in [
        (one.kind, one.key, one.due_at) for one in oak.c.execute(select(schema.deadline))
    ]
    journey.help_wanted(oak.c, found.subject, oak.sam, help_at + 10 * MINUTE)
    still = escalation.escalation(oak.c, alert)
    assert still is not None and still.police_at == again.police_at, "it does not move away"
    journey.home(oak.c, found.subject, oak.sam, help_at + 20 * MINUTE)
    assert police.due(oak.c, alert, again.police_at, again.police_at).tells == (), "Sam is heard"
    heard = help_at + 80 * MINUTE
    assert [tell.to for tell in police.due(oak.c, alert, heard, heard).tells] == [oak.jo, oak.priya]


def test_whoever_has_answered_is_said_to_have_been_heard_and_101_to_nobody(
    oak: Oak, alert: str
) -> None:
    found = escalation.escalation(oak.c, alert)
    assert found is not None
    journey.ok(oak.c, found.subject, oak.sam, OPENED)
    escalation.take(oak.c, alert, oak.dev, OPENED)
    said = escalation.not_reached(oak.c, alert, oak.dev, OPENED).tells[0]
    zone, now = ZoneInfo("Europe/London"), DUE + 90 * MINUTE
    text = render(oak.c, Words.load(), said.message, Reader(oak.dev, STANDARD), zone, now).text
    assert "Last heard from at: 14:10" in text and "Sam has answered, so the time" in text
    assert "the police told" not in text


def test_extra_grace_that_is_agreed_moves_the_police_too(oak: Oak) -> None:
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    journey.set_off(oak.c, oak.sam, "Café", DUE, NOON)
    out = journey.running(oak.c, oak.sam)
    assert out is not None
    KEEP[Journey](oak.c, replace(out, slack=15))
    at = DUE + (out.grace + 15) * MINUTE
    journey.tick(oak.c, out.id, at, at)
    missed = journey.journey(oak.c, out.id)
    assert missed is not None and missed.escalation is not None
    raised = escalation.escalation(oak.c, missed.escalation)
    assert raised is not None and raised.police_at == DUE + 75 * MINUTE


def test_whoever_writes_the_plan_reads_who_is_asked_after_the_police_and_the_person_does_not(
    oak: Oak,
) -> None:
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    agreed = plan.in_force(oak.c, oak.sam)
    assert agreed is not None
    voice = Words.load().voice(STANDARD, ZoneInfo("Europe/London"), NOON)
    for state, read in ((PlanState.PREPARING, True), (PlanState.AGREED, False)):
        KEEP[Plan](oak.c, replace(agreed, state=state, police_after=15))
        said = voice.say(PAGE, **fill(oak.c, agreed.id), person="Sam")
        assert ("police would be told before the manager is asked" in said) is read
