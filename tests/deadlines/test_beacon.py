"""The heartbeat that is heard outside: only while nothing is overdue."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, update

from bot.care.outcome import NOBODY, Outcome, Wake
from bot.clock import HandClock
from bot.deadlines.beacon import Beacon
from bot.reports.health import Sign
from bot.store import heartbeat, schema
from bot.store.commit import commit
from bot.store.memory import Memory
from bot.waking import Pulse
from tests.conftest import NOON
from tests.gateways import served

pytestmark = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)


class Outside:
    """Counts who calls; answers with this status."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.status = "200 OK"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.calls.append(head.decode().split("\r\n")[0])
        writer.write(f"HTTP/1.1 {self.status}\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()


def due(c: Connection) -> None:
    commit(c, Outcome(wakes=(Wake("journey", "out", NOON),)), NOBODY, NOON)


def met(c: Connection) -> None:
    c.execute(update(schema.deadline).values(due_at=NOON + timedelta(days=1)))


async def beats(memory: Memory) -> None:
    await memory.write(heartbeat.beat, await memory.now())


async def test_it_shines_after_an_audit_alone(
    memory: Memory, clock: HandClock, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = Outside()
    await beats(memory)
    async with served(outside.serve) as port:
        loop = Pulse()
        signs = [Sign("looked at what is due", loop, within=60)]
        beacon = Beacon(memory, f"http://127.0.0.1:{port}/ping/secret-word", signs)
        assert not await beacon.shine(), "nothing of this has been done yet"
        loop.beat()
        assert await beacon.shine()
        assert outside.calls == ["GET /ping/secret-word HTTP/1.1"]

        await memory.write(due)
        clock.advance(timedelta(minutes=2))
        await beats(memory)
        assert not await beacon.shine() and not await beacon.shine()
        assert len(outside.calls) == 1
        await memory.write(met)
        assert await beacon.shine()
        clock.advance(timedelta(minutes=2))
        assert not await beacon.shine(), "nothing is written any more"
        await beats(memory)
        assert await beacon.shine()
        outside.status = "404 Not Found"
        assert not await beacon.shine()
    assert not await beacon.shine()
    said = capsys.readouterr().out
    assert said.count("something is overdue") == 3, "each time, it is said once"
    assert said.count("was not heard outside") == 1
    assert "secret-word" not in said
