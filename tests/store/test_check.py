"""`check` says in words what is wrong with the store, and changes nothing."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.care.outcome import Log
from bot.clock import HandClock
from bot.store import ledger, migrate
from bot.store.check import check
from bot.store.memory import Memory
from bot.store.tools import seal
from tests.conftest import KEY, NOON
from tests.store.tamper import run, tamper

sqlite_only = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)


def live(c: Connection) -> None:
    seal(c, "samsamsamsamsams", "Sam")
    for _ in range(3):
        ledger.write(c, Log("told"), NOON)
    ledger.seal_new(c)


@pytest.fixture
async def lived(engine_url: str, tmp_path: Path, clock: HandClock) -> str:
    """The address of a database that was used and closed."""
    memory = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    await memory.write(live)
    await memory.close()
    return engine_url


def wrong(url: str, data: Path, key: bytes = KEY) -> list[str]:
    return [finding.sentence for finding in check(url, key=key, data=data) if not finding.ok]


def test_a_sound_store_is_said_to_be_sound(lived: str, tmp_path: Path) -> None:
    found = check(lived, key=KEY, data=tmp_path)
    assert all(finding.ok for finding in found)
    said = " ".join(finding.sentence for finding in found)
    assert f"at schema {migrate.newest()}" in said
    assert "opens the stored keys: 2" in said
    assert "refuses changes" in said
    assert "chain holds: 3 lines" in said


async def test_looking_disturbs_nobody(lived: str, tmp_path: Path, clock: HandClock) -> None:
    memory = await Memory.open(lived, key=KEY, data=tmp_path, clock=clock)
    assert wrong(lived, tmp_path) == []
    await memory.write(live)
    assert wrong(lived, tmp_path) == []
    await memory.close()


@sqlite_only
def test_looking_changes_no_byte(lived: str, tmp_path: Path) -> None:
    def prints() -> dict[str, str]:
        return {
            name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
            for name in ("kith.db", "keys.db")
        }

    before = prints()
    check(lived, key=KEY, data=tmp_path)
    assert prints() == before


async def test_a_folder_may_have_any_name(tmp_path: Path, clock: HandClock) -> None:
    odd = tmp_path / "Oak House #1 50% (new)"
    url = f"sqlite:///{odd}/kith.db"
    migrate.upgrade(url)
    memory = await Memory.open(url, key=KEY, data=odd, clock=clock)
    await memory.write(live)
    await memory.close()
    assert [finding for finding in check(url, key=KEY, data=odd) if not finding.ok] == []


def test_a_changed_line_is_found(lived: str, tmp_path: Path) -> None:
    tamper(lived, "UPDATE ledger SET kind = 'withheld' WHERE number = 2")
    (found,) = wrong(lived, tmp_path)
    assert "link 2, is not as it was written" in found


def test_triggers_that_were_removed_are_missed(lived: str, tmp_path: Path) -> None:
    on = "" if lived.startswith("sqlite") else " ON ledger_seal"
    name = "ledger_seal_no_delete" if lived.startswith("sqlite") else "ledger_seal_append_only"
    run(lived, f"DROP TRIGGER {name}{on}")
    (found,) = wrong(lived, tmp_path)
    assert found == "The ledger does not refuse changes: its triggers were removed."


@postgresql_only
def test_triggers_that_were_switched_off_are_missed(lived: str, tmp_path: Path) -> None:
    run(lived, "ALTER TABLE ledger DISABLE TRIGGER USER")
    assert len(wrong(lived, tmp_path)) == 1


def test_a_wrong_key_is_told_without_telling_it(lived: str, tmp_path: Path) -> None:
    other = bytes(range(100, 132))
    assert wrong(lived, tmp_path, key=other) == ["KITH_KEY does not open the stored keys."]


@sqlite_only
def test_keys_that_are_not_there_are_missed(lived: str, tmp_path: Path) -> None:
    (found,) = wrong(lived, tmp_path / "elsewhere")
    assert found == "The keys are missing: nothing that was sealed can be read."


@postgresql_only
def test_a_key_schema_that_is_not_there_is_missed(lived: str, tmp_path: Path) -> None:
    run(lived, "DROP SCHEMA kith_keys CASCADE")
    (found,) = wrong(lived, tmp_path)
    assert found == "The keys are missing: nothing that was sealed can be read."


@sqlite_only
@pytest.mark.parametrize("page", [1, 2, 5, 20])
def test_a_damaged_file_is_told(lived: str, tmp_path: Path, page: int) -> None:
    with (tmp_path / "kith.db").open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xa5" * 4096)
    found = wrong(lived, tmp_path)
    assert found
    assert any("damaged" in sentence or "cannot be read" in sentence for sentence in found)


def test_an_old_database_is_told(lived: str, tmp_path: Path) -> None:
    migrate.downgrade(lived)
    assert wrong(lived, tmp_path) == ["The database is empty. Run: kith migrate"]
