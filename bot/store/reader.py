"""The two ways to read: SQLite's connections that cannot write, and PostgreSQL's pool."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")

AT_ONCE = 4
"""So many reads of one process on PostgreSQL."""


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
    """A read goes to a thread whole, so that nobody waits for the server's answers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="kith-reader")

    async def read(self, fn: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._look, fn)

    survey = read

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()

    def _look(self, fn: Callable[[Connection], T]) -> T:
        with self._engine.connect() as c:
            return fn(c)
