"""A backup: whole copies of the data and of the people's keys, looked through before they count.

Whatever the database, a backup is a pair of SQLite files, so that one way of looking through
it and one way of putting it back serve both. The two parts go to two places: together they
can be read, apart they cannot.
"""

import sqlite3
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from bot.store import check, engine, ledger, manifest, migrate
from bot.store.engine import KEY_FILE, Refused
from bot.store.finding import Finding
from bot.store.manifest import PREFIX, SUSPECT, Manifest
from bot.store.transfer import (
    KEYS,
    TABLES,
    copy_file,
    copy_rows,
    counts,
    draft,
    looking,
    prints,
    sync,
)
from bot.store.vault import make_place

DATA_FILE = "kith.db"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made, and what looking through it found; the folders of its parts."""

    data: Path
    keys: Path
    found: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        return all(finding.ok for finding in self.found)


def back_up(
    url: str, *, key: bytes, data: Path, data_to: Path, keys_to: Path, now: datetime
) -> Backup:
    """Copy a database in use, look the copy through and keep it; Refused when it cannot begin.

    A copy that does not pass is kept for whoever looks into it, under a name that is no
    backup's.
    """
    refusal = migrate.refusal(url)
    if refusal is not None:
        raise Refused(f"No backup was made. {refusal}")
    if data_to.resolve() == keys_to.resolve():
        raise Refused("The data and the keys are kept in two places: name two folders.")
    name = f"{PREFIX}{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if (data_to / name).exists() or (keys_to / name).exists():
        raise Refused("There is a backup of this second already.")
    try:
        with draft(data_to) as data_draft, draft(keys_to) as keys_draft:
            _copy(engine.address(url), data, data_draft / DATA_FILE, keys_draft / KEY_FILE)
            before = manifest.newest(data_to)
            copy = f"sqlite:///{data_draft / DATA_FILE}"
            found = check.check(copy, key=key, data=keys_draft, against=before)
            _describe(data_draft, keys_draft, key, now)
            if not all(finding.ok for finding in found):
                name += SUSPECT
            # The keys first: where the data is, its keys are.
            keys_at = _keep(keys_draft, keys_to / name)
            return Backup(_keep(data_draft, data_to / name), keys_at, tuple(found))
    except (OSError, sqlite3.Error, DBAPIError) as error:
        why = error.strerror if isinstance(error, OSError) else str(getattr(error, "orig", error))
        raise Refused(f"The backup could not be made: {why}. Nothing of it was kept.") from None


def _copy(where: URL, data: Path, data_file: Path, key_file: Path) -> None:
    # The data first: a key is kept before the first text it seals.
    if engine.is_sqlite(where):
        copy_file(engine.sqlite_path(where), data_file)
        if not (data / KEY_FILE).exists():
            raise Refused("The keys are missing: nothing that was sealed can be read.")
        copy_file(data / KEY_FILE, key_file)
        return
    with ExitStack() as done:  # each part in its own place, here as well
        parts = data_file, key_file
        at, keys_at = (
            Path(done.enter_context(tempfile.TemporaryDirectory(dir=part.parent))) for part in parts
        )
        _to_files(where, at, keys_at)
        copy_file(at / DATA_FILE, data_file)
        copy_file(keys_at / KEY_FILE, key_file)


def _to_files(server: URL, data: Path, keys_at: Path) -> None:
    """A PostgreSQL database, on one snapshot, as the pair of files it would be on SQLite."""
    url = f"sqlite:///{data / DATA_FILE}"
    migrate.upgrade(url)
    with ExitStack() as done:
        engines = engine.looking(server), engine.writing(engine.address(url))
        keys_engine = engine.key_file(keys_at)
        for each in (*engines, keys_engine):
            done.callback(each.dispose)
        source = done.enter_context(engines[0].connect())
        into = done.enter_context(engines[1].begin())
        keys = done.enter_context(keys_engine.begin())
        copy_rows(source, into, TABLES)
        make_place(keys)
        copy_rows(source, keys, KEYS)
        same = prints(source, TABLES) == prints(into, TABLES)
        if not same or prints(source, KEYS) != prints(keys, KEYS):
            raise Refused("The copy is not what stands in the database. Report this.")


def _describe(data: Path, keys: Path, key: bytes, now: datetime) -> None:
    schema = migrate.newest()
    with looking(data / DATA_FILE) as c:
        position, hash = ledger.head(c)
        rows, sum = counts(c), manifest.digest(data / DATA_FILE)
    Manifest("data", now, schema, rows, sum, position, hash).write(data, key)
    with looking(keys / KEY_FILE) as c:
        rows, sum = counts(c), manifest.digest(keys / KEY_FILE)
    Manifest("keys", now, schema, rows, sum).write(keys, key)


def _keep(draft: Path, to: Path) -> Path:
    """All of it on disk first, then under its name: whole or not at all."""
    for file in draft.iterdir():
        file.chmod(0o600)
        sync(file)
    sync(draft)
    draft.rename(to)
    sync(to.parent)
    return to
