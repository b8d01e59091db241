"""Says in words whether the store is well; looks only, whoever else has it open."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from bot.store import engine, ledger, manifest, migrate
from bot.store.engine import Refused
from bot.store.finding import Finding
from bot.store.manifest import Manifest
from bot.store.vault import Vault, WrongKey

__all__ = ["Finding", "check"]


def check(url: str, *, key: bytes, data: Path, against: Path | None = None) -> list[Finding]:
    """Schema, keys, integrity, the ledger's triggers and its chain; a fault never raises.

    `against` is a backup, or a place of them: what the newest saw of the ledger is there still.
    """
    refusal = migrate.refusal(url)
    if refusal is not None:
        return [Finding(False, refusal)]
    looking = engine.looking(engine.address(url))
    found = [Finding(True, f"The database is at schema {migrate.newest()}.")]
    try:
        with looking.connect() as c:
            found += _integrity(c)
            found += _keys(c, key, data)
            found += _triggers(c)
            found += ledger.verify(c)
            if against is not None:
                found.append(_goes_on(c, against, key))
    except DatabaseError as error:
        found.append(Finding(False, f"The database cannot be read: {error.orig}."))
    finally:
        looking.dispose()
    return found


def _integrity(c: Connection) -> Iterator[Finding]:
    if c.dialect.name != "sqlite":
        return  # PostgreSQL checks its own pages
    faults = [row[0] for row in c.execute(text("PRAGMA quick_check(5)")) if row[0] != "ok"]
    faults += [f"{row[0]} row {row[1]}" for row in c.execute(text("PRAGMA foreign_key_check"))][:5]
    yield from (Finding(False, f"The database file is damaged: {fault}.") for fault in faults)
    if not faults:
        yield Finding(True, "The database file is whole.")


def _keys(c: Connection, key: bytes, data: Path) -> Iterator[Finding]:
    missing = Finding(False, "The keys are missing: nothing that was sealed can be read.")
    if c.dialect.name != "sqlite":
        file = None
        if c.execute(text("SELECT to_regclass('kith_keys.data_key')")).scalar() is None:
            yield missing
            return
    elif not (data / engine.KEY_FILE).exists():
        yield missing
        return
    else:
        file = engine.looking_at_keys(data)
    try:
        count = Vault(key, file).count(c)
        yield Finding(True, f"KITH_KEY opens the stored keys: {count}.") if count else missing
    except WrongKey as wrong:
        yield Finding(False, str(wrong))
    finally:
        if file is not None:
            file.dispose()


def _triggers(c: Connection) -> Iterator[Finding]:
    """Whether what refuses to change the ledger still stands."""
    if c.dialect.name == "sqlite":
        query = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
        wanted = {(t, f"{t}_no_{change}") for t in _LEDGER for change in ("update", "delete")}
    else:
        query = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'O'"
        wanted = {(t, f"{t}_append_only") for t in _LEDGER}
    standing = {(row[0], row[1]) for row in c.execute(text(query))}
    if wanted <= standing:
        yield Finding(True, "The ledger refuses changes.")
    else:
        yield Finding(False, "The ledger does not refuse changes: its triggers were removed.")


def _goes_on(c: Connection, place: Path, key: bytes) -> Finding:
    """Whether the chain still holds what it ended with when a backup was made."""
    folder = manifest.newest(place / "data") or manifest.newest(place)
    if folder is None:
        return Finding(False, f"There is no backup in {place}.")
    try:
        earlier = Manifest.read(folder / manifest.NAME, key)
    except Refused as refused:
        return Finding(False, str(refused))
    if earlier.part != "data":
        return Finding(False, f"{folder} holds the {earlier.part}, not the data.")
    if ledger.stands(c, earlier.position, earlier.hash):
        return Finding(True, f"The ledger goes on from the backup {folder.name}.")
    return Finding(
        False,
        f"The ledger has lost lines that the backup {folder.name} holds, or they were changed. "
        "Unless an older backup was put back since, somebody changed the database past Kith: "
        "tell your data-protection lead. After a restore, begin a new folder for the backups.",
    )


_LEDGER = ("ledger", "ledger_seal")
