"""How the two databases are opened, and the one lock that keeps a second writer out."""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError

from bot.store.vault import SCHEMA

KEY_FILE = "keys.db"

_PATIENCE = {"connect_timeout": 10}  # seconds

_SERVING = _PATIENCE | {
    # A replica that froze or lost its network in the middle of a transaction must not keep what
    # it locked from the one that takes over. Milliseconds, and seconds. A table that is read
    # whole counts as changed by every write to it, so that all would call each other off.
    "options": "-c idle_in_transaction_session_timeout=5000 -c lock_timeout=5000"
    " -c enable_seqscan=off",
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    # What was sent and is never acknowledged: without it the system tries for a quarter of an hour.
    "tcp_user_timeout": 11000,
}

_SYNCHRONOUS = """
SELECT set_config('synchronous_commit', 'on', false)
WHERE current_setting('synchronous_commit') = 'off'
"""

_RESTS = "rests"

RESTED = 1.0
"""Seconds after which a connection that nobody used may have lost its server."""

_NO_SCHEMA: dict[str, Any] = {"schema_translate_map": {SCHEMA: None}}


class Refused(Exception):
    """The store cannot be opened; the sentence says why and what to do."""


class Silent(Refused):
    """A server that does not answer now, and may in a while."""


def address(url: str) -> URL:
    """The parsed address, its driver added; Refused when it is neither of the two we speak."""
    with suppress(ArgumentError):
        match make_url(url):
            case URL(drivername="postgresql") as server:
                return server.set(drivername="postgresql+psycopg")
            case URL(drivername="sqlite", database=str(path)) as file if not file.query:
                if path not in {"", ":memory:"}:
                    return file
    raise Refused("KITH_DATABASE_URL must be sqlite:///PATH or postgresql://USER@HOST/NAME.")


def is_sqlite(url: URL) -> bool:
    return url.drivername == "sqlite"


def sqlite_path(url: URL) -> Path:
    assert url.database is not None
    return Path(url.database)


def writing(url: URL, **options: Any) -> Engine:
    """A blocking engine that may write: the SQLite writer's, a migration's, a test's."""
    if not is_sqlite(url):
        server = create_engine(
            url,
            isolation_level="SERIALIZABLE",
            execution_options=options,
            connect_args=_PATIENCE,
        )
        _keep_what_is_committed(server)
        return server
    _make_private(sqlite_path(url))
    engine = create_engine(url, execution_options=options)
    _speak_sqlite(
        engine,
        "BEGIN IMMEDIATE",
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL loses acknowledged commits when the power goes
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else INSERT OR REPLACE walks round the append-only triggers
        "secure_delete=ON",
    )
    return engine


def reading(url: URL, **options: Any) -> Engine:
    """The engine of SQLite's two readers: a connection each, unable to write."""
    engine = create_engine(url, pool_size=2, max_overflow=0, execution_options=options)
    _speak_sqlite(engine, "BEGIN", "query_only=ON")
    return engine


def serving(url: URL, *, rested: float = RESTED, **options: Any) -> Engine:
    """PostgreSQL's pool. Transactions are serializable, so that a rule never decides on what
    somebody has just changed; the one that would is run again. A connection that nobody used for
    `rested` seconds is asked whether its server is there."""
    engine = create_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_use_lifo=True,
        isolation_level="SERIALIZABLE",
        execution_options=options,
        connect_args=_SERVING,
    )
    _keep_what_is_committed(engine)
    _ask_the_rested(engine, rested)
    return engine


def _keep_what_is_committed(engine: Engine) -> None:
    # Where a server, a database or a role says `off`, a crash of the server loses what was
    # committed a moment before, of which Telegram was told that it is kept. Any other setting
    # waits for the disk, and stands: some wait for replicas as well.
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.execute(_SYNCHRONOUS)
        connection.commit()


def _ask_the_rested(engine: Engine, rested: float) -> None:
    # The pool's own way asks before each use whether the server is still there: under load a
    # round trip in four.
    @event.listens_for(engine, "checkin")
    def rests(_connection: Any, record: Any) -> None:
        record.info[_RESTS] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get(_RESTS, time.monotonic()) < rested:
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as error:
            raise DisconnectionError from error


def looking(url: URL) -> Engine:
    """A blocking engine that cannot write, whoever else has the database open."""
    if not is_sqlite(url):
        return create_engine(
            url,
            isolation_level="REPEATABLE READ",
            execution_options={"postgresql_readonly": True},
            connect_args=_PATIENCE,
        )
    file = sqlite_path(url).resolve().as_uri()
    engine = create_engine(url.set(database=file, query={"mode": "ro", "uri": "true"}))
    _speak_sqlite(engine, "BEGIN", "query_only=ON")
    return engine


def key_file(data: Path) -> Engine:
    """The keys of a SQLite database: a file of their own in the data folder."""
    path = data / KEY_FILE
    _make_private(path)
    engine = create_engine(URL.create("sqlite", database=str(path)), execution_options=_NO_SCHEMA)
    # EXTRA: with FULL a rollback journal that was deleted may be back after a power loss, and
    # with it the keys as they stood before; what was sealed since could not be read.
    _speak_sqlite(engine, "BEGIN IMMEDIATE", "synchronous=EXTRA", "secure_delete=ON")
    return engine


def looking_at_keys(data: Path) -> Engine:
    """The same file, unable to write."""
    url = URL.create("sqlite", database=str(data / KEY_FILE))
    return looking(url).execution_options(**_NO_SCHEMA)


def _make_private(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)


def _speak_sqlite(engine: Engine, begin: str, *pragmas: str) -> None:
    # The driver's own ideas of when a transaction begins are switched off: with them a
    # savepoint's release commits, and a read is no snapshot.
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("busy_timeout=5000", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    # Not by an event: an engine that has one asks at each statement who listens to what.
    vars(engine.dialect)["do_begin"] = lambda connection: connection.execute(begin)


class Lock:
    """One writing process for a SQLite file; the system lets go of it when the process dies."""

    def __init__(self, database: Path) -> None:
        path = database.with_name(database.name + ".lock")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._handle)
            raise Refused(
                f"{database} is open in another Kith already. Stop that one first."
            ) from None

    def release(self) -> None:
        """Let the next one have it; the file stays, for removing it would make two locks."""
        os.close(self._handle)
