"""The whole path of a tap, beside a bare echo bot and beside one shared connection."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks import service
from benchmarks.measure import Figure, Verdict, apart, quantile, ratios, spread, versions
from benchmarks.telegram import TOKEN, Telegram, telegram
from bot.care.outcome import Cause
from bot.inbox.arrival import Arrival, arrive
from bot.store import journey as journeys
from bot.store.engine import key_file
from bot.store.tools import Tools
from bot.store.vault import Vault

PEERS = ("python-telegram-bot", "aiosqlite")
PATIENCE = 120.0
"""Seconds for which all taps of a round are waited for."""


@dataclass(frozen=True, slots=True)
class Size:
    rounds: int
    people: int
    taps: int


NOTES = (
    "Where the time goes (sampled): 29% in reads of who is here, what stands and what is due next,"
    " 23% in the four transactions (arrival, act, claim, sent), 11% in calls to the API, 9% in"
    " python-telegram-bot's handling; the rest is the loops themselves, polling and parsing.",
    "Why it is at the border: a tap is 17 statements (counted). One keeps it; four find it again,"
    " who this is, where they belong and what stands; five keep what follows and close the tap, and"
    " one sees that it is closed; the others choose the answer, ask the gate again, fill it, claim"
    " it and note that it has left. None takes more than a twentieth of the time, and SQLAlchemy's"
    " way from a statement to its rows is a third of it all. uvloop makes no difference (tried);"
    " the echo asks nobody and keeps nothing.",
)

FULL = Size(rounds=3, people=32, taps=2_000)
QUICK = Size(rounds=1, people=2, taps=4)

Rate = tuple[float, float]
"""Taps a second; p99 of one tap in milliseconds."""


async def kith(api: str, people: int, taps: int) -> Rate:
    """All of Kith; everybody is out and presses "I'm OK" again as soon as it was answered."""
    with service.folder() as data:
        using = service.unlimited(data, api)
        async with service.memory(using) as memory:
            made = await service.make_people(memory, people)
            now = await memory.now()
            ids = await service.send_all_off(memory, made, now + 3600 * service.SECOND, now)
            await memory.write(service.all_sent, now)
            async with service.running(using, memory):
                buttons = {
                    person.chat: f"journey:ok:{id}:0" for person, id in zip(made, ids, strict=True)
                }
                return await _tapped(Telegram(api), buttons, taps)


async def echo(api: str, people: int, taps: int) -> Rate:
    """What python-telegram-bot does when nothing is kept: answers the tap and says a word."""
    from telegram.ext import ApplicationBuilder, CallbackQueryHandler

    async def said(update: Any, context: Any) -> None:
        await update.callback_query.answer()
        await context.bot.send_message(update.effective_chat.id, update.callback_query.data)

    application: Any = ApplicationBuilder().token(TOKEN).base_url(f"{api}/bot").build()
    application.add_handler(CallbackQueryHandler(said))
    async with application:
        await application.start()
        await application.updater.start_polling()
        try:
            buttons = {service.PERSON + n: "journey:ok:x:0" for n in range(people)}
            return await _tapped(Telegram(api), buttons, taps)
        finally:
            await application.updater.stop()
            await application.stop()


async def _tapped(api: Telegram, buttons: dict[int, str], taps: int) -> Rate:
    warming = 2 * len(buttons)
    for count in (warming, taps):
        await asyncio.to_thread(api.tap, buttons, count)
        async with asyncio.timeout(PATIENCE):
            while (done := await asyncio.to_thread(api.ask, "tapped"))["left"] > 0:  # noqa: ASYNC110 -- another process
                await asyncio.sleep(0.1)
    return len(done["took"]) / done["s"], 1000 * quantile(done["took"], 0.99)


async def kept(people: int, taps: int, shared: bool) -> float:
    """Transactions a second: an update arrives, its act is done and closes it.

    Through Kith's writer, or `shared`: the same functions through one aiosqlite connection
    with a lock, as many bots do.
    """
    with service.folder() as data:
        using = service.settings(data)
        async with service.memory(using) as memory:
            made = await service.make_people(memory, people)
            now = await memory.now()
            ids = await service.send_all_off(memory, made, now + 3600 * service.SECOND, now)
            if not shared:
                return await _rate(memory.write, made, ids, taps)
        keys = key_file(data)
        vault = Vault((await _key(data)), keys)
        engine = create_async_engine(
            using.database_url.replace("sqlite:", "sqlite+aiosqlite:"),
            pool_size=1,
            execution_options={"kith": Tools(vault)},
        )

        @event.listens_for(engine.sync_engine, "connect")
        def connected(connection: Any, _: Any) -> None:
            connection.isolation_level = None
            for pragma in ("synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
                connection.cursor().execute(f"PRAGMA {pragma}")

        @event.listens_for(engine.sync_engine, "begin")
        def began(c: Connection) -> None:
            c.exec_driver_sql("BEGIN IMMEDIATE")

        lock = asyncio.Lock()

        async def write(fn: Callable[..., Any], *args: Any) -> Any:
            async with lock, engine.begin() as connection:
                return await connection.run_sync(fn, *args)

        try:
            return await _rate(write, made, ids, taps)
        finally:
            await engine.dispose()
            keys.dispose()


async def _key(data: Any) -> bytes:
    from bot import key

    found = key.read(data)
    assert isinstance(found, bytes)
    return found


async def _rate(
    write: Callable[..., Awaitable[Any]], made: list[service.Person], ids: list[str], taps: int
) -> float:
    async def presses(n: int) -> None:
        person, id = made[n], ids[n]
        for number in range(taps // len(made)):
            update = number * len(made) + n
            now = service.utc()
            body = '{"update_id": 1, "callback_query": {"data": "journey:ok:0123456789abcdef:0"}}'
            await write(arrive, [Arrival(update, person.chat, body)], now)
            await write(journeys.ok, id, person.id, now, Cause(update=update))

    began = time.perf_counter()
    await asyncio.gather(*(presses(n) for n in range(len(made))))
    return (taps // len(made)) * len(made) / (time.perf_counter() - began)


def measure(size: Size, *, peers: bool = True) -> Figure:
    whole: dict[str, list[Rate]] = {"Kith": [], "PTB echo, nothing kept": []}
    ours: list[float] = []
    shared: list[float] = []
    given = {"people": size.people, "taps": size.taps}
    for _ in range(size.rounds):
        for side, where in zip(whole, ("kith", "echo"), strict=True):
            if side == "Kith" or peers:
                with telegram() as api:
                    whole[side].append(apart(f"benchmarks.tap:{where}", api=api.address, **given))
        ours.append(apart("benchmarks.tap:kept", shared=False, **given))
        if peers:
            shared.append(apart("benchmarks.tap:kept", shared=True, **given))
    rate = {side: [each[0] for each in rounds] for side, rounds in whole.items()}
    rows = [
        (side, spread(rate[side], 0), spread([each[1] for each in rounds], 0))
        for side, rounds in whole.items()
        if rounds
    ]
    rows.append(("its two transactions alone, Kith's writer", spread(ours, 0), ""))
    verdicts: list[Verdict] = []
    if peers:
        rows.append(("the same, one shared aiosqlite connection", spread(shared, 0), ""))
        beside, over = ratios(rate["Kith"], rate["PTB echo, nothing kept"]), ratios(ours, shared)
        verdicts = [
            Verdict("at least 0.5 of a bare PTB echo", spread(beside, 2), min(beside) >= 0.5),
            Verdict(
                "at least 5 times one shared aiosqlite connection", spread(over, 2), min(over) >= 5
            ),
        ]
    return Figure(
        name="tap",
        notes=NOTES,
        title="The whole path of a tap",
        how=f"{size.people} people are out and press “I'm OK” again as soon as it was"
        f" answered, {size.taps:,} times in all: fetched by polling, kept, handled, committed at"
        " `synchronous=FULL`, the tap answered, the receipt written to the outbox, claimed, sent"
        " and recorded. A tap ends when both answers have arrived at the API. The sending budget"
        f" is lifted. Peer: `ApplicationBuilder` ({versions('python-telegram-bot')}) with a"
        " `CallbackQueryHandler` that makes the same two calls. Below: the two write"
        " transactions of a tap by themselves, through Kith's writer and through one shared"
        f" connection with a lock ({versions('aiosqlite')}); {size.people} callers at once."
        f" {size.rounds} rounds in turn.",
        columns=("side", "taps a second", "p99, ms"),
        rows=tuple(rows),
        verdicts=tuple(verdicts),
    )
