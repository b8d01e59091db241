"""A backup put back: seen to be whole before anything is touched, and nothing old said as new."""

import dataclasses
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, and_, delete, func, or_, select, update
from sqlalchemy.exc import DatabaseError

from bot.care.escalation import State
from bot.care.outcome import Lane, Log, Value
from bot.store import check, engine, inbox, ledger, manifest, migrate, schema
from bot.store.backup import DATA_FILE
from bot.store.engine import KEY_FILE, Lock, Refused
from bot.store.manifest import Manifest
from bot.store.move import fill, must_be_empty
from bot.store.tools import ERASED, Tools
from bot.store.transfer import copy_file, counts, draft, looking, names, sync
from bot.store.vault import Vault, WrongKey, data_key

RESTORED = "restored"
"""Why a message of a backup was not sent, or may come twice; the ledger's line of a restore."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What is in place now, and what it means for people.

    `out` and `alerts`: how many were out, and alerts open, when the backup was made. Of the
    messages that waited then, `again` are alerts that go as a possible repeat and `unsent` go
    no more; `set_aside` are things people had just written. `away`: where the old files are.
    """

    made_at: datetime
    schema: str
    out: int
    alerts: int
    again: int
    unsent: int
    set_aside: int
    kept_keys: bool = False
    away: tuple[Path, ...] = ()


def restore(
    url: str,
    *,
    key: bytes,
    data: Path,
    data_from: Path,
    keys_from: Path | None,
    now: datetime,
    replace: bool = False,
    keep_keys: bool | None = None,
) -> Restored:
    """Put a backup where this Kith keeps its data; an older one comes at the newest schema.

    `keys_from` None: the keys in place belong to it. `replace` moves a database that is there
    away. `keep_keys` says whose keys stand where the backup holds some that are not in place:
    True, those in place (people were erased since); False, the backup's. Refused, with nothing
    changed, when anything is not as it must be.
    """
    where = engine.address(url)
    with ExitStack() as done:
        if engine.is_sqlite(where):
            file = engine.sqlite_path(where)
            done.callback(Lock(file).release)
            if not replace and _holds_something(file):
                raise Refused(f"There is a database at {file}. With --replace it is moved away.")
        elif replace:
            raise Refused("On PostgreSQL make a new, empty database and name that instead.")
        else:
            must_be_empty(where)
            file = data / DATA_FILE
        staged = done.enter_context(draft(file.parent))
        apart = data.resolve() != file.parent.resolve()
        keys = done.enter_context(draft(data)) if apart else staged
        made = _taken(data_from, "data", staged / DATA_FILE, key)
        if keys_from is not None and _taken(keys_from, "keys", keys / KEY_FILE, key).made_at < (
            made.made_at
        ):
            raise Refused(
                "These keys are older than the data: some of its words could not be read, and "
                "erased keys would come back. Take the newest backup of the keys."
            )
        in_place = data / KEY_FILE if engine.is_sqlite(where) else None
        kept_keys = _keys_stay(in_place, keys / KEY_FILE, key, keep_keys)
        if kept_keys and in_place is not None:
            (keys / KEY_FILE).unlink(missing_ok=True)
            copy_file(in_place, keys / KEY_FILE)
        _look_through(staged, keys, key)
        with _writing(staged, keys, key) as c:
            restored = _as_it_is_now(c, made, now)
        if not engine.is_sqlite(where):
            fill(url, staged / DATA_FILE, keys, key)
            return restored
        stamp = f".before-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        away = _moved_away(file, stamp)
        # The keys first: data without its keys must never stand.
        if not kept_keys:
            away += _moved_away(data / KEY_FILE, stamp)
            _put(keys / KEY_FILE, data / KEY_FILE)
        _put(staged / DATA_FILE, file)
        return dataclasses.replace(restored, kept_keys=kept_keys, away=away)


def _holds_something(file: Path) -> bool:
    if not file.exists() or file.stat().st_size == 0:
        return False
    try:
        with looking(file) as c:
            return any(counts(c).values())
    except DatabaseError:
        return True  # it cannot be read: not ours to throw away


def _taken(place: Path, part: Literal["data", "keys"], to: Path, key: bytes) -> Manifest:
    """Copy one part of a backup, and see that the copy is what was backed up."""
    folder = manifest.newest(place)
    if folder is None:
        raise Refused(f"There is no backup in {place}.")
    made = Manifest.read(folder / manifest.NAME, key)
    if made.part != part:
        raise Refused(f"{folder} holds the {made.part}, not the {part}.")
    file = folder / to.name
    try:
        shutil.copyfile(file, to)
    except OSError as wrong:
        raise Refused(f"{file} cannot be read ({wrong.strerror}).") from None
    to.chmod(0o600)
    if manifest.digest(to) != made.sha256:
        raise Refused(f"{file} is not as it was backed up: cut short, changed or swapped.")
    with looking(to) as c:
        if counts(c) != made.rows:
            raise Refused(f"{file} does not hold the rows that were counted in it.")
    return made


def _keys_stay(in_place: Path | None, taken: Path, key: bytes, keep: bool | None) -> bool:
    """Whether the keys in place stay: they know best who was erased since the backup."""
    if in_place is None or not in_place.exists():
        if not taken.exists():
            raise Refused("There are no keys in place. Name their backup: --keys-from.")
        return False
    here = _owners(in_place, key)
    if not taken.exists():
        if here is None:
            raise Refused("The keys in place cannot be used. Name their backup: --keys-from.")
        return True
    backed_up = _owners(taken, key)
    if backed_up is None:
        raise Refused("KITH_KEY does not open the keys of this backup.")
    if here is None or not (here.items() & backed_up.items()):
        return False  # damaged, or another installation's
    if keep is None and not backed_up.keys() <= here.keys():
        missing = len(backed_up.keys() - here.keys())
        raise Refused(
            f"The backup holds {missing} keys that are not in place. Were those people erased "
            "since? Then say --keep-keys. Are the keys in place older than the backup? Then say "
            "--no-keep-keys."
        )
    return keep is not False


def _owners(file: Path, key: bytes) -> dict[str, bytes] | None:
    """Whose keys these are, and the id of each; None when they do not open."""
    keys = engine.looking_at_keys(file.parent)
    try:
        with keys.connect() as c:
            Vault(key, keys).count(c)
            rows = c.execute(select(data_key.c.owner, data_key.c.id))
            return {row.owner: row.id for row in rows}
    except (DatabaseError, WrongKey):
        return None
    finally:
        keys.dispose()


def _look_through(data: Path, keys: Path, key: bytes) -> None:
    url = f"sqlite:///{data / DATA_FILE}"
    migrate.upgrade(url)
    faults = [found.sentence for found in check.check(url, key=key, data=keys) if not found.ok]
    if faults:
        raise Refused(" ".join(["This backup cannot be put back.", *faults]))


@contextmanager
def _writing(data: Path, keys: Path, key: bytes) -> Iterator[Connection]:
    at_keys = engine.looking_at_keys(keys)
    tools = Tools(Vault(key, at_keys))
    writing = engine.writing(engine.address(f"sqlite:///{data / DATA_FILE}"), kith=tools)
    try:
        with writing.begin() as c:
            yield c
    finally:
        writing.dispose()
        at_keys.dispose()


# --- what is right for people -------------------------------------------------------------


def _as_it_is_now(c: Connection, made: Manifest, now: datetime) -> Restored:
    """Nothing that waited when the backup was made is said as if it were new."""
    members = names(c).values()
    if members and all(name == ERASED for name in members):
        raise Refused("These keys do not belong to this data: nothing of it can be read.")
    again, unsent = _messages(c, now)
    waiting = c.execute(select(schema.inbox.c.update).where(schema.inbox.c.state == "open"))
    updates = list(waiting.scalars())
    for update_ in updates:  # its sender and managers are told: it is asked again, not lost
        inbox.failed(c, update_, RESTORED, now, final=True)
    c.execute(delete(schema.leader))
    facts: dict[str, Value] = {"made_at": made.made_at, "position": made.position}
    ledger.write(c, Log(RESTORED, facts=facts), now)
    out = select(func.count()).where(schema.journey.c.ended_at.is_(None))
    alerts = select(func.count()).where(schema.escalation.c.state != State.CLOSED.value)
    return Restored(
        made_at=made.made_at,
        schema=made.schema,
        out=c.execute(out).scalar_one(),
        alerts=c.execute(alerts).scalar_one(),
        again=again,
        unsent=unsent,
        set_aside=len(updates),
    )


def _messages(c: Connection, now: datetime) -> tuple[int, int]:
    """How many alerts go as a possible repeat, and how many other messages go no more.

    What waited was most likely sent a moment later. An alert said twice harms nobody; an old
    "all is well" said now might. What is to go later than now has not gone.
    """
    table = schema.outbox
    was_due = or_(
        table.c.state == "sending", and_(table.c.state == "waiting", table.c.not_before <= now)
    )
    urgent = table.c.lane == Lane.SAFETY.value
    held = {"owner": None, "lease_until": None, "reason": RESTORED}
    again = update(table).where(was_due, urgent).values(state="waiting", maybe_sent=True, **held)
    unsent = update(table).where(was_due, ~urgent).values(state="withheld", **held)
    rows = c.execute(unsent.returning(table.c.member, table.c.text, table.c.about)).all()
    for row in rows:
        facts: dict[str, Value] = {"to": row.member, "text": row.text, "reason": RESTORED}
        person = row.about and row.about["person"]
        ledger.write(c, Log("not_sent", person=person, facts=facts), now)
    return c.execute(again).rowcount, len(rows)


# --- into place ---------------------------------------------------------------------------


def _moved_away(file: Path, stamp: str) -> tuple[Path, ...]:
    """A database file and what belongs to it, each under a new name beside the old."""
    away = []
    for belongs in ("", "-wal", "-shm", "-journal"):
        old = file.with_name(file.name + belongs)
        if old.exists():
            away.append(old.rename(file.with_name(f"{file.name}{stamp}{belongs}")))
    sync(file.parent)
    return tuple(away)


def _put(file: Path, to: Path) -> None:
    sync(file)
    file.rename(to)
    sync(to.parent)
