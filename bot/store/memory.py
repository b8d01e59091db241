"""The one memory: transactions are plain functions of a connection, read and written by doors."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from bot.care.hours import USUAL, Hours
from bot.care.review import NOTHING_OWN, Rules
from bot.clock import Clock, Reckoning
from bot.store import engine, migrate
from bot.store.engine import Lock, Refused, Silent
from bot.store.reader import FileReader, PoolReader, Reader
from bot.store.ring import Bells, Door, hear
from bot.store.schema import inbox, member
from bot.store.tools import Tools, random_id
from bot.store.trouble import is_trouble
from bot.store.vault import Vault, WrongKey
from bot.store.writer import Writer

__all__ = ["Memory", "Refused", "Silent"]

P = ParamSpec("P")
T = TypeVar("T")

BEGINNINGS = 5
"""How often opening a database is tried that lets go of us in the middle."""


class Memory:
    """Reads and writes the store; `bells` are rung on the loop after each commit.

    `owner` names this process among the replicas; `alone`: no other process may write.
    """

    def __init__(
        self,
        clock: Clock,
        readers: Reader,
        writer: Writer,
        aside: Writer,
        bells: Bells,
        closing: AsyncExitStack,
        tools: Tools,
    ) -> None:
        self.clock = clock
        self.bells = bells
        self.owner = tools.owner
        self.alone = tools.alone
        self._readers = readers
        self._writer = writer
        self._aside = aside
        self._closing = closing
        self._shared = Reckoning()

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        key: bytes,
        data: Path,
        clock: Clock,
        new_id: Callable[[], str] = random_id,
        hours: Hours = USUAL,
        reviews: Rules = NOTHING_OWN,
        channels: tuple[str, ...] = (),
    ) -> Self:
        """Open a migrated database; Refused, with a sentence, when that cannot be, and Silent
        when it may be in a while.

        `key` is KITH_KEY's 32 bytes; `data` the folder where keys.db is kept beside SQLite;
        `hours` and `reviews` are the service's; `channels` its other ways to reach staff.
        """
        where = engine.address(url)
        bells = Bells()
        made = partial(Tools, new_id=new_id, hours=hours, reviews=reviews, channels=channels)
        async with AsyncExitStack() as opening:
            if engine.is_sqlite(where):
                opening.callback(Lock(engine.sqlite_path(where)).release)
            await asyncio.to_thread(_must_be_current, url)
            if engine.is_sqlite(where):
                keys = engine.key_file(data)
                opening.callback(keys.dispose)
                vault = Vault(key, keys)
                tools = made(vault)
                writing = engine.writing(where, kith=tools)
                opening.callback(writing.dispose)  # after the readers': the last checkpoints
                readers: Reader = FileReader(engine.reading(where, kith=tools))
            else:
                vault = Vault(key)
                tools = made(vault, alone=False)
                writing = engine.serving(where, kith=tools)
                readers = PoolReader(
                    writing.execution_options(
                        isolation_level="REPEATABLE READ", postgresql_readonly=True
                    )
                )
            opening.push_async_callback(readers.close)
            await _prepared(writing, vault)
            writer = Writer(writing, bells)
            opening.push_async_callback(writer.close)
            aside = writer
            if not tools.alone:  # a server takes two at once
                aside = Writer(writing, bells)
                opening.push_async_callback(aside.close)
                listening = hear(where, lambda: _all(bells.called([Door.INBOX])))
                hearing = asyncio.create_task(listening, name="rings")
                opening.push_async_callback(_ended, hearing)
            return cls(clock, readers, writer, aside, bells, opening.pop_all(), tools)
        raise AssertionError  # the stack swallows nothing

    async def read(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn` on one snapshot of a few rows; it cannot write, and holds everybody up."""
        return await self._readers.read(lambda c: fn(c, *args, **kwargs))

    async def survey(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same for what looks at many rows: nobody waits behind it."""
        return await self._readers.survey(lambda c: fn(c, *args, **kwargs))

    async def write(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn` in a transaction; answers when it is on disk, or raises what it raised.

        `fn` may run in another thread, and again when the database calls it off: it acts
        through its connection only. A caller that gives up waiting does not know the end.
        """
        return await self._writer.write(lambda c: fn(c, *args, **kwargs))

    async def write_aside(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same for what leaves: where the database lets two write at once, it does not wait
        behind what is due."""
        return await self._aside.write(lambda c: fn(c, *args, **kwargs))

    async def now(self) -> datetime:
        """What time it is: the database's on PostgreSQL, unless a hand moves the clock."""
        return self.clock.now() if self.clock.hand_set else await self.shared_now()

    async def shared_now(self) -> datetime:
        """The time that all replicas share: no hand moves the database's."""
        if self.alone:
            return self.clock.now()
        return self._shared.now() or self._shared.hear(await self.read(_database_time))

    async def close(self) -> None:
        """Finish what was asked for, then let go of the database."""
        await self._closing.aclose()


def _database_time(c: Connection) -> datetime:
    moment: datetime = c.execute(select(func.clock_timestamp())).scalar_one()
    return moment


def _all(calls: list[Callable[[], None]]) -> None:
    for call in calls:
        call()


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _prepared(writing: Engine, vault: Vault) -> None:
    """PostgreSQL ends the transaction of a replica that froze as it began: it begins again."""
    for left in reversed(range(BEGINNINGS)):
        try:
            await asyncio.to_thread(_prepare, writing, vault)
            return
        except WrongKey as wrong:
            raise Refused(str(wrong)) from None
        except DBAPIError as error:
            if not is_trouble(error):
                raise
            if not left:
                raise _silent(engine.is_sqlite(writing.url)) from None


def _prepare(writing: Engine, vault: Vault) -> None:
    # Of two replicas that start at once, the later must see what the earlier has made.
    if writing.dialect.name == "postgresql":
        writing = writing.execution_options(isolation_level="READ COMMITTED")
    with writing.begin() as c:
        vault.prepare(c, fresh=_is_fresh(c))


def _is_fresh(c: Connection) -> bool:
    """Nothing sealed has been kept yet."""
    return not any(
        c.execute(select(table.select().exists())).scalar_one() for table in (member, inbox)
    )


def _must_be_current(url: str) -> None:
    refusal = migrate.refusal(url)
    if refusal == migrate.SILENT:
        raise _silent(engine.is_sqlite(engine.address(url)))
    if refusal is not None:
        raise Refused(refusal)


def _silent(file: bool) -> Refused:
    """A server may come back; a file that cannot be opened stays so."""
    return Refused(migrate.SILENT) if file else Silent(migrate.SILENT)
