"""The two ways to read: SQLite's connections that cannot write, and PostgreSQL's pool."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncEngine

T = TypeVar("T")


class Reader(Protocol):
    """Runs a function on one snapshot, on which it cannot write.

    `survey` is for what looks at many rows: nobody waits behind it.
    """

    async def read(self, fn: Callable[[Connection], T]) -> T: ...

    async def survey(self, fn: Callable[[Connection], T]) -> T: ...

    async def close(self) -> None: ...


class FileReader:
    """A read of a few rows runs where it is asked for: to go to a thread and back takes several
    times as long. A survey has a thread and a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._near = engine.connect()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kith-survey")

    async def read(self, fn: Callable[[Connection], T]) -> T:
        with self._near.begin():
            return fn(self._near)

    async def survey(self, fn: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._far, fn)

    async def close(self) -> None:
        await asyncio.to_thread(self._thread.shutdown)
        self._near.close()
        self._engine.dispose()

    def _far(self, fn: Callable[[Connection], T]) -> T:
        with self._engine.connect() as c:
            return fn(c)


class PoolReader:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def read(self, fn: Callable[[Connection], T]) -> T:
        async with self._engine.connect() as connection:
            return await connection.run_sync(fn)

    survey = read

    async def close(self) -> None:
        await self._engine.dispose()
