"""The two ways to write: SQLite's thread that commits in groups, PostgreSQL's that tries again."""

import asyncio
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

T = TypeVar("T")

GROUP = 256
"""At most so many writes share a COMMIT."""

TRIES = 12
"""How often PostgreSQL may call a transaction off before its caller hears of it."""

AT_ONCE = 8
"""So many transactions of one process on PostgreSQL: more of them call each other off."""

_CALLED_OFF = frozenset({"40001", "40P01"})  # serialization failure, deadlock


class Writer(Protocol):
    """Runs a transaction and answers when it is on disk."""

    async def write(self, fn: Callable[[Connection], T]) -> T: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Job:
    fn: Callable[[Connection], Any]
    answer: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


class GroupWriter:
    """One thread, one connection. Whatever waits is run together, each in its savepoint, and
    answered after the one COMMIT: one bad write fails alone, a failed COMMIT fails them all."""

    def __init__(self, engine: Engine, on_write: list[Callable[[], None]]) -> None:
        self._engine = engine
        self._on_write = on_write
        self._waiting: list[_Job] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kith-writer")
        self._groups = asyncio.create_task(self._run(), name="kith-writer")

    async def write(self, fn: Callable[[Connection], T]) -> T:
        if self._closing or self._groups.done():
            raise RuntimeError("the memory is closed")
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Job(fn, answer))
        self._wake.set()
        return await answer

    async def close(self) -> None:
        self._closing = True
        self._wake.set()
        await self._groups
        self._thread.shutdown()

    async def _run(self) -> None:
        try:
            while self._waiting or not self._closing:
                if self._waiting:
                    group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
                    await self._answered(group)
                else:
                    self._wake.clear()
                    await self._wake.wait()
        finally:  # nobody waits for ever, whatever happened
            for job in self._waiting:
                job.answer.cancel()

    async def _answered(self, group: list[_Job]) -> None:
        loop = asyncio.get_running_loop()
        try:
            results = await loop.run_in_executor(self._thread, self._commit, group)
        except BaseException:
            for job in group:
                job.answer.cancel()
            raise
        for job, result in zip(group, results, strict=True):
            if job.answer.done():  # its caller has gone
                continue
            if isinstance(result, _Failed):
                job.answer.set_exception(result.error)
            else:
                job.answer.set_result(result)
        if not all(isinstance(result, _Failed) for result in results):
            for call in self._on_write:
                loop.call_soon(call)

    def _commit(self, group: list[_Job]) -> list[Any]:
        try:
            with self._engine.begin() as c:
                return [_attempt(c, job.fn) for job in group]
        except Exception as error:
            return [_Failed(error) for _ in group]


def _attempt(c: Connection, fn: Callable[[Connection], Any]) -> Any:
    # Said to the driver: begin_nested() takes as long again as the work of a small transaction.
    driver = c.connection.dbapi_connection
    assert driver is not None
    driver.cursor().execute("SAVEPOINT job")
    try:
        result = fn(c)
    except Exception as error:
        c.exec_driver_sql("ROLLBACK TO job")  # raises where all is lost: then all have failed
        result = _Failed(_carried(error))
    driver.cursor().execute("RELEASE job")
    return result


def _carried(error: Exception) -> Exception:
    """A future refuses to carry a StopIteration."""
    if not isinstance(error, StopIteration):
        return error
    carried = RuntimeError("the transaction raised StopIteration")
    carried.__cause__ = error
    return carried


class RetryingWriter:
    """Each transaction on its own; one that got in another's way is run again."""

    def __init__(self, engine: AsyncEngine, on_write: list[Callable[[], None]]) -> None:
        self._engine = engine
        self._on_write = on_write
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def write(self, fn: Callable[[Connection], T]) -> T:
        for attempt in range(TRIES):
            try:
                async with self._turns, self._engine.begin() as connection:
                    result = await connection.run_sync(fn)
                break
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _CALLED_OFF:
                    raise
                if attempt == TRIES - 1:
                    raise
            pause = random.uniform(0, 0.002 * 2 ** min(attempt, 6))  # noqa: S311 - no secret
            await asyncio.sleep(pause)
        for call in self._on_write:
            asyncio.get_running_loop().call_soon(call)
        return result

    async def close(self) -> None:
        """Nothing waits here: each caller awaits its own transaction."""
