"""A write rings the doors to which it gives something to do, and no other."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from bot.care.outcome import NOBODY, Cause, Lane, Message, Outcome, Tell, Wake
from bot.care.text import Text
from bot.store import deadlines, engine, heartbeat, inbox, leader, ledger, outbox, ring
from bot.store.commit import commit
from bot.store.memory import Memory
from bot.store.ring import Door
from tests.conftest import NOON
from tests.members import add_member

postgresql_only = pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)

MINE = text("SELECT pg_backend_pid()")
LATER = NOON + timedelta(hours=1)


async def rung(memory: Memory, act: Callable[[Connection], object]) -> set[Door]:
    """The doors that this write has rung."""
    heard: set[Door] = set()
    listening = True

    def hears(door: Door) -> Callable[[], None]:
        return lambda: heard.add(door) if listening else None

    for door in Door:
        memory.bells.hang(door, hears(door))
    try:
        await memory.write(act)
    finally:
        await asyncio.sleep(0)
        listening = False
    return heard


def keeps(outcome: Outcome, cause: Cause = NOBODY) -> Callable[[Connection], None]:
    return lambda c: commit(c, outcome, cause, NOON)


async def hello(memory: Memory) -> Outcome:
    sam = await memory.write(add_member, "Sam")
    return Outcome(tells=(Tell(sam, Message(Text("general", "hello")), Lane.REPLY),))


async def test_a_moment_that_is_set_rings_where_moments_are_met(memory: Memory) -> None:
    wakes = Outcome(wakes=(Wake("test", "a", LATER),))
    assert await rung(memory, keeps(wakes)) == {Door.DEADLINES}


async def test_a_message_rings_where_messages_leave(memory: Memory) -> None:
    assert await rung(memory, keeps(await hello(memory))) == {Door.OUTBOX}


async def test_an_update_rings_where_updates_are_handled(memory: Memory) -> None:
    def arrives(c: Connection) -> None:
        inbox.arrive(c, 1, 7, "{}", NOON)

    def arrives_again(c: Connection) -> set[Door]:
        arrives(c)
        return set(ring.rung(c))

    assert await rung(memory, arrives) == {Door.INBOX}
    # Asked of the transaction: what replicas are told of the first may come back only now.
    assert await memory.write(arrives_again) == set(), "it was known already"


async def test_what_is_let_go_of_rings_where_messages_leave(memory: Memory) -> None:
    assert await rung(memory, lambda c: outbox.hold(c, "alert", NOON)) == {Door.OUTBOX}


async def test_a_clock_that_was_set_back_rings_everywhere(memory: Memory) -> None:
    await memory.write(heartbeat.beat, LATER)
    assert await rung(memory, lambda c: heartbeat.woke(c, NOON, heartbeat.alive(c))) == set(Door)


async def test_what_gives_nobody_anything_to_do_rings_nobody(memory: Memory) -> None:
    await memory.write(keeps(await hello(memory)))
    await memory.write(keeps(Outcome(wakes=(Wake("test", "a", LATER),))))
    (ready,) = (await memory.read(outbox.look, "me", NOON)).ready

    def claim(c: Connection) -> None:
        (row,) = outbox.claim(c, "me", [ready.id], NOON, LATER)
        outbox.sent(c, row, 1, NOON)

    assert await rung(memory, claim) == set()
    gone = Outcome(wakes=(Wake("test", "a", None),))
    assert await rung(memory, keeps(gone)) == set()
    assert await rung(memory, ledger.seal_new) == set()
    assert await rung(memory, lambda c: heartbeat.beat(c, NOON)) == set()
    assert await rung(memory, lambda c: leader.lead(c, "me", NOON)) == set()


async def test_what_does_not_stand_rings_nobody_then_or_later(memory: Memory) -> None:
    def fails(c: Connection) -> None:
        commit(c, Outcome(wakes=(Wake("test", "a", LATER),)), NOBODY, NOON)
        raise LookupError

    with pytest.raises(LookupError):
        await rung(memory, fails)
    assert await rung(memory, lambda c: heartbeat.beat(c, NOON)) == set()
    assert await memory.read(deadlines.next_due) is None


async def test_those_who_write_together_ring_together(memory: Memory) -> None:
    calls: list[Door] = []
    for door in Door:
        memory.bells.hang(door, partial(calls.append, door))
    await asyncio.gather(
        memory.write(keeps(Outcome(wakes=(Wake("test", "a", LATER),)))),
        memory.write(inbox.arrive, 1, 7, "{}", NOON),
    )
    await asyncio.sleep(0)
    assert set(calls) == {Door.DEADLINES, Door.INBOX}


@contextmanager
def cut(url: str, *, rested: float) -> Iterator[tuple[Engine, int]]:
    """A pool whose one connection the server has let go of, and which that was."""
    serving = engine.serving(engine.address(url), rested=rested)
    other = engine.writing(engine.address(url))
    try:
        with serving.connect() as c:
            before: int = c.execute(MINE).scalar_one()
        with other.begin() as c:
            c.execute(text("SELECT pg_terminate_backend(:one, 5000)"), {"one": before})
        yield serving, before
    finally:
        serving.dispose()
        other.dispose()


@postgresql_only
def test_a_connection_that_was_cut_while_it_rested_is_replaced(engine_url: str) -> None:
    with cut(engine_url, rested=0) as (serving, before), serving.connect() as c:
        assert c.execute(MINE).scalar_one() != before


@postgresql_only
def test_one_that_was_cut_in_use_fails_once_and_takes_no_other_with_it(engine_url: str) -> None:
    with cut(engine_url, rested=3600) as (serving, before):
        with pytest.raises(DBAPIError) as failed, serving.connect() as c:
            c.execute(MINE)
        assert failed.value.connection_invalidated
        with serving.connect() as c:
            assert c.execute(MINE).scalar_one() != before
