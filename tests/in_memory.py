"""Kith's schema on SQLite in memory: migrated once per process, put back for each run."""

import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, StaticPool, create_engine, event

from bot.store import migrate


def engine(options: Mapping[str, Any] | None = None) -> Engine:
    """One connection, which behaves as the writer's does."""
    made = create_engine(
        "sqlite://",
        poolclass=StaticPool,
        execution_options=options or {},
        connect_args={"cached_statements": 1000},  # all that Kith has
    )

    @event.listens_for(made, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("foreign_keys", "recursive_triggers"):
            connection.execute(f"PRAGMA {pragma}=ON")

    vars(made.dialect)["do_begin"] = lambda connection: connection.execute("BEGIN")
    return made


@cache
def migrated() -> bytes:
    """An empty database at the newest schema, as `sqlite3.Connection.deserialize` takes it."""
    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        path = Path(folder) / "kith.db"
        migrate.upgrade(f"sqlite:///{path}")
        with closing(sqlite3.connect(path)) as made:
            made.execute("PRAGMA journal_mode=DELETE")  # memory knows no log beside the file
            return made.serialize()
