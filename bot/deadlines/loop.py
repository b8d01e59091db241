"""The second door in: wakes when a moment is due and does what it calls for."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.figures import Figures
from bot.store import Connection, deadlines, heartbeat
from bot.store.deadlines import Due
from bot.store.memory import Memory
from bot.store.ring import Door
from bot.store.trouble import is_trouble
from bot.waking import PEEK, Bell, Next, Pulse, rounds, seconds

AT_ONCE = 32
"""So many deadlines share a transaction, each in a savepoint of its own: side by side, on
PostgreSQL, they would only call each other off."""

log = structlog.get_logger(__name__)

Act = Callable[[Connection, str, datetime, datetime], object]
"""(c, key, due_at, now): recomputes the truth and does what is still called for, in the
transaction that has taken the deadline."""

Parked = Callable[[Connection, str, str, datetime], object]
"""(c, kind, key, now): a deadline has been set aside, or is so still; tells somebody who can
look, in the transaction that sets it aside."""


async def woke(memory: Memory) -> None:
    """Keep that Kith begins to run again, or that its clock was set: see `heartbeat.woke`."""
    seen = await memory.read(heartbeat.alive)
    await memory.write(heartbeat.woke, await memory.now(), seen)


class Loop:
    """`run` it until it is cancelled.

    `acts` by kind of deadline. An act that raises is tried again, then set aside with an alarm
    and tried now and then; the others go on. The database's own trouble is nobody's fault: what
    it struck stands, and is tried at the next peek. `last_round` is when the store was last
    looked at with success, on Kith's clock; `pulse` beats when all that was due was seen to.
    Acts of `patient` kinds take long, since they tell many: each has a transaction of its own, and
    comes when nothing else is due.
    """

    def __init__(
        self,
        memory: Memory,
        acts: Mapping[str, Act],
        *,
        patient: Collection[str] = (),
        parked: Parked | None = None,
        figures: Figures | None = None,
    ) -> None:
        self.bell = Bell()
        self.pulse = Pulse()
        self.on_rest: list[Callable[[], None]] = []
        self.last_round: datetime | None = None
        self._memory = memory
        self._acts = acts
        self._patient = patient
        self._parked = parked
        self._figures = figures or Figures()
        self._looked = Pulse()
        self._acting = False
        self._fresh = False
        memory.bells.hang(Door.DEADLINES, self.bell.ring)

    @property
    def busy(self) -> bool:
        """Something due is being done."""
        return self._acting

    async def next_moment(self, _now: datetime) -> Next | None:
        """When the next deadline calls; not later than now when one does at once."""
        moment = await self._memory.read(deadlines.next_due)
        return None if moment is None else Next(moment)

    async def run(self) -> None:
        """What was set aside before Kith last stopped gets another chance first."""
        self._fresh = True
        await rounds(self._round, self.bell, "deadlines")

    async def _round(self) -> float:
        if self._fresh:
            await self._memory.write(deadlines.unpark)
            self._fresh = False
        now = await self._memory.now()
        self._looked.beat()
        await self._notice(now)
        due, coming = await self._memory.read(_look, now, self._patient)
        settled = True
        if due:
            self._acting = True
            try:
                settled = await self._meet(due, now)
            finally:
                self._acting = False
                for rest in self.on_rest:
                    rest()
        self.last_round = now
        if settled:
            self.pulse.beat()
        if due and settled:
            return 0.0  # there may be more
        return seconds(now, coming, hand_set=self._memory.clock.hand_set) if settled else PEEK

    async def _notice(self, now: datetime) -> None:
        """A machine that slept, or whose clock was set, knows it before anything is acted on."""
        last = self.last_round
        if last is None or self._memory.clock.hand_set:
            return
        if not timedelta() <= now - last < heartbeat.SHORTEST_OFF:
            await woke(self._memory)

    async def _meet(self, due: Sequence[Due], now: datetime) -> bool:
        """False when the database is in trouble: nothing is known but that all of it stands."""
        try:
            failed = await self._memory.write(self._do, due, now)
        except Exception as error:
            if len(due) > 1:  # one of them took the others with it: which?
                return all([await self._meet([moment], now) for moment in due])
            if is_trouble(error):
                wrong = type(error).__name__
                log.error("a deadline waits for the database", kind=due[0].kind, error=wrong)
                return False
            failed = [(due[0], error)]
        broken = [moment for moment, _ in failed]
        for moment in due:
            if moment not in broken:
                self._figures.met(moment.kind, now - moment.due_at, self._looked)
        return all([await self._set_back(moment, error, now) for moment, error in failed])

    async def _set_back(self, moment: Due, error: Exception, now: datetime) -> bool:
        log.error("a deadline could not be met", kind=moment.kind, key=moment.key, exc_info=error)
        try:
            if await self._memory.write(self._poison, moment, type(error).__name__, now):
                log.error("a deadline was set aside", kind=moment.kind, key=moment.key)
        except Exception:
            log.exception("a failing deadline could not be set back")
            return False
        return True

    def _poison(self, c: Connection, moment: Due, error: str, now: datetime) -> bool:
        parked = deadlines.poison(c, moment, error, now)
        if parked and self._parked is not None:
            self._parked(c, moment.kind, moment.key, now)
        return parked

    def _do(self, c: Connection, due: Sequence[Due], now: datetime) -> list[tuple[Due, Exception]]:
        def act(moment: Due) -> None:
            self._acts[moment.kind](c, moment.key, moment.due_at, now)

        if len(due) > 1:
            return deadlines.meet(c, due, act)
        if deadlines.take(c, due[0]):  # what fails alone takes no other with it: no savepoint
            act(due[0])
        return []


def _look(
    c: Connection, now: datetime, patient: Collection[str]
) -> tuple[list[Due], datetime | None]:
    coming = deadlines.next_due(c)
    calls = coming is not None and coming <= now
    return deadlines.due(c, now, AT_ONCE, patient) if calls else [], coming
