"""The schema's versions: up, down, and whether the database is where this Kith needs it."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, OperationalError

from bot.store import engine
from bot.store.engine import Lock, Refused

_ONE_AT_A_TIME = threading.Lock()
"""What a migration says to Alembic's `op` goes to whichever began last in this process."""

SILENT = "The database does not answer. Check KITH_DATABASE_URL and that it is running."


def upgrade(url: str, to: str = "head") -> None:
    """Bring the database, made when there is none, up to `to`; Refused while a Kith writes it."""
    _move(url, command.upgrade, to)


def downgrade(url: str, to: str = "base") -> None:
    """Bring the database down to `to`; what only the later versions knew is lost."""
    _move(url, command.downgrade, to)


def refusal(url: str) -> str | None:
    """None when the schema is this Kith's own; else the sentence that refuses to start."""
    where = engine.address(url)
    if engine.is_sqlite(where) and not engine.sqlite_path(where).exists():
        return "There is no database yet. Run: kith migrate"
    looking = engine.looking(where)
    try:
        with looking.connect() as c:
            current = version(c)
    except OperationalError:
        return SILENT
    except DatabaseError as error:
        return f"The database cannot be read: {error.orig}."
    finally:
        looking.dispose()
    if current == newest():
        return None
    if current is None:
        return "The database is empty. Run: kith migrate"
    known = {script.revision for script in _scripts().walk_revisions()}
    if current in known:
        return f"The database is older than this Kith ({current}). Run: kith migrate"
    return f"The database is newer than this Kith ({current}). Install the newer Kith."


def version(c: Connection) -> str | None:
    """The revision the database stands at; None: an empty one."""
    return MigrationContext.configure(c).get_current_revision()


def newest() -> str:
    """The revision this Kith was written for."""
    head = _scripts().get_current_head()
    assert head is not None
    return head


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _move(url: str, step: Callable[[Config, str], None], to: str) -> None:
    where = engine.address(url)
    with ExitStack() as done:
        shared = not engine.is_sqlite(where)
        if not shared:
            done.callback(Lock(engine.sqlite_path(where)).release)
        writing = engine.writing(where)
        done.callback(writing.dispose)
        if shared:  # whoever waited for another's migration must see what it made
            writing = writing.execution_options(isolation_level="READ COMMITTED")
        try:
            c = done.enter_context(writing.begin())
        except OperationalError:
            raise Refused(SILENT) from None
        if shared:
            c.execute(text("SELECT pg_advisory_xact_lock(hashtext('kith_migrate'))"))
        config = _config()
        config.attributes["connection"] = c
        with _ONE_AT_A_TIME:
            step(config, to)
