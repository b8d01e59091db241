"""A service moves from its file to PostgreSQL, whole and proved, or not at all."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from bot.care.outcome import Log
from bot.clock import HandClock
from bot.store import check, engine, ledger, migrate, move
from bot.store.engine import Lock, Refused
from bot.store.memory import Memory
from bot.store.schema import team
from bot.store.transfer import is_empty
from bot.store.vault import make_place
from tests import postgres
from tests.conftest import KEY, NOON
from tests.oak import ACCOUNTS
from tests.store.keeping import Place, live
from tests.store.tamper import run, tamper


@pytest.fixture
async def place(tmp_path: Path, migrated_file: Path) -> Place:
    """A stopped SQLite service."""
    shutil.copy(migrated_file, tmp_path / "kith.db")
    made = Place(f"sqlite:///{tmp_path}/kith.db", tmp_path, tmp_path / "backups")
    memory = await made.opened()
    await memory.write(live)
    await memory.close()
    return made


@pytest.fixture
def target(cluster: postgres.Cluster) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    yield cluster.create("kith_target")
    cluster.drop("kith_target")


def go(place: Place, target: str, key: bytes = KEY) -> move.Moved:
    return move.move_to(place.url, target, key=key, data=place.data)


def sums(place: Place) -> dict[str, str]:
    return {
        name: hashlib.sha256((place.data / name).read_bytes()).hexdigest()
        for name in ("kith.db", "keys.db")
    }


async def test_every_row_word_and_line_is_there_and_life_goes_on(
    place: Place, target: str, tmp_path: Path
) -> None:
    before, files = await place.prints(), sums(place)
    moved = go(place, target)
    assert (moved.rows, moved.keys, moved.position) == (
        sum(print.rows for print in before.values()),
        10,
        2,
    )
    assert sums(place) == files
    there = replace(place, url=target, data=tmp_path / "nothing")  # no file is needed any more
    assert await there.prints() == before
    assert await there.names() == sorted(ACCOUNTS)
    memory = await Memory.open(target, key=KEY, data=there.data, clock=HandClock(NOON))
    await memory.write(another_line)
    assert await memory.write(ledger.seal_new) == 1
    await memory.close()
    found = check.check(target, key=KEY, data=there.data)
    assert all(finding.ok for finding in found)
    assert "chain holds: 3 lines" in found[-1].sentence


def another_line(c: Connection) -> None:
    ledger.write(c, Log("told"), NOON)


def test_an_empty_database_that_was_migrated_already_will_do(place: Place, target: str) -> None:
    migrate.upgrade(target)
    assert go(place, target).position == 2
    with pytest.raises(Refused, match="not empty"):
        go(place, target)


def test_a_database_with_anything_in_it_is_refused(place: Place, target: str) -> None:
    run(target, "CREATE TABLE theirs (x int)", "INSERT INTO theirs VALUES (1)")
    with pytest.raises(Refused, match="not empty"):
        go(place, target)


def test_a_running_kith_is_not_moved(place: Place, target: str) -> None:
    lock = Lock(place.data / "kith.db")
    with pytest.raises(Refused, match="open in another Kith"):
        go(place, target)
    lock.release()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        ("UPDATE ledger SET kind = 'withheld' WHERE number = 1", "is not as it was written"),
        ("UPDATE membership SET team = 'nobody'", "damaged"),
        ("UPDATE alembic_version SET version_num = '0001'", "older than this Kith"),
    ],
    ids=["ledger", "damage", "schema"],
)
def test_what_is_not_well_is_not_moved(
    place: Place, target: str, spoil: str, sentence: str
) -> None:
    tamper(place.url, spoil)
    with pytest.raises(Refused, match=sentence):
        go(place, target)
    assert migrate.refusal(target) == "The database is empty. Run: kith migrate"


def test_a_wrong_key_moves_nothing(place: Place, target: str) -> None:
    with pytest.raises(Refused, match="KITH_KEY does not open"):
        go(place, target, key=bytes(32))


async def test_what_postgresql_does_not_take_leaves_nothing_behind(
    place: Place, target: str
) -> None:
    memory = await place.opened()
    await memory.write(_too_long)
    await memory.close()
    with pytest.raises(Refused, match="PostgreSQL does not take it") as refused:
        go(place, target)
    assert "Oak" not in str(refused.value)
    run(place.url, "DELETE FROM team WHERE id = 'long'")
    assert go(place, target).keys == 10


def _too_long(c: Connection) -> None:
    c.execute(insert(team).values(id="long", name="Oak" * 100))


@pytest.mark.parametrize(
    ("url", "target", "sentence"),
    [
        ("postgresql://kith@/kith", "postgresql://kith@/other", "on PostgreSQL already"),
        ("sqlite:///kith.db", "sqlite:///other.db", "Name the new database as postgresql://"),
        ("sqlite:///kith.db", "mysql://kith", "must be sqlite"),
        ("sqlite:///kith.db", "postgresql://kith@/kith?host=/nowhere", "does not answer"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    tmp_path: Path, url: str, target: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        move.move_to(url, target, key=KEY, data=tmp_path)


# --- a copy that is not what was copied ---------------------------------------------------


SPOILT = """
CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {how}; RETURN NEW; END $$;
CREATE TRIGGER spoil BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION spoil()
"""
"""What the target makes of each row, in the very transaction that copies and proves."""

SEAL, KEYS = "ledger_seal", "kith_keys.data_key"
ONE_LESS = "IF (SELECT count(*) FROM {table}) = 1 THEN RETURN NULL; END IF"
UNREADABLE = "What was sealed cannot be read."


def unlike(table: str) -> str:
    return f"The table {table} is not the same in both."


@pytest.mark.parametrize(
    ("table", "how", "sentences"),
    [
        ("shift", ONE_LESS, [unlike("shift")]),
        ("team", "NEW.name = 'Another'", [unlike("team")]),
        ("member", "NEW.name = NEW.name || '\\x00'", [unlike("member"), UNREADABLE]),
        (
            "ledger",
            "NEW.kind = 'withheld'",
            [unlike("ledger"), "link 1, is not as it was written."],
        ),
        (SEAL, "RETURN NULL", [unlike(SEAL), "The ledger's chain does not end where it did."]),
        (KEYS, ONE_LESS, [unlike("data_key"), UNREADABLE]),
        (KEYS, "RETURN NULL", [unlike("data_key"), UNREADABLE, "The keys are missing."]),
        (
            KEYS,
            "NEW.wrapped = NEW.wrapped || '\\x00'",
            [unlike("data_key"), "KITH_KEY does not open the stored keys."],
        ),
    ],
    ids=["row_less", "row_other", "words", "line", "chain", "key_less", "no_key", "key_other"],
)
async def test_a_copy_that_is_not_what_was_copied_is_refused_and_nothing_of_it_is_kept(
    place: Place, target: str, table: str, how: str, sentences: list[str]
) -> None:
    before = await place.prints()
    migrate.upgrade(target)
    there = engine.writing(engine.address(target))
    with there.begin() as c:
        make_place(c)
    run(target, SPOILT.format(table=table, how=how.format(table=table)))
    with pytest.raises(Refused) as refused:
        go(place, target)
    said = str(refused.value)
    assert said.endswith("Nothing was kept. Report this.")
    for sentence in sentences:
        assert sentence in said
    with there.connect() as c:
        assert is_empty(c)
    there.dispose()
    run(target, f"DROP TRIGGER spoil ON {table}", "DROP FUNCTION spoil")
    assert go(place, target).keys == 10
    assert await replace(place, url=target).prints() == before
