"""A replica that has taken an update rings: the one that leads hears it at once.

Only updates ring. Deadlines and messages are written by the leader itself, and a ring that is
lost costs a peek: nothing rests on it.
"""

import asyncio
from collections.abc import Callable

import psycopg
import structlog
from sqlalchemy import URL, Connection, text

from bot.waking import PEEK

CHANNEL = "kith"

_RING = text(f"NOTIFY {CHANNEL}")

log = structlog.get_logger(__name__)


def ring(c: Connection) -> None:
    """Heard by every replica once this transaction is on disk; nobody else is on a SQLite file."""
    if c.dialect.name == "postgresql":
        c.execute(_RING)


async def hear(where: URL, heard: Callable[[], None]) -> None:
    """Listen for rings until cancelled; whatever was missed is found by the next peek."""
    address = where.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as listening:
                await listening.execute(f"LISTEN {CHANNEL}")
                async for _ in listening.notifies():
                    heard()
        except psycopg.Error as error:
            log.warning("rings of other replicas are not heard", error=type(error).__name__)
        await asyncio.sleep(PEEK)
