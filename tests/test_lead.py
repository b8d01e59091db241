"""Of several replicas one works; when it stops, another goes on within seconds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.clock import HandClock
from bot.lead import Lead
from bot.store import Connection, inbox, leader
from bot.store.memory import Memory
from bot.store.ring import Door
from tests.conftest import KEY
from tests.doors import until

shared = pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)


class Replica:
    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.works = 0
        self.lead = Lead(memory, self._work)
        self.task = asyncio.create_task(self.lead.run())

    async def _work(self) -> None:
        self.works += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.works -= 1

    async def is_at_work(self) -> bool:
        return self.works == 1

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@asynccontextmanager
async def replica(url: str, data: Path, clock: HandClock) -> AsyncIterator[Replica]:
    memory = await Memory.open(url, key=KEY, data=data, clock=clock)
    running = Replica(memory)
    try:
        yield running
    finally:
        await running.stop()
        await memory.close()


@shared
async def test_one_replica_works_and_the_next_takes_over_when_it_stops(
    engine_url: str, tmp_path: Path, clock: HandClock
) -> None:
    async with replica(engine_url, tmp_path, clock) as one:
        await until(one.is_at_work)
        async with replica(engine_url, tmp_path, clock) as two:
            await asyncio.wait([two.task], timeout=1.5)
            assert one.works == 1
            assert two.works == 0
            await one.stop()
            assert one.works == 0
            await until(two.is_at_work)


@shared
async def test_a_replica_that_finds_another_leading_stops_its_work(
    engine_url: str, tmp_path: Path, clock: HandClock
) -> None:
    async with replica(engine_url, tmp_path, clock) as one:
        await until(one.is_at_work)
        await one.memory.write(_usurp)

        async def rests() -> bool:
            return one.works == 0

        await until(rests)
        assert not one.lead.leads


def _usurp(c: Connection) -> None:
    c.exec_driver_sql("UPDATE leader SET owner = 'another'")


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
async def test_where_one_process_alone_writes_it_leads_at_once(memory: Memory) -> None:
    running = Replica(memory)
    await until(running.is_at_work)
    assert await memory.read(leader.somebody_leads, await memory.now()) is False
    await running.stop()
    assert running.works == 0


@shared
async def test_another_replica_is_rung_when_an_update_arrives(
    engine_url: str, tmp_path: Path, clock: HandClock
) -> None:
    async with (
        replica(engine_url, tmp_path, clock) as one,
        replica(engine_url, tmp_path, clock) as two,
    ):
        rung = asyncio.Event()
        await until(one.is_at_work)
        one.memory.bells.hang(Door.INBOX, rung.set)
        number = iter(range(1, 10_000))

        async def heard() -> bool:  # the first may come before anybody listens
            await two.memory.write(inbox.arrive, next(number), 1, "{}", clock.now())
            return rung.is_set()

        await until(heard)
