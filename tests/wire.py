"""A TCP line that can go bad, and a balancer: real sockets between two real programs.

async with wire([port]) as line:
    client.post(f"{line.address}/...")
    line.lose_answers = True  # what is asked arrives, what is answered does not
"""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from random import Random

CHUNK = 65536


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@dataclass
class Wire:
    """One address in front of one or more ports; each new connection takes the next of them.

    A port on which nobody listens is passed over, as a balancer does. What is wrong with the
    line may be changed at any time; standing connections feel it too. Delays are seconds.
    """

    backends: list[int]
    delay: tuple[float, float] = (0.0, 0.0)
    """How long each piece of an answer is held back: anything between."""
    lose_answers: bool = False
    """Requests arrive, answers vanish; the line stays open."""
    silent: bool = False
    """Half-open: connections are accepted and stay, and nothing passes in either direction."""
    cut_after: int | None = None
    """A connection is broken off after so many bytes of answers."""
    dice: Random = field(default_factory=random.Random)
    taken: int = 0
    """How many connections have reached a backend."""
    address: str = ""
    port: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.Task[None]] = field(default_factory=set)
    _turn: int = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        """Nobody listens any more, and every connection is broken off."""
        if self._server is not None:
            self._server.close()
        await self.drop()
        if self._server is not None:
            await self._server.wait_closed()

    async def drop(self) -> None:
        """Break off every connection that stands."""
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            with suppress(OSError, asyncio.CancelledError):
                await self._carry(near, back)
        finally:
            self._open.discard(task)
            back.transport.abort()

    async def _carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        await self._passable()
        reached = await self._next()
        if reached is None:
            return
        far, on = reached
        self.taken += 1
        try:
            ways = [
                asyncio.ensure_future(self._pump(near, on, answers=False)),
                asyncio.ensure_future(self._pump(far, back, answers=True)),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        finally:
            on.transport.abort()

    async def _next(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in self.backends:
            port = self.backends[self._turn % len(self.backends)]
            self._turn += 1
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return None

    async def _pump(
        self, source: asyncio.StreamReader, to: asyncio.StreamWriter, *, answers: bool
    ) -> None:
        passed = 0
        while data := await source.read(CHUNK):
            await self._passable()
            if answers:
                await asyncio.sleep(self.dice.uniform(*self.delay))
                await self._passable()
                if self.lose_answers:
                    continue
                if self.cut_after is not None and passed + len(data) > self.cut_after:
                    to.write(data[: max(self.cut_after - passed, 0)])
                    await to.drain()
                    return
                passed += len(data)
            to.write(data)
            await to.drain()

    async def _passable(self) -> None:
        while self.silent:  # noqa: ASYNC110 -- a test turns it off; nobody waits for the instant
            await asyncio.sleep(0.02)


@asynccontextmanager
async def wire(
    backends: Sequence[int], *, delay: tuple[float, float] = (0.0, 0.0), seed: int = 1
) -> AsyncIterator[Wire]:
    """A line to these ports of this machine."""
    line = Wire(list(backends), delay=delay, dice=Random(seed))
    await line.start()
    try:
        yield line
    finally:
        await line.stop()
