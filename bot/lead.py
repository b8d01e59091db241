"""Of several replicas one leads: it works, the others take updates and wait to take over.

Two that both believe to lead, for a moment, do no harm: a deadline, a message and an update
are each taken by a statement that only one of them can win.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import structlog

from bot.store import leader
from bot.store.leader import LEASE
from bot.store.memory import Memory

EVERY = 1.0
"""Real seconds between two looks at who leads."""

log = structlog.get_logger(__name__)


class Lead:
    """`run` it until it is cancelled: `work` runs while this replica leads.

    Where one process alone writes, it leads always.
    """

    def __init__(self, memory: Memory, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._memory = memory
        self._work = work
        self._working: asyncio.Task[None] | None = None
        self._until = float("-inf")

    @property
    def leads(self) -> bool:
        return self._working is not None

    async def run(self) -> None:
        try:
            while True:
                if self._memory.alone or await self._first():
                    if self._working is None:
                        log.info("this replica leads")
                        self._working = asyncio.create_task(self._work(), name="work")
                elif self._working is not None:
                    log.warning("another replica leads")
                    await self._stop()
                await self._pause()
        finally:
            await self._stop()
            if not self._memory.alone:
                await self._resign()

    async def _first(self) -> bool:
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(LEASE.total_seconds() / 2):
                now = await self._memory.shared_now()
                first = await self._memory.write(leader.lead, self._memory.owner, now)
        except Exception as error:  # nobody else can have been told otherwise before the lease ends
            log.warning("it cannot be asked who leads", error=type(error).__name__)
            return began < self._until
        self._until = began + LEASE.total_seconds() if first else float("-inf")
        return first

    async def _pause(self) -> None:
        if self._working is None:
            await asyncio.sleep(EVERY)
            return
        await asyncio.wait([self._working], timeout=None if self._memory.alone else EVERY)
        if self._working.done():
            await self._working  # it ends by itself only with an error

    async def _stop(self) -> None:
        working, self._working = self._working, None
        if working is not None:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    async def _resign(self) -> None:
        with suppress(Exception):
            async with asyncio.timeout(EVERY):
                await self._memory.write(leader.resign, self._memory.owner)
