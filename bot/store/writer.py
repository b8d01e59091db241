"""The one way to write: a thread that commits in groups, and tries again what was called off."""

import asyncio
import random
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.store.ring import Bells, Door, rung

T = TypeVar("T")

GROUP = 256
"""At most so many writes share a COMMIT."""

TRIES = 12
"""How often PostgreSQL may call a transaction off before its caller hears of it."""

TOGETHER = 4
"""How often a group is tried whole: what is smaller gets in fewer ways."""

_CALLED_OFF = frozenset({"40001", "40P01"})  # serialization failure, deadlock


@dataclass(frozen=True, slots=True)
class _Job:
    fn: Callable[[Connection], Any]
    answer: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


class Writer:
    """One thread, one connection. Whatever waits is run together, each in its savepoint, and
    answered after the one COMMIT: one bad write fails alone, a failed COMMIT fails them all.
    What PostgreSQL calls off, because another replica was in the way, is run again."""

    def __init__(self, engine: Engine, bells: Bells) -> None:
        self._engine = engine
        self._bells = bells
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
            results, doors = await self._committed(group)
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
            for call in self._bells.called(doors):
                loop.call_soon(call)

    async def _committed(self, group: list[_Job]) -> tuple[list[Any], Collection[Door]]:
        loop = asyncio.get_running_loop()
        for attempt in range(TRIES):
            try:
                return await loop.run_in_executor(self._thread, self._commit, group)
            except DBAPIError as error:
                called_off = error
            if len(group) > 1 and attempt + 1 == TOGETHER:
                each = [await self._committed([job]) for job in group]
                return [answer for answers, _ in each for answer in answers], tuple(Door)
            pause = random.uniform(0, 0.002 * 2 ** min(attempt, 6))  # noqa: S311 - no secret
            await asyncio.sleep(pause)
        return [_Failed(called_off)], ()

    def _commit(self, group: list[_Job]) -> tuple[list[Any], Collection[Door]]:
        """What each has answered, and which doors were rung; raises only when all of it was
        called off."""
        try:
            with self._engine.begin() as c:
                rung(c)  # by what was called off
                if len(group) == 1:
                    return [group[0].fn(c)], rung(c)
                return [_attempt(c, job.fn) for job in group], rung(c)
        except Exception as error:
            if _was_called_off(error):
                raise
            return [_Failed(_carried(error)) for _ in group], ()


def _attempt(c: Connection, fn: Callable[[Connection], Any]) -> Any:
    # Said to the driver: begin_nested() takes as long again as the work of a small transaction.
    driver = c.connection.dbapi_connection
    assert driver is not None
    driver.cursor().execute("SAVEPOINT job")
    try:
        result = fn(c)
    except Exception as error:
        if _was_called_off(error):
            raise  # nothing of this transaction can be kept
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


def _was_called_off(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _CALLED_OFF
