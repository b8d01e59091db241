"""The doors wired as Kith wires them, on a playground's clock, around what a test gives them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from telegram import Bot
from telegram.ext import Application, ApplicationBuilder, BaseHandler

from bot.care.calendar import Picture
from bot.care.outcome import NOBODY, About, Lane, Message, Outcome, Tell, Wake
from bot.care.outings import Chart
from bot.care.text import Text
from bot.clock import HandClock
from bot.deadlines.loop import Act, Loop, Parked
from bot.deadlines.turn import Turn, reading
from bot.figures import Figures
from bot.inbox.dispatch import Dispatch
from bot.inbox.polling import Polling
from bot.outbox import reveal
from bot.outbox.budget import Budget, Limits
from bot.outbox.render import Button
from bot.outbox.sender import Present, Presented, Sender, Undeliverable, Withheld
from bot.playground.server import TOKEN
from bot.store import Connection, migrate, schema
from bot.store.commit import commit
from bot.store.memory import Memory
from bot.store.outbox import Row
from bot.store.tools import random_id
from bot.way import Way
from tests.conftest import KEY
from tests.members import add_member
from tests.play import Play, Refused

USUAL = Limits()

App = Application[Any, Any, Any, Any, Any, Any]


def telegram_of(c: Connection, member: str) -> int:
    id: int = c.execute(
        select(schema.member.c.telegram).where(schema.member.c.id == member)
    ).scalar_one()
    return id


def plainly(c: Connection, row: Row, now: datetime) -> Presented | Withheld:
    """Says what the text's id says; "Again: " before what may be a repeat."""
    again = "Again: " if row.maybe_sent else ""
    buttons = ((Button("OK", "test:ok:-:0"),),)
    return Presented(telegram_of(c, row.member), f"{again}{row.text.id}", buttons)


def nothing_follows(c: Connection, member: str, now: datetime, alert: str | None) -> None:
    """Nobody waits for this message."""


def tell(
    c: Connection,
    to: str,
    lane: Lane,
    *texts: str,
    about: About | None = None,
    alert: str | None = None,
) -> None:
    """Queue these, all written at once; `alert` is the one they speak of."""
    params = {} if alert is None else {"escalation": alert}
    now = datetime.fromisoformat("2026-03-02T09:00:00Z")
    messages = [Message(Text("test", text), params) for text in texts]
    tells = tuple(Tell(to, message, lane, about=about) for message in messages)
    commit(c, Outcome(tells=tells), NOBODY, now)


def wake(c: Connection, kind: str, key: str, at: datetime) -> None:
    commit(c, Outcome(wakes=(Wake(kind, key, at),)), NOBODY, at)


@dataclass
class Doors:
    """A running bot. `runs` by name: cancel one and that door is shut."""

    memory: Memory
    clock: HandClock
    application: App
    dispatch: Dispatch
    loop: Loop
    sender: Sender
    runs: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    async def member(self, name: str, telegram: int | None = None) -> str:
        return await self.memory.write(add_member, name, telegram)

    async def tell(
        self,
        to: str,
        lane: Lane,
        *texts: str,
        about: About | None = None,
        alert: str | None = None,
    ) -> None:
        await self.memory.write(tell, to, lane, *texts, about=about, alert=alert)

    async def wake(self, kind: str, key: str, at: datetime) -> None:
        await self.memory.write(wake, kind, key, at)

    async def states(self) -> list[tuple[str, str | None]]:
        """What became of the messages: state and reason, in the order they were written."""
        return await self.memory.read(_states)


def _states(c: Connection) -> list[tuple[str, str | None]]:
    table = schema.outbox
    rows = c.execute(select(table.c.state, table.c.reason).order_by(table.c.number))
    return [(row.state, row.reason) for row in rows]


@asynccontextmanager
async def open_doors(
    play: Play,
    folder: Path,
    *,
    handlers: Sequence[tuple[BaseHandler[Any, Any, Any], int]] = (),
    acts: Mapping[str, Act] | None = None,
    parked: Parked | None = None,
    present: Present = plainly,
    undeliverable: Undeliverable = nothing_follows,
    limits: Limits = USUAL,
    figures: Figures | None = None,
    draw: Callable[[Picture | Chart], bytes] = lambda _: b"",
) -> AsyncIterator[Doors]:
    """A bot on the playground `play`, with its memory in `folder` (made if it is not there)."""
    owner = random_id()
    database = folder / "kith.db"
    await asyncio.to_thread(migrate.upgrade, f"sqlite:///{database}")
    clock = HandClock((await reading(play.address, owner)).now)
    memory = await Memory.open(f"sqlite:///{database}", key=KEY, data=folder, clock=clock)
    base = f"{play.address}/bot"
    request = Way(16, 1.0, by_proxy=False)
    builder = ApplicationBuilder().token(TOKEN).base_url(base)
    application: App = builder.updater(None).job_queue(None).build()
    for handler, group in handlers:
        application.add_handler(handler, group)
    async with application, Bot(TOKEN, base_url=base, request=request) as bot:
        dispatch = Dispatch(memory, application)
        loop = Loop(memory, acts or {}, parked=parked, figures=figures)
        sender = Sender(
            memory,
            bot,
            Budget(limits),
            present,
            undeliverable,
            reveal.given_up,
            owner=owner,
            figures=figures,
            draw=draw,
        )
        turn = Turn(
            play.address,
            owner,
            clock=clock,
            memory=memory,
            doors=[dispatch, loop, sender],
            decisions=lambda c, after: ([], after),
            coming=lambda c, now: [],
            keep_house=_nothing,
        )
        doors = Doors(memory, clock, application, dispatch, loop, sender)
        for name, run in {
            "polling": Polling(memory, play.address, TOKEN).run(),
            "dispatch": dispatch.run(),
            "loop": loop.run(),
            "sender": sender.run(),
            "turn": turn.run(),
        }.items():
            doors.runs[name] = asyncio.create_task(run, name=name)
        try:
            yield doors
        finally:
            for task in doors.runs.values():
                task.cancel()
            ended = await asyncio.gather(*doors.runs.values(), return_exceptions=True)
            await memory.close()
    for end in ended:
        if not isinstance(end, asyncio.CancelledError):
            raise AssertionError(f"a door ended by itself: {end!r}")


async def _nothing() -> None:
    """No house to keep."""


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 10.0) -> None:
    """Wait until something is so, wherever it can be seen."""
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110 -- what it waits for is seen from outside
            await asyncio.sleep(0.01)


async def up(play: Play) -> None:
    """Wait until the playground has a bot that settles."""
    async with asyncio.timeout(15):
        while True:
            with suppress(Refused):
                await play.settle()
                return
