"""An alert behind a broadcast of 10,000 that the API refuses."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks import service
from benchmarks.measure import Figure, Verdict, apart, median, quantile, spread, versions
from benchmarks.telegram import TOKEN, Arrival, telegram
from bot.store import journey as journeys
from bot.waking import PEEK

PEERS = ("python-telegram-bot", "aiolimiter")
FLOOD = {"below": service.PERSON, "per_second": 20, "retry_after": 5}
"""Telegram lets so many broadcast messages through in a second and refuses the rest for so long."""


@dataclass(frozen=True, slots=True)
class Size:
    rounds: int
    readers: int
    alerts: int
    seconds: float


FULL = Size(rounds=3, readers=10_000, alerts=100, seconds=30)
QUICK = Size(rounds=1, readers=30, alerts=3, seconds=0.3)

Sent = tuple[list[tuple[int, float]], float]
"""Whom an alert was for, and when it was given; when the measurement ended."""


async def kith(api: str, readers: int, alerts: int, seconds: float) -> Sent:
    """`I need help` as the act behind the button; timed from the call, so its commit counts."""
    with service.folder() as data:
        using = service.settings(data, api)
        async with service.memory(using) as memory:
            people = await service.make_people(memory, alerts)
            now = await memory.now()
            ids = await service.send_all_off(memory, people, now + 3600 * service.SECOND, now)
            await memory.write(service.all_sent, now)
            await service.broadcast(memory, readers)
            async with service.running(using, memory):
                await asyncio.sleep(PEEK)  # the broadcast has begun, and been refused
                given: list[tuple[int, float]] = []
                for person, id in zip(people, ids, strict=True):
                    given.append((person.worker_chat, time.monotonic()))
                    await memory.write(journeys.help_wanted, id, person.id, await memory.now())
                    await asyncio.sleep(seconds / alerts)
                await asyncio.sleep(PEEK)
                return given, time.monotonic()


async def peer(api: str, readers: int, alerts: int, seconds: float, queued: bool) -> Sent:
    """PTB's own limiter. `queued`: the broadcast is given to it whole, else one by one."""
    from telegram.ext import AIORateLimiter, Application

    application: Any = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{api}/bot")
        .rate_limiter(AIORateLimiter(max_retries=100))
        .updater(None)
        .job_queue(None)
        .build()
    )
    say = application.bot.send_message

    async def broadcast() -> None:
        chats = range(service.READER, service.READER + readers)
        if queued:
            await asyncio.gather(*(say(chat, "x") for chat in chats))
        else:
            for chat in chats:
                await say(chat, "x")

    async with application:
        tasks = [asyncio.create_task(broadcast())]
        await asyncio.sleep(PEEK)
        given: list[tuple[int, float]] = []
        for n in range(alerts):
            given.append((service.WORKER + n, time.monotonic()))
            tasks.append(asyncio.create_task(say(service.WORKER + n, "x")))
            await asyncio.sleep(seconds / alerts)
        await asyncio.sleep(PEEK)
        ended = time.monotonic()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return given, ended


def waits(arrived: Iterable[Arrival], sent: Sent) -> list[float]:
    """Seconds from the alert to its arrival; one that never came waited to the end at least."""
    came: dict[int, float] = {}
    for at, chat, method, status in arrived:
        if method == "sendMessage" and status == 200:
            came.setdefault(chat, at)
    given, ended = sent
    return [came.get(chat, ended) - at for chat, at in given]


def measure(size: Size, *, peers: bool = True) -> Figure:
    sides = {"Kith": partial(apart, "benchmarks.alert:kith")}
    if peers:
        theirs = partial(apart, "benchmarks.alert:peer")
        sides["PTB, broadcast queued at once"] = partial(theirs, queued=True)
        sides["PTB, broadcast one by one"] = partial(theirs, queued=False)
    took: dict[str, list[list[float]]] = {side: [] for side in sides}
    for _ in range(size.rounds):
        for side, play in sides.items():
            with telegram() as api:
                api.ask("flood", **FLOOD)
                sent = play(
                    api=api.address,
                    readers=size.readers,
                    alerts=size.alerts,
                    seconds=size.seconds,
                )
                took[side].append(waits(api.arrived(), sent))
    p99 = {side: [quantile(each, 0.99) for each in rounds] for side, rounds in took.items()}
    ours = quantile([wait for each in took["Kith"] for wait in each], 0.99)
    return Figure(
        name="alert",
        title="An alert behind a refused broadcast",
        how=f"{size.readers:,} broadcast messages wait; the API lets {FLOOD['per_second']} of them"
        f" through in a second and answers 429 (retry after {FLOOD['retry_after']} s) to the rest."
        f" Meanwhile {size.alerts} people ask for help, one every"
        f" {size.seconds / size.alerts:.2f} s. The time is from the act to the request at the API;"
        " an alert that had not left when the round ended counts as having waited until then."
        f" {size.rounds} rounds in turn. Peer: an application with `AIORateLimiter`"
        f" ({versions('python-telegram-bot')}), which has no lanes.",
        columns=("side", "median, s", "p99, s"),
        rows=tuple(
            (
                side,
                spread([median(each) for each in took[side]], 3),
                spread(p99[side], 3),
            )
            for side in sides
        ),
        verdicts=(Verdict("p99 at most 1 s", f"{ours:.3f} s over all rounds", ours <= 1.0),),
    )
