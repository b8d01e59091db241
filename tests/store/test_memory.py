"""The memory keeps its word: nothing is answered before COMMIT, and one bad write fails alone."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from bot.clock import HandClock, SystemClock
from bot.store import engine, migrate
from bot.store.memory import Memory, Refused
from bot.store.schema import heartbeat, membership, stranger
from tests.conftest import KEY, NOON

sqlite_only = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)


class Nonsense(Exception):
    pass


def beat(c: Connection, name: str) -> str:
    c.execute(insert(heartbeat).values(name=name, at=NOON))
    return name


def beat_and_fail(c: Connection, name: str) -> str:
    beat(c, name)
    raise Nonsense(name)


def beats(c: Connection) -> list[str]:
    return list(c.execute(select(heartbeat.c.name).order_by(heartbeat.c.name)).scalars())


def seen_from_outside(engine_url: str) -> list[str]:
    where = engine.address(engine_url)
    connection = sqlite3.connect(engine.sqlite_path(where))
    try:
        return [row[0] for row in connection.execute("SELECT name FROM heartbeat ORDER BY name")]
    finally:
        connection.close()


async def test_what_was_written_is_read(memory: Memory) -> None:
    assert await memory.write(beat, "a") == "a"
    assert await memory.read(beats) == ["a"]


_examples = count()


@settings(
    max_examples=25,
    deadline=None,
    # Every example writes names of its own, so that one database serves them all.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(good=st.lists(st.booleans(), min_size=1, max_size=40))
async def test_one_bad_write_fails_alone_and_only_its_caller_hears(
    memory: Memory, good: list[bool]
) -> None:
    example = next(_examples)
    names = [f"{example}-{number}" for number in range(len(good))]
    answers = await asyncio.gather(
        *(
            memory.write(beat if well else beat_and_fail, name)
            for name, well in zip(names, good, strict=True)
        ),
        return_exceptions=True,
    )
    for name, well, answer in zip(names, good, answers, strict=True):
        assert answer == name if well else isinstance(answer, Nonsense) and answer.args == (name,)
    kept = {name for name in await memory.read(beats) if name.startswith(f"{example}-")}
    assert kept == {name for name, well in zip(names, good, strict=True) if well}


@sqlite_only
async def test_writes_that_wait_together_share_one_commit(memory: Memory) -> None:
    commits: list[str] = []
    memory.bells.on_write.append(lambda: commits.append("commit"))
    await asyncio.gather(*(memory.write(beat, f"{number:03}") for number in range(200)))
    await asyncio.sleep(0)
    assert len(commits) == 1
    assert len(await memory.read(beats)) == 200


@sqlite_only
async def test_nothing_is_answered_before_the_commit(memory: Memory, engine_url: str) -> None:
    first = asyncio.create_task(memory.write(beat, "first"))

    def look(c: Connection) -> tuple[list[str], bool, list[str]]:
        return beats(c), first.done(), seen_from_outside(engine_url)

    inside, answered, outside = await asyncio.create_task(memory.write(look))
    assert inside == ["first"]  # both shared one transaction, and while it was open
    assert not answered
    assert outside == []
    await first
    assert seen_from_outside(engine_url) == ["first"]


@sqlite_only
async def test_a_failed_commit_fails_all_who_shared_it(memory: Memory) -> None:
    def fails_at_commit(c: Connection) -> None:
        c.execute(text("PRAGMA defer_foreign_keys = ON"))
        nobody = {"member": "nobody", "team": "nowhere", "role": "staff"}
        c.execute(insert(membership).values(id="a" * 16, since=NOON, **nobody))

    commits: list[str] = []
    memory.bells.on_write.append(lambda: commits.append("commit"))
    answers = await asyncio.gather(
        memory.write(beat, "before"),
        memory.write(fails_at_commit),
        memory.write(beat, "after"),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [IntegrityError] * 3
    assert await memory.read(beats) == []
    assert commits == []
    assert await memory.write(beat, "next") == "next"


@sqlite_only
async def test_a_transaction_lost_inside_a_group_is_answered_to_all(memory: Memory) -> None:
    def lose_everything(c: Connection) -> None:
        c.execute(text("INSERT OR ROLLBACK INTO heartbeat VALUES ('before', 0)"))

    answers = await asyncio.gather(
        memory.write(beat, "before"),
        memory.write(lose_everything),
        memory.write(beat, "after"),
        return_exceptions=True,
    )
    assert all(isinstance(answer, OperationalError) for answer in answers)
    assert await memory.read(beats) == []
    assert await memory.write(beat, "next") == "next"


async def test_even_a_stop_iteration_reaches_its_caller(memory: Memory) -> None:
    def one_too_many(c: Connection) -> str:
        beat(c, "lost")
        return next(iter(()))

    with pytest.raises(RuntimeError):
        await memory.write(one_too_many)
    assert await memory.write(beat, "kept") == "kept"
    assert await memory.read(beats) == ["kept"]


async def test_a_reader_cannot_write(memory: Memory) -> None:
    with pytest.raises(DBAPIError):
        await memory.read(beat, "a")
    assert await memory.read(beats) == []


async def test_a_read_is_one_snapshot(memory: Memory, engine_url: str) -> None:
    other = engine.writing(engine.address(engine_url))

    def look_twice(c: Connection, name: str) -> tuple[list[str], list[str]]:
        before = beats(c)
        with other.begin() as meanwhile:
            beat(meanwhile, name)
        return before, beats(c)

    assert await memory.read(look_twice, "a") == ([], [])
    assert await memory.survey(look_twice, "b") == (["a"], ["a"])
    assert await memory.read(beats) == ["a", "b"]
    other.dispose()


async def test_no_one_decides_on_what_another_has_just_changed(memory: Memory) -> None:
    def start(c: Connection) -> None:
        c.execute(insert(heartbeat).values(name="count", at=NOON))
        c.execute(insert(stranger).values(chat=0, answered_at=NOON))

    def count_one(c: Connection) -> int:
        newest = select(stranger.c.chat).order_by(stranger.c.chat.desc()).limit(1)
        number: int = c.execute(newest).scalar_one()
        c.execute(insert(stranger).values(chat=number + 1, answered_at=NOON))
        c.execute(update(heartbeat).values(at=NOON))
        return number + 1

    await memory.write(start)
    numbers = await asyncio.gather(*(memory.write(count_one) for _ in range(8)))
    assert sorted(numbers) == list(range(1, 9))


@postgresql_only
async def test_what_leaves_does_not_wait_behind_what_is_due(memory: Memory) -> None:
    has_left = Event()

    def due(_: Connection) -> bool:
        return has_left.wait(timeout=30)

    waiting = asyncio.create_task(memory.write(due))
    await asyncio.sleep(0)
    await memory.write_aside(lambda _: has_left.set())
    assert await waiting, "it was held up until the other had ended"


async def test_on_write_is_called_after_a_commit_and_not_after_a_failure(memory: Memory) -> None:
    commits: list[list[str]] = []
    memory.bells.on_write.append(lambda: commits.append([]))
    with pytest.raises(Nonsense):
        await memory.write(beat_and_fail, "a")
    await asyncio.sleep(0)
    assert commits == []
    await memory.write(beat, "a")
    await asyncio.sleep(0)
    assert len(commits) == 1


@sqlite_only
async def test_a_listener_that_fails_does_not_stop_the_writer(memory: Memory) -> None:
    heard: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, wrong: heard.append(wrong))
    memory.bells.on_write.append(lambda: [][0])
    await memory.write(beat, "a")
    await memory.write(beat, "b")
    assert len(heard) >= 1
    assert await memory.read(beats) == ["a", "b"]


@sqlite_only
async def test_a_caller_that_gives_up_stops_nobody_else(memory: Memory) -> None:
    hasty = asyncio.create_task(memory.write(beat, "hasty"))
    patient = asyncio.create_task(memory.write(beat, "patient"))
    await asyncio.sleep(0)
    hasty.cancel()
    assert await patient == "patient"
    assert await memory.read(beats) == ["hasty", "patient"]


async def test_closing_finishes_what_was_asked_for(
    engine_url: str, tmp_path: Path, clock: HandClock
) -> None:
    memory = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    asked = [asyncio.create_task(memory.write(beat, name)) for name in "abc"]
    await asyncio.gather(*asked)
    await memory.close()
    again = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    assert await again.read(beats) == ["a", "b", "c"]
    await again.close()


@sqlite_only
async def test_a_closed_memory_says_so(engine_url: str, tmp_path: Path, clock: HandClock) -> None:
    memory = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    waiting = asyncio.create_task(memory.write(beat, "a"))
    await asyncio.sleep(0)
    await memory.close()
    assert await waiting == "a"
    with pytest.raises(RuntimeError, match="closed"):
        await memory.write(beat, "b")


@sqlite_only
async def test_a_second_writer_is_refused_with_a_sentence(
    memory: Memory, engine_url: str, tmp_path: Path, clock: HandClock
) -> None:
    with pytest.raises(Refused, match="open in another Kith already"):
        await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    with pytest.raises(Refused, match="open in another Kith already"):
        migrate.upgrade(engine_url)
    assert await memory.write(beat, "a") == "a"


async def test_a_database_that_was_not_migrated_is_refused(
    tmp_path: Path, clock: HandClock
) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    with pytest.raises(Refused, match="kith migrate"):
        await Memory.open(url, key=KEY, data=tmp_path, clock=clock)
    migrate.upgrade(url)  # the refusal let go of the lock
    memory = await Memory.open(url, key=KEY, data=tmp_path, clock=clock)
    await memory.close()


@pytest.mark.parametrize(
    "url",
    [
        "mysql://somewhere/kith",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///kith.db?mode=ro",
        "kith.db",
        "",
    ],
)
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="KITH_DATABASE_URL must be"):
        engine.address(url)


async def test_a_hand_set_clock_says_the_time(memory: Memory, clock: HandClock) -> None:
    assert await memory.now() == clock.now() == NOON


async def test_else_the_time_is_aware_and_utc(engine_url: str, tmp_path: Path) -> None:
    memory = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=SystemClock())
    first, second = await memory.now(), await memory.now()
    assert first.tzinfo is UTC
    assert first <= second
    await memory.close()


@postgresql_only
async def test_a_replica_whose_connection_ends_as_it_opens_begins_again(
    engine_url: str, tmp_path: Path
) -> None:
    await (await Memory.open(engine_url, key=KEY, data=tmp_path, clock=SystemClock())).close()
    other = engine.writing(engine.address(engine_url))
    with other.begin() as held, other.connect() as server:
        held.execute(text("LOCK kith_keys.data_key IN ACCESS EXCLUSIVE MODE"))
        opening = asyncio.create_task(
            Memory.open(engine_url, key=KEY, data=tmp_path, clock=SystemClock())
        )
        ended = 0
        while not ended:  # it waits for the lock: the server lets go of it there
            await asyncio.sleep(0)
            ended = await asyncio.to_thread(_end_whoever_waits, server)
        held.rollback()
        memory = await opening
    await memory.write(beat, "a")
    assert await memory.read(beats) == ["a"]
    await memory.close()
    other.dispose()


def _end_whoever_waits(server: Connection) -> int:
    ended = server.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
    ).all()
    server.rollback()  # what is read of it stands still within a transaction
    return len(ended)


class AnHourAhead(SystemClock):
    def now(self) -> datetime:
        return super().now() + timedelta(hours=1)


@postgresql_only
async def test_on_postgresql_the_database_says_the_time(engine_url: str, tmp_path: Path) -> None:
    memory = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=AnHourAhead())

    def database_time(c: Connection) -> float:
        return float(c.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())

    before = await memory.read(database_time)
    now = (await memory.now()).timestamp()
    after = await memory.read(database_time)
    assert before <= now <= after
    await memory.close()


@sqlite_only
async def test_sqlite_is_opened_to_lose_nothing(memory: Memory) -> None:
    def pragmas(c: Connection) -> dict[str, object]:
        names = ["journal_mode", "synchronous", "foreign_keys", "recursive_triggers"]
        return {name: c.execute(text(f"PRAGMA {name}")).scalar_one() for name in names}

    full = 2
    assert await memory.write(pragmas) == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "recursive_triggers": 1,
    }
