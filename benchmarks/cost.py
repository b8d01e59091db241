"""What Kith costs: memory, start, processor time, bytes; and what one bot carries."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from benchmarks import service
from benchmarks.measure import Figure, Verdict, apart, median, spread
from benchmarks.service import Person
from benchmarks.telegram import TOKEN, telegram
from bot.care.escalation import KIND as ALERT
from bot.care.escalation import Close
from bot.care.journey import KIND, Journey
from bot.care.outcome import Cause, Outcome
from bot.inbox.arrival import Arrival, arrive
from bot.store import escalation as alerts
from bot.store import journey as journeys
from bot.store import ledger, schema
from bot.store.memory import Memory

PEERS = ()
OUTINGS = 1.0
"""Assumed: so many outings of a person a day."""

MISSED = 0.1
"""Assumed: so many of them are missed."""


@dataclass(frozen=True, slots=True)
class Size:
    rounds: int
    journeys: int
    idle: float


FULL = Size(rounds=3, journeys=500, idle=20)
QUICK = Size(rounds=1, journeys=1, idle=0.2)

Life = tuple[float, float, float]
"""Of one outing: processor milliseconds, bytes kept, messages sent."""


async def lives(api: str, count: int, missed: bool) -> Life:
    """So many outings from set off to home, or from missed to closed, with all of Kith."""
    with service.folder() as data:
        using = service.unlimited(data, api)
        async with service.memory(using) as memory:
            people = await service.make_people(memory, count)
            before, used = await memory.survey(_bytes), service.cpu()
            async with service.running(using, memory):
                started = service.cpu() - used
                live = _missed if missed else _home
                for person in people:
                    await live(memory, person)
                while await memory.survey(_unsent):  # noqa: ASYNC110 -- until the last is sent
                    await asyncio.sleep(0.05)
            await memory.write(ledger.seal_new)
            used = service.cpu() - used - started
            messages = await memory.survey(_sent)
            kept = await memory.survey(_bytes) - before
        return 1000 * used / count, kept / count, messages / count


async def _home(memory: Memory, person: Person) -> None:
    """Out, "I'm OK" once, home, and how it went."""
    now = await memory.now()
    outcome = await _tap(memory, journeys.set_off, person.id, "Café", now + timedelta(hours=1), now)
    id = next(r.id for r in outcome.records if isinstance(r, Journey))
    await _tap(memory, journeys.ok, id, person.id, now)
    await _tap(memory, journeys.home, id, person.id, now)
    await _tap(memory, journeys.felt, id, person.id, 4, now)


async def _missed(memory: Memory, person: Person) -> None:
    """Both questions unanswered, the first rung silent, the second takes it and closes it."""
    now = await memory.now()
    due = now - timedelta(minutes=30)
    outcome = await _tap(memory, journeys.set_off, person.id, "Café", due, due - timedelta(hours=1))
    id = next(r.id for r in outcome.records if isinstance(r, Journey))
    for minutes in (0, 5, 10):
        at = due + timedelta(minutes=minutes)
        outcome = await memory.write(journeys.tick, id, at, at, Cause(deadline=(KIND, id)))
    found = await memory.read(journeys.journey, id)
    assert found is not None and found.escalation is not None
    climbed = due + timedelta(minutes=20)
    cause = Cause(deadline=(ALERT, found.escalation))
    await memory.write(alerts.tick, found.escalation, climbed, climbed, cause)
    alert = await memory.read(alerts.escalation, found.escalation)
    assert alert is not None and alert.current is not None
    await _tap(memory, alerts.take, alert.id, alert.current, now)
    await _tap(memory, journeys.close, alert.id, alert.current, Close.SAFE_AND_WELL, now)


_updates = iter(range(1, 10**9))


async def _tap(memory: Memory, act: Callable[..., Outcome], *args: object) -> Outcome:
    """The update is kept and closed by its act, at once: no door of Kith's is to take it."""
    update = next(_updates)
    now = await memory.now()

    def arrives(c: Connection) -> Outcome:
        arrive(c, [Arrival(update, None, '{"callback_query": {}}')], now)
        return act(c, *args, cause=Cause(update=update))

    return await memory.write(arrives)


def _unsent(c: Connection) -> bool:
    states = ("waiting", "sending")
    return (
        c.execute(
            select(schema.outbox.c.id).where(schema.outbox.c.state.in_(states)).limit(1)
        ).first()
        is not None
    )


def _sent(c: Connection) -> int:
    sent = select(func.count()).where(schema.outbox.c.state == "sent")
    number: int = c.execute(sent).scalar_one()
    return number


def _bytes(c: Connection) -> int:
    used: int = c.execute(
        text(
            "SELECT (SELECT page_count FROM pragma_page_count)"
            " * (SELECT page_size FROM pragma_page_size)"
        )
    ).scalar_one()
    return used


Start = tuple[float, float, float]
"""Seconds from the command to the first request; idle memory in MB; idle processor share."""


def start(idle: float) -> Start:
    """`kith run` as an operator starts it, on a new service."""
    with telegram() as api, service.folder() as data:
        apart("benchmarks.cost:prepare", data=str(data))
        named = {
            "KITH_DATA": str(data),
            "KITH_BOT_TOKEN": TOKEN,
            "KITH_TELEGRAM_API": api.address,
            "KITH_ADMIN_PORT": "0",
        }
        others = {name: value for name, value in os.environ.items() if name[:5] != "KITH_"}
        began = time.monotonic()
        command = [sys.executable, "-m", "bot", "run"]
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, env=others | named, stdout=quiet, stderr=quiet) as process:
            try:
                while (fetched := api.ask("fetched")) is None:
                    assert process.poll() is None, "kith run ended by itself"
                    time.sleep(0.005)
                time.sleep(min(2.0, idle))  # what is done once has been done
                before = _ticks(process.pid)
                time.sleep(idle)
                share = (_ticks(process.pid) - before) / idle
                status = Path(f"/proc/{process.pid}/status").read_text()
            finally:
                process.terminate()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return fetched - began, int(resident.split()[1]) / 1024, 100 * share


async def prepare(data: str) -> None:
    async with service.memory(service.settings(Path(data))) as memory:
        await service.make_people(memory, 10)


def _ticks(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(size: Size, *, peers: bool = True) -> Figure:  # noqa: ARG001 -- it has none
    starts: list[Start] = []
    home: list[Life] = []
    missed: list[Life] = []
    for _ in range(size.rounds):
        starts.append(start(size.idle))
        for lived, kind in ((home, False), (missed, True)):
            with telegram() as api:
                lived.append(
                    apart(
                        "benchmarks.cost:lives", api=api.address, count=size.journeys, missed=kind
                    )
                )
    typical = [_mean(h, m) for h, m in zip(home, missed, strict=True)]
    year = [365.25 * OUTINGS * each[1] / 1e6 for each in typical]
    return Figure(
        name="cost",
        title="Cost",
        how="`kith run` on SQLite, from the command to its first request and then idle."
        f" {size.journeys} outings from setting off to “how it went” (4 taps, home in"
        " time), and as many that are missed: two questions, two rungs, taken, closed. Every tap"
        " is kept first; every message is rendered and sent. Processor time is the whole"
        " process's; bytes are the growth of the database file. A person's year assumes"
        f" {OUTINGS:g} outing a day of which {MISSED:.0%} are missed.",
        columns=("what", "measured"),
        rows=(
            ("start, s", spread([each[0] for each in starts], 2)),
            ("idle memory, MB", spread([each[1] for each in starts], 0)),
            ("idle processor, % of one core", spread([each[2] for each in starts], 1)),
            ("an outing that ends at home: processor, ms", spread([h[0] for h in home])),
            ("an outing that is missed: processor, ms", spread([m[0] for m in missed])),
            (
                "an outing that ends at home: kB, messages",
                f"{spread([h[1] / 1e3 for h in home])}, {median([h[2] for h in home]):.1f}",
            ),
            (
                "an outing that is missed: kB, messages",
                f"{spread([m[1] / 1e3 for m in missed])}, {median([m[2] for m in missed]):.1f}",
            ),
            ("a person's year, MB", spread(year)),
        ),
        verdicts=(Verdict("to be measured, no bound was set", "see the table", None),),
        numbers=(
            ("cpu_ms", median([each[0] for each in typical])),
            ("kb", median([each[1] for each in typical]) / 1e3),
            ("messages", median([each[2] for each in typical])),
            ("mb_year", median(year)),
            ("memory_mb", median([each[1] for each in starts])),
            ("start_s", median([each[0] for each in starts])),
        ),
    )


def _mean(home: Life, missed: Life) -> Life:
    mean = [(1 - MISSED) * h + MISSED * m for h, m in zip(home, missed, strict=True)]
    return mean[0], mean[1], mean[2]
