"""A backup is whole, private and looked through, or it is not called one."""

import asyncio
import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select

from bot.care.outcome import Log
from bot.store import backup, check, engine, ledger, manifest, migrate, transfer
from bot.store.engine import KEY_FILE, Refused
from bot.store.memory import Memory
from bot.store.schema import stranger
from bot.store.tools import Tools
from bot.store.vault import Vault
from tests.conftest import KEY, NOON
from tests.oak import ACCOUNTS
from tests.store.keeping import Place, live
from tests.store.tamper import run, tamper

sqlite_only = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)


@pytest.fixture
async def place(engine_url: str, tmp_path: Path) -> Place:
    """A Kith that was used and stopped."""
    made = Place(engine_url, tmp_path, tmp_path / "backups")
    memory = await made.opened()
    await memory.write(live)
    await memory.close()
    return made


def write(c: Connection, number: int) -> None:
    c.execute(insert(stranger).values(chat=number, answered_at=NOON))
    ledger.write(c, Log("told", facts={"number": number}), NOON)


async def test_a_backup_made_while_everybody_writes_is_whole_and_holds_nobody_up(
    place: Place,
) -> None:
    memory = await place.opened()
    numbers, slowest, done = itertools.count(1), 0.0, False

    async def writes() -> int:
        nonlocal slowest
        kept = 0
        while not done:
            began = time.monotonic()
            await memory.write(write, next(numbers))
            slowest = max(slowest, time.monotonic() - began)
            kept += 1
        return kept

    async def seals() -> None:
        while not done:
            await memory.write(ledger.seal_new)
            await asyncio.sleep(0.01)

    writers = [asyncio.create_task(writes()) for _ in range(4)]
    sealer = asyncio.create_task(seals())
    seen = []
    for minute in range(2):
        before = await memory.read(_strangers)
        made = await asyncio.to_thread(place.back_up, minute)
        assert made.good, made.found
        seen.append((before, _in_file(made.data / backup.DATA_FILE)))
    done = True
    kept = sum(await asyncio.gather(*writers))
    await sealer
    assert await memory.read(_strangers) == kept
    assert all(finding.ok for finding in await memory.read(ledger.verify))
    await memory.close()
    assert all(before <= held <= kept for before, held in seen)
    assert seen[0][1] < seen[1][1]
    assert slowest < 2.0, slowest


def _strangers(c: Connection) -> int:
    return c.execute(select(func.count()).select_from(stranger)).scalar_one()


def _in_file(file: Path) -> int:
    with transfer.looking(file) as c:
        return _strangers(c)


async def test_a_backup_holds_every_row_and_says_so(place: Place) -> None:
    made = place.back_up()
    assert made.good
    said = " ".join(finding.sentence for finding in made.found)
    assert "chain holds: 2 lines" in said
    copied = Place(f"sqlite:///{made.data / backup.DATA_FILE}", made.keys, place.backups)
    data = manifest.Manifest.read(made.data / manifest.NAME, KEY)
    keys = manifest.Manifest.read(made.keys / manifest.NAME, KEY)
    assert (data.part, keys.part) == ("data", "keys")
    assert data.schema == migrate.newest()
    assert data.rows["member"] == 9 and keys.rows == {"data_key": 10}
    assert data.made_at == NOON and data.position == 2
    assert await copied.prints() == await place.prints()
    assert await copied.names() == sorted(ACCOUNTS)


@pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("stranger", "chat, (extract(epoch FROM clock_timestamp()) * 1e6)::bigint AS answered_at"),
        ("kith_keys.data_key", "owner, decode(md5(random()::text), 'hex') AS id, wrapped"),
    ],
)
def test_a_copy_that_is_not_what_stands_in_the_database_is_no_backup(
    place: Place, table: str, columns: str
) -> None:
    """What reads otherwise each time cannot be copied: neither the data nor the keys."""
    run(
        place.url,
        "INSERT INTO stranger VALUES (1, 0)",
        f"ALTER TABLE {table} RENAME TO real",
        f"CREATE VIEW {table} AS SELECT {columns} FROM {table.rpartition('.')[0] or 'public'}.real",
    )
    with pytest.raises(Refused, match="The copy is not what stands in the database"):
        place.back_up()
    parts = [place.backups / part for part in ("data", "keys")]
    assert not [file for part in parts for file in part.rglob("*.db")]


@sqlite_only
def test_only_its_owner_can_read_it_and_no_key_of_the_installation_is_in_it(place: Place) -> None:
    made = place.back_up()
    files = [file for file in place.backups.rglob("*") if file.is_file()]
    assert {file.name for file in made.data.iterdir()} == {backup.DATA_FILE, manifest.NAME}
    assert {file.name for file in made.keys.iterdir()} == {KEY_FILE, manifest.NAME}
    assert not any(file.stat().st_mode & 0o077 for file in [*files, made.data, made.keys])
    assert not any(KEY in file.read_bytes() for file in files)


@sqlite_only
def test_the_data_and_the_keys_go_to_two_places(place: Place) -> None:
    one = place.backups
    with pytest.raises(Refused, match="two places"):
        backup.back_up(
            place.url, key=KEY, data=place.data, data_to=one, keys_to=one / "." / "", now=NOON
        )


def test_what_was_cut_off_the_ledger_is_missed(place: Place) -> None:
    assert place.back_up().good
    tamper(
        place.url,
        "DELETE FROM ledger WHERE number = (SELECT max(number) FROM ledger)",
        "DELETE FROM ledger_seal WHERE position = 2",
    )
    assert all(finding.ok for finding in check.check(place.url, key=KEY, data=place.data))
    made = place.back_up(minutes=1)
    (fault,) = [finding.sentence for finding in made.found if not finding.ok]
    assert "has lost lines" in fault
    newest = manifest.newest(place.backups / "data")
    assert newest is not None and newest.name == "kith-20260504T120000Z"
    assert not place.back_up(minutes=2).good


@sqlite_only
def test_the_chain_may_grow_between_two_backups(place: Place) -> None:
    place.back_up()
    writing = engine.writing(engine.address(place.url), kith=Tools(Vault(KEY)))
    with writing.begin() as c:
        ledger.write(c, Log("told"), NOON)
        ledger.seal_new(c)
    writing.dispose()
    made = place.back_up(minutes=1)
    assert made.good
    against = check.check(place.url, key=KEY, data=place.data, against=place.backups / "data")
    assert against[-1].ok and "goes on from the backup kith-20260504T120100Z" in str(against[-1])


@sqlite_only
def test_a_changed_ledger_makes_no_good_backup(place: Place) -> None:
    tamper(place.url, "UPDATE ledger SET kind = 'withheld' WHERE number = 1")
    made = place.back_up()
    assert not made.good
    assert manifest.newest(place.backups / "data") is None


@sqlite_only
def test_a_wrong_key_makes_no_good_backup(place: Place) -> None:
    made = place.back_up(key=bytes(32))
    assert "KITH_KEY does not open" in " ".join(f.sentence for f in made.found if not f.ok)


@sqlite_only
def test_a_backup_of_nothing_is_refused(place: Place, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no database yet"):
        Place(f"sqlite:///{tmp_path}/none.db", tmp_path, place.backups).back_up()
    (tmp_path / KEY_FILE).rename(tmp_path / "lost.db")
    with pytest.raises(Refused, match="keys are missing"):
        place.back_up()
    run(place.url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Refused, match="newer than this Kith"):
        place.back_up()
    assert manifest.newest(place.backups / "data") is None


@sqlite_only
def test_two_backups_of_one_second_are_not_mixed(place: Place) -> None:
    place.back_up()
    with pytest.raises(Refused, match="already"):
        place.back_up()


MAKES_ONE = """
import sys
from pathlib import Path
from tests.store.keeping import Place
Place(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])).back_up()
"""


@sqlite_only
def test_a_backup_that_is_killed_leaves_nothing_that_looks_whole(
    place: Place, tmp_path: Path
) -> None:
    arguments = [sys.executable, "-c", MAKES_ONE, place.url, str(place.data), str(place.backups)]
    drafts = [place.backups / part / ".draft" for part in ("data", "keys")]
    with subprocess.Popen(arguments) as process:
        while process.poll() is None and not (drafts[1] / KEY_FILE).exists():
            os.sched_yield()
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert any(draft.exists() for draft in drafts)
    assert manifest.newest(place.backups / "data") is None
    assert place.back_up(minutes=1).good
    assert not any(draft.exists() for draft in drafts)


@sqlite_only
def test_a_copy_of_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    place: Place, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(Refused, match="could not be made"):
        Place(place.url, place.data, tmp_path / "file").back_up()


@sqlite_only
async def test_keys_of_people_who_came_meanwhile_are_in_the_backup(
    place: Place, memory: Memory
) -> None:
    """The data is copied first: whatever it holds sealed, its key is in the copy of the keys."""
    made = place.back_up()
    keys = engine.looking_at_keys(made.keys)
    with keys.connect() as c:
        held = {row.owner for row in c.execute(select(transfer.KEYS[0]))}
    keys.dispose()
    assert set(await memory.read(transfer.names)) < held
