"""5,000 check-ins missed at the same instant."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from benchmarks import service
from benchmarks.measure import Figure, Verdict, apart, ratios, spread, stalls, versions
from benchmarks.telegram import telegram
from bot.store import schema

PEERS = ("apscheduler",)
LOOK = 0.01
"""Seconds between two looks at how far it is."""


@dataclass(frozen=True, slots=True)
class Size:
    rounds: int
    due: int


NOTES = (
    "Why not sooner: APScheduler's job hands over a function that does nothing, and is forgotten"
    " before it runs. An alert is some twenty statements: the outing, its plan and the ladder as it"
    " stands are read; outing, alert, deadlines, messages and ledger are written, all or nothing."
    " Sampled over 2,000 alerts, of the time in which Python works 62% goes into the alerts (25% of"
    " all into keeping what follows, 12% into who is on the ladder) and 19% into sending the first"
    " of them meanwhile; half of all is SQLAlchemy's way from a statement to its rows. Twenty"
    " times sooner would leave some 60 µs for an alert, less than its rows take to write from"
    " Python. Nothing waits for the last of them: the first leave while the others are written.",
    "Where the loop stands still (sampled): in one look at the outbox or at what is due, and in"
    " making one message. Each row that it reads lets the interpreter go, and the thread that"
    " writes takes it, for up to 5 ms each time. A look is kept to 48 rows for that. In a thread of"
    " its own it made things worse, 75 to 87 ms: one more that asks for the interpreter.",
)

FULL = Size(rounds=3, due=5_000)
QUICK = Size(rounds=1, due=6)

Took = tuple[float, float]
"""Seconds until the last one; the event loop's longest stall in that time, in seconds."""


async def kith(api: str, due: int) -> Took:
    """All of Kith runs, its sender too. The end: every alert is committed to the outbox."""
    with service.folder() as data:
        using = service.settings(data, api)
        async with service.memory(using) as memory:
            people = await service.make_people(memory, due)
            # The grace of ten minutes ends once everything stands ready and the doors are open.
            ends = await memory.now() + timedelta(seconds=3 + due * 0.02)
            back = ends - timedelta(minutes=10)
            ids = await service.send_all_off(memory, people, back, back - timedelta(hours=1))
            await service.ask_all_twice(memory, ids, back)
            assert await memory.now() < ends, "made too slowly: the moment has passed"
            async with service.running(using, memory):
                await asyncio.sleep((ends - await memory.now()).total_seconds())
                async with stalls() as found:
                    while await memory.survey(_alerts) < due:  # noqa: ASYNC110 -- from outside
                        await asyncio.sleep(LOOK)
                    took = (await memory.now() - ends).total_seconds()
                return took, max(found)


def _alerts(c: Connection) -> int:
    """Alerts whose first rung has been written to the outbox, counted by the deadlines left."""
    left: int = c.execute(
        select(func.count())
        .select_from(schema.escalation)
        .where(schema.escalation.c.current.is_not(None))
    ).scalar_one()
    return left


_handed: list[float] = []


async def job(_: int) -> None:
    _handed.append(time.time())


async def peer(due: int) -> Took:
    """The scheduler and store of its user guide; it only has to start each job."""
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    with service.folder() as data:
        store = SQLAlchemyJobStore(url=f"sqlite:///{data / 'jobs.sqlite'}")
        scheduler: Any = AsyncIOScheduler(jobstores={"default": store}, timezone=UTC)
        scheduler.start(paused=True)
        at = datetime.now(UTC) + timedelta(seconds=5 + due * 0.01)
        for number in range(due):
            # Without a grace time it would drop what comes a second late.
            scheduler.add_job(job, "date", run_date=at, args=[number], misfire_grace_time=None)
        assert datetime.now(UTC) < at, "made too slowly: the moment has passed"
        scheduler.resume()
        await asyncio.sleep((at - datetime.now(UTC)).total_seconds())
        async with stalls() as found:
            while len(_handed) < due:  # noqa: ASYNC110 -- from outside
                await asyncio.sleep(LOOK)
        scheduler.shutdown(wait=False)
        return max(_handed) - at.timestamp(), max(found)


def measure(size: Size, *, peers: bool = True) -> Figure:
    took: dict[str, list[Took]] = {"Kith": [], "APScheduler": []}
    for _ in range(size.rounds):
        with telegram() as api:
            took["Kith"].append(apart("benchmarks.at_once:kith", api=api.address, due=size.due))
        if peers:
            took["APScheduler"].append(apart("benchmarks.at_once:peer", due=size.due))
    seconds = {side: [each[0] for each in rounds] for side, rounds in took.items()}
    stalled = [1000 * each[1] for each in took["Kith"]]
    verdicts = [
        Verdict(
            "no stall of Kith's event loop over 50 ms",
            spread(stalled, 0, " ms"),
            max(stalled) <= 50,
        )
    ]
    if peers:
        sooner = ratios(seconds["APScheduler"], seconds["Kith"])
        verdicts.insert(
            0,
            Verdict(
                "20 times sooner than APScheduler", f"{spread(sooner, 2)} times", min(sooner) >= 20
            ),
        )
    return Figure(
        name="at_once",
        notes=NOTES,
        title="5,000 check-ins missed at the same instant",
        how=f"{size.due:,} outings whose grace ends at one instant, made by the store's own acts;"
        " all of Kith runs. Kith's time ends when every alert is committed: the rule applied, the"
        " ladder resolved, the outing, the alert, its next deadline, the messages and the ledger"
        f" written. APScheduler's ({versions('apscheduler')}, `AsyncIOScheduler` with"
        " `SQLAlchemyJobStore` on SQLite, as in its user guide) ends when the last job was"
        f" started; its jobs do nothing. {size.rounds} rounds in turn.",
        columns=("side", "seconds to the last", "longest stall, ms"),
        rows=tuple(
            (
                side,
                spread(seconds[side], 2),
                spread([1000 * each[1] for each in rounds], 0),
            )
            for side, rounds in took.items()
            if rounds
        ),
        verdicts=tuple(verdicts),
    )
