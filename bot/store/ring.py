"""Who hears of a commit: the doors to which it gives something to do, and other replicas.

Of these, only a replica that has taken an update rings: deadlines and messages are written by the
one that leads. A ring that is lost costs a peek: nothing rests on it.
"""

import asyncio
from collections.abc import Callable, Collection
from enum import Enum

import psycopg
import structlog
from sqlalchemy import URL, Connection, text

from bot.waking import PEEK

CHANNEL = "kith"

_NOTIFY = text(f"NOTIFY {CHANNEL}")
_RUNG = "rung"

log = structlog.get_logger(__name__)


class Door(Enum):
    """Where something waits to be done."""

    INBOX = "inbox"
    DEADLINES = "deadlines"
    OUTBOX = "outbox"


class Bells:
    """Who is called when something is on disk: of every write, or behind one door only."""

    def __init__(self) -> None:
        self.on_write: list[Callable[[], None]] = []
        self._doors: dict[Door, list[Callable[[], None]]] = {door: [] for door in Door}

    def hang(self, door: Door, call: Callable[[], None]) -> None:
        self._doors[door].append(call)

    def called(self, rung: Collection[Door] = tuple(Door)) -> list[Callable[[], None]]:
        """Whom a commit calls in which these doors were rung; unless said, all of them."""
        behind = (call for door in Door if door in rung for call in self._doors[door])
        return [*self.on_write, *behind]


def ring(c: Connection, door: Door) -> None:
    """Something waits behind this door once this transaction is on disk."""
    c.info.setdefault(_RUNG, set()).add(door)


def rung(c: Connection) -> Collection[Door]:
    """What was rung on this connection since this was asked last."""
    doors: Collection[Door] = c.info.pop(_RUNG, ())
    return doors


def tell_replicas(c: Connection) -> None:
    """Heard by every replica once this transaction is on disk; nobody else is on a SQLite file."""
    if c.dialect.name == "postgresql":
        c.execute(_NOTIFY)


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
