"""A service as large as a figure needs, made through the store's own functions, and Kith on it."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from sqlalchemy import Connection, insert, update

from benchmarks.telegram import TOKEN
from bot import key
from bot.app import App, open_memory
from bot.care.circle import Member, Membership, Role, Support
from bot.care.journey import KIND, Journey
from bot.care.outcome import NOBODY, Cause, Lane, Message, Outcome, Tell
from bot.care.text import Text
from bot.clock import Clock, SystemClock
from bot.handlers.commands import menu
from bot.i18n import Words
from bot.settings import Settings
from bot.store import circle, migrate, schema
from bot.store import journey as journeys
from bot.store import plan as plans
from bot.store.commit import commit
from bot.store.memory import Memory
from bot.store.tools import new_id
from bot.waking import settle

PERSON, WORKER, LEAD, MANAGER, READER = (n * 1_000_000 for n in (2, 3, 4, 5, 1))
"""Telegram ids begin here; whoever only reads what is broadcast comes below all others."""

TEAM = 10
"""So many people to a team, each with a key worker of their own."""

AT_ONCE = 200
"""So many are made in one transaction."""


SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a plan they agreed to; `chat` and `worker_chat` are Telegram ids."""

    id: str
    chat: int
    worker_chat: int


@contextmanager
def folder() -> Iterator[Path]:
    """Where a figure keeps its files; gone afterwards."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        with TemporaryDirectory(prefix="kith-bench-") as made:
            yield Path(made)
    finally:
        structlog.configure(**before)


def settings(data: Path, api: str = "http://127.0.0.1:9", **given: object) -> Settings:
    """On a port of its own, so that several run side by side."""
    return Settings.model_validate({"data": data, "telegram_api": api, "admin_port": 0, **given})


@asynccontextmanager
async def memory(using: Settings, clock: Clock | None = None) -> AsyncIterator[Memory]:
    """The memory of these settings, made when there is none; on the machine's clock, or another."""
    key.make(using.data)
    await asyncio.to_thread(migrate.upgrade, using.database_url)
    opened = await open_memory(using, clock or SystemClock())
    try:
        yield opened
    finally:
        await opened.close()


@asynccontextmanager
async def running(using: Settings, opened: Memory) -> AsyncIterator[App]:
    """All of Kith on this memory, once every door is open."""
    app = App(using, opened, Words.load(), TOKEN, using.telegram_api)
    task = asyncio.create_task(app.run())
    try:
        while app.loop.last_round is None or not app.receiving.caught_up:
            await asyncio.sleep(0.01)
            if task.done():
                await task
        settle()
        yield app
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def make_people(opened: Memory, count: int) -> list[Person]:
    made: list[Person] = []
    for first in range(0, count, AT_ONCE):
        some = range(first, min(count, first + AT_ONCE))
        made += await opened.write(_people, some, await opened.now())
    return made


def _people(c: Connection, numbers: range, now: datetime) -> list[Person]:
    people: list[Person] = []
    team = ""
    for n in numbers:
        if n % TEAM == 0 or not team:
            team = new_id(c)
            c.execute(insert(schema.team).values(id=team, name=f"Team {n}", phone=None))
            _member(c, team, Role.ON_CALL_LEAD, LEAD + n, now)
            _member(c, team, Role.MANAGER, MANAGER + n, now)
        person = _member(c, team, Role.PERSON, PERSON + n, now)
        worker = _member(c, team, Role.STAFF, WORKER + n, now)
        support = Support(new_id(c), worker, person, True, now)
        commit(c, Outcome(records=(support,)), NOBODY, now)
        plans.sample(c, person, worker, now)
        people.append(Person(person, PERSON + n, WORKER + n))
    return people


def _member(c: Connection, team: str, role: Role, telegram: int, now: datetime) -> str:
    id = new_id(c)
    member = Member(id, telegram, f"Sam {telegram}", "07700 900101", "en_GB", now)
    membership = Membership(new_id(c), id, role, team, None, now)
    commit(c, Outcome(records=(member, membership)), NOBODY, now)
    circle.menu_shown(c, telegram, menu_of(role))
    return id


@cache
def menu_of(role: Role) -> str:
    """Their menu is there already, as in any service that has run for a while."""
    return menu(Words.load(), "en_GB", frozenset((role,))).mark


async def send_all_off(
    opened: Memory, people: list[Person], due_at: datetime, now: datetime
) -> list[str]:
    """Everybody sets off at `now`, to be back at `due_at`; the outings' ids."""
    ids: list[str] = []
    for first in range(0, len(people), AT_ONCE):
        some = people[first : first + AT_ONCE]
        ids += await opened.write(_set_off, some, due_at, now)
    return ids


def set_one_off(c: Connection, person: Person, due_at: datetime, now: datetime) -> str:
    """The outing's id."""
    return _set_off(c, [person], due_at, now)[0]


def _set_off(c: Connection, people: list[Person], due_at: datetime, now: datetime) -> list[str]:
    ids: list[str] = []
    for person in people:
        outcome = journeys.set_off(c, person.id, "Café", due_at, now)
        ids += [record.id for record in outcome.records if isinstance(record, Journey)]
    return ids


async def ask_all_twice(opened: Memory, ids: list[str], due_at: datetime) -> None:
    """Both questions of the plan have been asked and nobody answered: the grace runs."""
    for after in (0, 5):
        asked = due_at + timedelta(minutes=after)
        for first in range(0, len(ids), AT_ONCE):
            await opened.write(_tick, ids[first : first + AT_ONCE], asked)
    await opened.write(all_sent, asked)


def _tick(c: Connection, ids: list[str], now: datetime) -> None:
    for id in ids:
        journeys.tick(c, id, now, now, Cause(deadline=(KIND, id)))


def all_sent(c: Connection, now: datetime) -> None:
    """What waits on its way out has been sent."""
    table = schema.outbox
    waiting = update(table).where(table.c.state == "waiting")
    c.execute(waiting.values(state="sent", sent_at=now, message=1))


async def broadcast(opened: Memory, readers: int) -> None:
    """A message in the lowest lane for each of so many readers."""
    for first in range(0, readers, AT_ONCE):
        some = range(first, min(readers, first + AT_ONCE))
        await opened.write(_broadcast, some, await opened.now())


def _broadcast(c: Connection, numbers: range, now: datetime) -> None:
    team = new_id(c)
    c.execute(insert(schema.team).values(id=team, name="Readers", phone=None))
    said = Message(Text("general", "not_done"))
    for n in numbers:
        reader = _member(c, team, Role.CARER, READER + n, now)
        commit(c, Outcome(tells=(Tell(reader, said, Lane.BROADCAST),)), NOBODY, now)


def utc() -> datetime:
    return datetime.now(UTC)


def cpu() -> float:
    """Seconds of processor time this process has used."""
    used = os.times()
    return used.user + used.system


unlimited = partial(settings, messages_per_second=100_000, chat_burst=100_000)
"""Settings without a sending budget: for figures that ask how fast Kith itself is."""
