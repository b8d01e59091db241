"""Keeping one row in its new state."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Table, Update, bindparam, insert, update

from bot.store.tools import insert_for


def keep_row(c: Connection, table: Table, *, id: str, **values: Any) -> None:
    """Write the row with this id, whether it stood before or not."""
    changing, adding = _statements(table)
    if c.execute(changing, {"this": id, **values}).rowcount == 0:
        c.execute(adding, {"id": id, **values})


def keep_one(c: Connection, table: Table, of: Mapping[str, Any], **values: Any) -> None:
    """Write the one row that is `of` these, its key, whether it stood before or not."""
    c.execute(_one(c.dialect.name, table, tuple(of), tuple(values)), {**of, **values})


@cache
def _statements(table: Table) -> tuple[Update, Insert]:
    """Made once: to put a statement together takes several times as long as to run it."""
    return update(table).where(table.c.id == bindparam("this")), insert(table)


@cache
def _one(dialect: str, table: Table, key: tuple[str, ...], changing: tuple[str, ...]) -> Insert:
    adding = insert_for(dialect, table)
    fresh = {name: adding.excluded[name] for name in changing}
    return adding.on_conflict_do_update(index_elements=key, set_=fresh)
