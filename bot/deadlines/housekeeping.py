"""What the installation does for itself at intervals; nobody's deadline is among it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock

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

    def start(self) -> None:
        if self._clock.hand_set:
            return
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
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None


async def _take(step: Step) -> None:
    try:
        await step.do()
    except Exception:
        log.exception("a step of housekeeping failed", step=step.name)
