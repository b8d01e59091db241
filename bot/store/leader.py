"""Which replica leads: it alone acts and sends. The others take updates and wait their turn."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, or_, select

from bot.store.schema import Moment
from bot.store.schema import leader as table
from bot.store.tools import insert_for

LEASE = timedelta(seconds=5)
"""Whoever leads and says nothing for so long leads no more."""

_POSSIBLE = 2 * LEASE
"""A lease that ends later was given before somebody set the clock back. Twice, because whoever
asks may have read the time a while ago."""

_NAME = "kith"


def lead(c: Connection, owner: str, now: datetime) -> bool:
    """Whether `owner` leads, from now for a lease: it did, nobody did, or the lease ran out."""
    asked = {"name": _NAME, "owner": owner, "until": now + LEASE}
    when = {"now": now, "possible": now + _POSSIBLE}
    return c.execute(_lead(c.dialect.name), asked | when).scalar_one_or_none() is not None


@cache
def _lead(dialect: str) -> Any:
    """Made once: it is asked all the time."""
    lease = insert_for(dialect, table)
    return lease.on_conflict_do_update(
        index_elements=["name"],
        set_={"owner": lease.excluded.owner, "until": lease.excluded.until},
        where=or_(
            table.c.owner == lease.excluded.owner,
            table.c.until <= bindparam("now", type_=Moment),
            table.c.until > bindparam("possible", type_=Moment),
        ),
    ).returning(table.c.owner)


def resign(c: Connection, owner: str) -> None:
    """The next one need not wait for the lease to run out."""
    c.execute(delete(table).where(table.c.owner == owner))


def somebody_leads(c: Connection, now: datetime) -> bool:
    held = table.c.until.between(now, now + _POSSIBLE)
    return c.execute(select(table.c.name).where(held)).first() is not None
