"""A memory without threads: Kith's own transactions on SQLite in memory, put back for each run."""

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, StaticPool, create_engine, event

from bot.clock import HandClock
from bot.store import migrate
from bot.store.memory import Memory
from bot.store.tools import Tools
from bot.store.vault import SCHEMA, Vault

P = ParamSpec("P")
T = TypeVar("T")

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


class InMemory(Memory):
    """Each transaction runs at once, on the event loop."""

    def __init__(self, clock: HandClock, dice: Random) -> None:
        vault = Vault(bytes(32), _engine({"schema_translate_map": {SCHEMA: None}}), dice.randbytes)
        tools = Tools(vault, lambda: "".join(dice.choices(LETTERS, k=16)))
        engine = _engine({"kith": tools})
        raw = engine.raw_connection().driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.deserialize(_migrated())
        self.clock = clock
        self.on_write: list[Callable[[], None]] = []
        self.owner = tools.owner
        self.alone = True
        self._c = engine.connect()
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

    async def write(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        result = self.now_do(fn, *args, **kwargs)
        await asyncio.sleep(0)
        return result

    def ring(self) -> None:
        """Wake every door: for all writes since the last time at once, which is quicker."""
        for call in self.on_write:
            call()

    async def close(self) -> None:
        self._c.close()


def _engine(options: Mapping[str, Any]) -> Any:
    engine = create_engine("sqlite://", poolclass=StaticPool, execution_options=options)

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("foreign_keys", "recursive_triggers"):
            connection.execute(f"PRAGMA {pragma}=ON")

    @event.listens_for(engine, "begin")
    def began(c: Connection) -> None:
        c.exec_driver_sql("BEGIN")

    return engine


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        path = Path(folder) / "kith.db"
        migrate.upgrade(f"sqlite:///{path}")
        with closing(sqlite3.connect(path)) as made:
            made.execute("PRAGMA journal_mode=DELETE")  # memory knows no log beside the file
            return made.serialize()
