"""What wakes a loop, when, and how one ends."""

import asyncio
import contextlib
import gc
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

import structlog

PEEK = 1.0
"""Real seconds that no loop waits longer than: bounds a lost ring, a clock that jumps, a
machine that slept."""

DRAIN = 2.0
"""Real seconds that what is under way may take to end when Kith stops."""


log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Next:
    """When a loop has something to do. `pause`: it merely takes breath (a sending budget, a
    quick second try), nothing of the world happens then."""

    at: datetime
    pause: bool = False


def settle() -> None:
    """What stands by now stands for good: a collection that looks through all of it would stop
    everybody for a tenth of a second."""
    gc.collect()
    gc.freeze()


class Bell:
    """A wait ends when somebody rings, and after a peek at the latest.

    A ring that comes while its owner is looking round ends the next wait at once.
    """

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float = PEEK) -> None:
        """Wait for a ring, at most so many real seconds, at most a peek."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, PEEK)):
                await self._rung.wait()
        self._rung.clear()


class Pulse:
    """When something last went well, in real seconds: no clock that is set moves it."""

    def __init__(self) -> None:
        self._at: float | None = None

    def beat(self) -> None:
        self._at = asyncio.get_running_loop().time()

    @property
    def age(self) -> float | None:
        """Real seconds since then; None when it never did."""
        return None if self._at is None else asyncio.get_running_loop().time() - self._at


async def rounds(
    one: Callable[[], Awaitable[float]], bell: Bell, door: str, pulse: Pulse | None = None
) -> NoReturn:
    """One round after the other. Each says in how many real seconds the next is due, which a ring
    brings forward; one that fails is tried again after a rest. `pulse` beats after each that went
    well.
    """
    while True:
        try:
            wait = await one()
            if pulse is not None:
                pulse.beat()
        except Exception:
            log.exception("a round failed", step=door)
            await asyncio.sleep(PEEK)
            wait = 0.0
        await bell.wait(wait)


def seconds(now: datetime, moment: datetime | None, *, hand_set: bool) -> float:
    """Real seconds until then; a peek when nobody knows, for a hand rings when it moves a clock."""
    if moment is None or hand_set:
        return PEEK
    return max(0.0, (moment - now).total_seconds())


async def drain(tasks: Collection["asyncio.Task[None]"]) -> None:
    """Let these end by themselves for a moment; cancel what takes longer."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=DRAIN)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
