"""The audit: whatever is overdue and unhandled is found, and nothing else is."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, select, update

from bot.care.concern import Kind, Part
from bot.care.escalation import Cause as Why
from bot.care.outcome import NOBODY, Lane, Log, Message, Outcome, Tell
from bot.care.text import Text
from bot.store import (
    audit,
    concern,
    contact,
    deadlines,
    escalation,
    fallback,
    heartbeat,
    inbox,
    journey,
    ledger,
    plan,
    schema,
)
from bot.store.commit import commit
from tests.conftest import NOON
from tests.oak import Oak, unreachable

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
LATE = NOON + MINUTE


def overdue(c: Connection, now: datetime) -> list[str]:
    """What is found while Kith writes that it runs, and seals."""
    heartbeat.beat(c, now)
    return audit.overdue(c, now)


@pytest.fixture
def well(oak: Oak) -> Oak:
    """Everything of the sample circle has been seen to, and Sam is out."""
    plan.sample(oak.c, oak.sam, oak.jo, NOON)
    oak.c.execute(delete(schema.deadline))
    oak.c.execute(delete(schema.outbox))
    journey.set_off(oak.c, oak.sam, "Café", NOON + timedelta(hours=1), NOON)
    oak.c.execute(update(schema.outbox).values(state="sent"))
    ledger.seal_new(oak.c)
    assert overdue(oak.c, LATE) == []
    return oak


def test_a_deadline_that_nobody_has_met_for_a_minute(well: Oak) -> None:
    due = NOON + timedelta(hours=1)
    assert overdue(well.c, due + timedelta(seconds=59)) == []
    late = ["Something due has not been seen to."]
    assert overdue(well.c, due + timedelta(seconds=60)) == late


def test_an_outing_or_an_alert_at_which_nothing_will_look(well: Oak) -> None:
    running = journey.running(well.c, well.sam)
    assert running is not None
    well.c.execute(delete(schema.deadline))
    assert overdue(well.c, LATE) == ["Somebody is out, and nothing will look."]
    journey.help_wanted(well.c, running.id, well.sam, NOON)
    well.c.execute(update(schema.outbox).values(state="sent"))
    ledger.seal_new(well.c)
    assert overdue(well.c, LATE) == []
    well.c.execute(delete(schema.deadline))
    assert overdue(well.c, LATE) == ["An alert is open, and nothing will look."]
    well.c.execute(update(schema.escalation).values(state="closed"))
    assert overdue(well.c, LATE) == []


@pytest.mark.parametrize(("lane", "found"), [(Lane.SAFETY, True), (Lane.REPLY, False)])
def test_a_safety_message_that_has_not_left(well: Oak, lane: Lane, found: bool) -> None:
    said = Message(Text("escalation", "alert_missed"))
    commit(well.c, Outcome(tells=(Tell(well.jo, said, lane),)), NOBODY, NOON)
    ledger.seal_new(well.c)
    assert overdue(well.c, LATE - SECOND) == []
    assert overdue(well.c, LATE) == (["An alert has not left."] if found else [])


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        (lambda c, call: fallback.sent(c, call, LATE), False),
        (lambda c, call: fallback.needless(c, call, "held"), False),
        (lambda c, call: fallback.needless(c, call, "closed"), False),
        (lambda c, call: fallback.needless(c, call, "no_address"), True),
        (lambda c, call: fallback.needless(c, call, "no_staff"), True),
        (lambda c, call: fallback.again(c, call, LATE + SECOND, "not_taken"), True),
        (lambda c, call: fallback.failed(c, call, "not_taken", LATE), True),
    ],
)
def test_another_way_is_enough_when_it_has_been_taken_or_somebody_has_the_alert(
    well: Oak, ends: Callable[[Connection, fallback.Row], None], found: bool
) -> None:
    said = Message(Text("escalation", "alert_missed"))
    commit(well.c, Outcome(tells=(Tell(well.jo, said, Lane.SAFETY),)), NOBODY, NOON)
    contact.give(well.c, well.jo, "sms", "+447700900105", NOON)
    well.c.execute(update(schema.contact).values(confirmed_at=NOON))
    fallback.catch_up(well.c, "one", ["sms"], timedelta(seconds=60), LATE, ())
    ready = fallback.look(well.c, "one", ["sms"], timedelta(), LATE, ()).ready
    calls = fallback.claim(well.c, "one", ready, LATE, LATE + SECOND)
    (call,) = (one for one in calls if one.message is not None)
    ledger.seal_new(well.c)
    assert overdue(well.c, LATE) == ["An alert has not left."], "it is only tried"
    ends(well.c, call)
    ledger.seal_new(well.c)
    assert overdue(well.c, LATE) == (["An alert has not left."] if found else [])


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_an_alert_that_is_tried_and_tried_and_reaches_nobody(well: Oak) -> None:
    unreachable(well, "Jo", "Dev", "Priya", "Mina")
    running = journey.running(well.c, well.sam)
    assert running is not None
    journey.help_wanted(well.c, running.id, well.sam, NOON)
    (alert,) = escalation.standing(well.c, well.sam, [Why.HELP])
    late = "An alert has reached nobody."
    for minute in range(6):
        now = NOON + minute * MINUTE
        _sent(well.c)
        assert overdue(well.c, now) == ([late] if minute == 5 else [])
        for moment in deadlines.due(well.c, now, 20):
            if moment.kind == "escalation" and deadlines.take(well.c, moment):
                escalation.tick(well.c, moment.key, moment.due_at, now)

    well.c.execute(update(schema.escalation).values(holder=well.jo))
    assert overdue(well.c, now) == [], "whoever has it has heard of it"
    well.c.execute(update(schema.escalation).values(holder=None, cause="drill"))
    assert overdue(well.c, now) == []
    well.c.execute(update(schema.escalation).values(cause="help"))
    for reader, found in ((well.sam, True), (well.amira, True), (well.jo, False)):
        said = Message(Text("escalation", "alert_missed"), {"escalation": alert.id})
        commit(well.c, Outcome(tells=(Tell(reader, said, Lane.SAFETY),)), NOBODY, now)
        _sent(well.c)
        assert overdue(well.c, now) == ([late] if found else [])


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_an_alert_that_only_another_way_has_brought_has_reached_somebody(well: Oak) -> None:
    running = journey.running(well.c, well.sam)
    assert running is not None
    journey.help_wanted(well.c, running.id, well.sam, NOON)
    now = NOON + 5 * MINUTE
    _sent(well.c)
    to_jo = select(schema.outbox.c.id).where(schema.outbox.c.member == well.jo)
    alert = to_jo.where(schema.outbox.c.text == "escalation.alert_help")
    well.c.execute(update(schema.outbox).values(state="failed"))
    well.c.execute(update(schema.deadline).values(due_at=now + MINUTE))
    assert overdue(well.c, now) == ["An alert has reached nobody."]
    call = {"message": well.c.execute(alert).scalar_one(), "member": well.jo, "channel": "sms"}
    times = {"created_at": now, "not_before": now, "attempts": 1}
    well.c.execute(schema.fallback.insert().values(id="call", state="failed", **call, **times))
    assert overdue(well.c, now) == ["An alert has reached nobody."]
    well.c.execute(update(schema.fallback).values(state="sent"))
    assert overdue(well.c, now) == []


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_an_alert_from_which_all_of_the_team_are_kept_rightly_reaches_nobody(well: Oak) -> None:
    everybody = ("Mina", "Priya", Part.WORKER, Part.ON_CALL)
    ids = [well.ids.get(one, one) for one in everybody]
    kind, by, said = Kind.SAFETY, well.role("Amira"), "There are bruises on his arm."
    concern.raise_(well.c, kind, by, well.sam, said, None, ids, NOON)
    _sent(well.c)
    assert escalation.standing(well.c, well.sam, [Why.CONCERN])
    well.c.execute(update(schema.deadline).values(due_at=NOON + timedelta(hours=1)))
    assert overdue(well.c, NOON + 5 * MINUTE) == []


def test_a_database_that_takes_nothing_any_more(well: Oak) -> None:
    heartbeat.beat(well.c, NOON)
    assert audit.overdue(well.c, LATE - SECOND) == []
    assert audit.overdue(well.c, LATE) == ["Nothing has been written."]
    well.c.execute(delete(schema.heartbeat))
    assert audit.overdue(well.c, NOON) == ["Nothing has been written."]


def _sent(c: Connection) -> None:
    """Whatever is on its way arrives, and what was done is sealed."""
    c.execute(update(schema.outbox).values(state="sent"))
    ledger.seal_new(c)


def test_words_that_nobody_has_read_and_lines_that_are_not_sealed(well: Oak) -> None:
    inbox.arrive(well.c, 5, 1, "{}", NOON)
    assert overdue(well.c, LATE - SECOND) == []
    assert overdue(well.c, LATE) == ["What somebody wrote has not been read."]
    inbox.close(well.c, 5)

    ledger.write(well.c, Log("something"), NOON)
    assert overdue(well.c, LATE - SECOND) == []
    assert overdue(well.c, LATE) == ["The ledger has not been sealed."]
    ledger.seal_new(well.c)
    assert overdue(well.c, LATE) == []
