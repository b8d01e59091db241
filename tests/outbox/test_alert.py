"""An alert to a supporter: a call that says nothing; words behind a tap, asked of the gate then."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from bot.care.agreement import Reason
from bot.care.escalation import Close
from bot.care.news import PUSH, READING, REMOVE
from bot.care.outcome import Lane, Topic
from bot.care.plan import LADDERS, Plan, PlanState, Rung, RungKind, with_supporter
from bot.care.text import Text
from bot.i18n import Words
from bot.outbox import gate
from bot.outbox.sender import Gone, Presented, Withheld
from bot.store import (
    agreeing,
    escalation,
    journey,
    ledger,
    outbox,
    plan,
    reading,
    schema,
    tell,
)
from bot.store import told as tellings
from bot.store.commit import KEEP
from bot.store.outbox import Row
from tests.conftest import NOON
from tests.oak import ACCOUNTS, LATER, Oak, sampled, told

PRESENT = gate.present(Words.load(), ZoneInfo("Europe/London"))


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    """Sam has pressed Emergency, and Amira is a rung of Sam's plan."""
    with engine.begin() as c:
        oak = sampled(c)
        amira = Rung(RungKind.SUPPORTER, 10, oak.amira, oak.role("Amira"))
        rungs = with_supporter(LADDERS["key_worker"], amira, 3)
        plan.draft(c, oak.sam, oak.jo, ("Café",), 120, rungs, "Ring Sam.", NOON)
        draft = plan.draft_of(c, oak.sam)
        assert draft is not None
        KEEP[Plan](c, replace(draft, state=PlanState.AGREED, agreed_at=NOON))
        journey.set_off(c, oak.sam, "Café", LATER, NOON)
        running = journey.running(c, oak.sam)
        assert running is not None
        journey.emergency(c, running.id, oak.sam, NOON)
        yield oak


def called(oak: Oak, text: Text = PUSH) -> Row:
    """The newest that waits for Amira."""
    table = schema.outbox
    asked = select(table.c.id).where(table.c.member == oak.amira, table.c.text == str(text))
    id = oak.c.execute(asked.order_by(table.c.number.desc())).scalars().first()
    assert id is not None
    return outbox.load(oak.c, id)[0]


def tapped(oak: Oak) -> Row:
    """She taps `Read`."""
    reading.look(oak.c, oak.amira, NOON)
    return called(oak, READING)


def shown(oak: Oak, row: Row) -> Presented:
    found = PRESENT(oak.c, row, NOON)
    assert isinstance(found, Presented)
    return found


def nothing(oak: Oak) -> tuple[object, ...]:
    reading.look(oak.c, oak.ruth, NOON)
    ruths = select(schema.outbox.c.id).where(schema.outbox.c.member == oak.ruth)
    row = outbox.load(oak.c, oak.c.execute(ruths).scalars().all()[0])[0]
    found = shown(oak, row)
    return found.text, found.buttons


def test_the_call_is_that_of_any_news_in_the_alerts_own_lane(oak: Oak) -> None:
    row = called(oak)
    assert (row.lane, list(row.params)) == (Lane.SAFETY, ["escalation"])
    with oak.c.begin_nested() as besides:
        tell.send(oak.c, oak.sam, Topic.DAILY_LIFE, 2, "Sam baked a cake.", oak.jo, NOON)
        of_the_cake = called(oak)
        assert of_the_cake.lane is Lane.NEWS
        expected = shown(oak, of_the_cake)
        besides.rollback()
    call = shown(oak, row)
    assert (call.text, call.buttons) == (expected.text, expected.buttons)
    assert call.reason == Reason.AGREED


def test_behind_the_tap_it_says_whom_it_is_about_and_no_word_more(oak: Oak) -> None:
    words = shown(oak, tapped(oak))
    assert "Sam may need somebody now" in words.text
    assert not any(word in words.text for word in ("Café", "07700", "Ring Sam.", "Emergency"))
    labels = [button.label for line in words.buttons for button in line]
    assert labels[:3] == ["✋ I've got this", "➡️ Pass it on", "Hide now"]
    tell.send(oak.c, oak.sam, Topic.DAILY_LIFE, 2, "Sam baked a cake.", oak.jo, NOON)
    assert "may need somebody" in shown(oak, tapped(oak)).text, "before any other news"


def test_once_it_has_left_the_person_sees_it_in_its_words_and_its_call_goes(oak: Oak) -> None:
    outbox.sent(oak.c, called(oak), 76, NOON)
    assert tellings.page(oak.c, oak.sam).entries == (), "a call is no word"
    (waits,) = tellings.unread(oak.c, oak.sam)
    assert waits.to == oak.amira
    words = shown(oak, tapped(oak))
    assert words.kept is not None
    words.kept(oak.c, 77, NOON)
    (entry,) = tellings.page(oak.c, oak.sam).entries
    assert (entry.to, entry.told, entry.level) == (oak.amira, True, 1)
    assert entry.words is not None and "Sam may need somebody now" in entry.words
    assert entry.row is not None and entry.reason == Reason.AGREED and entry.by is None
    assert called(oak, REMOVE).params["message"] == 76


def test_a_call_that_comes_after_the_words_does_not_move_the_alert_on(oak: Oak) -> None:
    call, words = called(oak), shown(oak, tapped(oak))
    assert words.kept is not None
    words.kept(oak.c, 77, NOON)
    assert PRESENT(oak.c, call, NOON) == Withheld(gate.OVER, told=True)


def test_it_stays_with_its_buttons_longer_than_news_and_no_longer_than_it_can_be_taken_back(
    oak: Oak,
) -> None:
    words = shown(oak, tapped(oak))
    assert words.kept is not None
    words.kept(oak.c, 77, NOON)
    (hides,) = oak.c.execute(select(schema.telling.c.hide_at)).scalars()
    assert hides == NOON + timedelta(hours=47)


@pytest.mark.parametrize("choice", ["never", "ask"])
def test_not_allowed_any_more_it_is_read_as_nothing_and_nobody_is_asked(
    oak: Oak, choice: str
) -> None:
    row = tapped(oak)
    oak.c.execute(schema.sharing.update().values(choice=choice))
    unread = tapped(oak)
    assert "telling" in row.params and "telling" not in unread.params
    for one in (row, unread):
        words = shown(oak, one)
        assert (words.text, words.buttons) == nothing(oak)
        if words.kept is not None:
            words.kept(oak.c, 77, NOON)
    late = shown(oak, replace(row, maybe_sent=True))
    assert late.kept is not None
    late.kept(oak.c, 78, NOON)
    assert [line.facts["to"] for line in ledger.lines(oak.c) if "maybe" in line.facts] == [
        oak.amira
    ]
    call = PRESENT(oak.c, called(oak), NOON)
    assert isinstance(call, Withheld) and call.kept is None
    assert told(oak.c, "news.may_i_tell") == told(oak.c, "news.may_i_tell_too") == []


def test_words_of_an_alert_that_were_queued_for_a_supporter_never_leave(oak: Oak) -> None:
    row = replace(called(oak), text=Text("escalation", "supporter_missed"))
    assert PRESENT(oak.c, row, NOON) == Withheld(Reason.NOT_ASKED)


def test_withdrawn_between_queue_and_send_it_is_not_told(oak: Oak) -> None:
    row, words = called(oak), tapped(oak)
    agreeing.stop(oak.c, oak.role("Amira"), oak.sam, NOON)
    held_back = PRESENT(oak.c, row, NOON)
    assert isinstance(held_back, Withheld) and held_back.reason == Reason.NO_AGREEMENT
    read = shown(oak, words)
    assert (read.text, read.buttons) == nothing(oak)
    assert escalation.take(oak.c, str(row.params["escalation"]), oak.amira, NOON).records == ()


def test_what_is_said_anew_replaces_what_was_not_read_and_it_ends_with_the_alert(oak: Oak) -> None:
    first, row = called(oak), tapped(oak)
    alert = str(first.params["escalation"])
    escalation.take(oak.c, alert, oak.jo, NOON)
    assert PRESENT(oak.c, first, NOON) == Withheld(gate.OVER, told=True)
    assert (shown(oak, row).text, shown(oak, row).buttons) == nothing(oak)
    newest = tapped(oak)
    assert "Somebody is seeing to it" in shown(oak, newest).text
    journey.close(oak.c, alert, oak.jo, Close.SAFE_AND_WELL, NOON)
    assert (shown(oak, newest).text, shown(oak, newest).buttons) == nothing(oak)
    assert told(oak.c, str(PUSH)) == ["Amira", "Amira"], "who read nothing hears of no end"


def test_a_call_that_telegram_refuses_moves_the_alert_on(oak: Oak) -> None:
    id = str(called(oak).params["escalation"])
    found = escalation.escalation(oak.c, id)
    assert found is not None and found.current == oak.jo
    waits = replace(found, current=oak.amira)
    escalation.keep_escalation(oak.c, waits)
    escalation.undeliverable(oak.c, oak.amira, NOON, id)
    after = escalation.escalation(oak.c, id)
    assert after is not None and after.current not in (None, oak.amira)


@pytest.mark.parametrize("noted", [False, True], ids=["on its way", "there"])
def test_what_left_before_it_was_stopped_is_written_down_and_taken_back(
    oak: Oak, noted: bool
) -> None:
    words = shown(oak, tapped(oak))
    assert words.kept is not None
    if noted:
        words.kept(oak.c, 77, NOON)
    agreeing.stop(oak.c, oak.role("Amira"), oak.sam, NOON)
    if not noted:
        words.kept(oak.c, 77, NOON)
    assert PRESENT(oak.c, called(oak, REMOVE), NOON) == Gone(ACCOUNTS["Amira"], 77)
    assert [line.kind for line in ledger.lines(oak.c) if line.words] == ["told"]
    assert set(oak.c.execute(select(schema.telling.c.state)).scalars()) == {"over"}


def test_who_is_asked_is_not_told_to_the_person_once_they_have_answered(engine: Engine) -> None:
    with engine.begin() as c:
        oak = sampled(c)
        plan.sample(c, oak.sam, oak.jo, NOON)
        journey.set_off(c, oak.sam, "Café", LATER, NOON)
        running = journey.running(c, oak.sam)
        assert running is not None
        missed = LATER + timedelta(minutes=10)
        journey.tick(c, running.id, LATER, missed)
        asked = schema.outbox.c.text == "escalation.asked_to_ring"
        (id,) = c.execute(select(schema.outbox.c.id).where(asked)).scalars()
        row = outbox.load(c, id)[0]
        assert isinstance(PRESENT(c, row, missed), Presented)
        journey.home(c, running.id, oak.sam, missed)
        assert PRESENT(c, row, missed) == Withheld(gate.SAID, told=True)
