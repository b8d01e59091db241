"""What was sealed is read by its owner's key, and by nobody once that is gone."""

import asyncio
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, insert

from bot.clock import HandClock
from bot.store import engine as store_engine
from bot.store.memory import Memory, Refused
from bot.store.schema import member
from bot.store.tools import SERVICE, KeyErased, Tools, seal, unseal
from bot.store.vault import Vault
from tests.conftest import KEY, NOON

sqlite_only = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)

SAM, JO = "samsamsamsamsams", "jojojojojojojojo"
CANARY = "she keeps her spare key under the blue pot"


def vault_of(c: Connection) -> Vault:
    tools: Tools = c.get_execution_options()["kith"]
    return tools.vault


def sealed_member(c: Connection, id: str, name: str) -> bytes:
    blob = seal(c, id, name)
    c.execute(insert(member).values(id=id, name=blob, joined_at=NOON))
    return blob


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@settings(
    max_examples=50,
    deadline=None,
    # Sealing keeps nothing but keys: one database serves every example.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(max_size=2000), owner=st.sampled_from([SAM, JO, SERVICE]))
def test_what_was_sealed_comes_back(engine: Engine, text: str, owner: str) -> None:
    with engine.begin() as c:
        blob = seal(c, owner, text)
        assert unseal(c, owner, blob) == text
        assert seal(c, owner, text) != blob


def test_another_owner_cannot_read_it(engine: Engine) -> None:
    with engine.begin() as c:
        seal(c, JO, "mine")
        with pytest.raises(KeyErased):
            unseal(c, JO, seal(c, SAM, "mine"))


def test_one_changed_bit_is_noticed_wherever_it_is(engine: Engine) -> None:
    with engine.begin() as c:
        blob = seal(c, SAM, "Café")
        for place in range(len(blob)):
            changed = bytearray(blob)
            changed[place] ^= 1
            with pytest.raises(KeyErased):
                unseal(c, SAM, bytes(changed))
        with pytest.raises(KeyErased):
            unseal(c, SAM, b"")


def test_an_erased_key_leaves_nothing_to_read(engine: Engine) -> None:
    with engine.begin() as c:
        sams, jos = seal(c, SAM, "Café"), seal(c, JO, "Library")
    with engine.begin() as c:
        vault_of(c).erase(c, SAM)
    with engine.begin() as c:
        with pytest.raises(KeyErased):
            unseal(c, SAM, sams)
        assert unseal(c, JO, jos) == "Library"
        assert unseal(c, SAM, seal(c, SAM, "back again")) == "back again"
        with pytest.raises(KeyErased):
            unseal(c, SAM, sams)


def test_a_first_seal_that_is_undone_loses_no_later_word(engine: Engine, tmp_path: Path) -> None:
    with engine.connect() as c:
        seal(c, SAM, "undone")
        c.rollback()
    with engine.begin() as c:
        kept = seal(c, SAM, "kept")
    keys = store_engine.key_file(tmp_path) if engine.dialect.name == "sqlite" else None
    with engine.begin() as c:  # another process, which remembers nothing
        assert Vault(KEY, keys).unseal(c, SAM, kept) == "kept"
    if keys is not None:
        keys.dispose()


async def test_many_first_words_at_once_share_one_key(memory: Memory) -> None:
    texts = [f"word {number}" for number in range(8)]
    blobs = await asyncio.gather(*(memory.write(seal, SAM, text) for text in texts))
    assert [await memory.read(unseal, SAM, blob) for blob in blobs] == texts


@pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)
async def test_replicas_that_start_at_once_share_one_key(
    engine_url: str, tmp_path: Path, clock: HandClock
) -> None:
    one, two = await asyncio.gather(
        *(Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock) for _ in range(2))
    )
    blob = await one.write(seal, SERVICE, "Oak House")
    assert await two.read(unseal, SERVICE, blob) == "Oak House"
    await one.close()
    await two.close()


async def test_words_are_read_after_a_restart(
    engine_url: str, tmp_path: Path, clock: HandClock
) -> None:
    memory = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    blob = await memory.write(sealed_member, SAM, "Sam")
    await memory.close()
    memory = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    assert await memory.read(unseal, SAM, blob) == "Sam"
    await memory.close()


async def test_a_wrong_key_is_refused_with_a_sentence(
    engine_url: str, tmp_path: Path, clock: HandClock
) -> None:
    memory = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    await memory.close()
    with pytest.raises(Refused, match="KITH_KEY does not open the stored keys"):
        await Memory.open(engine_url, key=bytes(32), data=tmp_path, clock=clock)


@sqlite_only
async def test_data_without_its_keys_is_refused(
    engine_url: str, tmp_path: Path, clock: HandClock
) -> None:
    memory = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    await memory.write(sealed_member, SAM, "Sam")
    await memory.close()
    with pytest.raises(Refused, match="keys of this database are missing"):
        await Memory.open(engine_url, key=KEY, data=tmp_path / "elsewhere", clock=clock)


@sqlite_only
async def test_no_file_holds_a_sealed_word_or_a_key(
    memory: Memory, engine_url: str, tmp_path: Path
) -> None:
    await memory.write(sealed_member, SAM, CANARY)
    files = contents(tmp_path)
    assert {"kith.db", "kith.db-wal", "keys.db"} <= set(files)
    held = b"".join(files.values())
    assert SAM.encode() in held  # we did look at what was written
    assert CANARY.encode() not in held
    assert b"blue pot" not in held
    assert KEY not in held


@sqlite_only
def test_only_its_owner_may_open_the_key_file(engine: Engine, tmp_path: Path) -> None:
    assert os.stat(tmp_path / "keys.db").st_mode & 0o077 == 0


@sqlite_only
def test_an_erased_key_is_wiped_from_its_file(engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as c:
        blob = seal(c, SAM, "Café")
    key_id = blob[:8]
    assert key_id in (tmp_path / "keys.db").read_bytes()
    with engine.begin() as c:
        vault_of(c).erase(c, SAM)
    assert key_id not in (tmp_path / "keys.db").read_bytes()
