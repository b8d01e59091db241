"""A memory without threads: Kith's own transactions on SQLite in memory, put back for each run."""

import asyncio
import sqlite3
from collections.abc import Callable
from random import Random
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from bot.clock import HandClock
from bot.store.memory import Memory
from bot.store.ring import Bells
from bot.store.tools import Tools
from bot.store.vault import SCHEMA, Vault
from tests import in_memory
from tests.quick import Known, Quick

P = ParamSpec("P")
T = TypeVar("T")

KNOWN = Known()
"""What this process knows of Kith's statements."""

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


class InMemory(Memory):
    """Each transaction runs at once, on the event loop."""

    def __init__(self, clock: HandClock, dice: Random) -> None:
        vault = Vault(
            bytes(32), in_memory.engine({"schema_translate_map": {SCHEMA: None}}), dice.randbytes
        )
        tools = Tools(vault, lambda: "".join(dice.choices(LETTERS, k=16)))
        engine = in_memory.engine({"kith": tools})
        raw = engine.raw_connection().driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.deserialize(in_memory.migrated())
        self.clock = clock
        self.bells = Bells()
        self.owner = tools.owner
        self.alone = True
        self._c = Quick(engine, KNOWN)
        self.now_do(vault.prepare, fresh=True)

    def now_do(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with self._c.begin():
            return fn(self._c, *args, **kwargs)

    async def read(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return self.now_do(fn, *args, **kwargs)

    survey = read

    async def write(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        result = self.now_do(fn, *args, **kwargs)
        await asyncio.sleep(0)
        return result

    write_aside = write

    def ring(self) -> None:
        """Wake every door: for all writes since the last time at once, which is quicker."""
        for call in self.bells.called():
            call()

    async def close(self) -> None:
        self._c.close()
