"""The memory of one simulated process: Kith's own transactions, each a step that may go wrong."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from bot.care.outcome import Cause
from bot.deadlines import loop as deadline_loop
from bot.store import inbox, leader, outbox
from bot.store.memory import Memory
from bot.store.ring import Bells, rung
from tests.simulation import sharing
from tests.simulation.database import START, Database
from tests.simulation.faults import name_of

if TYPE_CHECKING:
    from tests.simulation.kith import Kith

P = ParamSpec("P")
T = TypeVar("T")

Seen = tuple[str, int, datetime]
"""A door has looked at this version of a table, and nothing is to be done before then."""

FAR = timedelta(days=1)


class SkewedClock:
    """The world's time as one machine has it."""

    hand_set = False

    def __init__(self, kith: "Kith") -> None:
        self._kith = kith

    def now(self) -> datetime:
        return self._kith.world.moment() + self._kith.skew


class SteppingMemory(Memory):
    """Every read and write is a step before and after which its process may stop for good.

    A door that has looked and found nothing to do is not made to look again each second while
    nothing has changed: it waits in `now` for as long as looking again would find nothing.
    """

    def __init__(self, kith: "Kith", *, alone: bool) -> None:
        self.clock = SkewedClock(kith)
        self.bells = Bells()
        self._kith = kith
        self._world = kith.world
        self._database = kith.world.database
        self.owner, self.alone = kith.name, alone
        tools = self._database.tools(kith.name, alone=alone)
        self._c = self._database.connect(tools)
        self._seen: dict[asyncio.Task[Any] | None, Seen] = {}

    async def read(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        await self._world.faults.step(self._kith, "before reading", fn)
        before = self._database.raw.total_changes
        with self._c.looking():
            result = fn(self._c, *args, **kwargs)
            given: tuple[Any, ...] = args
            for row in given[:1]:
                if isinstance(row, outbox.Row):  # it is about to be sent
                    sharing.judged(self._world.watch, row, given[1])
            if fn in NOTHING:
                table, nothing = NOTHING[fn]
                self._looked(table, nothing(self._c, result))
        if self._database.raw.total_changes != before:
            self._world.wrong(f"{name_of(fn)} was to read, and wrote")
        await self._world.faults.step(self._kith, "after reading", fn)
        return result

    survey = read

    async def write(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        faults = self._world.faults
        try:
            if any(isinstance(a, Cause) and a.update for a in (*args, *kwargs.values())):
                await faults.in_hand(self._kith, fn)
            await faults.step(self._kith, "before writing", fn)
        except asyncio.CancelledError:
            if faults.some(0.5):  # it waited for its turn, and is not called back
                self._commit(fn, args, kwargs)
            raise
        if faults.trouble():
            self._world.tell(f"{self._kith.name}: no database for {name_of(fn)}")
            raise _trouble()
        result: T = self._commit(fn, args, kwargs)
        if fn is outbox.claim:
            await faults.in_hand(self._kith, fn)
        await faults.step(self._kith, "after writing", fn)
        if not self.alone and faults.trouble():
            self._world.tell(f"{self._kith.name}: no answer to the commit of {name_of(fn)}")
            raise _trouble()
        return result

    write_aside = write

    async def now(self) -> datetime:
        seen = self._seen.pop(asyncio.current_task(), None)
        if seen is not None:
            await self._for_news(*seen)
        return self.time()

    async def shared_now(self) -> datetime:
        return self.time()

    def time(self) -> datetime:
        """The database's own time where several write; else the machine's."""
        return self.clock.now() if self.alone else self._world.moment()

    async def close(self) -> None:
        self._c.close()

    def _commit(self, fn: Any, args: Any, kwargs: Any) -> Any:
        if fn is leader.lead and self._database.led_by_another(*args):
            return False  # half of all that would be written, and it writes nothing
        try:
            with self._c.begin():
                rung(self._c)  # by what was undone
                result = fn(self._c, *args, **kwargs)
        except BaseException:
            self._database.changed()  # nothing of it stands
            raise
        cause = next((a for a in (*args, *kwargs.values()) if isinstance(a, Cause)), None)
        self._world.committed(self._kith, name_of(fn), cause)
        for call in self.bells.called(rung(self._c)):
            asyncio.get_running_loop().call_soon(call)
        return result

    def _looked(self, table: str, until: datetime | None) -> None:
        if until is not None:
            version = self._database.versions[table]
            self._seen[asyncio.current_task()] = table, version, until

    async def _for_news(self, table: str, version: int, until: datetime) -> None:
        ahead = (until - self.time()).total_seconds()
        if version != self._database.versions[table] or ahead <= 0:
            return
        loop = asyncio.get_running_loop()
        waiting = News(self._kith, loop)
        self._database.news[table].append(waiting)
        alarm = loop.call_later(ahead, waiting.comes, False)
        try:
            if await waiting:
                await asyncio.sleep(self._world.faults.between(0, 1))  # the rest of a peek
        finally:
            alarm.cancel()


class News(asyncio.Future[bool]):
    """Comes with True when another process has written: that is seen at the next peek."""

    def __init__(self, kith: "Kith", loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self.kith = kith

    def comes(self, late: bool) -> None:
        if not self.done():
            self.set_result(late)


def spread(database: Database, tables: Iterable[str], by: "Kith | None") -> None:
    """Whoever has found nothing to do in these looks again."""
    for table in tables:
        waiting, database.news[table] = database.news[table], []
        for each in waiting:
            each.comes(each.kith is not by)


def _of_inbox(c: Connection, found: list[inbox.Open]) -> datetime | None:
    return None if found else inbox.next_moment(c) or START + FAR


def _of_outbox(c: Connection, look: outbox.Look) -> datetime | None:
    return None if look.ready or look.lapsed else look.next or START + FAR


def _of_deadlines(c: Connection, look: Any) -> datetime | None:
    due, coming = look
    return None if due else coming or START + FAR


NOTHING: dict[Any, tuple[str, Callable[[Connection, Any], datetime | None]]] = {
    inbox.open_updates: ("inbox", _of_inbox),
    outbox.look: ("outbox", _of_outbox),
    deadline_loop._look: ("deadline", _of_deadlines),
}
"""The looks of doors: at which table, and until when it means "nothing to do"; None: there is."""


def _trouble() -> OperationalError:
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return OperationalError("simulated", None, locked)
