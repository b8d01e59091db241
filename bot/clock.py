"""The only file that reads the time."""

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
