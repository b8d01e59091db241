"""One simulated process of Kith: the real wiring, on a memory and a Telegram of the simulation."""

import asyncio
from collections.abc import Coroutine
from contextvars import copy_context
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from bot.app import App
from bot.deadlines.housekeeping import Housekeeping
from bot.inbox.arrival import arrival, arrive
from bot.inbox.refusal import Refusal
from tests.bot_api import Json
from tests.simulation import second_way
from tests.simulation.loop import PROCESS, Process
from tests.simulation.memory import SteppingMemory

if TYPE_CHECKING:
    from tests.simulation.world import World

T = TypeVar("T")

TOKEN = "1:simulated"

HOUSE = 30.0
"""Seconds between two rounds of housekeeping."""


class Door:
    """In the place of the receiving door: the simulated Telegram hands updates over itself."""

    caught_up = True
    refusal = Refusal()

    async def run(self) -> None:
        await asyncio.Event().wait()


class House:
    """In the place of APScheduler, which keeps the machine's own time."""

    def __init__(self, house: Housekeeping) -> None:
        self._house = house
        self._keeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._keeping = asyncio.get_running_loop().create_task(self._keep())

    def stop(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(HOUSE)
            await self._house.run()


class Kith(Process):
    """`serving` from its first breath until it is killed or has stopped."""

    def __init__(self, world: "World", name: str) -> None:
        super().__init__()
        self.world = world
        self.name = name
        self.skew = timedelta(seconds=world.skew())
        self.serving = True
        self.stopping = False
        self._context = copy_context()
        self._context.run(PROCESS.set, self)
        self._main = self.begin(self._run())
        self._main.add_done_callback(self._ended, context=world.context)

    def begin(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Do this inside the process: it dies with it."""
        return self.world.loop.create_task(work, context=self._context)

    async def receive(self, update: Json) -> None:
        """What the webhook does: keep the update; only then is it confirmed."""
        arrived = arrival(update)
        assert arrived is not None
        await self.memory.write(arrive, [arrived], await self.memory.now())

    def stop(self) -> None:
        """As SIGTERM does."""
        if not self.stopping:
            self.stopping = True
            self.world.tell(f"{self.name}: asked to stop")
            self._main.cancel()

    async def _run(self) -> None:
        world = self.world
        self.memory = SteppingMemory(self, alone=world.alone)
        settings, way = world.settings, lambda _connections: world.telegram.way(self)
        app = App(settings, self.memory, world.words, TOKEN, "https://telegram", way=way)
        replaced: Any = app
        replaced.receiving, replaced.house = Door(), House(app.house)
        if world.people.called_otherwise:
            replaced.fallback = second_way.Calls(self, app)
        await app.run()

    def _ended(self, main: "asyncio.Task[None]") -> None:
        self.serving = False
        error = None if main.cancelled() else main.exception()
        if not self.stopping:
            self.world.wrong(f"{self.name} ended by itself: {error!r}")
        self.world.gone(self)
