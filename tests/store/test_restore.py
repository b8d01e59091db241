"""What was backed up stands again: whole, with its keys, and nothing old said as if it were new."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from bot import key as installation
from bot.care.outcome import NOBODY, Lane, Message, Outcome, Tell
from bot.care.text import Text
from bot.store import backup, check, inbox, ledger, manifest, migrate, restore, transfer
from bot.store.commit import commit
from bot.store.engine import KEY_FILE, Lock, Refused
from bot.store.restore import RESTORED, Restored
from bot.store.schema import leader, member, outbox, team
from bot.store.tools import ERASED, seal, tools
from tests import postgres
from tests.conftest import KEY, NOON
from tests.kith import kith
from tests.oak import ACCOUNTS
from tests.store.keeping import Place, after, live

LATER = after(60 * 24 * 2)
"""The backup is two days old when it is put back."""


@pytest.fixture
async def place(tmp_path: Path, migrated_file: Path) -> Place:
    """A Kith that was used and stopped."""
    data = tmp_path / "kith-data"
    data.mkdir()
    shutil.copy(migrated_file, data / "kith.db")
    made = Place(f"sqlite:///{data}/kith.db", data, tmp_path / "backups")
    memory = await made.opened()
    await memory.write(live)
    await memory.close()
    return made


def elsewhere(place: Place) -> Place:
    """Another machine, where there is nothing yet."""
    data = place.data.with_name("another-machine")
    return replace(place, url=f"sqlite:///{data}/kith.db", data=data)


def put_back(place: Place, **how: Any) -> Restored:
    given: dict[str, Any] = {
        "key": KEY,
        "data": place.data,
        "data_from": place.backups / "data",
        "keys_from": place.backups / "keys",
        "now": LATER,
    }
    return restore.restore(place.url, **given | how)


async def ids(place: Place) -> dict[str, str]:
    memory = await place.opened()
    names = await memory.read(transfer.names)
    await memory.close()
    return {name: id for id, name in names.items()}


async def changed(place: Place, fn: Any, *given: Any) -> Any:
    memory = await place.opened()
    try:
        return await memory.write(fn, *given)
    finally:
        await memory.close()


def erase(c: Connection, owner: str) -> None:
    tools(c).vault.erase(c, owner)


# --- whole --------------------------------------------------------------------------------


async def test_every_row_stands_again_on_another_machine(place: Place) -> None:
    place.back_up()
    before = await place.prints()
    there = elsewhere(place)
    restored = put_back(there)
    assert restored.made_at == NOON and restored.away == () and not restored.kept_keys
    after_ = await there.prints()
    assert [name for name in before if before[name] != after_[name]] == ["ledger"]
    assert after_["ledger"].rows == before["ledger"].rows + 1  # which says that it was restored
    assert await there.names() == sorted(ACCOUNTS)
    assert all(finding.ok for finding in check.check(there.url, key=KEY, data=there.data))
    assert not any(file.stat().st_mode & 0o077 for file in there.data.iterdir())


async def test_the_newest_good_backup_is_taken_unless_one_is_named(place: Place) -> None:
    place.back_up()
    place.back_up(minutes=10)
    shutil.copytree(
        place.backups / "data" / "kith-20260504T121000Z",
        place.backups / "data" / "kith-20260504T122000Z-suspect",
    )
    assert put_back(elsewhere(place)).made_at == after(10)
    named = place.backups / "data" / "kith-20260504T120000Z"
    assert put_back(elsewhere(place), data_from=named, replace=True).made_at == NOON


async def test_what_is_there_is_moved_away_and_never_deleted(place: Place) -> None:
    place.back_up()
    await changed(place, lambda c: c.execute(insert(team).values(id="new", name="New", phone="1")))
    before = await place.prints()
    with pytest.raises(Refused, match="With --replace it is moved away"):
        put_back(place)
    assert await place.prints() == before
    restored = put_back(place, replace=True)
    assert (await place.prints())["team"].rows == before["team"].rows - 1
    old = replace(place, url=f"sqlite:///{restored.away[0]}")
    assert await old.prints() == before


async def test_a_database_without_a_row_gives_way(place: Place, migrated_file: Path) -> None:
    place.back_up()
    there = elsewhere(place)
    there.data.mkdir()
    shutil.copy(migrated_file, there.data / "kith.db")
    assert put_back(there).away[0].name.startswith("kith.db.before-")


async def test_a_running_kith_is_not_overwritten(place: Place) -> None:
    place.back_up()
    lock = Lock(place.data / "kith.db")
    with pytest.raises(Refused, match="open in another Kith"):
        put_back(place, replace=True)
    lock.release()


async def test_an_older_schema_comes_at_the_newest(place: Place) -> None:
    migrate.downgrade(place.url, "0001")
    data, keys = place.backups / "data" / "kith-old", place.backups / "keys" / "kith-old"
    for folder, file, part in ((data, "kith.db", "data"), (keys, KEY_FILE, "keys")):
        folder.mkdir(parents=True)
        transfer.copy_file(place.data / file, folder / file)
        sum = manifest.digest(folder / file)
        with transfer.looking(folder / file) as c:
            held = transfer.counts(c)
        manifest.Manifest(part, NOON, "0001", held, sum).write(folder, KEY)  # type: ignore[arg-type]  # a pair of literals
    there = elsewhere(place)
    assert put_back(there).schema == "0001"
    assert migrate.refusal(there.url) is None
    assert await there.names() == sorted(ACCOUNTS)


# --- refused ------------------------------------------------------------------------------


def cut_short(data: Path, keys: Path) -> None:
    with (data / backup.DATA_FILE).open("r+b") as file:
        file.truncate(8192)


def one_bit(data: Path, keys: Path) -> None:
    content = bytearray((data / backup.DATA_FILE).read_bytes())
    content[-100] ^= 1
    (data / backup.DATA_FILE).write_bytes(content)


def swapped(data: Path, keys: Path) -> None:
    other = next(path for path in data.parent.iterdir() if path.is_dir() and path != data)
    shutil.copy(other / backup.DATA_FILE, data / backup.DATA_FILE)


def forged(data: Path, keys: Path) -> None:
    one_bit(data, keys)
    said = json.loads((data / manifest.NAME).read_text())
    said["sha256"] = manifest.digest(data / backup.DATA_FILE)
    (data / manifest.NAME).write_text(json.dumps(said))


def other_keys(data: Path, keys: Path) -> None:
    shutil.copy(data / backup.DATA_FILE, keys / KEY_FILE)


def no_manifest(data: Path, keys: Path) -> None:
    (data / manifest.NAME).write_text("[]")


def counted_otherwise(data: Path, keys: Path) -> None:
    """Signed as it should be: the copy has lost a row before it was looked at."""
    said = manifest.Manifest.read(keys / manifest.NAME, KEY)
    (keys / manifest.NAME).unlink()
    more = {name: count + 1 for name, count in said.rows.items()}
    replace(said, rows=more).write(keys, KEY)


def parts_mixed(data: Path, keys: Path) -> None:
    shutil.copy(keys / manifest.NAME, data / manifest.NAME)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (cut_short, "cut short, changed or swapped"),
        (one_bit, "cut short, changed or swapped"),
        (swapped, "cut short, changed or swapped"),
        (forged, "not written with this KITH_KEY, or was changed"),
        (other_keys, "cut short, changed or swapped"),
        (no_manifest, "cannot be read"),
        (counted_otherwise, "does not hold the rows that were counted"),
        (parts_mixed, "holds the keys, not the data"),
    ],
    ids=lambda spoilt: getattr(spoilt, "__name__", ""),
)
async def test_a_spoilt_backup_is_refused_and_nothing_is_touched(
    place: Place, spoil: Any, sentence: str
) -> None:
    place.back_up()
    await changed(place, live_on)
    made = place.back_up(minutes=1)
    spoil(made.data, made.keys)
    with pytest.raises(Refused, match=sentence):
        put_back(elsewhere(place))
    assert not [*elsewhere(place).data.glob("*.db"), *elsewhere(place).data.glob(".draft")]


def live_on(c: Connection) -> None:
    c.execute(insert(team).values(id="new", name="New"))


async def test_a_wrong_key_is_refused(place: Place) -> None:
    place.back_up()
    with pytest.raises(Refused, match="not written with this KITH_KEY"):
        put_back(elsewhere(place), key=bytes(32))


async def test_keys_older_than_the_data_are_refused(place: Place) -> None:
    old = place.back_up().keys
    place.back_up(minutes=10)
    with pytest.raises(Refused, match="older than the data"):
        put_back(elsewhere(place), keys_from=old)


async def test_where_there_is_no_backup_a_sentence_says_so(place: Place) -> None:
    with pytest.raises(Refused, match="There is no backup in"):
        put_back(elsewhere(place))
    place.back_up()
    with pytest.raises(Refused, match="no keys in place"):
        put_back(elsewhere(place), keys_from=None)


# --- keys ---------------------------------------------------------------------------------


async def test_erased_stays_erased_with_older_data_and_newer_keys(place: Place) -> None:
    old = place.back_up().data
    await changed(place, erase, (await ids(place))["Sam"])
    place.back_up(minutes=10)
    there = elsewhere(place)
    put_back(there, data_from=old)
    assert await there.names() == sorted(({*ACCOUNTS} - {"Sam"}) | {ERASED})


async def test_erased_since_the_newest_backup_stays_erased_where_the_keys_still_stand(
    place: Place,
) -> None:
    place.back_up()
    await changed(place, erase, (await ids(place))["Sam"])
    with pytest.raises(Refused, match="The backup holds 1 keys that are not in place"):
        put_back(place, replace=True)
    restored = put_back(place, replace=True, keep_keys=True)
    assert restored.kept_keys
    assert ERASED in await place.names()


async def test_keys_in_place_that_are_older_than_the_backup_give_way(place: Place) -> None:
    shutil.copy(place.data / KEY_FILE, place.backups.with_name("older.db"))
    await changed(place, newcomer)
    place.back_up()
    shutil.copy(place.backups.with_name("older.db"), place.data / KEY_FILE)
    restored = put_back(place, replace=True, keep_keys=False)
    assert "Nora" in await place.names()
    assert any(path.name.startswith(KEY_FILE) for path in restored.away)


def newcomer(c: Connection) -> None:
    id = "newcomernewcomer"
    c.execute(insert(member).values(id=id, name=seed_name(c, id), joined_at=NOON))


def seed_name(c: Connection, id: str) -> bytes:
    return seal(c, id, "Nora")


async def test_the_keys_of_another_installation_are_moved_away(place: Place) -> None:
    place.back_up()
    there = elsewhere(place)
    there.data.mkdir()
    other = replace(there, url=f"sqlite:///{there.data}/other.db")
    migrate.upgrade(other.url)
    await (await other.opened()).close()
    assert [path.name for path in put_back(there).away] == [
        f"{KEY_FILE}.before-{LATER:%Y%m%dT%H%M%SZ}"
    ]
    assert await there.names() == sorted(ACCOUNTS)


async def test_data_alone_comes_back_to_its_own_keys_in_place(place: Place) -> None:
    place.back_up()
    (place.data / "kith.db").unlink()
    assert put_back(place, keys_from=None).kept_keys
    assert await place.names() == sorted(ACCOUNTS)


# --- people -------------------------------------------------------------------------------


def waiting(c: Connection, to: str) -> None:
    """What waited when the backup was made."""
    hello = Message(Text("general", "not_done"))
    tells = tuple(Tell(to, hello, lane, key=lane.name) for lane in Lane)
    commit(c, Outcome(tells=tells), NOBODY, NOON)
    tomorrow = Outcome(tells=(Tell(to, hello, Lane.REMINDER, key="tomorrow"),))
    commit(c, tomorrow, NOBODY, LATER + timedelta(hours=1))
    inbox.arrive(c, 7, ACCOUNTS["Sam"], "{}", NOON)
    c.execute(insert(leader).values(name="kith", owner="gone", until=LATER + timedelta(days=1)))


async def test_nothing_that_waited_in_the_backup_is_said_as_if_it_were_new(place: Place) -> None:
    sam = (await ids(place))["Sam"]
    await changed(place, waiting, sam)
    place.back_up()
    restored = put_back(place, replace=True)
    assert (restored.again, restored.unsent, restored.set_aside) == (1, 4, 1)

    memory = await place.opened()
    rows = {row.key: row for row in await memory.read(lambda c: c.execute(select(outbox)).all())}
    alert = rows.pop("SAFETY")
    assert (alert.state, alert.maybe_sent, alert.reason) == ("waiting", True, RESTORED)
    assert (rows["tomorrow"].state, rows.pop("tomorrow").maybe_sent) == ("waiting", False)
    for lane in ("REPLY", "NEWS", "REMINDER", "BROADCAST"):
        assert (rows[lane].state, rows[lane].reason) == ("withheld", RESTORED)
    said = {row.text for key, row in rows.items() if key not in Lane.__members__}
    assert said == {"general.not_done", "general.set_aside"}  # Sam says it again; managers look
    assert await memory.read(inbox.open_updates, LATER, 9) == []
    assert await memory.read(lambda c: c.execute(select(leader)).all()) == []
    kinds = [line.kind for line in await memory.read(ledger.lines)]
    assert kinds.count("not_sent") == 4
    assert kinds[-1] == RESTORED
    await memory.close()


async def test_who_was_out_is_counted_and_the_story_goes_on_honestly(place: Place) -> None:
    data = place.data.with_name("played")
    data.mkdir()
    place = replace(place, url=f"sqlite:///{data}/kith.db", data=data)
    async with kith(data) as story:
        await story.sets_off()
        left = await story.now()
        key = installation.read(data)
        assert isinstance(key, bytes)
        assert place.back_up(key=key).good
        await story.passes(minutes=10)
        await story.sam.taps("I'm home")
        await story.passes(minutes=70)
    restored = put_back(place, key=key, replace=True)
    assert (restored.out, restored.alerts) == (1, 0)

    # Kith knows no more that Sam came home: it says from when it knows nothing, and asks.
    async with kith(data) as story:
        await story.passes(seconds=1)
        assert "asked Jo to ring you" in await story.sam.last()
        assert f"Kith was not running from {left:%H:%M} to" in await story.jo.last()
        await story.sam.taps("I'm OK")
        assert "Sam has answered" in await story.jo.last()


# --- PostgreSQL ---------------------------------------------------------------------------


async def test_a_backup_of_postgresql_comes_back_into_an_empty_one(
    cluster: postgres.Cluster, tmp_path: Path
) -> None:
    first = cluster.create("kith_first", "kith_template")
    place = Place(first, tmp_path, tmp_path / "backups")
    memory = await place.opened()
    await memory.write(live)
    await memory.close()
    place.back_up()
    before = await place.prints()

    with pytest.raises(Refused, match="not empty"):
        put_back(place)
    with pytest.raises(Refused, match="new, empty database"):
        put_back(place, replace=True)
    there = replace(place, url=cluster.create("kith_second"))
    put_back(there)
    after_ = await there.prints()
    assert [name for name in before if before[name] != after_[name]] == ["ledger"]
    assert await there.names() == sorted(ACCOUNTS)
    assert all(finding.ok for finding in check.check(there.url, key=KEY, data=tmp_path))
    memory = await there.opened()
    await memory.write(waiting, (await memory.read(_some_member)))
    assert await memory.write(ledger.seal_new) == 1
    await memory.close()
    for name in ("kith_first", "kith_second"):
        cluster.drop(name)


def _some_member(c: Connection) -> str:
    return str(c.execute(select(member.c.id)).scalars().first())
