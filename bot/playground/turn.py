"""Settling and advancing: how the playground and a bot on its clock take turns.

The bot keeps asking `GET /play/bot/turn?seen=N`, also while it works on a turn; it sets its clock
to what it hears, and once it is idle it reports with `POST /play/bot/turn`.
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.playground.acting import Impossible
from bot.playground.state import Json, stamp
from bot.playground.world import World

BETWEEN_POLLS = 5.0
"""Real seconds that a bot may be silent between two polls and still counts as up: a slow machine
stands still for one or two. One that hangs up is down at once."""


class BotDown(Exception):
    """Nobody is there to settle."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the bot said when it was idle: what is due next, and when."""

    turn: int
    next: datetime | None = None
    pace: datetime | None = None
    due: tuple[Json, ...] = ()


class Turns:
    def __init__(self, world: World) -> None:
        self._world = world
        self._patience = world.patience
        self._polls = 0
        self._heard_at = float("-inf")
        self._settling = asyncio.Lock()
        self._advancing = asyncio.Lock()
        self.turn: int = world.state.noted("turn", 1)
        self.report = Report(turn=0)
        self._calls = 0  # of the Bot API, answered when it was heard

    @property
    def up(self) -> bool:
        """Whether a bot is there: it asks for its turn, or did a moment ago."""
        return self._polls > 0 or time.monotonic() - self._heard_at < BETWEEN_POLLS

    @contextmanager
    def asked(self, gone: "asyncio.Future[None]") -> Iterator[None]:
        """The bot asks for its turn; while it does, it is up, and when it hangs up, it is down."""
        was_up = self.up
        self._polls += 1
        self._world.state.bell.ring(seen=not was_up)
        try:
            yield
        finally:
            self._polls -= 1
            self._heard_at = float("-inf") if gone.done() else time.monotonic()
            self._world.state.bell.ring(seen=gone.done())

    def hear(self, report: Report, decisions: list[Json]) -> None:
        """The bot has become idle in this turn. Its decisions are kept in any case."""
        state = self._world.state
        known = "SELECT 1 FROM decisions WHERE id = ?"
        new = [one for one in decisions if not state.row(known, str(one["id"]))]
        if report.turn == self.turn:
            changed = (report.next, report.due) != (self.report.next, self.report.due)
            traffic = self._world.traffic
            self.report, self._calls = report, traffic.made - traffic.in_flight.total()
        else:
            changed = False
        with state.change(seen=bool(new) or changed):
            for decision in new:
                values = str(decision["id"]), json.dumps(decision)
                state.run("INSERT OR IGNORE INTO decisions VALUES (?, ?)", *values)

    async def settle(self) -> None:
        """Wait until nothing is in flight. Raises `BotDown`, or `Impossible` after the bound."""
        if not self.up:
            raise BotDown
        async with self._settling:
            last = time.monotonic() + 4 * self._patience.settling
            while True:
                await self._until(self._quiet, last)
                updates = self._world.updates.made
                self._begin_turn()
                await self._until(lambda: self.report.turn == self.turn, last)
                # What the bot asked for before it said that it is idle belongs to this turn.
                if self._activity() != (self._calls, updates) or not self._quiet():
                    continue
                if self.report.pace is None or not self._world.clock.hand_set:
                    return
                self._world.clock.set(self.report.pace)

    async def advance(self, by: timedelta) -> None:
        """Move Kith's time, stopping at each moment on the way at which something is due."""
        clock = self._world.clock
        if not clock.hand_set:
            raise Impossible(409, "The clock is real here: nobody can move it.")
        async with self._advancing:
            target = clock.now() + by
            try:
                await self._stop_by_stop(target)
                clock.set(target)
                await self.settle()
            except BotDown:
                clock.set(target)  # while the bot is down, the clock moves alone

    async def advance_to_next(self) -> None:
        """Move Kith's time to the next thing that happens."""
        if not self._world.clock.hand_set:
            raise Impossible(409, "The clock is real here: nobody can move it.")
        await self.settle()
        if self.report.next is None:
            raise Impossible(409, "Nothing is due.")
        await self.advance(max(self.report.next - self._world.clock.now(), timedelta()))

    async def _stop_by_stop(self, target: datetime) -> None:
        clock, rounds, instant = self._world.clock, 0, None
        while True:
            await self.settle()
            due = self.report.next
            if due is None or due > target:
                return
            rounds = rounds + 1 if clock.now() == instant else 0
            instant = clock.now()
            if rounds > self._patience.rounds:
                raise Impossible(500, f"The bot is never done with {stamp(due)}.")
            clock.set(due)

    def _begin_turn(self) -> None:
        with self._world.state.change(seen=False):
            self.turn += 1
            self._world.state.note("turn", self.turn)

    def _quiet(self) -> bool:
        return not self._world.updates.count() and not self._world.traffic.in_flight.total()

    def _activity(self) -> tuple[int, int]:
        return self._world.traffic.made, self._world.updates.made

    async def _until(self, true: Callable[[], bool], last: float) -> None:
        """Wait for it as long as the bot is up and makes progress."""
        bell, before = self._world.state.bell, self._progress()
        patience = time.monotonic() + self._patience.settling
        while not await bell.until(lambda: true() or not self.up, 0.25):
            now, after = time.monotonic(), self._progress()
            if after != before:
                before, patience = after, now + self._patience.settling
            if bell.closing:
                raise BotDown
            if now > min(patience, last):
                raise Impossible(504, f"Still in flight: {self._unsettled()}.")
        if not self.up:
            raise BotDown

    def _progress(self) -> tuple[int, ...]:
        traffic = self._world.traffic
        return (*self._activity(), self._world.updates.count(), traffic.in_flight.total())

    def _unsettled(self) -> str:
        """What settling still waits for, in words."""
        waiting = self._world.updates.count()
        parts = [f"{waiting} update(s) that the bot has not confirmed"] if waiting else []
        parts += [f"{name} ({n})" for name, n in self._world.traffic.in_flight.items() if n]
        return ", ".join(parts) or f"the bot has not reported that turn {self.turn} is done"
