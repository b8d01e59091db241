"""Messages on their way, on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, select

from bot.care.outcome import NOBODY, About, Lane, Message, Outcome, Tell, Topic
from bot.care.text import Text
from bot.store import ledger, outbox, schema, seed
from bot.store.commit import commit
from bot.store.outbox import Row
from tests.conftest import NOON
from tests.members import add_member
from tests.oak import told

SECOND = timedelta(seconds=1)
LEASE = 30 * SECOND
SORRY = Text("general", "sorry")


def test_messages_leave_by_lane_and_in_the_order_they_were_written(engine: Engine) -> None:
    with engine.begin() as c:
        jo, dev = add_member(c, "Jo"), add_member(c, "Dev")
        _tell(c, jo, Lane.BROADCAST, "1")
        _tell(c, dev, Lane.NEWS, "2")
        _tell(c, jo, Lane.SAFETY, "3")
        _tell(c, dev, Lane.SAFETY, "4")
        assert [row.key for row in _claim_all(c)] == ["3", "4", "2", "1"]


def test_the_most_urgent_leave_first_then_what_could_leave_longest_then_what_was_written_first(
    engine: Engine,
) -> None:
    with engine.begin() as c:
        jo, dev, priya, mina, kim = (
            add_member(c, name) for name in ("Jo", "Dev", "Priya", "Mina", "Kim")
        )
        late = NOON + SECOND
        _tell(c, jo, Lane.BROADCAST, "6")
        _tell(c, jo, Lane.REMINDER, "5")
        _tell(c, dev, Lane.NEWS, "2")
        _tell(c, priya, Lane.NEWS, "4", at=late)
        _tell(c, mina, Lane.NEWS, "3")
        _tell(c, kim, Lane.REPLY, "1", at=late)
        keys = {row.id: row.key for row in c.execute(select(schema.outbox))}
        id = next(id for id, key in keys.items() if key == "2")
        [second] = outbox.claim(c, "kith", [id], NOON, NOON + LEASE)
        outbox.again(c, second, NOON, "timeout", maybe_sent=True)

        ready = outbox.look(c, "kith", late).ready
        assert [keys[one.id] for one in ready] == ["1", "2", "3", "4", "5", "6"]
        assert (ready[0].member, ready[0].lane) == (kim, Lane.REPLY)
        assert [keys[one.id] for one in outbox.look(c, "kith", late, limit=2).ready] == ["1", "2"]


def test_to_one_member_a_lane_keeps_its_order_and_other_lanes_do_not_wait(engine: Engine) -> None:
    with engine.begin() as c:
        jo = add_member(c, "Jo")
        for lane, key in ((Lane.NEWS, "1"), (Lane.NEWS, "2"), (Lane.REPLY, "3")):
            _tell(c, jo, lane, key)
        reply, first = _claim_all(c)
        assert (reply.key, first.key) == ("3", "1")
        assert _claim_all(c) == []  # the second news waits for the first
        outbox.again(c, first, NOON + SECOND, "timeout", maybe_sent=True)
        assert _claim_all(c) == []
        [first] = _claim_all(c, NOON + SECOND)
        assert (first.key, first.maybe_sent) == ("1", True)
        outbox.sent(c, first, 77, NOON + SECOND)
        assert [row.key for row in _claim_all(c, NOON + SECOND)] == ["2"]


def test_what_is_more_urgent_holds_back_nothing_less_urgent(engine: Engine) -> None:
    with engine.begin() as c:
        jo = add_member(c, "Jo")
        for lane in Lane:
            _tell(c, jo, lane, lane.name)
        assert [row.key for row in _claim_all(c)] == [lane.name for lane in Lane]


def test_one_that_keeps_failing_does_not_hold_a_later_one_back_for_ever(engine: Engine) -> None:
    with engine.begin() as c:
        jo = add_member(c, "Jo")
        _tell(c, jo, Lane.SAFETY, "1")
        _tell(c, jo, Lane.SAFETY, "2")
        for _ in range(5):
            [row] = _claim_all(c)
            assert row.key == "1"
            outbox.again(c, row, NOON, "timeout", maybe_sent=True)
        [row] = _claim_all(c)
        outbox.again(c, row, NOON + 60 * SECOND, "timeout", maybe_sent=True)
        assert [row.key for row in _claim_all(c)] == ["2"]


def test_a_message_is_claimed_by_one_owner(engine: Engine) -> None:
    with engine.begin() as c:
        _tell(c, add_member(c, "Jo"), Lane.SAFETY, "1")
        ids = [ready.id for ready in outbox.look(c, "one", NOON).ready]
        [row] = outbox.claim(c, "one", ids, NOON, NOON + LEASE)
        assert outbox.claim(c, "two", ids, NOON, NOON + LEASE) == []
        assert (row.owner, row.attempts, row.maybe_sent) == ("one", 1, False)
        assert outbox.look(c, "one", NOON).next == NOON + LEASE
        assert outbox.look(c, "one", NOON + LEASE).next is None


def test_one_that_was_put_off_meanwhile_is_not_claimed(engine: Engine) -> None:
    with engine.begin() as c:
        _tell(c, add_member(c, "Jo"), Lane.SAFETY, "1")
        ids = [ready.id for ready in outbox.look(c, "two", NOON).ready]
        [row] = outbox.claim(c, "one", ids, NOON, NOON + LEASE)
        outbox.again(c, row, NOON + SECOND, "timeout", maybe_sent=True)
        assert outbox.claim(c, "two", ids, NOON, NOON + LEASE) == []


@pytest.mark.parametrize(("lane", "again"), [(lane, lane is not Lane.BROADCAST) for lane in Lane])
def test_a_lease_that_ran_out_sends_again_as_a_possible_repeat_but_no_broadcast(
    engine: Engine, lane: Lane, again: bool
) -> None:
    with engine.begin() as c:
        _tell(c, add_member(c, "Jo"), lane, "1")
        [lost] = _claim_all(c)
        assert not outbox.look(c, "kith", NOON + LEASE - SECOND).lapsed
        late = NOON + LEASE
        assert outbox.look(c, "kith", late).lapsed == {lost.id}
        assert outbox.lapse(c, "kith", late, [lost.id]) == 0  # it is still at work
        assert outbox.lapse(c, "kith", late, []) == 1
        table = schema.outbox.c
        after = select(table.state, table.reason, table.owner, table.lease_until, table.maybe_sent)
        state, reason = ("waiting", "lease") if again else ("failed", "ambiguous")
        assert c.execute(after).one() == (state, reason, None, None, True)
        assert [row.maybe_sent for row in _claim_all(c, late)] == ([True] if again else [])
        outbox.again(c, lost, late + SECOND, "timeout", maybe_sent=False)  # too late to count
        assert [ready.id for ready in outbox.look(c, "kith", late + SECOND).ready] == []


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_a_new_process_takes_over_what_the_dead_one_held_at_once(engine: Engine) -> None:
    with engine.begin() as c:
        _tell(c, add_member(c, "Jo"), Lane.SAFETY, "1")
        _claim_all(c)
        assert len(outbox.look(c, "the next", NOON).lapsed) == 1
        assert outbox.lapse(c, "the next", NOON, []) == 1
        assert [row.maybe_sent for row in _claim_all(c)] == [True]


@pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)
def test_where_several_processes_send_a_claim_stands_until_its_lease_ends(engine: Engine) -> None:
    with engine.begin() as c:
        _tell(c, add_member(c, "Jo"), Lane.SAFETY, "1")
        _claim_all(c)
        assert not outbox.look(c, "another", NOON).lapsed
        assert len(outbox.look(c, "another", NOON + LEASE).lapsed) == 1


def test_what_was_told_of_somebody_is_a_line_of_the_ledger_and_what_was_not_as_well(
    engine: Engine,
) -> None:
    with engine.begin() as c:
        sam, jo, amira = (add_member(c, name) for name in ("Sam", "Jo", "Amira"))
        about = About(sam, Topic.JOURNEYS, 2)
        _tell(c, jo, Lane.SAFETY, "1", about)
        _tell(c, amira, Lane.NEWS, "2", about)
        said, withheld = _claim_all(c)
        assert (said.text, said.params, said.about) == (SORRY, {"at": NOON, "by": jo}, about)
        outbox.sent(c, said, 77, NOON)
        outbox.withheld(c, withheld, "no_agreement", NOON)
        lines = [(line.kind, line.person, line.facts) for line in ledger.lines(c)]
        facts = {"text": "general.sorry", "topic": "journeys", "level": 2}
        assert lines == [
            ("told", sam, {"to": jo, **facts}),
            ("withheld", sam, {"to": amira, **facts, "reason": "no_agreement"}),
        ]
        states = c.execute(select(schema.outbox.c.state, schema.outbox.c.message))
        assert [tuple(state) for state in states] == [("sent", 77), ("withheld", None)]


@pytest.mark.parametrize("what", ["topic", "shape", "time", "lane"])
def test_one_that_cannot_be_read_fails_and_holds_up_no_other(engine: Engine, what: str) -> None:
    values: dict[str, dict[str, object]] = {
        "topic": {"about": {"person": "sam", "topic": "of_a_newer_kith", "level": 1}},
        "shape": {"about": {"person": "sam"}},
        "time": {"params": {"at": {"utc": "noon"}}},
        "lane": {"lane": 9},
    }
    with engine.begin() as c:
        ids = seed.seed_sample(c, NOON, {"Priya": 103})
        _tell(c, ids["Jo"], Lane.SAFETY, "poison")
        _tell(c, ids["Dev"], Lane.SAFETY, "alert")
        poisoned = schema.outbox.update().where(schema.outbox.c.key == "poison")
        c.execute(poisoned.values(values[what]))
        assert [row.key for row in _claim_all(c)] == ["alert"]
        state = select(schema.outbox.c.state, schema.outbox.c.reason)
        row = c.execute(state.where(schema.outbox.c.key == "poison")).one()
        assert tuple(row) == ("failed", "unreadable")
        assert "not_sent" in [line.kind for line in ledger.lines(c)]
        # An alert that is lost so is not lost in silence.
        assert told(c, "general.set_aside") == ([] if what == "lane" else ["Priya"])


def test_a_message_with_a_later_moment_is_the_next_thing_to_do(engine: Engine) -> None:
    with engine.begin() as c:
        jo = add_member(c, "Jo")
        _tell(c, jo, Lane.NEWS, "1")
        [row] = _claim_all(c)
        outbox.again(c, row, NOON + 60 * SECOND, "timeout", maybe_sent=False)
        # cannot go before the first: no moment of its own
        _tell(c, jo, Lane.NEWS, "2", at=NOON + 30 * SECOND)
        look = outbox.look(c, "kith", NOON)
        assert (look.ready, look.next) == ([], NOON + 60 * SECOND)


def test_what_may_leave_now_is_no_later_moment(engine: Engine) -> None:
    with engine.begin() as c:
        _tell(c, add_member(c, "Jo"), Lane.NEWS, "1")
        look = outbox.look(c, "kith", NOON)
        assert (len(look.ready), look.next) == (1, None)


def _tell(
    c: Connection,
    to: str,
    lane: Lane,
    key: str,
    about: About | None = None,
    at: datetime = NOON,
) -> None:
    tell = Tell(to, Message(SORRY, {"at": NOON, "by": to}), lane, about=about, key=key)
    commit(c, Outcome(tells=(tell,)), NOBODY, at)


def _claim_all(c: Connection, now: datetime = NOON) -> list[Row]:
    ids = [ready.id for ready in outbox.look(c, "kith", now).ready]
    return outbox.claim(c, "kith", ids, now, now + LEASE)
