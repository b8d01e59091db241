"""Updates as they are kept, on both databases."""

from datetime import timedelta

from sqlalchemy import Connection, Engine, select

from bot.store import around, inbox, ledger, schema, seed
from bot.store.inbox import Open
from bot.store.tools import unseal
from tests import oak
from tests.conftest import NOON

SAM, JO = 101, 102
ACCOUNTS = {"Sam": SAM, "Jo": JO, "Priya": 103}
SECOND = timedelta(seconds=1)


def test_a_repeated_update_does_nothing(engine: Engine) -> None:
    with engine.begin() as c:
        assert inbox.arrive(c, 1, SAM, '{"a": 1}', NOON)
        assert not inbox.arrive(c, 1, SAM, '{"a": 2}', NOON + SECOND)
        assert inbox.body(c, 1, NOON) == '{"a": 1}'
        inbox.close(c, 1)
        assert not inbox.arrive(c, 1, SAM, '{"a": 1}', NOON + SECOND)
        assert inbox.open_updates(c, NOON, 10) == []


def test_what_was_written_is_sealed_and_erased_when_done(engine: Engine) -> None:
    body = schema.inbox.c.body
    with engine.begin() as c:
        inbox.arrive(c, 1, SAM, '{"text": "secret words"}', NOON)
        kept = c.execute(select(body)).scalar_one()
        assert b"secret words" not in kept
        assert unseal(c, "service", kept) == '{"text": "secret words"}'
        inbox.close(c, 1)
        assert c.execute(select(body)).scalar_one() is None
        assert inbox.body(c, 1, NOON) is None


def test_one_update_of_each_chat_is_next_and_the_oldest_chat_first(engine: Engine) -> None:
    with engine.begin() as c:
        for id, chat in ((5, JO), (1, SAM), (2, SAM), (3, None), (4, None)):
            inbox.arrive(c, id, chat, "{}", NOON)
        heads = [Open(1, SAM), Open(3, None), Open(4, None), Open(5, JO)]
        assert inbox.open_updates(c, NOON, 10) == heads
        assert inbox.open_updates(c, NOON, 2) == heads[:2]
        inbox.close(c, 1)
        assert inbox.open_updates(c, NOON, 1) == [Open(2, SAM)]


def test_a_failing_update_holds_its_own_chat_only_and_is_parked_in_the_end(engine: Engine) -> None:
    with engine.begin() as c:
        ids = seed.seed_sample(c, NOON, ACCOUNTS)
        for id, chat in ((1, SAM), (2, SAM), (3, JO)):
            inbox.arrive(c, id, chat, "{}", NOON)
        assert not inbox.failed(c, 1, "KeyError", NOON)
        assert inbox.open_updates(c, NOON, 9) == [Open(1, SAM), Open(3, JO)]  # once more at once
        assert not inbox.failed(c, 1, "KeyError", NOON)
        assert inbox.open_updates(c, NOON, 9) == [Open(3, JO)]
        assert inbox.body(c, 1, NOON) is None
        inbox.close(c, 3)
        assert inbox.next_moment(c) == NOON + SECOND
        assert inbox.open_updates(c, NOON + SECOND, 9) == [Open(1, SAM)]
        assert inbox.failed(c, 1, "KeyError", NOON + SECOND)
        assert inbox.open_updates(c, NOON + SECOND, 9) == [Open(2, SAM)]

        assert oak.told(c, "general.not_done") == ["Sam"]
        assert oak.told(c, "general.set_aside") == ["Priya"]
        lines = [line for line in ledger.lines(c) if line.kind == "update_parked"]
        assert [(line.actor, line.facts) for line in lines] == [
            (ids["Sam"], {"update": 1, "error": "KeyError"})
        ]


def test_managers_hear_of_one_sender_once_a_minute_at_most(engine: Engine) -> None:
    with engine.begin() as c:
        seed.seed_sample(c, NOON, ACCOUNTS)
        for id, at in ((1, NOON), (2, NOON + SECOND), (3, NOON + 60 * SECOND)):
            inbox.arrive(c, id, SAM, "{}", NOON)
            assert inbox.failed(c, id, "ValueError", at, final=True)
        assert oak.told(c, "general.not_done") == ["Sam"] * 3
        assert oak.told(c, "general.set_aside") == ["Priya"] * 2


def test_while_no_manager_can_be_reached_all_staff_hear_the_alarm(engine: Engine) -> None:
    with engine.begin() as c:
        ids = seed.seed_sample(c, NOON, ACCOUNTS)
        around.mark_unreachable(c, ids["Priya"], NOON)
        inbox.arrive(c, 1, SAM, "{}", NOON)
        assert inbox.failed(c, 1, "ValueError", NOON, final=True)
        assert {"Jo", "Dev", "Mina"} <= {*oak.told(c, "general.set_aside")}


def test_what_cannot_be_understood_is_parked_at_once_and_a_stranger_hears_nothing(
    engine: Engine,
) -> None:
    with engine.begin() as c:
        inbox.arrive(c, 1, SAM, "{}", NOON)
        assert inbox.failed(c, 1, "ValueError", NOON, final=True)
        assert inbox.next_moment(c) is None
        assert c.execute(select(schema.outbox)).all() == []


def test_an_update_that_had_its_effect_cannot_fail_any_more(engine: Engine) -> None:
    with engine.begin() as c:
        inbox.arrive(c, 1, SAM, "{}", NOON)
        inbox.close(c, 1)
        assert not inbox.failed(c, 1, "NetworkError", NOON, final=True)
        assert _state(c, 1) == "done"


def test_the_next_moment_is_now_while_an_update_is_open(engine: Engine) -> None:
    with engine.begin() as c:
        assert inbox.next_moment(c) is None
        inbox.arrive(c, 1, SAM, "{}", NOON)
        assert inbox.next_moment(c) == NOON


def _state(c: Connection, id: int) -> str:
    state: str = c.execute(
        select(schema.inbox.c.state).where(schema.inbox.c["update"] == id)
    ).scalar_one()
    return state
