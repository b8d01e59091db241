"""The only file that reads the time."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Says what time it is, aware and in UTC; `hand_set` when a hand moves it."""

    @property
    def hand_set(self) -> bool: ...

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    hand_set = False

    def now(self) -> datetime:
        return datetime.now(UTC)


class HandClock:
    """A clock that stands still until a hand moves it (the playground, rehearsals, tests)."""

    hand_set = True

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = moment.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        self._now += by


class Reckoning:
    """Another machine's time, counted on from when it was last said."""

    def __init__(self) -> None:
        self._said: tuple[datetime, float] | None = None

    def hear(self, moment: datetime) -> datetime:
        """It has just said that it is `moment`."""
        self._said = moment.astimezone(UTC), _since_boot()
        return self._said[0]

    def now(self) -> datetime | None:
        """What it would say now; None when it is to be asked again."""
        if self._said is None:
            return None
        passed = _since_boot() - self._said[1]
        return self._said[0] + timedelta(seconds=passed) if passed < TRUSTED else None


TRUSTED = 1.0
"""Seconds for which another machine's time is counted on: it may be set as well."""


def _since_boot() -> float:
    # Where it can be had, the count that goes on while the machine sleeps.
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
