"""Whether Kith lives: what it must do again and again was really done lately.

By real time, which nobody sets: a Kith whose clock stands still, or whose loop hangs, is not well.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.store import leader
from bot.store.memory import Memory
from bot.waking import Pulse

PATIENCE = 5.0
"""Real seconds that the database may take to say who leads."""


class Role(StrEnum):
    LEADING = "leading"
    STANDBY = "standby"


@dataclass(frozen=True, slots=True)
class Sign:
    """What a Kith that leads must do at least once in `within` real seconds; `what` as in
    "Kith has not looked at what is due". `wrong`: a sentence where something is known to be."""

    what: str
    pulse: Pulse
    within: float
    wrong: Callable[[], str | None] = lambda: None

    @property
    def late(self) -> str | None:
        """What speaks against it, as a sentence; None while it is well."""
        if (wrong := self.wrong()) is not None:
            return wrong
        age = self.pulse.age
        if age is None:
            return f"Kith has not {self.what} yet."
        return None if age <= self.within else f"Kith has not {self.what} for {age:.0f} seconds."


@dataclass(frozen=True, slots=True)
class Condition:
    """Well when nothing speaks against it; the reasons are sentences, with nobody in them."""

    role: Role
    reasons: tuple[str, ...]

    @property
    def well(self) -> bool:
        return not self.reasons


class Health:
    """Asks how this replica is. One that does not lead is well when it knows that another does:
    it takes what comes in, and would take over."""

    def __init__(self, memory: Memory, signs: Sequence[Sign], leads: Callable[[], bool]) -> None:
        self._memory = memory
        self._signs = signs
        self._leads = leads

    async def condition(self) -> Condition:
        if self._leads():
            late = (sign.late for sign in self._signs)
            return Condition(Role.LEADING, tuple(filter(None, late)))
        return Condition(Role.STANDBY, tuple(filter(None, [await self._leaderless()])))

    async def _leaderless(self) -> str | None:
        try:
            async with asyncio.timeout(PATIENCE):
                now = await self._memory.shared_now()
                led = await self._memory.read(leader.somebody_leads, now)
        except Exception:  # whatever is wrong with it, nobody can know who leads
            return "The database does not answer."
        return None if led else "No replica leads."
