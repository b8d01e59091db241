"""Several real replicas behind one address, and what can be done to one of them."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

from bot.clock import SystemClock
from tests.crash.process import until
from tests.torture.forked import Forked
from tests.torture.run import LEADS, Killed, Place, Summary, cast, living, moment, place
from tests.wire import Wire, free_port, wire

SECRET = "only-telegram-knows-this"
PATH = "/hook"

SOON = 5.0
"""Seconds in which one ends that is asked to."""

UNWELL = 1.0
"""Seconds after which a balancer takes a replica that does not answer for dead."""


@dataclass
class Replica:
    kith: Forked
    port: int

    def led_at(self) -> str:
        """When it last began to lead, as its log has it; never is least."""
        said = self.kith.log.read_text() if self.kith.log.exists() else ""
        return max((line for line in said.splitlines() if LEADS in line), default="")


@dataclass
class Replicas:
    """`all` of them, one `balancer` in front."""

    all: Sequence[Replica]
    balancer: Wire

    def leader(self) -> Replica:
        """Whoever began to lead last."""
        return max(self.all, key=lambda replica: replica.led_at())

    async def lead(self) -> None:
        """Wait until one of them leads."""

        async def led() -> bool:
            return bool(self.leader().led_at())

        await until(led)

    async def shut_out(self, replica: Replica) -> None:
        """The balancer has noticed that it does not answer."""
        if len(self.balancer.backends) > 1 and replica.port in self.balancer.backends:
            self.balancer.backends.remove(replica.port)
        await self.balancer.drop()

    def let_in(self, replica: Replica) -> None:
        if replica.port not in self.balancer.backends:
            self.balancer.backends.append(replica.port)


@asynccontextmanager
async def replicas(at: Place, number: int) -> AsyncIterator[Replicas]:
    """So many, started, and called by Telegram at one address."""
    ports = [free_port() for _ in range(number)]
    async with wire(ports) as balancer:
        hook = {"KITH_WEBHOOK_URL": balancer.address + PATH, "KITH_WEBHOOK_SECRET": SECRET}
        made = [
            Replica(at.kith(f"replica{n}", **hook, KITH_WEBHOOK_PORT=str(port)), port)
            for n, port in enumerate(ports)
        ]
        running = Replicas(made, balancer)
        try:
            for replica in made:
                await replica.kith.start()
            await running.lead()
            for replica in made:
                await until(partial(_listens, replica.port))
            yield running
        finally:
            for replica in made:
                replica.kith.go_on()
                await replica.kith.kill()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def disturbed_often(
    data: Path, url: str, *, seed: int, times: int, number: int = 3
) -> Summary:
    """One replica after the other killed, stopped for a while, or ended, mostly the leader."""
    dice = Random(seed)
    clock = SystemClock()
    began = clock.now()
    struck: list[datetime] = []
    kinds: Counter[str] = Counter()
    parts = cast(max(11, 2 * times), 4.0 * times, dice)
    async with place(data, url, parts, seed=seed) as at, replicas(at, number) as running:
        try:
            async with living(at, dice) as ended:
                for _ in range(times):
                    await moment(at, dice)
                    leading = running.leader()
                    one = leading if dice.random() < 0.7 else dice.choice(running.all)
                    kind = dice.choice(("kill", "stop", "end"))
                    kinds[f"{kind} {'the leader' if one is leading else 'another'}"] += 1
                    struck.append(clock.now())
                    await _disturb(running, one, kind, dice)
                told = await ended()
                await at.settled()
            for replica in running.all:
                assert replica.kith.runs, f"{replica.kith.log.name} ended by itself"
                await _end(replica)
            found = await at.examined(told, struck)
            if found.wrong:
                raise AssertionError("\n".join(found.wrong[:40]))
        except (AssertionError, TimeoutError) as wrong:
            logs = [f"--- {r.kith.log.name}\n{r.kith.log.read_text()[-2000:]}" for r in running.all]
            raise Killed("\n".join([f"seed {seed}: {wrong}", *logs])) from wrong
        return Summary(
            seed=seed,
            struck=dict(kinds),
            crashes=0,
            circles=len(parts),
            updates=at.phones.made.total(),
            messages=at.phones.said,
            repeats=found.repeats,
            copies=found.copies,
            latest=found.latest,
            seconds=(clock.now() - began).total_seconds(),
        )


async def _disturb(running: Replicas, one: Replica, kind: str, dice: Random) -> None:
    if kind == "stop":
        for_ = dice.uniform(0.5, 9.0)
        one.kith.halt()
        await asyncio.sleep(min(for_, UNWELL))
        if for_ > UNWELL:
            await running.shut_out(one)
            await asyncio.sleep(for_ - UNWELL)
        one.kith.go_on()
        running.let_in(one)
        return
    if kind == "kill":
        code = await one.kith.kill()
        assert code is None, f"it ended by itself with {code}"
    else:
        await _end(one)
    await asyncio.sleep(dice.uniform(0.0, 3.0))
    await one.kith.start()


async def _end(one: Replica) -> None:
    began = time.monotonic()
    assert await one.kith.terminate() == 0
    took = time.monotonic() - began
    assert took < SOON, f"{one.kith.log.name} took {took:.1f} seconds to end"
