"""The second door in: what is due is done, in its time, and one poison stops nobody else."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.care.outcome import NOBODY, Outcome, Wake
from bot.clock import HandClock, SystemClock
from bot.deadlines.loop import Act, Loop, Parked
from bot.store import Connection, deadlines, ledger
from bot.store.commit import commit
from bot.store.deadlines import REST
from bot.store.memory import Memory
from tests.conftest import KEY, NOON
from tests.doors import until, wake

SQLITE = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
MINUTE = timedelta(minutes=1)


class Diary:
    """An act that notes what it was called for."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, datetime, datetime]] = []

    def act(self, c: Connection, key: str, due_at: datetime, now: datetime) -> None:
        if key == "poison":
            raise KeyError("a bug")
        self.notes.append((key, due_at, now))
        commit(c, Outcome(), NOBODY, now)

    async def has(self, count: int) -> bool:
        return len(self.notes) >= count


async def at_rest(loop: Loop) -> bool:
    return not loop.busy


@pytest.fixture
def diary() -> Diary:
    return Diary()


@asynccontextmanager
async def running(
    memory: Memory,
    acts: Mapping[str, Act],
    parked: Parked | None = None,
    patient: Collection[str] = (),
) -> AsyncIterator[Loop]:
    loop = Loop(memory, acts, parked=parked, patient=patient)
    task = asyncio.create_task(loop.run())
    try:
        yield loop
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_what_is_due_is_done_with_the_time_it_was_due(
    memory: Memory, clock: HandClock, diary: Diary
) -> None:
    await memory.write(wake, "a", "late", NOON - MINUTE)
    await memory.write(wake, "a", "coming", NOON + MINUTE)
    async with running(memory, {"a": diary.act}) as loop:
        await until(lambda: diary.has(1))
        assert diary.notes == [("late", NOON - MINUTE, NOON)]
        await until(lambda: at_rest(loop))
        next = await loop.next_moment(NOON)
        assert next is not None and next.at == NOON + MINUTE
        clock.advance(MINUTE)
        loop.bell.ring()
        await until(lambda: diary.has(2))
        assert diary.notes[1] == ("coming", NOON + MINUTE, NOON + MINUTE)
        await until(lambda: at_rest(loop))
        assert await loop.next_moment(NOON + MINUTE) is None


@SQLITE
async def test_a_deadline_set_for_now_is_met_at_once(memory: Memory, diary: Diary) -> None:
    async with running(memory, {"a": diary.act}):
        began = time.monotonic()
        for number in range(5):
            await memory.write(wake, "a", str(number), NOON)
        await until(lambda: diary.has(5))
        assert time.monotonic() - began < 0.9  # woken by the write, not by the next peek


@SQLITE
async def test_whoever_tells_many_lets_everybody_else_go_first(
    memory: Memory, diary: Diary
) -> None:
    def next_one(c: Connection, key: str, due_at: datetime, now: datetime) -> None:
        diary.act(c, key, due_at, now)
        if key < "3":  # it goes on at once, and meanwhile somebody is missed
            wake(c, "many", str(int(key) + 1), NOON - MINUTE)
            wake(c, "one", f"after {key}", NOON)

    for team in ("1", "9"):
        await memory.write(wake, "many", team, NOON - MINUTE)
    await memory.write(wake, "one", "first", NOON)
    acts: Mapping[str, Act] = {"one": diary.act, "many": next_one}
    async with running(memory, acts, patient={"many"}):
        await until(lambda: diary.has(7))
    assert [key for key, *_ in diary.notes] == ["first", "1", "after 1", "2", "after 2", "3", "9"]


@SQLITE
async def test_a_clock_that_jumps_unheard_is_noticed_within_a_second_or_so(
    memory: Memory, clock: HandClock, diary: Diary
) -> None:
    await memory.write(wake, "a", "coming", NOON + 60 * MINUTE)
    async with running(memory, {"a": diary.act}):
        clock.advance(61 * MINUTE)
        await until(lambda: diary.has(1), seconds=5)


@SQLITE
async def test_on_the_real_clock_it_wakes_at_the_moment(
    engine_url: str, tmp_path: Path, diary: Diary
) -> None:
    memory = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=SystemClock())
    due = datetime.now(UTC) + timedelta(seconds=0.4)
    await memory.write(wake, "a", "soon", due)
    async with running(memory, {"a": diary.act}):
        await until(lambda: diary.has(1))
    [(_, _, now)] = diary.notes
    assert timedelta() <= now - due < timedelta(seconds=0.4)
    await memory.close()


async def test_an_act_may_set_its_own_deadline_anew(
    memory: Memory, clock: HandClock, diary: Diary
) -> None:
    def again(c: Connection, key: str, due_at: datetime, now: datetime) -> None:
        diary.notes.append((key, due_at, now))
        commit(c, Outcome(wakes=(Wake("a", key, now + MINUTE),)), NOBODY, now)

    await memory.write(wake, "a", "round", NOON)
    async with running(memory, {"a": again}) as loop:
        await until(lambda: diary.has(1))
        await until(lambda: _rests_until(loop, NOON, NOON + MINUTE))
        clock.advance(MINUTE)
        loop.bell.ring()
        await until(lambda: diary.has(2))
    assert [due_at for _, due_at, _ in diary.notes] == [NOON, NOON + MINUTE]


@SQLITE
async def test_an_act_that_forgets_its_deadline_is_not_called_for_ever(
    memory: Memory, diary: Diary
) -> None:
    def forgets(c: Connection, key: str, due_at: datetime, now: datetime) -> None:
        diary.notes.append((key, due_at, now))

    await memory.write(wake, "a", "once", NOON)
    await memory.write(wake, "b", "after", NOON)
    async with running(memory, {"a": forgets, "b": diary.act}) as loop:
        await until(lambda: diary.has(2))
        await until(lambda: _rests_until(loop, NOON, None))
    assert len(diary.notes) == 2


async def test_poison_is_tried_three_times_set_aside_with_an_alarm_and_stops_nobody(
    memory: Memory, clock: HandClock, diary: Diary
) -> None:
    alarms: list[tuple[str, str]] = []
    for key in ("before", "poison", "then"):
        await memory.write(wake, "a", key, NOON)
    await memory.write(wake, "unknown", "x", NOON)
    async with running(
        memory, {"a": diary.act}, parked=lambda c, kind, key, now: alarms.append((kind, key))
    ) as loop:
        await until(lambda: diary.has(2))
        for wait in (1, 5):
            await until(lambda: _rests(loop, clock.now()))
            assert alarms == []
            clock.advance(timedelta(seconds=wait))
            loop.bell.ring()
        await until(lambda: _so(len(alarms) == 2))
        assert sorted(alarms) == [("a", "poison"), ("unknown", "x")]
        assert [key for key, _, _ in diary.notes] == ["before", "then"]
        await until(lambda: _rests_until(loop, clock.now(), clock.now() + REST))
        clock.advance(REST)  # and again, for as long as it fails
        loop.bell.ring()
        await until(lambda: _parked(memory, 4))
        assert len(alarms) == 4


async def test_what_was_set_aside_is_done_once_it_can_be(
    memory: Memory, clock: HandClock, diary: Diary
) -> None:
    broken = True

    def act(c: Connection, key: str, due_at: datetime, now: datetime) -> None:
        if broken:
            raise KeyError("a bug")
        diary.act(c, key, due_at, now)

    await memory.write(wake, "a", "sam", NOON)
    async with running(memory, {"a": act}) as loop:
        for wait in (1, 5):
            await until(lambda: _rests(loop, clock.now()))
            clock.advance(timedelta(seconds=wait))
            loop.bell.ring()
        await until(lambda: _rests_until(loop, clock.now(), clock.now() + REST))
        broken = False
        clock.advance(REST)
        loop.bell.ring()
        await until(lambda: diary.has(1))
    assert diary.notes == [("sam", NOON, clock.now())]


async def test_nothing_is_set_aside_in_silence(memory: Memory, clock: HandClock) -> None:
    alarms: list[datetime] = []
    tries: list[datetime] = []

    def poison(c: Connection, key: str, due_at: datetime, now: datetime) -> None:
        tries.append(now)
        raise KeyError("a bug")

    def alarm(c: Connection, kind: str, key: str, now: datetime) -> None:
        alarms.append(now)
        if len(alarms) == 1:
            raise OSError("the alarm could not be written")

    await memory.write(wake, "a", "sam", NOON)
    async with running(memory, {"a": poison}, parked=alarm) as loop:
        for wait in (1, 5):
            await until(lambda: _rests(loop, clock.now()))
            clock.advance(timedelta(seconds=wait))
            loop.bell.ring()
        await until(lambda: _rests_until(loop, clock.now(), clock.now() + REST))
    assert len(tries) == 4 and len(alarms) == 2
    assert len(await memory.read(ledger.lines)) == 1


async def test_while_the_database_is_in_trouble_nothing_is_counted(
    memory: Memory, clock: HandClock, diary: Diary, tmp_path: Path
) -> None:
    alarms: list[str] = []
    struck: list[datetime] = []
    away = create_engine(f"sqlite:///{tmp_path / 'nowhere' / 'kith.db'}")

    def act(c: Connection, key: str, due_at: datetime, now: datetime) -> None:
        if len(struck) < 6:
            struck.append(now)
            away.connect()
        diary.act(c, key, due_at, now)

    await memory.write(wake, "a", "sam", NOON)
    async with running(
        memory, {"a": act}, parked=lambda c, kind, key, now: alarms.append(key)
    ) as loop:
        await until(lambda: _rung_and(loop, diary.has(1)))
    assert diary.notes == [("sam", NOON, NOON)]  # though the clock stood still
    assert alarms == []
    assert await memory.read(ledger.lines) == []


@SQLITE
async def test_what_was_set_aside_is_tried_again_when_kith_starts(
    memory: Memory, diary: Diary
) -> None:
    def park(c: Connection) -> None:
        wake(c, "a", "was poison", NOON)
        [due] = deadlines.due(c, NOON, 1)
        while not deadlines.poison(c, due, "KeyError", NOON):
            pass

    await memory.write(park)
    async with running(memory, {"a": diary.act}):
        await until(lambda: diary.has(1))


async def test_thousands_due_at_once_are_each_done_once(memory: Memory, diary: Diary) -> None:
    def many(c: Connection) -> None:
        wakes = tuple(Wake("a", str(n), NOON) for n in range(600))
        commit(c, Outcome(wakes=wakes), NOBODY, NOON)

    await memory.write(many)
    async with running(memory, {"a": diary.act}) as loop:
        await until(lambda: _rests_until(loop, NOON, None), seconds=60)
    assert len({key for key, _, _ in diary.notes}) == 600


async def _rests(loop: Loop, now: datetime) -> bool:
    next = await loop.next_moment(now)
    return not loop.busy and (next is None or next.at > now)


async def _rests_until(loop: Loop, now: datetime, moment: datetime | None) -> bool:
    next = await loop.next_moment(now)
    return not loop.busy and (None if next is None else next.at) == moment


async def _parked(memory: Memory, times: int) -> bool:
    return [line.kind for line in await memory.read(ledger.lines)] == ["deadline_parked"] * times


async def _so(true: bool) -> bool:
    return true


async def _rung_and(loop: Loop, true: Awaitable[bool]) -> bool:
    loop.bell.ring()
    return await true
