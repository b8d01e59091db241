"""Calls as they are kept: found once, claimed by one, dropped when nobody needs them any more."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, select, update

from bot.care.escalation import Close
from bot.care.outcome import NOBODY, Lane, Message, Outcome, Tell
from bot.care.text import Text
from bot.i18n import Words
from bot.store import contact, escalation, fallback, journey, leaving, ledger, schema
from bot.store.commit import commit
from bot.store.fallback import Call, Row
from tests.conftest import NOON
from tests.oak import Oak, said
from tests.store.signs import in_force, notice
from tests.store.test_escalation import OPENED, missed

PATIENCE = timedelta(minutes=1)
LATE = NOON + PATIENCE
SOON = timedelta(seconds=30)
CHANNELS = ("sms",)
ALERT = Text("escalation", "alert_missed")


@pytest.fixture
def jo(oak: Oak) -> str:
    """Jo has an address that works."""
    reachable(oak, oak.jo)
    return oak.jo


def reachable(oak: Oak, member: str, channel: str = "sms") -> None:
    contact.give(oak.c, member, channel, "+447700900105", NOON - timedelta(hours=1))
    here = schema.contact.c.member == member
    oak.c.execute(update(schema.contact).where(here).values(confirmed_at=NOON))
    oak.c.execute(delete(schema.fallback))


def tell(
    c: Connection, to: str, text: Text = ALERT, lane: Lane = Lane.SAFETY, **params: str
) -> None:
    commit(c, Outcome(tells=(Tell(to, Message(text, params), lane),)), NOBODY, NOON)


def found(c: Connection, now: datetime, owner: str = "one") -> list[Row]:
    """Look, queue and claim, as the door does."""
    fallback.catch_up(c, owner, CHANNELS, PATIENCE, now, ())
    look = fallback.look(c, owner, CHANNELS, PATIENCE, now, ())
    return fallback.claim(c, owner, look.ready, now, now + SOON)


def states(c: Connection) -> list[tuple[str, str | None]]:
    rows = c.execute(select(schema.fallback).order_by(schema.fallback.c.id))
    return [(row.state, row.reason) for row in rows]


def test_a_message_is_late_at_its_time_and_is_found_once(oak: Oak, jo: str) -> None:
    tell(oak.c, jo)
    early = fallback.look(oak.c, "one", CHANNELS, PATIENCE, NOON, ())
    assert (early.behind, early.ready, early.next) == (False, [], LATE)
    assert found(oak.c, LATE - timedelta(seconds=1)) == []
    assert fallback.look(oak.c, "one", CHANNELS, PATIENCE, LATE, ()).behind
    [row] = found(oak.c, LATE)
    assert (row.member, row.channel, row.attempts) == (jo, "sms", 1)
    assert found(oak.c, LATE) == []
    call = fallback.call(oak.c, row, LATE)
    assert isinstance(call, Call)
    assert (call.to.address, call.number) == ("+447700900105", "01632 960101")
    fallback.sent(oak.c, row, LATE)
    assert found(oak.c, LATE + PATIENCE) == [] and states(oak.c) == [("sent", None)]
    [line] = [line for line in ledger.lines(oak.c) if line.kind == "told_another_way"]
    assert line.facts == {"to": jo, "message": row.message, "channel": "sms"}


def test_one_that_telegram_refuses_for_good_is_late_at_once(oak: Oak, jo: str) -> None:
    tell(oak.c, jo)
    oak.c.execute(update(schema.outbox).values(state="failed", reason="blocked"))
    assert len(found(oak.c, NOON)) == 1


def test_early_signs_call_nobody_while_telegram_is_slow_and_whom_it_refuses_they_do(
    oak: Oak, jo: str
) -> None:
    in_force(oak)
    notice(oak, "amira", "night")
    notice(oak, "leo", "quiet")
    assert found(oak.c, LATE) == []
    table = schema.outbox
    oak.c.execute(update(table).where(table.c.member == jo).values(state="failed"))
    [row] = found(oak.c, LATE)
    call = fallback.call(oak.c, row, LATE)
    assert isinstance(call, Call)
    said = Words.load().label(call.locale, call.words[Text("contact", "alert_no_number")])
    assert said == "Kith: something needs you. Open Telegram."


@pytest.mark.parametrize(
    "what",
    ["no staff", "not confirmed", "no channel here", "own", "calm", "low lane", "old", "sent"],
)
def test_nothing_else_is_found(oak: Oak, what: str) -> None:
    member = oak.amira if what == "no staff" else oak.jo
    reachable(oak, oak.jo, "pager" if what == "no channel here" else "sms")
    if what == "no staff":
        oak.c.execute(update(schema.contact).values(member=oak.amira))
    if what == "not confirmed":
        oak.c.execute(update(schema.contact).values(confirmed_at=None))
    text = Text("escalation", "has_it") if what == "calm" else ALERT
    lane = Lane.REPLY if what == "low lane" else Lane.SAFETY
    tell(oak.c, member, text, lane, **({"person": member} if what == "own" else {}))
    if what == "sent":
        oak.c.execute(update(schema.outbox).values(state="sent"))
    assert found(oak.c, NOON + (fallback.WORTH if what == "old" else PATIENCE)) == []


def test_a_claim_whose_lease_ran_out_goes_again_and_the_lost_one_ends_nothing(
    oak: Oak, jo: str
) -> None:
    tell(oak.c, jo)
    [lost] = found(oak.c, LATE)
    assert fallback.look(oak.c, "one", CHANNELS, PATIENCE, LATE, ()).next == LATE + SOON
    assert found(oak.c, LATE + SOON / 2) == []
    late = LATE + SOON
    assert not fallback.look(oak.c, "one", CHANNELS, PATIENCE, late, (lost.id,)).behind
    [again] = found(oak.c, late)
    assert (again.id, again.attempts) == (lost.id, 2)
    fallback.failed(oak.c, lost, "not_taken", late)
    assert states(oak.c) == [("sending", "lease")]
    fallback.again(oak.c, again, late + SOON, "not_taken")
    assert fallback.look(oak.c, "one", CHANNELS, PATIENCE, late, ()).next == late + SOON
    [last] = found(oak.c, late + SOON)
    fallback.failed(oak.c, last, "not_taken", late + SOON)
    assert states(oak.c) == [("failed", "not_taken")]
    assert "not_told_another_way" in {line.kind for line in ledger.lines(oak.c)}


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_where_one_process_writes_the_claims_of_another_are_nobodys(oak: Oak, jo: str) -> None:
    tell(oak.c, jo)
    found(oak.c, LATE, "before")
    assert [row.attempts for row in found(oak.c, LATE, "after")] == [2]


def test_nobody_is_called_whom_it_concerns_no_more(oak: Oak, jo: str) -> None:
    now = OPENED + PATIENCE

    def why(row: Row) -> str:
        reason = fallback.call(oak.c, row, now)
        assert isinstance(reason, str)
        return reason

    alert = missed(oak.c, oak.ids)
    [row] = found(oak.c, now)
    assert isinstance(fallback.call(oak.c, row, now), Call)
    for state in ("sent", "withheld"):
        oak.c.execute(update(schema.outbox).values(state=state))
        assert why(row) == state
    oak.c.execute(update(schema.outbox).values(state="failed"))
    escalation.take(oak.c, alert, oak.dev, now)
    assert why(row) == "held"
    journey.close(oak.c, alert, by=oak.dev, how=Close.SAFE_AND_WELL, now=now)
    assert why(row) == "closed"
    oak.c.execute(update(schema.contact).values(confirmed_at=None))
    assert why(row) == "not_confirmed"
    contact.remove(oak.c, jo, "sms", now)
    assert why(row) == "no_address"
    leaving.leave(oak.c, jo, now)
    assert why(row) == "no_staff"
    fallback.needless(oak.c, row, "no_staff")
    assert states(oak.c) == [("needless", "no_staff")]


def test_where_the_team_has_no_number_the_service_has_one_or_there_is_none(
    oak: Oak, jo: str
) -> None:
    def number(row: Row) -> str | None:
        call = fallback.call(oak.c, row, LATE)
        assert isinstance(call, Call)
        return call.number

    tell(oak.c, jo)
    [row] = found(oak.c, LATE)
    oak.c.execute(update(schema.team).values(phone=None))
    assert number(row) == "01632 960100"
    oak.c.execute(update(schema.service).values(phone=None))
    assert number(row) is None


def test_who_works_here_no_more_leaves_no_address_behind(oak: Oak, jo: str) -> None:
    leaving.leave(oak.c, jo, NOON)
    assert oak.c.execute(select(schema.contact)).all() == []


def test_only_staff_give_an_address(oak: Oak) -> None:
    for member in (oak.sam, oak.amira):
        assert contact.give(oak.c, member, "sms", "+447700900105", NOON) == Outcome()
    assert oak.c.execute(select(schema.contact)).all() == []


def test_a_test_that_has_not_left_cannot_have_arrived(oak: Oak) -> None:
    contact.give(oak.c, oak.jo, "sms", "+447700900105", NOON)
    mark = int(NOON.timestamp())
    assert said(contact.arrived(oak.c, "sms", mark, oak.jo, NOON)) == "contact.not_sent_yet"
    assert not contact.confirmed(oak.c, oak.jo)
    [row] = found(oak.c, NOON)
    assert isinstance(fallback.call(oak.c, row, NOON), Call)
    fallback.sent(oak.c, row, NOON)
    assert contact.arrived(oak.c, "sms", mark + 1, oak.jo, NOON) == Outcome()
    assert contact.arrived(oak.c, "sms", mark, oak.dev, NOON) == Outcome()
    assert said(contact.arrived(oak.c, "sms", mark, oak.jo, NOON)) == "contact.works"
    assert contact.confirmed(oak.c, oak.jo)


def test_an_address_is_sealed(oak: Oak, jo: str) -> None:
    [row] = oak.c.execute(select(schema.contact)).all()
    assert b"7700900105" not in row.address
