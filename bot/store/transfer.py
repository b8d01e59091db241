"""Whole databases: a copy of a file in use, every row of one database into another, the proof."""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL, Connection, Integer, Select, Table, func, insert, inspect, select, text
from sqlalchemy import table as named

from bot.store import engine
from bot.store.engine import Lock, Refused
from bot.store.schema import member, metadata
from bot.store.tools import readable
from bot.store.vault import SCHEMA, data_key

TABLES = metadata.sorted_tables
"""Those of the data, each after the tables it refers to."""

KEYS = [data_key]
"""Those of the people's keys."""

_BATCH = 1000


class Print(NamedTuple):
    """How many rows a table has, and a fingerprint of them all, whatever their order."""

    rows: int
    sum: str


@contextmanager
def draft(place: Path) -> Iterator[Path]:
    """A private folder in `place` for what is not whole yet; afterwards it is renamed or gone.

    One at a time; what a killed one has left is taken away by the next.
    """
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        lock = Lock(place / "draft")
    except Refused:
        raise Refused(f"Another backup or restore is at work in {place}. Wait for it.") from None
    folder = place / ".draft"
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def copy_file(file: Path, to: Path) -> None:
    """A whole SQLite file as it stands at one moment, while others write it; safely on disk."""
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    # By its own connection: the engine's readers may not even make a file elsewhere.
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source:
        source.isolation_level = None
        source.execute("PRAGMA busy_timeout=5000")
        source.execute("VACUUM INTO ?", [str(to)])
    sync(to)


def sync(path: Path) -> None:
    """What was written to this file, or the names in this folder, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def looking(file: Path) -> Iterator[Connection]:
    """A SQLite file, unable to write it."""
    opened = engine.looking(URL.create("sqlite", database=str(file)))
    try:
        with opened.connect() as c:
            yield c
    finally:
        opened.dispose()


def copy_rows(source: Connection, target: Connection, tables: Sequence[Table]) -> None:
    """Every row of these tables, into the same tables of the other database, which are empty."""
    for table in tables:
        for batch in source.execute(_all(table)).mappings().partitions(_BATCH):
            target.execute(insert(table), [dict(row) for row in batch])
        if target.dialect.name == "postgresql":
            _go_on_counting(target, table)


def prints(c: Connection, tables: Sequence[Table]) -> dict[str, Print]:
    """By table; two databases with the same prints hold the same rows."""
    return {table.name: _print(c, table) for table in tables}


def counts(c: Connection) -> dict[str, int]:
    """How many rows each table has, whatever its schema."""
    names = sorted(set(inspect(c).get_table_names()) - {"alembic_version"})
    return {
        name: c.execute(select(func.count()).select_from(named(name))).scalar_one()
        for name in names
    }


def is_empty(c: Connection) -> bool:
    """Nothing is kept here, and no table of another program's is either."""
    standing = counts(c)
    if c.dialect.name == "postgresql" and inspect(c).has_table(data_key.name, schema=SCHEMA):
        standing[data_key.name] = c.execute(select(func.count()).select_from(data_key)).scalar_one()
    return not any(standing.values()) and standing.keys() <= {t.name for t in (*TABLES, *KEYS)}


def names(c: Connection) -> dict[str, str]:
    """Every member's name by their id: a sample of all that is sealed, owner by owner."""
    rows = c.execute(select(member.c.id, member.c.name))
    return {row.id: readable(c, row.id, row.name) for row in rows}


def _all(table: Table) -> Select[Any]:
    return select(table).execution_options(yield_per=_BATCH)


def _print(c: Connection, table: Table) -> Print:
    rows, total = 0, 0
    for row in c.execute(_all(table)):
        written = json.dumps(list(row), sort_keys=True, default=repr).encode()
        total += int.from_bytes(sha256(written).digest())
        rows += 1
    return Print(rows, f"{total % 2**256:064x}")


def _go_on_counting(c: Connection, table: Table) -> None:
    """The next row's number follows the newest, as it did where the rows come from."""
    counted = [column for column in table.primary_key.columns if isinstance(column.type, Integer)]
    for column in counted:
        place: Mapping[str, str] = {"table": table.fullname, "column": column.name}
        query = text("SELECT pg_get_serial_sequence(:table, :column)")
        sequence = c.execute(query, place).scalar_one()
        newest = c.execute(select(func.max(column))).scalar_one()
        if sequence is not None and newest is not None:
            c.execute(select(func.setval(sequence, newest)))
