"""The clock is set back: what waits for Kith's own reasons waits no longer for it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, select

from bot.care import police
from bot.care.escalation import Cause, Escalation, State, wake
from bot.care.outcome import NOBODY, Lane, Message, Outcome, Tell, Wake
from bot.care.plan import LADDERS
from bot.care.text import Text
from bot.store import deadlines, escalation, heartbeat, inbox, outbox, schema
from bot.store.commit import commit
from bot.store.tools import new_id
from tests.conftest import NOON
from tests.members import add_member

EARLIER = NOON - timedelta(hours=1)
SECOND, HALF = timedelta(seconds=1), timedelta(minutes=30)


def test_a_message_an_update_and_a_deadline_are_tried_again_as_soon_as_before(
    engine: Engine,
) -> None:
    with engine.begin() as c:
        sam = add_member(c, "Sam")
        hello = Tell(sam, Message(Text("general", "hello")), Lane.SAFETY)
        due = EARLIER - timedelta(minutes=1)
        commit(c, Outcome(tells=(hello, hello), wakes=(Wake("test", "a", due),)), NOBODY, NOON)
        heartbeat.beat(c, NOON)
        first, second = outbox.claim(c, "me", ids(c), NOON, NOON + 3 * SECOND)
        outbox.again(c, first, NOON + 2 * SECOND, "timeout", maybe_sent=True)
        (moment,) = deadlines.due(c, NOON, 9)
        deadlines.poison(c, moment, "OSError", NOON)
        inbox.arrive(c, 1, 7, "{}", NOON)
        inbox.failed(c, 1, "OSError", NOON)
        inbox.failed(c, 1, "OSError", NOON)

        heartbeat.woke(c, EARLIER, heartbeat.alive(c))

        soon = EARLIER + 2 * SECOND
        assert [ready.id for ready in outbox.look(c, "me", soon).ready] == [first.id]
        assert outbox.look(c, "me", soon + 2 * SECOND).lapsed == {second.id}
        assert deadlines.due(c, soon, 9) == [moment]
        assert [update.update for update in inbox.open_updates(c, soon, 9)] == [1]


def test_what_is_due_stays_due_when_it_is(engine: Engine) -> None:
    with engine.begin() as c:
        commit(c, Outcome(wakes=(Wake("test", "a", NOON + SECOND),)), NOBODY, NOON)
        heartbeat.beat(c, NOON)

        assert heartbeat.woke(c, EARLIER, heartbeat.alive(c)) is None

        assert deadlines.due(c, NOON, 9) == []
        assert [moment.due_at for moment in deadlines.due(c, NOON + SECOND, 9)] == [NOON + SECOND]


def test_a_replica_that_stood_still_takes_its_old_time_for_no_clock_that_was_set_back(
    engine: Engine,
) -> None:
    with engine.begin() as c:
        heartbeat.beat(c, EARLIER)
        seen, now = heartbeat.alive(c), EARLIER + SECOND
        commit(c, Outcome(wakes=(Wake("test", "a", NOON),)), NOBODY, NOON)
        heartbeat.beat(c, NOON)  # another one, while this one stands still

        heartbeat.woke(c, now, seen)

        assert deadlines.due(c, NOON - SECOND, 9) == [] and len(deadlines.due(c, NOON, 9)) == 1
        assert heartbeat.alive(c) == NOON


def test_the_next_rung_of_an_alert_is_asked_after_the_same_wait(engine: Engine) -> None:
    with engine.begin() as c:
        alert = replace(alert_of(c, Cause.MISSED), due_at=NOON + 5 * SECOND)
        commit(c, Outcome(records=(alert,), wakes=(wake(alert),)), NOBODY, NOON)
        heartbeat.beat(c, NOON)

        heartbeat.woke(c, EARLIER, heartbeat.alive(c))

        soon = EARLIER + 5 * SECOND
        assert [moment.due_at for moment in deadlines.due(c, soon, 9)] == [soon]
        moved = escalation.escalation(c, alert.id)
        assert moved is not None and moved.due_at == soon


@pytest.mark.parametrize(
    ("cause", "answered", "moves"),
    [
        pytest.param(Cause.MISSED, False, False, id="the time is the person's own"),
        pytest.param(Cause.MISSED_WHILE_OFF, False, False, id="here, too"),
        pytest.param(Cause.MISSED, True, True, id="they have answered since"),
        pytest.param(Cause.HELP, False, True, id="they have asked for help"),
    ],
)
def test_the_police_are_to_be_told_as_long_after_the_persons_word_as_before(
    engine: Engine, cause: Cause, answered: bool, moves: bool
) -> None:
    with engine.begin() as c:
        alert = replace(alert_of(c, cause), answered_at=NOON if answered else None)
        over = replace(alert_of(c, Cause.HELP), state=State.CLOSED)
        wakes = (police.wake(alert), police.wake(over))
        commit(c, Outcome(records=(alert, over), wakes=wakes), NOBODY, NOON)
        heartbeat.beat(c, NOON)

        heartbeat.woke(c, EARLIER, heartbeat.alive(c))

        at = EARLIER + HALF if moves else NOON + HALF
        assert (alert.id, at) in [(one.key, one.due_at) for one in deadlines.due(c, at, 9)]
        kept = [escalation.escalation(c, one.id) for one in (alert, over)]
        assert [one and one.police_at for one in kept] == [at, NOON + HALF]


def alert_of(c: Connection, cause: Cause) -> Escalation:
    team = new_id(c)
    c.execute(schema.team.insert().values(id=team, name="Oak House"))
    return Escalation(
        id=new_id(c),
        person=add_member(c, "Sam"),
        team=team,
        cause=cause,
        subject=new_id(c),
        state=State.OPEN,
        event_at=NOON,
        opened_at=NOON,
        rungs=LADDERS["key_worker"],
        ask_again=15,
        police_at=NOON + HALF,
    )


def ids(c: Connection) -> list[str]:
    return list(c.execute(select(schema.outbox.c.id).order_by(schema.outbox.c.number)).scalars())
