"""What goes wrong, when: drawn from the seed alone, until the storm is over."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.simulation.kith import Kith
    from tests.simulation.world import World

CRASHES = 5
"""At most so many in one seed."""


class Gone(BaseException):
    """A process that is dead does nothing, on its way out either."""


@dataclass(frozen=True)
class Fate:
    """What becomes of a call, after so many seconds."""

    kind: str
    after: float
    retry: int = 0


@dataclass
class Odds:
    """How likely each kind of trouble is in this seed; most seeds know only some kinds."""

    crash: float = 0.0
    stall: float = 0.0
    database: float = 0.0
    lost_before: float = 0.0
    lost_after: float = 0.0
    later: float = 0.0
    too_many: float = 0.0
    bad_gateway: float = 0.0
    slow: float = 0.0
    twice: float = 0.0
    outage: float = 0.0
    off: float = 0.0
    step: float = 0.0
    halt: float = 0.0


STORMS: dict[str, tuple[float, ...]] = {
    "crash": (0, 0.002, 0.01),
    "stall": (0, 0.006, 0.015),
    "database": (0, 0.02, 0.05),
    "lost_before": (0, 0, 0.03),
    "lost_after": (0, 0.05, 0.2),
    "later": (0, 0, 0.05),
    "too_many": (0, 0, 0.1),
    "bad_gateway": (0, 0, 0.05),
    "slow": (0, 0.1),
    "twice": (0, 0.1),
    "outage": (0, 1, 1),
    "off": (0, 0.5, 1),
    "step": (0, 0, 1),
}


@dataclass(frozen=True)
class Kill:
    """One of several replicas dies where this kind of step comes for the `nth` time."""

    step: str
    nth: int


Kills = frozenset[Kill]


class Faults:
    """`storm` is true until calm is made. `steps` counts each kind that a replica has come to while
    there were others; `killed` are those at which one has died."""

    def __init__(self, world: "World", seed: int, kills: Kills = frozenset()) -> None:
        self._world = world
        self._kills = kills
        self.steps: Counter[str] = Counter()
        self.killed: set[str] = set()
        self._random = random.Random(f"{seed}:faults")
        self.odds = Odds(**{kind: self._random.choice(s) for kind, s in STORMS.items()})
        self.storm = True
        self.telegram_up = True
        self.crashes = 0
        self.stepped = False

    # --- a draw ---------------------------------------------------------------------------

    def some(self, chance: float) -> bool:
        return self._random.random() < chance

    def between(self, low: float, high: float) -> float:
        return self._random.uniform(low, high)

    def trouble(self) -> bool:
        """The database cannot just now."""
        return self.storm and self.some(self.odds.database)

    def repeats(self) -> bool:
        """Telegram pushes again what Kith has said that it has."""
        return self.storm and self.some(self.odds.twice)

    def receiver(self) -> "Kith | None":
        """Any Kith that runs, for an update; None when there is none, or no way to it."""
        here = [kith for kith in self._world.kiths if kith.serving]
        return self._random.choice(here) if here and self.telegram_up else None

    async def step(self, kith: "Kith", when: str, fn: Any = None) -> None:
        """A moment at which this process may be late, stand still, or stop for ever: `when` it does
        something, or before or after it calls `fn`."""
        if kith.dead:
            raise Gone
        if self._comes_to(_kind(when, fn)):
            await self._dies(kith, when, fn)
        draw = self._random.random()
        if draw < 0.3:
            await asyncio.sleep(draw / 30 if draw < 0.29 else draw)
        if not self.storm:
            return
        if self.crashes < CRASHES and self.some(self.odds.crash):
            self.crashes += 1
            await self._dies(kith, when, fn)
        if self.some(self.odds.stall):
            self._world.stall(kith, self.between(2, 45), _said(when, fn))
            await asyncio.sleep(0)

    async def in_hand(self, kith: "Kith", fn: Any) -> None:
        """With an update or messages in hand it stands still: perhaps others are quicker."""
        if self.storm and self.odds.halt and self.some(self.odds.halt):
            self._world.stall(kith, self.between(10, 50), _said("with something in hand for", fn))
            await asyncio.sleep(0)

    def _comes_to(self, step: str) -> bool:
        """Whether somebody is to die here."""
        if len(self._world.kiths) < 2 or not self.storm:
            return False
        self.steps[step] += 1
        return Kill(step, self.steps[step]) in self._kills

    async def _dies(self, kith: "Kith", when: str, fn: Any) -> None:
        if len(self._world.kiths) > 1:
            self.killed.add(_kind(when, fn))
        self._world.crash(kith, _said(when, fn))
        await asyncio.Event().wait()

    def of_call(self, method: str) -> Fate:
        """What becomes of a call to Telegram."""
        if not self.telegram_up:
            kind = "no_way" if self.some(0.8) else "lost_before"
            return Fate(kind, self.between(0, 1))
        after = self.between(0.02, 0.2)
        if not self.storm or method == "getMe":
            return Fate("taken", after)
        draw = self._random.random()
        for kind in ("lost_before", "lost_after", "later", "too_many", "bad_gateway"):
            draw -= getattr(self.odds, kind)
            if draw < 0:
                retry = self._random.choice((1, 3, 12))
                return Fate(kind, self.between(10.5, 40) if kind == "later" else after, retry)
        if self.some(self.odds.slow):
            after = self.between(0.5, 9)
        return Fate("taken", after)

    # --- the weather ----------------------------------------------------------------------

    def begin(self) -> None:
        """Outages of Telegram, of every Kith at once, and hands on the clock."""
        for chance, weather in (
            (self.odds.outage, self._telegram_away),
            (self.odds.off, self._kith_off),
            (self.odds.step, self._clock_stepped),
        ):
            if self.some(chance):
                self._world.at_some_time(self._random, weather)

    async def _telegram_away(self) -> None:
        self.telegram_up = False
        self._world.tell("Telegram is away")
        await asyncio.sleep(self.between(10, 90))
        self._back()

    def _back(self) -> None:
        self.telegram_up = True
        self._world.tell("Telegram is back")

    def long_away(self) -> None:
        """Telegram is away for most of the storm."""
        if not self.storm:
            return
        self.telegram_up = False
        self._world.tell("Telegram is away for long")
        self._world.later(80, self._back)

    async def _kith_off(self) -> None:
        """Nobody runs for a while, by a fault or by a hand."""
        for kith in list(self._world.kiths):
            if self.some(0.5):
                self._world.crash(kith, "everything goes down")
            else:
                kith.stop()
        self._world.off_until = self._world.loop.time() + self.between(5, 240)

    async def _clock_stepped(self) -> None:
        if self._world.alone:
            self.stepped = True
            self._world.step_clock(timedelta(seconds=round(self.between(-90, 90))))

    def calm(self) -> None:
        """From now on nothing goes wrong."""
        self.storm = False
        self.telegram_up = True


def name_of(fn: Any) -> str:
    if isinstance(fn, partial):
        fn = fn.func
    return str(fn.__qualname__).replace(".<locals>", "")


def _kind(when: str, fn: Any) -> str:
    """The step, whoever it is done for."""
    return _said(when, fn).split(" to ")[0]


def _said(when: str, fn: Any) -> str:
    return when if fn is None else f"{when} {name_of(fn)}"
