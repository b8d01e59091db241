"""When Kith last ran, and the latest span in which it did not: said honestly, never hidden."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from bot.store import waits
from bot.store.schema import heartbeat as table

SHORTEST_OFF = timedelta(seconds=60)
"""A shorter pause (a deploy, a slow disk) delays nobody by a time worth telling."""

_AT = select(table.c.at).where(table.c.name == bindparam("name"))
_OFF = select(table.c.name, table.c.at).where(
    or_(table.c.name == "off_from", table.c.name == "off_to")
)
_FIRST = insert(table)
_BEATS = update(table).where(table.c.name == bindparam("of"))


def beat(c: Connection, now: datetime) -> None:
    """Kith runs now."""
    _keep(c, "alive", now)


def woke(c: Connection, now: datetime, seen: datetime | None) -> tuple[datetime, datetime] | None:
    """Kith begins to run again: the span in which it did not, if it was long enough to matter.

    Where the clock was set back meanwhile, nothing of Kith's own waits for the old time. `seen` is
    what `alive` said before `now` was read: what is later by then only, another replica has kept
    while this one stood still.
    Beginning is not running. A Kith that dies at every start was off all the while, and one
    that hardly ran between two spans was off over both.
    """
    last = _read(c, "alive")
    if last is not None and seen is not None and min(last, seen) > now:
        waits.set_back(c, min(last, seen) - now)
        beat(c, now)
    if last is None or now - last < SHORTEST_OFF:
        return None
    before = last_off(c)
    if before is not None and last - before[1] < SHORTEST_OFF:
        last = before[0]
    _keep(c, "off_from", last)
    _keep(c, "off_to", now)
    return last, now


def alive(c: Connection) -> datetime | None:
    """When Kith last said that it runs."""
    return _read(c, "alive")


def last_off(c: Connection) -> tuple[datetime, datetime] | None:
    """The latest span in which Kith did not run."""
    found = {row.name: row.at for row in c.execute(_OFF)}
    return (found["off_from"], found["off_to"]) if len(found) == 2 else None


def _read(c: Connection, name: str) -> datetime | None:
    return c.execute(_AT, {"name": name}).scalar_one_or_none()


def _keep(c: Connection, name: str, at: datetime) -> None:
    if c.execute(_BEATS, {"of": name, "at": at}).rowcount == 0:
        c.execute(_FIRST, {"name": name, "at": at})
