"""Living on the playground's clock: told when at rest, and stopped at each due moment."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import Update
from telegram.ext import CallbackContext, MessageHandler, filters

from bot.care.outcome import NOBODY, Lane, Message, Outcome, Tell, Wake
from bot.care.text import Text
from bot.store import Connection
from bot.store.commit import commit
from tests.doors import open_doors, tell, up
from tests.play import MONDAY_MORNING, Play, Refused

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


async def test_advancing_stops_at_each_due_moment_on_the_way(play: Play, tmp_path: Path) -> None:
    done: list[datetime] = []

    def act(c: Connection, key: str, due_at: datetime, now: datetime) -> None:
        done.append(now)
        assert now == due_at
        wakes = (Wake("a", key, now + 7 * MINUTE + timedelta(microseconds=3)),)
        commit(c, Outcome(wakes=wakes), NOBODY, now)

    async with open_doors(play, tmp_path, acts={"a": act}) as doors:
        await up(play)
        await doors.wake("a", "round", MONDAY_MORNING + 7 * MINUTE)
        time = await play.advance(hours=1)
        assert time.now == MONDAY_MORNING + 60 * MINUTE
        step = 7 * MINUTE + timedelta(microseconds=3)
        assert done == [MONDAY_MORNING + 7 * MINUTE + n * step for n in range(8)]
        assert time.next == done[-1] + step


async def test_what_a_deadline_says_has_arrived_when_advancing_ends(
    play: Play, tmp_path: Path
) -> None:
    jo = await play.new_person("Jo", role="staff")

    def act(c: Connection, key: str, due_at: datetime, now: datetime) -> None:
        said = Tell(key, Message(Text("test", "alert")), Lane.SAFETY)
        commit(c, Outcome(tells=(said,)), NOBODY, now)

    async with open_doors(play, tmp_path, acts={"a": act}) as doors:
        await up(play)
        await doors.wake("a", await doors.member("Jo", jo.id), MONDAY_MORNING + MINUTE)
        await play.advance(minutes=1)
        assert (await play.chat(jo.id)).texts == ["alert"]


async def test_what_a_person_caused_has_arrived_when_their_act_is_answered(
    play: Play, tmp_path: Path
) -> None:
    sam, jo = await play.new_person("Sam", role="person"), await play.new_person("Jo", role="staff")
    told: dict[str, str] = {}

    async with open_doors(
        play, tmp_path, handlers=[(MessageHandler(filters.TEXT, lambda u, x: handle(u, x)), 0)]
    ) as doors:

        async def handle(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
            texts = [str(n) for n in range(7)]
            await doors.memory.write(tell, told["Jo"], Lane.REPLY, *texts)

        await up(play)
        told["Jo"] = await doors.member("Jo", jo.id)
        await play.write(sam.id, "hello")
        assert (await play.chat(jo.id)).texts == [str(n) for n in range(7)]
        # Two more than the burst: two short pauses, skipped by hand.
        assert (await play.clock()).now == MONDAY_MORNING + 2 * SECOND


async def test_a_retry_is_the_next_moment_but_no_pause_to_skip(play: Play, tmp_path: Path) -> None:
    jo = await play.new_person("Jo", role="staff")
    async with open_doors(play, tmp_path) as doors:
        await up(play)
        await play.faults("429", methods=["sendMessage"], count=1)
        await doors.tell(await doors.member("Jo", jo.id), Lane.SAFETY, "alert")
        time = await play.settle()
        assert (time.now, time.next) == (MONDAY_MORNING, MONDAY_MORNING + 2 * SECOND)
        await play.next()
        assert (await play.chat(jo.id)).texts == ["alert"]


async def test_a_bot_that_stopped_is_down_and_one_that_starts_again_catches_up(
    play: Play, tmp_path: Path
) -> None:
    done: list[tuple[datetime, datetime]] = []

    def act(c: Connection, key: str, due_at: datetime, now: datetime) -> None:
        done.append((due_at, now))

    async with open_doors(play, tmp_path, acts={"a": act}) as doors:
        await up(play)
        await doors.wake("a", "x", MONDAY_MORNING + MINUTE)
    while (await play.state())["health"]["bot"] == "up":
        pass
    with pytest.raises(Refused):
        await play.settle()
    await play.advance(minutes=20)
    async with open_doors(play, tmp_path, acts={"a": act}):
        await up(play)
        assert done == [(MONDAY_MORNING + MINUTE, MONDAY_MORNING + 20 * MINUTE)]
