"""Ready after a restart, with up to 1,000,000 deadlines waiting."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert

from benchmarks import service
from benchmarks.drawing import drawing
from benchmarks.measure import Figure, Verdict, apart, median, quantile, spread
from bot.app import PATIENT, open_memory
from bot.care.journey import KIND
from bot.clock import SystemClock
from bot.deadlines import loop
from bot.store import deadlines, schema
from bot.store.memory import Memory
from bot.store.tools import new_id

PEERS = ()
NOTES = (
    "A claim is a commit that is on the disk, and its 99th percent changes with the hour more than"
    " with what waits: in a busy hour of the same day it was 1.9 to 2.8 ms with 1,000,000 waiting"
    " and 1.8 to 2.6 ms with 1,000 (Python 3.11.7, built without its optimisations).",
)
CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Size:
    rounds: int
    waiting: tuple[int, ...]
    claims: int


FULL = Size(rounds=5, waiting=(1_000, 10_000, 100_000, 1_000_000), claims=400)
QUICK = Size(rounds=1, waiting=(50, 500), claims=5)


async def fill(data: str, waiting: int, due: int) -> None:
    """So many deadlines of which `due` are due now, the others in the year to come."""
    async with service.memory(service.settings(Path(data))) as memory:
        now = await memory.now()
        for first in range(0, waiting, CHUNK):
            some = range(first, min(waiting, first + CHUNK))
            await memory.write(_fill, some, due, now)


def _fill(c: Connection, numbers: range, due: int, now: datetime) -> None:
    minute = timedelta(minutes=1)
    rows = [
        {
            "kind": KIND,
            "key": new_id(c),
            "due_at": now - minute if n < due else now + (60 + n % 500_000) * minute,
            "attempts": 0,
        }
        for n in numbers
    ]
    c.execute(insert(schema.deadline), rows)


async def restart(data: str, claims: int) -> tuple[float, list[float]]:
    """Milliseconds until the first deadline is claimed, and for each claim after it.

    The process stands, its libraries are imported (figure `cost` has the whole start). What is
    measured is opening the memory, noting that Kith begins to run, giving what was set aside
    another chance, looking at what is due as the loop does, and taking the first.
    """
    using = service.settings(Path(data))
    began = time.perf_counter()
    memory = await open_memory(using, SystemClock())
    try:
        await loop.woke(memory)
        await memory.write(deadlines.unpark)
        due, _ = await memory.read(loop._look, await memory.now(), PATIENT)
        assert await memory.write(deadlines.take, due[0])
        ready = time.perf_counter() - began
        took: list[float] = []
        for _ in range(claims):
            began = time.perf_counter()
            await _claim(memory)
            took.append(1000 * (time.perf_counter() - began))
        return 1000 * ready, took
    finally:
        await memory.close()


async def _claim(memory: Memory) -> None:
    """One by itself: look at what is due and what comes next, take, commit."""
    due, _ = await memory.read(_look, await memory.now())
    assert await memory.write(deadlines.take, due[0])


def _look(c: Connection, now: datetime) -> tuple[list[deadlines.Due], datetime | None]:
    return deadlines.due(c, now, 1), deadlines.next_due(c)


def measure(size: Size, *, peers: bool = True) -> Figure:  # noqa: ARG001 -- it has none
    ready: dict[int, list[float]] = {}
    claim: dict[int, list[float]] = {}
    for waiting in size.waiting:
        with service.folder() as data:
            due = min(waiting, size.rounds * (size.claims + 1))
            apart("benchmarks.restart:fill", data=str(data), waiting=waiting, due=due)
            for _ in range(size.rounds):
                claims = min(size.claims, due // size.rounds - 1)
                first, took = apart("benchmarks.restart:restart", data=str(data), claims=claims)
                ready.setdefault(waiting, []).append(first)
                claim.setdefault(waiting, []).append(quantile(took, 0.99))
    most = size.waiting[-1]
    flat = max(median(ready[n]) for n in ready) / min(median(ready[n]) for n in ready)
    flat_claim = max(median(claim[n]) for n in claim) / min(median(claim[n]) for n in claim)
    return Figure(
        name="restart",
        notes=NOTES,
        title="Ready after a restart",
        how="SQLite. In a process whose libraries are imported: open the memory (schema checked,"
        " key tried), note that Kith begins to run, give what was set aside another chance, look at"
        " what is due as the loop does (32 at once), take the first and commit."
        f" Then {size.claims} further claims, each a look and a commit"
        f" (`synchronous=FULL`). {size.rounds} restarts for each size.",
        columns=("deadlines waiting", "ready, ms", "one claim, p99, ms"),
        rows=tuple((f"{n:,}", spread(ready[n]), spread(claim[n], 2)) for n in size.waiting),
        verdicts=(
            Verdict(
                f"ready within 100 ms with {most:,} waiting",
                spread(ready[most], 1, " ms"),
                max(ready[most]) <= 100,
            ),
            Verdict(
                "a claim within 2 ms (p99)", spread(claim[most], 2, " ms"), max(claim[most]) <= 2
            ),
            Verdict(
                f"flat from {size.waiting[0]:,} to {most:,}: the slowest size takes at most twice"
                " as long as the fastest",
                f"{flat:.2f} times (ready), {flat_claim:.2f} times (claim)",
                flat <= 2 and flat_claim <= 2,
            ),
        ),
        plot=drawing(
            "deadlines waiting",
            {
                "ready, ms": [(n, median(ready[n])) for n in size.waiting],
                "one claim, p99, ms": [(n, median(claim[n])) for n in size.waiting],
            },
        ),
    )
