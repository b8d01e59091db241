"""How late a question leaves: 1,000 deadlines in 10 seconds, and its peers."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack, ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, select
from telegram import Bot

from benchmarks import service
from benchmarks.measure import Figure, Verdict, apart, median, missing, quantile, spread, versions
from benchmarks.telegram import TOKEN, Telegram, telegram
from bot.settings import Settings
from bot.store import schema
from tests import postgres

PEERS = ("procrastinate", "dbos")
REPLICAS = 4

LOOK = 0.25
"""Seconds between two looks at whether all have been sent."""

PATIENCE = 60.0
"""Seconds after the last moment within which all of them must have been."""

Due = dict[int, float]
"""By chat: when its message was due, on the monotonic clock."""


@dataclass(frozen=True, slots=True)
class Size:
    rounds: int
    deadlines: int
    seconds: float


NOTES = (
    "Where the time goes: a hundred deadlines a second are a hundred questions a second, each read,"
    " decided, kept, claimed, gated, rendered, sent and noted, in three commits that are on the"
    " disk. On PostgreSQL each statement is a round trip besides: the replica that leads needs 7 ms"
    " of one core for a question (sampled: 45% for what is due, 15% for the gate and the words, 12%"
    " for the call), the server 3 ms, and two cores carry both, the API and three replicas that"
    " stand by (sampled with Python 3.11.7). That is two thirds of what one process can do: what is"
    " late is the queue, and where the machine is slower it grows. With that Python, made"
    " without its optimisations, PostgreSQL's p99 was 105 ms (73 to 140) at noon of that day,"
    " and 280 and 706 ms in two hours of the evening in which the machine's neighbours were busy"
    " (SQLite's: 11, 68 and 48 ms). The peers' jobs make one call and keep nothing of their own.",
)

FULL = Size(rounds=3, deadlines=1_000, seconds=10)
QUICK = Size(rounds=1, deadlines=5, seconds=0.2)


def _settings(data: str, api: str, url: str) -> Settings:
    """Everybody of one installation has its key; only SQLite's has a file."""
    from pathlib import Path

    where = {"database_url": url} if url else {}
    return service.unlimited(Path(data), api, **where)


async def kith(data: str, api: str, url: str, deadlines: int, seconds: float) -> Due:
    """Everybody's check-in, one after the other; Kith asks each of them at that moment.

    SQLite's process does it all; on PostgreSQL it only makes the outings: replicas run already.
    """
    using = _settings(data, api, url)
    async with service.memory(using) as memory:
        people = await service.make_people(memory, deadlines)
        making = 5 + deadlines * 0.06 if url else 2 + deadlines * 0.03
        start = await memory.now() + timedelta(seconds=making)
        step = timedelta(seconds=seconds / deadlines)
        due = [start + n * step for n in range(deadlines)]
        for person, at in zip(people, due, strict=True):
            await memory.write(service.set_one_off, person, at, at - timedelta(hours=1))
        await memory.write(service.all_sent, due[0])
        assert await memory.now() < start, "made too slowly: the moment has passed"
        shift = time.monotonic() - time.time()
        async with AsyncExitStack() as doors:
            if not url:
                await doors.enter_async_context(service.running(using, memory))
            async with asyncio.timeout((due[-1] - await memory.now()).total_seconds() + PATIENCE):
                while await memory.survey(_asked) < deadlines:  # noqa: ASYNC110 -- from outside
                    await asyncio.sleep(LOOK)
        return {p.chat: at.timestamp() + shift for p, at in zip(people, due, strict=True)}


def _asked(c: Connection) -> int:
    """How many have been asked, and it is recorded that they have."""
    asked = (schema.outbox.c.text == "journey.nudge") & (schema.outbox.c.state == "sent")
    number: int = c.execute(select(func.count()).where(asked)).scalar_one()
    return number


async def replica(data: str, api: str, url: str) -> None:
    """One of several on one database, until it is ended."""
    using = _settings(data, api, url)
    async with service.memory(using) as memory:
        print("here", flush=True)
        from bot.app import App
        from bot.i18n import Words

        await App(using, memory, Words.load(), TOKEN, api).run()


async def procrastinate(api: str, url: str, deadlines: int, seconds: float) -> Due:
    """Jobs scheduled on PostgreSQL and one worker, with as many slots as Kith's sender."""
    from procrastinate import App, PsycopgConnector

    bot = Bot(TOKEN, base_url=f"{api}/bot")
    queue = App(connector=PsycopgConnector(conninfo=url))

    @queue.task(name="ask")
    async def ask(chat: int) -> None:
        await bot.send_message(chat, "x")
        asked.append(chat)

    asked: list[int] = []
    async with queue.open_async(), bot:
        await queue.schema_manager.apply_schema_async()
        start = datetime.now(UTC) + timedelta(seconds=4 + deadlines * 0.01)
        due = _spread(start, deadlines, seconds)
        for chat, at in due.items():
            await ask.configure(schedule_at=at).defer_async(chat=chat)
        working = asyncio.create_task(
            queue.run_worker_async(concurrency=12, install_signal_handlers=False)
        )
        last = (max(due.values()) - datetime.now(UTC)).total_seconds()
        async with asyncio.timeout(last + PATIENCE):
            while len(asked) < deadlines:  # noqa: ASYNC110 -- from outside
                await asyncio.sleep(LOOK)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
    return _monotonic(due)


async def dbos(data: str, api: str, deadlines: int, seconds: float) -> Due:
    """Workflows that sleep until their moment and then send, on SQLite."""
    from dbos import DBOS, DBOSConfig

    bot = Bot(TOKEN, base_url=f"{api}/bot")
    config: DBOSConfig = {
        "name": "bench",
        "system_database_url": f"sqlite:///{data}/dbos.sqlite",
        "log_level": "ERROR",
    }
    DBOS(config=config)

    @DBOS.step()
    async def send(chat: int) -> None:
        await bot.send_message(chat, "x")

    @DBOS.workflow()
    async def ask(chat: int, at: float) -> None:
        await DBOS.sleep_async(max(0.0, at - time.time()))
        await send(chat)

    DBOS.launch()
    try:
        async with bot:
            start = datetime.now(UTC) + timedelta(seconds=4 + deadlines * 0.03)
            due = _spread(start, deadlines, seconds)
            handles = [
                await DBOS.start_workflow_async(ask, chat, at.timestamp())
                for chat, at in due.items()
            ]
            for handle in handles:
                await handle.get_result()
    finally:
        DBOS.destroy()
    return _monotonic(due)


def _spread(start: datetime, deadlines: int, seconds: float) -> dict[int, datetime]:
    step = timedelta(seconds=seconds / deadlines)
    return {service.PERSON + n: start + n * step for n in range(deadlines)}


def _monotonic(due: Mapping[int, datetime]) -> Due:
    shift = time.monotonic() - time.time()
    return {chat: at.timestamp() + shift for chat, at in due.items()}


def late(api: Telegram, due: Mapping[str, float]) -> list[float]:
    """Milliseconds from due to the request; all of them must have come."""
    moments = {int(chat): at for chat, at in due.items()}
    came: dict[int, float] = {}
    for at, chat, method, _ in api.arrived():
        if method == "sendMessage" and chat in moments and at >= moments[chat]:
            came.setdefault(chat, at)
    lost = moments.keys() - came.keys()
    assert not lost, f"{len(lost)} of {len(moments)} messages never left"
    return [1000 * (came[chat] - at) for chat, at in moments.items()]


def _one(where: str, **given: Any) -> list[float]:
    with telegram() as api, service.folder() as data:
        return late(api, apart(where, data=str(data), api=api.address, **given))


def _replicas(url: str, **given: Any) -> list[float]:
    with telegram() as api, service.folder() as data, ExitStack() as ending:
        made = partial(apart, data=str(data), api=api.address, url=url)
        made("benchmarks.lateness:ready")
        arguments = f'{{"data": "{data}", "api": "{api.address}", "url": "{url}"}}'
        command = [sys.executable, "-m", "benchmarks.measure", "benchmarks.lateness:replica"]
        for _ in range(REPLICAS):
            process = ending.enter_context(
                subprocess.Popen([*command, arguments], stdout=subprocess.PIPE, text=True)
            )
            ending.callback(process.terminate)
            assert process.stdout is not None
            process.stdout.readline()
        return late(api, made("benchmarks.lateness:kith", **given))


async def ready(data: str, api: str, url: str) -> None:
    """The key and the schema stand before the first replica starts."""
    async with service.memory(_settings(data, api, url)):
        pass


def measure(size: Size, *, peers: bool = True) -> Figure:
    given = {"deadlines": size.deadlines, "seconds": size.seconds}
    took: dict[str, list[list[float]]] = {}
    four = f"Kith, {REPLICAS} replicas on PostgreSQL"
    with ExitStack() as ending:
        shared = None
        if peers and postgres.programs() is not None:
            shared = ending.enter_context(postgres.cluster(durable=True))
        for n in range(size.rounds):
            sides = {"Kith on SQLite": partial(_one, "benchmarks.lateness:kith", url="")}
            if shared is not None:
                sides[four] = partial(_replicas, shared.create(f"kith_{n}"))
                url = shared.create(f"procrastinate_{n}")
                sides["procrastinate on PostgreSQL"] = partial(_procrastinate, url)
            if peers and not missing("dbos"):
                sides["DBOS on SQLite"] = partial(_one, "benchmarks.lateness:dbos")
            for side, play in sides.items():
                took.setdefault(side, []).append(play(**given))
    p99 = {side: [quantile(each, 0.99) for each in rounds] for side, rounds in took.items()}
    asked = {"Kith on SQLite": 50, four: 100}
    return Figure(
        name="lateness",
        notes=NOTES,
        title="From due to sent",
        how=f"{size.deadlines:,} check-ins in {size.seconds:.0f} seconds. The time is from the"
        " moment at which the outing is due to the arrival of the question at the API: deadline,"
        " rule, commit, outbox, gate and request. The sending budget is lifted (Telegram's 30 a"
        " second would be the only thing measured). PostgreSQL with `fsync` on. procrastinate"
        " with its defaults and 12 slots, DBOS with asynchronous workflows that sleep; both send"
        " the same request with the same client."
        f" {size.rounds} rounds in turn"
        + (f"; {versions(*PEERS)}." if peers and not missing(*PEERS) else "."),
        columns=("side", "median, ms", "p99, ms", "latest, ms"),
        rows=tuple(
            (
                side,
                spread([median(each) for each in rounds]),
                spread(p99[side]),
                spread([max(each) for each in rounds]),
            )
            for side, rounds in took.items()
        ),
        verdicts=tuple(
            Verdict(
                f"{side}: p99 at most {most} ms",
                spread(p99[side], 1, " ms"),
                max(p99[side]) <= most,
            )
            for side, most in asked.items()
            if side in p99
        ),
    )


def _procrastinate(url: str, **given: Any) -> list[float]:
    with telegram() as api:
        made = apart("benchmarks.lateness:procrastinate", api=api.address, url=url, **given)
        return late(api, made)
