"""Keeping one row in its new state."""

from typing import Any

from sqlalchemy import Connection, Table, insert, update


def keep_row(c: Connection, table: Table, *, id: str, **values: Any) -> None:
    """Write the row with this id, whether it stood before or not."""
    changed = c.execute(update(table).where(table.c.id == id).values(**values))
    if changed.rowcount == 0:
        c.execute(insert(table).values(id=id, **values))
