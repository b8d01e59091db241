"""Keeping one row in its new state."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Table, Update, bindparam, insert, update


def keep_row(c: Connection, table: Table, *, id: str, **values: Any) -> None:
    """Write the row with this id, whether it stood before or not."""
    changing, adding = _statements(table)
    if c.execute(changing, {"this": id, **values}).rowcount == 0:
        c.execute(adding, {"id": id, **values})


@cache
def _statements(table: Table) -> tuple[Update, Insert]:
    """Made once: to put a statement together takes several times as long as to run it."""
    return update(table).where(table.c.id == bindparam("this")), insert(table)
