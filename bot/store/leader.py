"""Which replica leads: it alone acts and sends. The others take updates and wait their turn."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select

from bot.store.schema import leader as table
from bot.store.tools import insert

LEASE = timedelta(seconds=5)
"""Whoever leads and says nothing for so long leads no more."""

_POSSIBLE = 2 * LEASE
"""A lease that ends later was given before somebody set the clock back. Twice, because whoever
asks may have read the time a while ago."""

_NAME = "kith"


def lead(c: Connection, owner: str, now: datetime) -> bool:
    """Whether `owner` leads, from now for a lease: it did, nobody did, or the lease ran out."""
    mine = {"owner": owner, "until": now + LEASE}
    row = c.execute(
        insert(c, table)
        .values(name=_NAME, **mine)
        .on_conflict_do_update(
            index_elements=["name"],
            set_=mine,
            where=or_(
                table.c.owner == owner,
                table.c.until <= now,
                table.c.until > now + _POSSIBLE,
            ),
        )
        .returning(table.c.owner)
    )
    return row.scalar_one_or_none() is not None


def resign(c: Connection, owner: str) -> None:
    """The next one need not wait for the lease to run out."""
    c.execute(delete(table).where(table.c.owner == owner))


def somebody_leads(c: Connection, now: datetime) -> bool:
    held = table.c.until.between(now, now + _POSSIBLE)
    return c.execute(select(table.c.name).where(held)).first() is not None
