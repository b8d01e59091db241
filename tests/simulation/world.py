"""One seed: Kith's processes, Telegram and the people, a storm and then a calm."""

import asyncio
import gc
import random
import sys
import traceback
import warnings
from collections.abc import Awaitable, Callable, Mapping
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog

from bot import app, lead
from bot.care import authority, concern, digest, news, sign_alert
from bot.care import words as chosen
from bot.care.plan import Rung, RungKind
from bot.i18n import Words
from bot.settings import Settings
from bot.store import Connection, leader
from tests.simulation import invariants
from tests.simulation.bugs import planted
from tests.simulation.database import PHONES, START, WATCHED, database, in_one
from tests.simulation.faults import Faults, Kills
from tests.simulation.kith import Kith
from tests.simulation.loop import Stuck, VirtualLoop
from tests.simulation.memory import spread
from tests.simulation.people import People
from tests.simulation.telegram import Chat, Send, Telegram
from tests.simulation.watch import Watch

STORM = 100.0
"""Seconds in which anything may happen."""

CALM = 900.0
"""Seconds after which all must have come to rest."""

PACE = 4
"""So many times slower than it does does Kith say who leads: it would be half of all it writes."""

THINK, READ, RENEW = timedelta(seconds=90), timedelta(seconds=60), timedelta(seconds=10)
"""So long may somebody think about it when they are asked first, and is a text shown; so long
before papers end are they looked at again. People have days; a seed is over in minutes."""

LEADS = (Rung(RungKind.SAFEGUARDING_LEAD, 1), Rung(RungKind.MANAGER, 2))
"""Whom a concern asks, and for so many minutes."""

ASK_AGAIN = 2
"""Minutes after which whoever has an alert that is about no outing is asked how it is."""

GATHER = timedelta(seconds=20)
"""So long after something was noticed staff hear of it."""

LOOK = 5.0
"""Seconds between two looks at what time should have brought about."""


@dataclass(frozen=True)
class Played:
    """How a seed went: `wrong` is the first invariant that did not hold. Of `steps` a replica has
    taken each so often while there were others, and at those `killed` one has died."""

    seed: int
    wrong: str | None
    digest: str
    seen: frozenset[str] = field(default_factory=frozenset)
    steps: Mapping[str, int] = field(default_factory=dict)
    killed: frozenset[str] = frozenset()


class World:
    """`wrong` ends it at once."""

    def __init__(
        self,
        seed: int,
        loop: VirtualLoop,
        words: Words,
        show: Callable[[str], object] | None,
        kills: Kills,
    ) -> None:
        self.loop = loop
        self.words = words
        self.settings = settings()
        self.database = database(words)
        self.database.reset(seed)
        self.context = copy_context()
        self.problem: str | None = None
        self._show = show
        self._hash = sha256()
        self._random = random.Random(f"{seed}:world")
        self._stepped = timedelta(0)
        self.alone = self._random.random() < 0.5
        self._wanted = 1 if self.alone else self._random.choice((2, 2, 3))
        self._names = 0
        self.kiths: list[Kith] = []
        self.graves: list[Kith] = []
        self.off_until = 0.0
        self._missed = asyncio.Event()
        self.faults = Faults(self, seed, kills)
        self.telegram = Telegram(self)
        self.telegram.chats = {id: Chat(id) for id in PHONES.values()}
        self.people = People(self, seed)
        self.watch = Watch(self)
        self._c = self.database.connect(self.database.tools("hand", alone=self.alone))

    # --- time and what happens ------------------------------------------------------------

    def moment(self) -> datetime:
        """The true time."""
        return START + timedelta(seconds=self.loop.time()) + self._stepped

    def later(self, seconds: float, do: Callable[[], object]) -> None:
        """Do this in the world, whoever asks for it."""
        self.loop.call_later(seconds, do, context=self.context)

    def at_some_time(self, draws: random.Random, weather: Callable[[], Awaitable[None]]) -> None:
        async def come() -> None:
            await asyncio.sleep(draws.uniform(0, STORM * 0.8))
            if self.faults.storm:
                await weather()

        self.loop.create_task(come())

    def step_clock(self, by: timedelta) -> None:
        """A hand, or the network, sets the clock of the machine."""
        self._stepped += by
        self.tell(f"the clock is set by {by.total_seconds():.0f} s")
        self.watch.unsteady()
        spread(self.database, WATCHED, None)

    def skew(self) -> float:
        return 0.0 if self.alone else self._random.uniform(-300, 300)

    def tell(self, line: str) -> None:
        line = f"{self.loop.time():9.3f} {line}"
        self._hash.update(line.encode())
        if self._show is not None:
            self._show(line)

    def wrong(self, sentence: str) -> None:
        """An invariant does not hold: the first is kept, and the world ends."""
        if self.problem is None:
            self.problem = sentence
            self.tell(f"WRONG: {sentence}")
            self.loop.stop()

    # --- Kith's processes -----------------------------------------------------------------

    def crash(self, kith: Kith, what: str) -> None:
        self.tell(f"{kith.name}: KILLED {what}")
        kith.dead = True
        kith.serving = False
        self.gone(kith)

    def stall(self, kith: Kith, span: float, what: str) -> None:
        self.tell(f"{kith.name}: stands still for {span:.1f} s {what}")
        if self.loop.time() - kith.still_until > 10:
            kith.still_since = self.loop.time()
        kith.still_until = self.loop.time() + span
        self.watch.unsteady()

    def gone(self, kith: Kith) -> None:
        if kith in self.kiths:
            self.tell(f"{kith.name}: gone")
            self.kiths.remove(kith)
            self._missed.set()
            self.graves.append(kith)
            self.watch.unsteady()
            self.watch.running(len(self.kiths) > 0)
            self.off_until = max(self.off_until, self.loop.time() + self.faults.between(0.5, 20))

    async def _keep_running(self) -> None:
        """Whatever starts processes anew when they are gone."""
        while True:
            if len(self.kiths) == self._wanted:
                self._missed.clear()
                await self._missed.wait()
            while len(self.kiths) < self._wanted and self.loop.time() >= self.off_until:
                self._names += 1
                kith = Kith(self, f"kith{self._names}")
                self.tell(f"{kith.name}: starts")
                self.kiths.append(kith)
                self.watch.unsteady()
                self.watch.running(True)
            await asyncio.sleep(0.5)

    # --- what is looked at ----------------------------------------------------------------

    def committed(self, kith: Kith | None, what: str, cause: Any) -> None:
        tables = self.database.changed()
        spread(self.database, tables, kith)
        self.watch.committed(kith, what, cause, tables)

    def sent(self, send: Send) -> None:
        shown = send.shown
        first = shown.text.replace("\n", " / ")[:70]
        self.tell(f"{send.kith.name} to {self.people.name(shown.chat)}: {first!r} {send.row or ''}")
        self.watch.sent(send)
        self.people.sees(shown)

    def confirmed(self, update: int) -> None:
        self.watch.confirmed(update)

    def act(self, fn: Callable[..., Any], *args: Any) -> Any:
        """An act by somebody whose screen is left out: a transaction of its own."""
        result = in_one(self._c, lambda c: fn(c, *args))
        self.committed(None, fn.__name__, None)
        return result

    def look(self, fn: Callable[[Connection], Any]) -> Any:
        return in_one(self._c, fn)

    # --- the play -------------------------------------------------------------------------

    async def play(self) -> None:
        self.tell(f"{self._wanted} of Kith, alone: {self.alone}, {self.faults.odds}")
        for work in (self._keep_running(), self.telegram.deliver(), self._look()):
            self.loop.create_task(work)
        self.faults.begin()
        await self.people.live(STORM)
        self.tell("calm")
        self.faults.calm()
        self.people.calm()
        await self._rest()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            self.watch.looks()

    async def _rest(self) -> None:
        ends = self.loop.time() + CALM
        while self.loop.time() < ends:
            await asyncio.sleep(LOOK)
            why_not = invariants.unrest(self)
            if why_not is None:
                self.watch.at_rest()
                return
            if not self.telegram.undelivered:
                self.people.behave()
        self.wrong(f"it does not come to rest: {why_not}")

    def digest(self) -> str:
        return self._hash.hexdigest()


def play(
    seed: int,
    words: Words,
    show: Callable[[str], object] | None = None,
    bug: str | None = None,
    kills: Kills = frozenset(),
) -> Played:
    """Play one seed from its beginning to its rest, or to the first thing that is wrong: with a
    planted fault, or with replicas killed at some steps."""
    loop = VirtualLoop()
    loop.set_exception_handler(lambda _loop, _context: None)
    gc.disable()
    try:
        with planted(bug):
            world = World(seed, loop, words, show, kills)
            main = loop.create_task(world.play())
            main.add_done_callback(lambda _: loop.stop())
            try:
                loop.run_forever()
            except Stuck as stuck:
                world.wrong(str(stuck))
        if main.done():
            _own_error(main, world)
        seen, faults = frozenset(world.watch.seen), world.faults
        steps, killed = dict(faults.steps), frozenset(faults.killed)
        return Played(seed, world.problem, world.digest(), seen, steps, killed)
    finally:
        for kith in (*world.kiths, *world.graves):
            kith.dead = True
        loop.finish()
        gc.enable()


@cache
def settings() -> Settings:
    """An installation that may send little at once, so that lanes matter."""
    return Settings.model_validate(
        {
            "data": Path("/nowhere"),
            "messages_per_second": 3,
            "safety_reserve": 1,
            "chat_burst": 3,
            "send_timeout": 10,
            "lease_seconds": 30,
            "admin_port": None,
        }
    )


def _own_error(main: "asyncio.Task[None]", world: World) -> None:
    """What the simulation itself could not do is wrong, too: with its seed."""
    error = main.exception()
    if error is not None:
        world.tell("".join(traceback.format_exception(error)))
        world.problem = world.problem or f"the simulation fell over: {error!r}"


def quietly() -> None:
    """Once in a process: no log lines, which cost time, no word of what a dead process leaves, the
    gate proven here and not at each start, no word hashed twice, a slower pace for whoever asks
    who leads, and a quicker one for whoever is told something."""
    sys.unraisablehook = lambda _: None
    warnings.simplefilter("ignore", RuntimeWarning)
    structlog.configure(
        processors=[], wrapper_class=_Silent, logger_factory=structlog.ReturnLoggerFactory()
    )
    app.trust()
    vars(app)["trust"] = _nothing
    vars(news)["ASK_FOR"], vars(news)["HIDE_AFTER"] = THINK, READ
    vars(authority)["BEFORE"] = RENEW
    vars(concern)["LADDER"], vars(concern)["ASK_AGAIN"] = LEADS, ASK_AGAIN
    vars(sign_alert)["ASK_AGAIN"] = ASK_AGAIN
    vars(digest)["GATHER"] = GATHER
    vars(chosen)["_digest"] = cache(chosen._digest)
    lease = PACE * leader.LEASE
    vars(lead)["EVERY"], vars(lead)["LEASE"], vars(leader)["LEASE"] = (
        PACE * lead.EVERY,
        lease,
        lease,
    )


class _Silent(structlog.BoundLoggerBase):
    def __getattr__(self, name: str) -> Callable[..., None]:
        return _nothing


def _nothing(*_: Any, **__: Any) -> None:
    return None
