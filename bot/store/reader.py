"""The two ways to read: SQLite's threads, each with a connection, and PostgreSQL's pool."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncEngine

T = TypeVar("T")


class Reader(Protocol):
    """Runs a function on one snapshot, on which it cannot write."""

    async def read(self, fn: Callable[[Connection], T]) -> T: ...

    async def close(self) -> None: ...


class ThreadReader:
    """The whole of a read in one thread: to hop to another for every statement takes longer
    than the statement."""

    def __init__(self, engine: Engine, threads: int) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="kith-reader")

    async def read(self, fn: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, fn)

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()

    def _run(self, fn: Callable[[Connection], T]) -> T:
        with self._engine.connect() as c:
            return fn(c)


class PoolReader:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def read(self, fn: Callable[[Connection], T]) -> T:
        async with self._engine.connect() as connection:
            return await connection.run_sync(fn)

    async def close(self) -> None:
        await self._engine.dispose()
