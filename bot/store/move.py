"""A SQLite service moves to PostgreSQL: all of it in one transaction, proved before it stands."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.store import check, engine, ledger, migrate
from bot.store.engine import Lock, Refused
from bot.store.tools import Tools
from bot.store.transfer import KEYS, TABLES, copy_rows, is_empty, names, prints
from bot.store.vault import Vault, WrongKey, make_place


@dataclass(frozen=True, slots=True)
class Moved:
    """What stands in the new database: rows, people's keys, links of the ledger's chain."""

    rows: int
    keys: int
    position: int


def move_to(url: str, target: str, *, key: bytes, data: Path) -> Moved:
    """Copy a stopped SQLite service into an empty PostgreSQL database; the files stay as they are.

    Refused, with a sentence and nothing done, when either of the two is not as it must be.
    """
    here, there = engine.address(url), engine.address(target)
    if not engine.is_sqlite(here):
        raise Refused("This Kith keeps its data on PostgreSQL already.")
    if engine.is_sqlite(there):
        raise Refused("Name the new database as postgresql://USER:PASSWORD@HOST/NAME.")
    must_be_empty(there)
    refusal = migrate.refusal(url)
    if refusal is not None:
        raise Refused(refusal)
    with ExitStack() as done:
        done.callback(Lock(engine.sqlite_path(here)).release)
        faults = [found.sentence for found in check.check(url, key=key, data=data) if not found.ok]
        if faults:
            raise Refused(" ".join(["What is not well is not moved.", *faults]))
        return fill(target, engine.sqlite_path(here), data, key)


def fill(target: str, file: Path, keys: Path, key: bytes) -> Moved:
    """Copy a database file, and the keys in the folder `keys`, into an empty PostgreSQL database.

    Refused when the copy is not in every way what it was copied from; then nothing stands.
    """
    where = engine.address(target)
    migrate.upgrade(target)
    with ExitStack() as done:
        looking = engine.looking(URL.create("sqlite", database=str(file)))
        at_keys = engine.looking_at_keys(keys)
        writing = engine.writing(where, kith=Tools(Vault(key)))
        for each in (looking, at_keys, writing):
            done.callback(each.dispose)
        source = done.enter_context(looking.connect())
        source = source.execution_options(kith=Tools(Vault(key, at_keys)))
        source_keys = done.enter_context(at_keys.connect())
        try:
            with writing.begin() as c:
                make_place(c)
                if not is_empty(c):
                    raise Refused(_NOT_EMPTY)
                copy_rows(source, c, TABLES)
                copy_rows(source_keys, c, KEYS)
                faults = list(_faults(source, source_keys, c, key))
                if faults:
                    raise Refused(" ".join([*faults, "Nothing was kept. Report this."]))
                return Moved(
                    rows=sum(print.rows for print in prints(c, TABLES).values()),
                    keys=Vault(key).count(c),
                    position=ledger.head(c)[0],
                )
        except DBAPIError as error:  # by its type alone: what it says may hold somebody's row
            wrong = type(error.orig).__name__
            raise Refused(f"PostgreSQL does not take it ({wrong}). Nothing was kept.") from None


def must_be_empty(where: URL) -> None:
    """Refused when something is kept in this PostgreSQL database, or it does not answer."""
    looking = engine.looking(where)
    try:
        with looking.connect() as c:
            if not is_empty(c):
                raise Refused(_NOT_EMPTY)
    except OperationalError:
        raise Refused("The new database does not answer. Check its address.") from None
    finally:
        looking.dispose()


_NOT_EMPTY = (
    "The PostgreSQL database is not empty. Make a new one and name that; nothing has been changed."
)


def _faults(source: Connection, keys: Connection, copy: Connection, key: bytes) -> Iterator[str]:
    """What keeps the copy from being what it was copied from."""
    for before, tables in ((source, TABLES), (keys, KEYS)):
        there = prints(copy, tables)
        for table, print in prints(before, tables).items():
            if there[table] != print:
                yield f"The table {table} is not the same in both."
    if ledger.head(source) != ledger.head(copy):
        yield "The ledger's chain does not end where it did."
    yield from (found.sentence for found in ledger.verify(copy) if not found.ok)
    try:
        if names(source) != names(copy):
            yield "What was sealed cannot be read."
        if Vault(key).count(copy) == 0:
            yield "The keys are missing."
    except WrongKey as wrong:
        yield str(wrong)
