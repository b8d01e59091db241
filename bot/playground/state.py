"""What the playground keeps: one SQLite file, so that a killed demo goes on where it was."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.clock import HandClock, SystemClock

Json = dict[str, Any]
"""An object of the wire: the playground is an edge on both sides."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS notes (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, role TEXT, username TEXT,
    started INTEGER NOT NULL, blocked INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS groups (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, member INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS messages (
    chat INTEGER NOT NULL, id INTEGER NOT NULL, sender TEXT NOT NULL, body TEXT NOT NULL,
    marks TEXT NOT NULL DEFAULT '{}', deleted INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (chat, id));
CREATE TABLE IF NOT EXISTS popups (
    id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, text TEXT NOT NULL, alert INTEGER NOT NULL,
    at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS taps (
    id TEXT PRIMARY KEY, chat INTEGER NOT NULL, at TEXT NOT NULL,
    answered INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS updates (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, mime TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS decisions (id TEXT PRIMARY KEY, body TEXT NOT NULL);
"""


class Bell:
    """Wakes everybody who waits for a change; `version` counts the changes a page can see."""

    def __init__(self) -> None:
        self.version = 1
        self.closing = False
        self._rung = asyncio.Event()

    def ring(self, *, seen: bool = True) -> None:
        self.version += seen
        self._rung.set()
        self._rung = asyncio.Event()

    def newer(self, version: int) -> Callable[[], bool]:
        """Whether there has been a change since that version."""
        return lambda: self.version > version

    def close(self) -> None:
        """Let everybody go who still waits."""
        self.closing = True
        self.ring(seen=False)

    async def until(
        self, true: Callable[[], bool], seconds: float, gone: "asyncio.Future[None] | None" = None
    ) -> bool:
        """Wait until it is true; False when `seconds` of real time passed or the client is gone."""
        last = time.monotonic() + seconds
        while not true():
            left = last - time.monotonic()
            if self.closing or left <= 0 or (gone and gone.done()):
                return False
            rung = asyncio.ensure_future(self._rung.wait())
            try:
                waits: set[asyncio.Future[Any]] = {rung, gone} if gone else {rung}
                await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            finally:
                rung.cancel()
        return True


class InUse(Exception):
    """Another playground uses this folder."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"Another playground uses {data}. Stop it, or choose another folder.")


class State:
    """The kept rows. Every change is committed before anybody is answered."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.bell = Bell()
        self._db = sqlite3.connect(data / "playground.db", isolation_level=None, timeout=1)
        self._db.row_factory = sqlite3.Row
        try:
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(SCHEMA)
        except sqlite3.OperationalError as error:
            self._db.close()
            raise (InUse(data) if "locked" in str(error) else error) from None

    @contextmanager
    def change(self, *, seen: bool = True) -> Iterator[None]:
        """Everything inside is kept together, then whoever waits is woken."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        self.bell.ring(seen=seen)

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._db.execute(sql, values).fetchone()
        return row

    def run(self, sql: str, *values: object) -> int:
        """Change rows; the answer is how many."""
        return self._db.execute(sql, values).rowcount

    def noted(self, key: str, otherwise: Any = None) -> Any:
        row = self.row("SELECT value FROM notes WHERE key = ?", key)
        return otherwise if row is None else json.loads(row["value"])

    def note(self, key: str, value: Any) -> None:
        self.run("INSERT OR REPLACE INTO notes VALUES (?, ?)", key, json.dumps(value))

    def following(self, key: str, first: int) -> int:
        """The next number of a row of ids that never gives one twice."""
        number: int = self.noted(key, first)
        self.note(key, number + 1)
        return number

    def close(self) -> None:
        self._db.close()


class KeptClock:
    """Kith's time: hand-set and kept in the state, or the machine's own."""

    def __init__(self, state: State, *, hand_set: bool, start: datetime | None) -> None:
        self._state = state
        self.hand_set = hand_set
        self._system = SystemClock()
        kept = state.noted("clock")
        first = start or self._system.now().replace(microsecond=0)
        self._hand = HandClock(datetime.fromisoformat(kept) if kept else first)
        if hand_set:
            self.set(self._hand.now())

    @property
    def mode(self) -> str:
        return "hand" if self.hand_set else "real"

    def now(self) -> datetime:
        return self._hand.now() if self.hand_set else self._system.now()

    def set(self, moment: datetime) -> None:
        """Move the hand-set clock, never back."""
        moment = max(moment, self._hand.now())
        with self._state.change():
            self._hand.set(moment)
            self._state.note("clock", moment.isoformat())


def stamp(moment: datetime) -> str:
    """The moment as JSON carries it: ISO 8601, UTC, with a Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def unix(moment: datetime) -> int:
    """The moment as Telegram carries it."""
    return int(moment.timestamp())
