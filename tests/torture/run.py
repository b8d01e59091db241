"""Kill Kith again and again under people who use it, then look at everything that happened."""

import asyncio
import os
import zoneinfo
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import delete

from bot.clock import SystemClock
from bot.store import migrate, schema
from bot.store.engine import address, writing
from bot.store.memory import Memory
from tests.conftest import KEY
from tests.crash.process import Kith, until
from tests.logged import spilt
from tests.play import Play, playing
from tests.postgres import Cluster
from tests.torture import history
from tests.torture.circles import (
    CARER,
    EVENS,
    GRACE,
    LADDER,
    NEXT,
    NUDGE,
    ZONE,
    Circle,
    Wanted,
    clocks,
    make,
)
from tests.torture.forked import Forked, environment
from tests.torture.history import Found, Story
from tests.torture.people import ON_WAY, OUT, Phones, lives
from tests.wire import Wire, wire

SHORT = {"KITH_LEASE_SECONDS": "3", "KITH_SEND_TIMEOUT": "2"}
"""Settings that let a run recover in seconds."""

ANSWERS = (0.005, 0.06)
"""Seconds that Telegram takes to answer: a kill then finds messages on their way."""

START = 1.5
"""Seconds within which a process that starts is killed, when it is to be killed at that."""

LIFE = 1.2
"""Seconds that a process lives at most, once it has begun to work."""

LEADS = "this replica leads"
"""What a Kith logs when it begins to work."""

DOUBTS = ("a message may have left", "what became of a message was not kept")
"""What a Kith logs when it will say something again: on a machine that is busy with other things
an answer may come too late, with nobody killed."""

ZONES = "zones"
"""The folder of the people's time zone."""

REST = 120.0
"""Seconds for everything to come to its end after the last kill."""


class Killed(Exception):
    """A run found something wrong: its seed, and what."""


@dataclass(frozen=True)
class Summary:
    """A run that found nothing wrong, in figures."""

    seed: int
    struck: dict[str, int]
    crashes: int
    circles: int
    updates: int
    messages: int
    repeats: int
    copies: int
    latest: float
    seconds: float

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: struck {self.struck}, {self.crashes} database crashes, "
            f"{self.circles} circles, {self.updates} updates, {self.messages} messages; "
            f"marked as a possible repeat {self.repeats}, really twice {self.copies}; "
            f"first acted on at most {self.latest:.1f} s after it was due; {self.seconds:.0f} s"
        )


@dataclass(frozen=True)
class Place:
    """A playground, a bad line to it, a database, and people in circles around a Kith."""

    data: Path
    url: str
    play: Play
    line: Wire
    phones: Phones
    circles: Sequence[Circle]
    stories: Sequence[str]

    def kith(self, name: str = "kith", **more: str) -> Forked:
        """One that has not been started."""
        env = environment(self.data, self.line.address, **self.settings, **more)
        return Forked(self.data / f"{name}.log", env)

    @property
    def settings(self) -> dict[str, str]:
        key = b64encode(KEY).decode()
        zones = os.pathsep.join((str(self.data / ZONES), *zoneinfo.TZPATH))
        return {
            "KITH_KEY": key,
            "KITH_DATABASE_URL": self.url,
            "KITH_TIMEZONE": ZONE,
            "PYTHONTZPATH": zones,
            **SHORT,
        }

    async def settled(self, within: float = REST) -> None:
        """Wait until nothing is to be done any more; TimeoutError says what still is."""
        waits = "nothing has been looked at"
        try:
            async with asyncio.timeout(within):
                while waits:
                    await asyncio.sleep(0.25)
                    now = SystemClock().now()
                    waits = await asyncio.to_thread(history.unrest, self.url, now)
        except TimeoutError:
            raise TimeoutError(f"after {within} seconds there are {waits}") from None

    async def check(self) -> str | None:
        """What `kith check` objects to; the ledger's chain is among what it looks at."""
        kith = Kith(self.data, self.play.address, **self.settings)
        code, said = await kith.command("check")
        return None if code == 0 else said

    async def examined(self, told: Sequence[Story], struck: Sequence[datetime]) -> Found:
        """Everything that is wrong with what happened."""
        kept = await asyncio.to_thread(history.rows, self.url)
        ids = [id for circle in self.circles for id in circle.chats.values()]
        chats = {id: await self.play.chat(id) for id in ids}
        reasons = [*struck, *self._doubts()]
        found = history.examine(kept, told, chats, self.phones.made, reasons)
        objection = await self.check()
        spoken = [f"the log says {line}" for line in await self.spilt()]
        return replace(found, wrong=[*found.wrong, *filter(None, [objection]), *spoken])

    async def spilt(self) -> list[str]:
        """The lines of Kith's logs that name somebody, or say what was written or is secret."""
        chats = [await self.play.chat(id) for one in self.circles for id in one.chats.values()]
        secrets = [self.settings["KITH_KEY"], *(circle.name for circle in self.circles)]
        return spilt("".join(log.read_text() for log in self.data.glob("*.log")), chats, *secrets)

    def _doubts(self) -> list[datetime]:
        lines = [line for log in self.data.glob("*.log") for line in log.read_text().splitlines()]
        return [
            datetime.fromisoformat(line.split()[0])
            for line in lines
            if any(doubt in line for doubt in DOUBTS)
        ]


Part = tuple[str, float | None]
"""A story, and in how many seconds its person is due back, or is heard from; None: at home."""

SPANS = {"every few": (2, 5), "points": (3, 6), "silent on the way": (2, 6)}
"""Seconds between two moments at which somebody on the way is to be heard from."""


@asynccontextmanager
async def place(data: Path, url: str, parts: Sequence[Part], *, seed: int) -> AsyncIterator[Place]:
    """A migrated database with a circle for each part."""
    migrate.upgrade(url)
    async with playing(data / "playground", clock="real", start=None) as play:
        wanted = []
        for number, (story, due_in) in enumerate(parts):
            name = f"Sam{number}"
            more = {"stops sharing": (CARER,), "handed over": (NEXT,)}.get(story, ())
            chats = {
                part: (await play.new_person(f"{name}-{part}", "sample")).id
                for part in ("person", *LADDER, *more)
            }
            wanted.append(Wanted(name, chats, due_in, ON_WAY.get(story)))
        memory = await Memory.open(url, key=KEY, data=data, clock=SystemClock())
        try:
            now = await memory.now()
            evens = (now + EVENS).replace(microsecond=0)
            clocks(data / ZONES, evens)
            circles = await memory.write(make, wanted, evens, now)
        finally:
            await memory.close()
        port = int(play.address.rpartition(":")[2])
        async with wire([port], delay=ANSWERS, seed=seed) as line:
            phones = Phones(play)
            looks = asyncio.create_task(phones.run())
            try:
                at = Place(data, url, play, line, phones, circles, [name for name, _ in parts])
                yield at
                if spilt := await at.spilt():
                    raise AssertionError("\n".join(("a log says", *spilt)))
            finally:
                looks.cancel()
                await asyncio.gather(looks, return_exceptions=True)


def cast(number: int, over: float, dice: Random) -> list[Part]:
    """So many parts: one on the way of each kind, the others at home or due once they are back,
    within `over` seconds. Beside them two who stop sharing what somebody is told."""
    names = [*OUT, "sets off", *OUT]
    stories = (names[n % len(names)] for n in range(number - len(ON_WAY)))
    out = [(name, dice.uniform(1, over) if name in OUT else None) for name in stories]
    way = [(name, dice.uniform(*SPANS.get(name, (1, over)))) for name in ON_WAY]
    return [*out, *way, ("stops sharing", None), ("stops sharing", None)]


@asynccontextmanager
async def living(at: Place, dice: Random) -> AsyncIterator[Callable[[], Awaitable[list[Story]]]]:
    """Everybody's story goes on meanwhile; call what is given to wait for the last to end."""
    people = [
        asyncio.create_task(lives(story, circle, at.phones, Random(dice.random())), name=story)
        for story, circle in zip(at.stories, at.circles, strict=True)
    ]

    async def ended() -> list[Story]:
        try:
            async with asyncio.timeout(REST):
                pressed = await asyncio.gather(*people)
        except TimeoutError:
            waiting = [
                f"{task.get_name()} {circle.name}: {part} sees {at.phones.newest(chat)}"
                for task, circle in zip(people, at.circles, strict=True)
                if not task.done() or task.cancelled()
                for part, chat in circle.chats.items()
            ]
            raise TimeoutError(f"these never came to their end: {waiting}") from None
        return [
            Story(name, circle, each)
            for name, circle, each in zip(at.stories, at.circles, pressed, strict=True)
        ]

    try:
        yield ended
    finally:
        for task in people:
            task.cancel()
        await asyncio.gather(*people, return_exceptions=True)


async def killed_often(
    data: Path, url: str, *, seed: int, kills: int, crashes: int = 0, server: Cluster | None = None
) -> Summary:
    """One Kith after the other on this database, each killed; Killed when anything is wrong.

    `crashes` of the database `server` come in between, which Kith has to wait out.
    """
    dice = Random(seed)
    clock = SystemClock()
    began = clock.now()
    parts = cast(max(11, kills), 0.9 * kills, dice)
    crashing = set(dice.sample(range(kills), crashes))
    struck: list[datetime] = []
    moments: Counter[str] = Counter()
    async with place(data, url, parts, seed=seed) as at:
        kith = at.kith()
        try:
            async with living(at, dice) as ended:
                for number in range(kills):
                    led = kith.log.read_text().count(LEADS) if kith.log.exists() else 0
                    await kith.start()
                    if number in crashing:
                        assert server is not None
                        await until(partial(_leads, kith, led))
                        struck.append(clock.now())
                        await _crash(server, dice)
                        await asyncio.sleep(3.0)
                        assert kith.runs, "it did not wait the crash of the database out"
                    moments[await moment(at, dice)] += 1
                    struck.append(clock.now())
                    code = await kith.kill()
                    assert code is None, f"it ended by itself with {code}"
                    kept = await asyncio.to_thread(history.rows, url)
                    wrong = list(history.at_any_moment(kept, at.circles))
                    assert not wrong, f"after kill {number}: {wrong}"
                    if server is not None and dice.random() < 0.9:
                        await asyncio.to_thread(_no_leader, url)
                await kith.start()
                told = await ended()
                await at.settled()
            assert kith.runs, "it ended by itself"
            assert await kith.terminate() == 0
            found = await at.examined(told, struck)
            if found.wrong:
                raise AssertionError("\n".join(found.wrong[:40]))
        except (AssertionError, TimeoutError) as failed:
            last = kith.log.read_text()[-4000:] if kith.log.exists() else ""
            raise Killed(f"seed {seed}: {failed}\n--- its last words\n{last}") from failed
        finally:
            await kith.kill()
        return Summary(
            seed=seed,
            struck=dict(moments),
            crashes=crashes,
            circles=len(parts),
            updates=at.phones.made.total(),
            messages=at.phones.said,
            repeats=found.repeats,
            copies=found.copies,
            latest=found.latest,
            seconds=(clock.now() - began).total_seconds(),
        )


async def moment(at: Place, dice: Random) -> str:
    """Wait for a moment to die, and say which: at the start, at work, as somebody is due, or as
    something is said."""
    if dice.random() < 0.2:
        await asyncio.sleep(dice.uniform(0, START))
        return "starting"
    if not await _speaks(at):
        return "idle"
    kind = dice.random()
    if kind < 0.4:
        await asyncio.sleep(dice.uniform(0, LIFE))
        return "at work"
    until_due = min(_until_due(at), default=LIFE)
    if kind < 0.6 and until_due < LIFE:
        await asyncio.sleep(until_due + dice.uniform(0, 0.08))
        return "due"
    if not await _speaks(at):
        return "idle"
    await asyncio.sleep(dice.uniform(0, 0.05))
    return "speaking"


async def _leads(kith: Forked, before: int) -> bool:
    """It has opened its database; one that finds none at its start says so and ends."""
    assert kith.runs, "it ended by itself"
    return kith.log.read_text().count(LEADS) > before if kith.log.exists() else False


def _until_due(at: Place) -> list[float]:
    """Seconds until moments at which something is due for those who are out."""
    now = SystemClock().now()
    dues = [circle.due_at for circle in at.circles if circle.due_at is not None]
    moments = ((due - now).total_seconds() + after for due in dues for after in (0, NUDGE, GRACE))
    return [seconds for seconds in moments if seconds > 0]


async def _speaks(at: Place) -> bool:
    """Wait for the bot to say something more; it may have nothing to say."""
    before = at.phones.said
    with suppress(TimeoutError):
        async with asyncio.timeout(4.0):
            while at.phones.said == before:  # noqa: ASYNC110 -- another process cannot set an event
                await asyncio.sleep(0.01)
    return at.phones.said > before


async def _crash(server: Cluster, dice: Random) -> None:
    await asyncio.to_thread(server.crash)
    await asyncio.sleep(dice.uniform(0.2, 1.5))
    await asyncio.to_thread(server.start)


def _no_leader(url: str) -> None:
    """As when the lease of the dead had run out: nobody need wait for it in most of the kills."""
    engine = writing(address(url))
    with engine.begin() as c:
        c.execute(delete(schema.leader))
    engine.dispose()
