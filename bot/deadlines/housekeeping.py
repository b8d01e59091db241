"""What the installation does for itself at intervals; nobody's deadline is among it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.waking import PEEK

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do again and again; doing it twice is as good as once."""

    name: str
    every: timedelta
    do: Callable[[], Awaitable[object]]


class Housekeeping:
    """`start` lets the steps run at their intervals; under a hand-set clock only `run` does."""

    def __init__(self, clock: Clock, steps: Sequence[Step]) -> None:
        self._clock = clock
        self._steps = steps
        self._scheduler: AsyncIOScheduler | None = None
        self._watch: asyncio.Task[None] | None = None

    def start(self) -> None:
        if not self._clock.hand_set:
            self._watch = asyncio.create_task(self._watching(), name="housekeeping")
            self._begin()

    def _begin(self) -> None:
        # Its own habits would drop a step that comes a second late.
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        for step in self._steps:
            self._scheduler.add_job(
                _take, "interval", [step], seconds=step.every.total_seconds(), id=step.name
            )
        self._scheduler.start()

    async def run(self) -> None:
        """Every step once, now."""
        for step in self._steps:
            await _take(step)

    def stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._end()

    def _end(self) -> None:
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def _watching(self) -> None:
        """The scheduler would wait until a clock that was set back is where it had been."""
        last = self._clock.now()
        while True:
            await asyncio.sleep(PEEK)
            now = self._clock.now()
            if now < last:
                log.warning("the clock was set back", seconds=(last - now).total_seconds())
                self._end()
                self._begin()
            last = now


async def _take(step: Step) -> None:
    try:
        await step.do()
    except Exception:
        log.exception("a step of housekeeping failed", step=step.name)
