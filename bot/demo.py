"""Kith and its playground together: how a newcomer meets it, and how the tests see the whole."""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime
from types import TracebackType
from typing import Literal, Self

from bot import key
from bot.app import App, open_memory, playground_clock
from bot.clock import HandClock
from bot.i18n import Words
from bot.playground.server import TOKEN, Playground
from bot.settings import Settings
from bot.store import Connection, circle, migrate, plan, seed, sign_plan
from bot.store.memory import Memory


class Demo:
    """Kith with its playground in one process: no account, no token, no network."""

    def __init__(
        self,
        settings: Settings,
        *,
        port: int,
        seed: Literal["sample", "empty"] = "sample",
        clock: Literal["hand", "real"] = "hand",
        start: datetime | None = None,
        admin_port: int | None = None,
    ) -> None:
        self.address = ""
        self._settings = settings.model_copy(update={"admin_port": admin_port})
        self._port = port
        self._seed = seed
        self._playground = Playground(settings.data, clock=clock, start=start)
        self._running: list[asyncio.Task[None]] = []
        self._closing = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            opening.push_async_callback(self._playground.close)
            self.address = await self._playground.serve(port=self._port)
            key.make(self._settings.data)
            migrate.upgrade(self._settings.database_url)
            clock = await playground_clock(self.address)
            memory = await open_memory(self._settings, clock)
            opening.push_async_callback(memory.close)
            if self._seed == "sample":
                await self._sample(memory)
            app = App(self._settings, memory, Words.load(), TOKEN, self.address)
            hand = clock if isinstance(clock, HandClock) else None
            self._running = [
                asyncio.create_task(app.run()),
                asyncio.create_task(app.turn(self.address, hand).run()),
            ]
            opening.push_async_callback(self._stop)
            self._closing = opening.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._closing.aclose()

    async def ended(self) -> None:
        """Wait until something inside ends; it never should."""
        await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        for task in self._running:
            if task.done():
                task.result()

    async def _stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _sample(self, memory: Memory) -> None:
        """The sample circle on phones of the playground, once."""
        if await memory.read(circle.service_name) is not None:
            return
        phones = {
            name: self._playground.people.add(name, role, started=True).id
            for name, role in seed.SAMPLE.items()
        }
        await memory.write(sample, await memory.now(), phones)


def sample(c: Connection, now: datetime, telegram: dict[str, int]) -> None:
    """The sample circle, and the two plans that Sam agreed to."""
    ids = seed.seed_sample(c, now, telegram)
    plan.sample(c, ids["Sam"], ids["Jo"], now)
    sign_plan.sample(c, ids["Sam"], ids["Amira"], ids["Jo"], now)
