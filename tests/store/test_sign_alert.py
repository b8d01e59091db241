"""What follows from what was noticed: staff are asked, somebody takes it on, the carer hears."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from bot.care import digest as reading
from bot.care.concern import Kind
from bot.care.escalation import KIND, Close, State
from bot.care.escalation import Cause as Why
from bot.care.outcome import Cause, Outcome
from bot.care.sign import LADDER as USUAL
from bot.care.sign import SignPlan, Stage
from bot.care.sign_alert import ASK_AGAIN
from bot.care.text import Text
from bot.outbox.shapes import SHAPES
from bot.store import (
    around,
    circle,
    concern,
    digest,
    escalation,
    noticing,
    outbox,
    schema,
    sign_alert,
)
from tests.conftest import NOON
from tests.oak import Oak, said, unreachable
from tests.store.signs import (
    EARLY,
    HOUR,
    LATE,
    MINUTE,
    NEXT_MORNING,
    alert,
    alerts,
    due,
    in_force,
    notice,
    queued,
)

pytestmark = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)


@pytest.fixture
def plan(oak: Oak) -> SignPlan:
    return in_force(oak)


# --- a threshold is reached ---------------------------------------------------------------


def test_a_late_sign_asks_the_first_of_its_own_ladder_at_once(oak: Oak, plan: SignPlan) -> None:
    seen = notice(oak, "amira", "flat")

    found = alert(oak)
    assert (found.cause, found.rungs) == (Why.SIGN, LATE)
    about = sign_alert.sign_alert(oak.c, found.id)
    assert about is not None
    assert (about.stage, about.plan) == (Stage.LATE, plan.id)
    assert (about.thresholds, about.observations) == (("late",), (seen,))
    assert queued(oak) == [("Dev", "sign_alert.alert")]
    assert due(oak, KIND) == [NOON + 15 * MINUTE]


def test_early_signs_climb_their_own_ladder_more_slowly(oak: Oak, plan: SignPlan) -> None:
    notice(oak, "amira", "night")
    assert alerts(oak) == []
    notice(oak, "leo", "quiet", NOON + MINUTE)
    assert (alert(oak).cause, alert(oak).rungs) == (Why.EARLY_SIGN, EARLY)
    assert queued(oak) == [("Jo", "sign_alert.alert")]


def test_the_person_hears_of_nothing_whatever_becomes_of_it(oak: Oak, plan: SignPlan) -> None:
    notice(oak, "amira", "flat")
    moment = NOON
    for _ in range(7):
        moment = alert(oak).due_at or moment
        escalation.tick(oak.c, alert(oak).id, moment, moment)
    escalation.take(oak.c, alert(oak).id, oak.jo, moment)
    escalation.pass_on(oak.c, alert(oak).id, oak.jo, moment)
    escalation.take(oak.c, alert(oak).id, oak.dev, moment)
    escalation.close(oak.c, alert(oak).id, oak.dev, Close.USEFUL, moment)
    told = {who for who, _ in queued(oak)}
    assert told == {"Jo", "Dev", "Priya", "Amira"}
    lines = select(schema.ledger.c.kind).where(schema.ledger.c.person == oak.sam)
    assert set(oak.c.execute(lines).scalars()) & {"escalation_opened", "escalation_taken"} == set()


def test_no_line_of_the_persons_own_says_that_staff_were_told(oak: Oak, plan: SignPlan) -> None:
    notice(oak, "amira", "flat")
    concern.raise_(oak.c, Kind.SAFETY, oak.role("Amira"), oak.sam, "A bruise.", None, [], NOON)
    waiting = list(oak.c.execute(select(schema.outbox.c.id)).scalars())
    rows = outbox.claim(oak.c, "me", waiting, NOON, NOON + MINUTE)
    assert {str(row.text) for row in rows} >= {"sign_alert.alert", "concern.alert"}
    for row in rows:
        outbox.sent(oak.c, row, 1, NOON)
    kinds = select(schema.ledger.c.kind).where(schema.ledger.c.kind == "told")
    assert len(oak.c.execute(kinds).all()) >= 2
    assert oak.c.execute(kinds.where(schema.ledger.c.person == oak.sam)).all() == []


# --- more of it, while the first stands ---------------------------------------------------


def test_a_graver_stage_joins_the_alert_that_stands_and_is_told_at_once(
    oak: Oak, plan: SignPlan
) -> None:
    first = notice(oak, "amira", "night")
    second = notice(oak, "amira", "quiet", NOON + MINUTE)
    early = alert(oak)
    escalation.take(oak.c, early.id, oak.jo, NOON + 2 * MINUTE)
    before = len(queued(oak))
    third = notice(oak, "leo", "flat", NOON + 3 * MINUTE)

    found = alert(oak)
    assert found.id == early.id and found.holder == oak.jo
    assert (found.cause, found.rungs) == (Why.SIGN, LATE)
    about = sign_alert.sign_alert(oak.c, found.id)
    assert about is not None and about.stage is Stage.LATE
    assert about.observations == (first, second, third) and about.thresholds == ("two", "late")
    assert queued(oak, since=before) == [
        ("Jo", "sign_alert.alert_more"),
        ("Dev", "sign_alert.alert"),
    ], "Jo keeps it, and the first of the late ladder hears at once"
    escalation.take(oak.c, found.id, oak.dev, NOON + 4 * MINUTE)
    assert alert(oak).holder == oak.jo


def test_a_late_sign_does_not_wait_for_early_ones_that_nobody_has_taken_on(
    oak: Oak, plan: SignPlan
) -> None:
    notice(oak, "amira", "night")
    notice(oak, "amira", "quiet", NOON + MINUTE)
    before = len(queued(oak))
    at = NOON + 3 * MINUTE
    notice(oak, "leo", "flat", at)
    assert queued(oak, since=before) == [
        ("Jo", "sign_alert.alert_more"),
        ("Dev", "sign_alert.alert"),
    ]
    assert (alert(oak).current, alert(oak).rung) == (oak.dev, 0)
    assert due(oak, KIND) == [at + 15 * MINUTE]


def test_the_same_again_goes_to_whoever_has_it_and_to_nobody_else(oak: Oak, plan: SignPlan) -> None:
    notice(oak, "amira", "flat")
    before = len(queued(oak))
    notice(oak, "leo", "flat", NOON + HOUR)
    assert queued(oak, since=before) == [], "the ladder goes on as it was"
    escalation.take(oak.c, alert(oak).id, oak.dev, NOON + HOUR)
    before = len(queued(oak))
    last = notice(oak, "amira", "flat", NOON + 2 * HOUR)
    assert queued(oak, since=before) == [
        ("Dev", "digest.shown"),
        ("Dev", "sign_alert.alert_more"),
    ], "its receipt says that staff are being asked now"

    before = len(queued(oak))
    for closed in (False, True):
        escalation.close(oak.c, alert(oak).id, oak.dev, Close.TOO_LATE, NOON + 3 * HOUR)
        assert (alerts(oak) == []) is closed, "what nobody has read is not finished with"
        (seen,) = digest.noticed(oak.c, [last])
        assert not seen.unread
    told = queued(oak, since=before)
    assert told[:2] == [("Amira", "digest.was_read"), ("Dev", "sign_alert.read_first")]
    assert due(oak, reading.READ_BY) == []


def test_an_old_card_does_not_close_an_alert_with_a_late_sign_in_it_that_nobody_has_read(
    oak: Oak, plan: SignPlan
) -> None:
    notice(oak, "amira", "night")
    notice(oak, "amira", "quiet", NOON + MINUTE)
    escalation.take(oak.c, alert(oak).id, oak.jo, NOON + 2 * MINUTE)
    late = notice(oak, "leo", "flat", NOON + HOUR)
    before = len(queued(oak))

    outcome = escalation.close(oak.c, alert(oak).id, oak.jo, Close.TOO_SOON, NOON + HOUR)
    assert alert(oak).state is State.HELD and outcome.said is None
    assert queued(oak, since=before) == [
        ("Jo", "digest.shown"),
        ("Leo", "digest.was_read"),
        ("Jo", "sign_alert.read_first"),
    ]
    (seen,) = digest.noticed(oak.c, [late])
    assert (seen.read_by, seen.finished_at) == (oak.jo, None)
    assert due(oak, KIND) == [NOON + HOUR + 30 * MINUTE], "they are asked again as before"
    others = escalation.close(oak.c, alert(oak).id, oak.dev, Close.TOO_SOON, NOON + HOUR)
    assert said(others) == "sign_alert.held_already"
    escalation.close(oak.c, alert(oak).id, oak.jo, Close.TOO_LATE, NOON + 2 * HOUR)
    assert alerts(oak) == [] and due(oak, reading.READ_BY) == []


def test_two_sentences_reached_by_one_report_are_one_alert(oak: Oak, plan: SignPlan) -> None:
    notice(oak, "amira", "night")
    notice(oak, "amira", "flat")
    about = sign_alert.sign_alert(oak.c, alert(oak).id)
    assert about is not None and about.thresholds == ("late", "two")
    assert queued(oak) == [("Dev", "sign_alert.alert")], "one report may reach two of them at once"


def test_a_late_sign_right_after_another_is_told_and_read_by_whoever_has_it(
    oak: Oak, plan: SignPlan
) -> None:
    notice(oak, "amira", "night")
    notice(oak, "amira", "fast")
    assert (alert(oak).cause, alert(oak).rungs) == (Why.SIGN, USUAL)
    escalation.take(oak.c, alert(oak).id, oak.jo, NOON)
    before = len(queued(oak))
    last = notice(oak, "amira", "flat", NOON + MINUTE / 2)
    assert queued(oak, since=before) == [
        ("Jo", "sign_alert.alert_more"),
        ("Dev", "sign_alert.alert"),
    ]
    assert alert(oak).rungs == LATE
    escalation.take(oak.c, alert(oak).id, oak.jo, NOON + MINUTE)
    assert queued(oak, since=before + 2) == [("Jo", "digest.shown"), ("Amira", "digest.was_read")]
    (seen,) = digest.noticed(oak.c, [last])
    assert not seen.unread


def test_early_signs_again_ask_whoever_has_them_again(oak: Oak, plan: SignPlan) -> None:
    notice(oak, "amira", "night")
    notice(oak, "amira", "quiet", NOON + MINUTE)
    escalation.take(oak.c, alert(oak).id, oak.jo, NOON + 2 * MINUTE)
    before = len(queued(oak))
    notice(oak, "amira", "night", NOON + HOUR)
    again = [("Jo", "digest.shown"), ("Jo", "sign_alert.alert_more")]
    assert queued(oak, since=before) == again, "its receipt says that staff are asked"


# --- nobody can be told -------------------------------------------------------------------


def receipts(oak: Oak) -> list[tuple[str, str]]:
    """What each hears of what they noticed: staff are asked, or nobody can be."""
    rows = oak.c.execute(select(schema.outbox).order_by(schema.outbox.c.number)).all()
    ways = ("asking", "nobody")
    told = [(circle.name(oak.c, row.member), set(row.params) & set(ways)) for row in rows]
    return [(who, way) for who, found in told for way in found]


def test_a_receipt_says_that_nobody_can_be_told_and_it_goes_on(oak: Oak, plan: SignPlan) -> None:
    unreachable(oak, "Jo", "Dev", "Priya", "Mina")
    seen = notice(oak, "amira", "flat")
    assert receipts(oak) == [("Amira", "nobody")]
    assert due(oak, KIND) == [NOON + MINUTE]
    escalation.tick(oak.c, alert(oak).id, NOON + MINUTE, NOON + MINUTE)
    assert len(receipts(oak)) == 1, "they know"
    around.mark_reachable(oak.c, oak.dev)
    outcome = noticing.change(oak.c, seen, oak.amira, NOON + MINUTE, asking=True)
    assert outcome.said is not None and "asking" in outcome.said.params
    escalation.tick(oak.c, alert(oak).id, NOON + 2 * MINUTE, NOON + 2 * MINUTE)
    assert queued(oak) == [("Dev", "sign_alert.alert")]


def test_whoever_read_that_staff_are_asked_hears_once_when_it_is_nobody_any_more(
    oak: Oak, plan: SignPlan
) -> None:
    notice(oak, "leo", "night")
    notice(oak, "amira", "fast", NOON + MINUTE)  # with Leo's, two signs: each knows of their own
    escalation.take(oak.c, alert(oak).id, oak.jo, NOON + 2 * MINUTE)
    notice(oak, "leo", "flat", NOON + 3 * MINUTE)
    assert receipts(oak) == [("Leo", "asking")]
    for moment, who in enumerate((oak.priya, oak.mina, oak.dev, oak.jo)):
        escalation.shut_out(oak.c, who, NOON + (4 + moment) * MINUTE)
    for _ in range(3):
        (at,) = due(oak, KIND)
        escalation.tick(oak.c, alert(oak).id, at, at)
    assert receipts(oak) == [("Leo", "asking"), ("Leo", "nobody")]


# --- taken on, and finished with ----------------------------------------------------------


def test_taking_it_on_reads_it_and_closing_it_finishes_with_it(oak: Oak, plan: SignPlan) -> None:
    seen = notice(oak, "amira", "flat")
    taken_at, closed_at = NOON + 5 * MINUTE, NOON + HOUR
    before = len(queued(oak))
    escalation.take(oak.c, alert(oak).id, oak.dev, taken_at)
    assert queued(oak, since=before) == [
        ("Dev", "digest.shown"),
        ("Amira", "digest.was_read"),
        ("Dev", "sign_alert.yours"),
    ]
    (read,) = digest.noticed(oak.c, [seen])
    assert (read.read_by, read.read_at, read.finished_at) == (oak.dev, taken_at, None)

    found = alert(oak)
    again = escalation.take(oak.c, found.id, oak.dev, taken_at + MINUTE)
    assert said(again) == "sign_alert.yours", "they are there still"
    not_an_outing = escalation.close(oak.c, found.id, oak.dev, Close.SAFE_AND_WELL, closed_at)
    assert not_an_outing == Outcome() == escalation.not_reached(oak.c, found.id, oak.dev, closed_at)
    others = escalation.close(oak.c, found.id, oak.jo, Close.USEFUL, closed_at)
    assert said(others) == "sign_alert.held_already"

    sign_alert.did(oak.c, found.id, "Rang Sam.", oak.dev, closed_at)
    assert sign_alert.did(oak.c, found.id, "Nothing.", oak.alex, closed_at) == Outcome()
    before = len(queued(oak))
    escalation.close(oak.c, found.id, oak.dev, Close.USEFUL, closed_at)
    assert queued(oak, since=before) == [("Amira", "digest.was_finished")]
    assert due(oak, KIND) == due(oak, reading.READ_BY) == []
    (one,) = sign_alert.of(oak.c, oak.sam, NOON)
    assert (one.alert.outcome, one.signs, one.about.done) == (Close.USEFUL, ("flat",), "Rang Sam.")
    assert sign_alert.usefulness(oak.c, oak.sam, NOON) == {"flat": {Close.USEFUL: 1}}
    again = escalation.close(oak.c, found.id, oak.dev, Close.USEFUL, closed_at)
    assert said(again) == "sign_alert.closed_already"
    assert one.alert.state is State.CLOSED


# --- below every threshold ----------------------------------------------------------------


def test_what_reaches_no_threshold_is_in_the_next_digest_and_read_one_by_one(
    oak: Oak, plan: SignPlan
) -> None:
    first = notice(oak, "amira", "night")
    second = notice(oak, "leo", None, NOON + MINUTE)
    third = notice(oak, "sam", "cooks", NOON + HOUR)
    assert due(oak, reading.KIND) == [NEXT_MORNING]
    digest.tick(oak.c, oak.sam, NEXT_MORNING, NEXT_MORNING)
    assert queued(oak) == [("Jo", "digest.several")]

    assert digest.look(oak.c, oak.sam, oak.alex, NEXT_MORNING) == Outcome()
    digest.look(oak.c, oak.sam, oak.jo, NEXT_MORNING)
    assert queued(oak, since=1) == [("Jo", "digest.look"), *[("Jo", "digest.shown")] * 3]
    assert said(digest.finish(oak.c, first, oak.jo, NEXT_MORNING)) == "digest.read_first"
    for id in (first, second, third):
        assert digest.mark_read(oak.c, id, oak.alex, NEXT_MORNING) == Outcome()
        digest.mark_read(oak.c, id, oak.jo, NEXT_MORNING)
    assert said(digest.mark_read(oak.c, first, oak.dev, NEXT_MORNING)) == "digest.read_already"
    heard = [(who, "digest.was_read_before") for who in ("Amira", "Leo", "Sam")]
    assert queued(oak, since=5) == heard, "as of what is read at night: not when"
    digest.look(oak.c, oak.sam, oak.jo, NEXT_MORNING + MINUTE)
    assert ("Jo", "digest.look_again") in queued(oak)

    before = len(queued(oak))
    digest.finish(oak.c, first, oak.jo, NEXT_MORNING)
    assert queued(oak, since=before) == [("Amira", "digest.was_finished")]
    assert said(digest.finish(oak.c, first, oak.jo, NEXT_MORNING)) == "digest.finished_already"
    assert len(due(oak, reading.READ_BY)) == 2, "the others are asked about until they are, too"


def test_what_one_has_read_is_shown_to_whoever_has_it_after_them(oak: Oak, plan: SignPlan) -> None:
    seen = notice(oak, "amira", "flat")
    escalation.take(oak.c, alert(oak).id, oak.dev, NOON)
    escalation.pass_on(oak.c, alert(oak).id, oak.dev, NOON)
    before = len(queued(oak))
    for _ in range(2):
        escalation.take(oak.c, alert(oak).id, oak.jo, NOON + MINUTE)
    shown = [one for one in queued(oak, since=before) if one[1] == "digest.shown"]
    assert shown == [("Jo", "digest.shown")]
    (read,) = digest.noticed(oak.c, [seen])
    assert (read.read_by, read.read_at) == (oak.dev, NOON)

    # Dev goes, and Priya is there instead.
    before = len(queued(oak))
    digest.look(oak.c, oak.sam, oak.priya, NEXT_MORNING)
    assert queued(oak, since=before) == [("Priya", "digest.look_again"), ("Priya", "digest.shown")]
    before += 1
    digest.rest(oak.c, seen, 0, oak.priya, NEXT_MORNING + HOUR)
    assert queued(oak, since=before) == [("Priya", "digest.shown")] * 2
    unfinished = SHAPES[Text("digest", "finish_it")].rows[0][0]
    assert unfinished.data == "digest:rest:{observation}:0"


def test_a_digest_is_opened_about_people_alone(oak: Oak) -> None:
    for nobody in (oak.leo, oak.jo, "nobody"):
        assert digest.look(oak.c, nobody, oak.jo, NOON) == Outcome()


def test_that_others_have_spoken_is_not_told_by_when_ones_own_words_were_read(
    oak: Oak, plan: SignPlan
) -> None:
    own = notice(oak, "sam", "night")
    notice(oak, "amira", "quiet", NOON + MINUTE)  # with Sam's own, two signs: Sam knows of one
    escalation.take(oak.c, alert(oak).id, oak.jo, NOON + HOUR)
    escalation.close(oak.c, alert(oak).id, oak.jo, Close.USEFUL, NOON + 2 * HOUR)
    assert not {who for who, _ in queued(oak)} & {"Sam"}
    receipt = noticing.receipt(oak.c, own, NOON + 2 * HOUR)
    assert receipt is not None and receipt.read_at is None and receipt.quiet

    opens = NEXT_MORNING + reading.GATHER
    assert due(oak, reading.RECEIPT) == [opens, opens]
    for _ in range(2):
        digest.receipts(oak.c, own, opens, opens, Cause(deadline=(reading.RECEIPT, own)))
    heard = [text for who, text in queued(oak) if who == "Sam"]
    assert heard == ["digest.was_read_before", "digest.was_finished"], "and not when"
    receipt = noticing.receipt(oak.c, own, opens)
    assert receipt is not None and receipt.read_at is not None and not receipt.timed


def test_whoever_knows_why_hears_at_once(oak: Oak, plan: SignPlan) -> None:
    for who, card in (("sam", "night"), ("sam", "quiet"), ("leo", "flat")):
        notice(oak, who, card)
    escalation.take(oak.c, alert(oak).id, oak.dev, NOON + HOUR)
    read = [who for who, text in queued(oak) if text == "digest.was_read"]
    assert sorted(read) == ["Leo", "Sam", "Sam"]


def test_a_good_thing_that_waits_is_a_reminder_and_never_an_alert(oak: Oak, plan: SignPlan) -> None:
    seen = notice(oak, "amira", "cooks")
    (at,) = due(oak, reading.READ_BY)
    sign_alert.read_by(oak.c, seen, at, at)
    assert alerts(oak) == [] and queued(oak) == [("Jo", "digest.one")]
    assert len(due(oak, reading.READ_BY)) == 1


# PostgreSQL plans by what is in the table.
def test_what_stands_about_a_person_is_found_by_its_index(oak: Oak) -> None:
    asked = str(escalation._STANDING.compile(compile_kwargs={"literal_binds": False}))
    asked = asked.replace("__[POSTCOMPILE_causes]", "'sign'")
    about = {"person": oak.sam, "state_1": "closed"}
    plan = oak.c.execute(text(f"EXPLAIN QUERY PLAN {asked}"), about).all()
    assert any("ix_escalation_person" in row.detail for row in plan)


def test_in_its_hours_the_service_hears_in_minutes_and_reads_on_the_same_day(
    oak: Oak, plan: SignPlan
) -> None:
    first = notice(oak, "amira", None, NEXT_MORNING)
    notice(oak, "leo", "night", NEXT_MORNING + MINUTE)
    at = NEXT_MORNING + reading.GATHER
    assert due(oak, reading.KIND) == [at], "one message for both"
    digest.tick(oak.c, oak.sam, at, at, Cause(deadline=(reading.KIND, oak.sam)))
    assert queued(oak) == [("Jo", "digest.several")]
    closes = NEXT_MORNING + 8 * HOUR
    assert due(oak, reading.READ_BY) == [closes, closes]
    sign_alert.read_by(oak.c, first, closes, closes)
    assert alert(oak).cause is Why.UNREAD
    digest.mark_read(oak.c, first, oak.jo, closes + HOUR)
    assert ("Amira", "digest.was_read") in queued(oak), "overdue, it is read for its own sake"

    # Too near to the end of the day it is read on the next; a minute before, told then, too.
    notice(oak, "sam", None, closes - 30 * MINUTE)
    assert due(oak, reading.KIND) == [closes - 20 * MINUTE]
    assert due(oak, reading.READ_BY)[-1] == closes + timedelta(days=1)
    digest.tick(oak.c, oak.sam, at, at, Cause(deadline=(reading.KIND, oak.sam)))
    notice(oak, "sam", None, closes - MINUTE)
    assert due(oak, reading.KIND) == [NEXT_MORNING + timedelta(days=1)]


def test_a_digest_is_not_put_off_by_what_comes_in_while_it_is_due(oak: Oak, plan: SignPlan) -> None:
    notice(oak, "amira", "night")
    notice(oak, "amira", "night", NEXT_MORNING + MINUTE)
    assert due(oak, reading.KIND) == [NEXT_MORNING]


def test_with_nothing_left_to_read_there_is_no_digest(oak: Oak, plan: SignPlan) -> None:
    seen = notice(oak, "amira", "night")
    noticing.take_back(oak.c, seen, oak.amira, NOON + MINUTE)
    digest.tick(oak.c, oak.sam, NEXT_MORNING, NEXT_MORNING)
    sign_alert.read_by(oak.c, seen, NEXT_MORNING, NEXT_MORNING)
    assert queued(oak) == [] == alerts(oak)


def test_what_is_read_and_not_finished_with_is_asked_about_each_working_day(
    oak: Oak, plan: SignPlan
) -> None:
    seen = notice(oak, "amira", "night")
    digest.mark_read(oak.c, seen, oak.dev, NOON + HOUR)
    before = len(queued(oak))
    (at,) = due(oak, reading.READ_BY)
    sign_alert.read_by(oak.c, seen, at, at)
    assert queued(oak, since=before) == [("Dev", "digest.finish_it")]
    (later,) = due(oak, reading.READ_BY)
    assert later == at + timedelta(days=1)
    sign_alert.read_by(oak.c, seen, later, later)
    asked = [("Dev", "digest.finish_it"), ("Jo", "digest.finish_it")]
    assert queued(oak, since=before + 1) == asked, "whoever read it may be away for long"
    (later,) = due(oak, reading.READ_BY)
    unreachable(oak, "Dev")
    sign_alert.read_by(oak.c, seen, later, later)
    assert queued(oak, since=before + 3) == [("Jo", "digest.finish_it")]


# --- nothing is lost ----------------------------------------------------------------------


@pytest.mark.parametrize("agreed", [True, False])
def test_what_nobody_reads_in_time_climbs_until_somebody_takes_it_on(
    oak: Oak, agreed: bool, request: pytest.FixtureRequest
) -> None:
    if agreed:
        request.getfixturevalue("plan")
    first = notice(oak, "amira", "night")
    (at,) = due(oak, reading.READ_BY)
    assert at == NEXT_MORNING + 8 * HOUR, "by the end of the next working day"
    sign_alert.read_by(oak.c, first, at, at)
    assert (alert(oak).cause, alert(oak).current) == (Why.UNREAD, oak.jo)
    assert queued(oak) == [("Jo", "digest.alert")]
    second = notice(oak, "leo", "night", at)
    sign_alert.read_by(oak.c, second, at, at + MINUTE)
    sign_alert.read_by(oak.c, first, at, at + MINUTE)
    assert len(queued(oak)) == 1, "one alert for all of them"
    about = sign_alert.sign_alert(oak.c, alert(oak).id)
    assert about is not None and about.observations == (first, second)

    escalation.take(oak.c, alert(oak).id, oak.jo, at + HOUR)
    assert ("Amira", "digest.was_read") in queued(oak)
    digest.receipts(oak.c, second, at, at + HOUR)  # of that evening, read for the other's sake
    assert ("Leo", "digest.was_read_before") in queued(oak)
    wrong = escalation.close(oak.c, alert(oak).id, oak.jo, Close.USEFUL, at + HOUR)
    assert wrong == Outcome()
    escalation.close(oak.c, alert(oak).id, oak.jo, Close.SEEN_TO, at + HOUR)
    for seen in (first, second):
        digest.receipts(oak.c, seen, at, at + HOUR)
    assert [who for who, text in queued(oak) if text == "digest.was_finished"] == ["Amira", "Leo"]
    assert sign_alert.of(oak.c, oak.sam, NOON) == [], "of no use or disuse to any card"
    assert due(oak, KIND) == due(oak, reading.READ_BY) == []


def overdue(oak: Oak, *, worry: int) -> tuple[str, datetime]:
    """Something that Leo noticed was not read in time, and Jo has taken it on in the evening."""
    seen = notice(oak, "leo", None, worry=worry)
    (at,) = due(oak, reading.READ_BY)
    sign_alert.read_by(oak.c, seen, at, at)
    escalation.take(oak.c, alert(oak).id, oak.jo, at + HOUR)
    return seen, at + HOUR


def test_what_has_been_read_rings_nobody_by_night_and_is_finished_in_the_morning(oak: Oak) -> None:
    seen, taken = overdue(oak, worry=1)
    before = len(queued(oak))
    (ask,) = due(oak, KIND)
    escalation.tick(oak.c, alert(oak).id, ask, ask)

    morning = due(oak, KIND)
    assert queued(oak, since=before) == [] and morning == due(oak, reading.READ_BY)
    assert taken < morning[0] < taken + timedelta(hours=16), "when the service opens"
    sign_alert.read_by(oak.c, seen, morning[0], morning[0])
    assert queued(oak, since=before) == [("Jo", "digest.finish_it")]

    digest.finish(oak.c, seen, oak.jo, morning[0] + MINUTE)
    escalation.tick(oak.c, alert(oak).id, morning[0], morning[0] + MINUTE)
    assert alerts(oak) == [] == due(oak, KIND), "the alert ends with it"


def test_more_to_read_does_not_wait_for_the_morning(oak: Oak) -> None:
    _, taken = overdue(oak, worry=1)
    (ask,) = due(oak, KIND)
    escalation.tick(oak.c, alert(oak).id, ask, ask)
    second = notice(oak, "amira", None, taken - 2 * HOUR)
    sign_alert.read_by(oak.c, second, ask, ask)

    assert due(oak, KIND) == [ask + ASK_AGAIN * MINUTE]


def test_more_to_read_takes_no_time_from_whoever_is_being_asked(oak: Oak) -> None:
    _, taken = overdue(oak, worry=1)
    second = notice(oak, "amira", None, taken - 2 * HOUR)
    escalation.pass_on(oak.c, alert(oak).id, oak.jo, taken + MINUTE)
    assert alert(oak).holder is None and not sign_alert.unread(oak.c, alert(oak).id)
    (moves_on,) = due(oak, KIND)
    sign_alert.read_by(oak.c, second, taken + 2 * MINUTE, taken + 2 * MINUTE)

    assert due(oak, KIND) == [moves_on]
    about = sign_alert.sign_alert(oak.c, alert(oak).id)
    assert about is not None and second in about.observations


def test_more_to_read_wakes_an_alert_that_nobody_has_and_that_waits_for_the_morning(
    oak: Oak,
) -> None:
    _, taken = overdue(oak, worry=1)
    second = notice(oak, "amira", None, taken - 2 * HOUR)
    escalation.pass_on(oak.c, alert(oak).id, oak.jo, taken + MINUTE)
    (moves_on,) = due(oak, KIND)
    escalation.tick(oak.c, alert(oak).id, moves_on, moves_on)
    (morning,) = due(oak, KIND)
    assert morning > moves_on + HOUR
    later = moves_on + 5 * MINUTE
    sign_alert.read_by(oak.c, second, later, later)

    assert due(oak, KIND) == [later]


def test_a_grave_worry_is_asked_about_by_night_too(oak: Oak) -> None:
    overdue(oak, worry=3)
    before = len(queued(oak))
    (ask,) = due(oak, KIND)
    escalation.tick(oak.c, alert(oak).id, ask, ask)

    assert queued(oak, since=before) == [("Jo", "digest.how_is_it")]


def test_a_key_worker_who_cannot_be_reached_holds_nothing_up(oak: Oak, plan: SignPlan) -> None:
    unreachable(oak, "Jo")
    seen = notice(oak, "amira", "night")
    digest.tick(oak.c, oak.sam, NEXT_MORNING, NEXT_MORNING)
    assert queued(oak) == [("Dev", "digest.one")]
    sign_alert.read_by(oak.c, seen, NEXT_MORNING, NEXT_MORNING)
    assert alert(oak).current == oak.priya


def test_with_nobody_to_be_reached_there_is_always_a_moment_that_comes(
    oak: Oak, plan: SignPlan
) -> None:
    unreachable(oak, "Jo", "Dev", "Priya", "Mina")
    seen = notice(oak, "amira", "night")
    digest.tick(oak.c, oak.sam, NEXT_MORNING, NEXT_MORNING)
    sign_alert.read_by(oak.c, seen, NEXT_MORNING, NEXT_MORNING)
    assert alert(oak).current is None and len(due(oak, KIND)) == 1
    assert len(due(oak, reading.READ_BY)) == 1
    late = notice(oak, "amira", "flat", NEXT_MORNING)
    assert len(alerts(oak)) == 2 and len(due(oak, KIND)) == 2 and late
    assert queued(oak) == []


def test_whoever_blocks_kith_while_it_waits_on_them_moves_it_on(oak: Oak, plan: SignPlan) -> None:
    notice(oak, "amira", "flat")
    escalation.shut_out(oak.c, oak.dev, NOON + MINUTE)
    assert alert(oak).current == oak.jo
    assert not any(who == "Sam" for who, _ in queued(oak))
