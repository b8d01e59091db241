"""Well is what really happened lately, and never only a process that answers."""

import asyncio
import socket
from datetime import timedelta

import httpx
import pytest

from bot.clock import HandClock
from bot.deadlines.loop import Loop
from bot.figures import Figures
from bot.reports.admin import Admin
from bot.reports.health import Health, Sign
from bot.reports.metrics import Metrics
from bot.store import leader
from bot.store.leader import LEASE
from bot.store.memory import Memory
from bot.waking import Pulse
from tests.doors import until
from tests.reports.asking import listens, lose, monitor

SQLITE = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)


@SQLITE
async def test_a_kith_whose_loop_stops_is_no_longer_well(memory: Memory, clock: HandClock) -> None:
    loop = Loop(memory, {})
    signs = [Sign("looked at what is due", loop.pulse, within=1.5)]
    async with monitor(memory, Health(memory, signs, lambda: True)) as ask:
        never = "Kith has not looked at what is due yet."
        assert await ask.health() == (
            503,
            {"well": False, "role": "leading", "reasons": [never]},
        )
        running = asyncio.create_task(loop.run())
        await until(lambda: ask.is_well(True))
        clock.advance(timedelta(hours=1))  # a hand that moves the clock makes nobody ill
        assert await ask.health() == (200, {"well": True, "role": "leading", "reasons": []})
        running.cancel()
        await asyncio.wait([running])
        await until(lambda: ask.is_well(False))
        _, said = await ask.health()
        assert said["reasons"] == ["Kith has not looked at what is due for 2 seconds."]


@SQLITE
async def test_a_loop_whose_database_is_away_is_not_well(memory: Memory) -> None:
    loop = Loop(memory, {})
    await memory.write(lose, "deadline")
    running = asyncio.create_task(loop.run())
    signs = [Sign("looked at what is due", loop.pulse, within=60)]
    async with monitor(memory, Health(memory, signs, lambda: True)) as ask:
        await asyncio.wait([running], timeout=0.2)
        assert await ask.is_well(False)
    running.cancel()
    await asyncio.wait([running])


async def test_who_stands_by_is_well_as_long_as_another_leads(
    memory: Memory, clock: HandClock
) -> None:
    stale = Sign("looked at what is due", Pulse(), within=1)
    async with monitor(memory, Health(memory, [stale], lambda: False)) as ask:
        nobody = {"well": False, "role": "standby", "reasons": ["No replica leads."]}
        assert await ask.health() == (503, nobody)
        assert await memory.write(leader.lead, "another", await memory.shared_now())
        assert await ask.health() == (200, {"well": True, "role": "standby", "reasons": []})
        assert await memory.write(leader.lead, "another", await memory.shared_now() - 2 * LEASE)
        assert await ask.health() == (503, nobody)
        await memory.write(lose, "leader")
        _, said = await ask.health()
        assert said["reasons"] == ["The database does not answer."]


@SQLITE
async def test_only_looking_is_possible_and_only_at_two_things(memory: Memory) -> None:
    async with monitor(memory, Health(memory, [], lambda: True)) as ask:
        for path in ("/", "/healthz/more", "/metrics/", "/docs"):
            assert (await ask.get(path)).status_code in (404, 307)
        for method in ("POST", "PUT", "DELETE"):
            assert (await ask.get("/healthz", method)).status_code == 405


@SQLITE
async def test_a_port_that_is_taken_stops_nobody_and_is_tried_again(memory: Memory) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        door = Admin(
            Health(memory, [], lambda: True),
            Metrics(memory, Figures()),
            host="127.0.0.1",
            port=port,
            again=0.05,
        )
        running = asyncio.create_task(door.run())
        await asyncio.wait([running], timeout=0.2)
        assert not running.done() and door.port is None

    await until(lambda: listens(door))
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
    running.cancel()
    await asyncio.wait([running])
