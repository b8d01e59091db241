"""Handlers and the updates they are handed: in order, at the same time, once, or not at all."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from telegram import Update
from telegram.ext import BaseHandler, CallbackContext, MessageHandler, TypeHandler, filters

from bot.inbox.dispatch import AT_ONCE
from bot.store import Connection, inbox, ledger, schema
from tests.doors import open_doors, until, up
from tests.play import MONDAY_MORNING, Play

Context = CallbackContext[Any, Any, Any, Any]


def words(update: Update) -> str:
    assert update.message is not None and update.message.text is not None
    return update.message.text


def on_words(handle: Any) -> tuple[BaseHandler[Any, Any, Any], int]:
    return MessageHandler(filters.TEXT, handle), 0


async def test_one_chat_keeps_its_order_and_no_other_waits(play: Play, tmp_path: Path) -> None:
    sam, jo = await play.new_person("Sam", role="person"), await play.new_person("Jo", role="staff")
    heard: list[str] = []
    free = asyncio.Event()

    async def handle(update: Update, context: Context) -> None:
        if words(update) == "slow":
            await free.wait()
        heard.append(words(update))

    async with open_doors(play, tmp_path, handlers=[on_words(handle)]) as doors:
        await up(play)
        sams = [asyncio.create_task(play.write(sam.id, "slow"))]
        await until(lambda: _is(doors.dispatch.busy))
        sams += [asyncio.create_task(play.write(sam.id, "second"))]
        jos = asyncio.create_task(play.write(jo.id, "Jo's"))
        await until(lambda: _is(heard == ["Jo's"]))
        free.set()
        await asyncio.gather(*sams, jos)
        assert heard == ["Jo's", "slow", "second"]


async def test_a_flood_of_chats_is_handled_so_many_at_once(play: Play, tmp_path: Path) -> None:
    people = [await play.new_person(f"P{n}", role="staff") for n in range(AT_ONCE + 4)]
    at_once, most, heard = 0, 0, 0
    full = asyncio.Event()

    async def handle(update: Update, context: Context) -> None:
        nonlocal at_once, most, heard
        at_once, heard = at_once + 1, heard + 1
        most = max(most, at_once)
        if at_once == AT_ONCE:
            full.set()
        async with asyncio.timeout(10):
            await full.wait()
        at_once -= 1

    async with open_doors(play, tmp_path, handlers=[on_words(handle)]):
        await up(play)
        await asyncio.gather(*(play.write(person.id, "hello") for person in people))
        assert (most, heard) == (AT_ONCE, len(people))


async def test_a_handler_that_fails_is_tried_again(play: Play, tmp_path: Path) -> None:
    sam = await play.new_person("Sam", role="person")
    tries: list[str] = []

    async def handle(update: Update, context: Context) -> None:
        tries.append(words(update))
        if len(tries) == 1:
            raise KeyError("a bug")
        assert update.message is not None
        await update.message.reply_text("done")

    async with open_doors(play, tmp_path, handlers=[on_words(handle)]):
        await up(play)
        assert (await play.write(sam.id, "hello")).texts == ["done"]
        assert tries == ["hello", "hello"]


async def test_one_that_always_fails_is_set_aside_with_an_apology_and_the_next_is_handled(
    play: Play, tmp_path: Path
) -> None:
    sam = await play.new_person("Sam", role="person")

    async def handle(update: Update, context: Context) -> None:
        assert update.message is not None
        if words(update) == "poison":
            raise KeyError("a bug")
        await update.message.reply_text("done")

    async with open_doors(play, tmp_path, handlers=[on_words(handle)]) as doors:
        await up(play)
        await doors.member("Sam", sam.id)
        assert (await play.write(sam.id, "poison")).texts == ["not_done"]
        assert (await play.write(sam.id, "hello")).texts == ["not_done", "done"]
        [line] = await doors.memory.read(ledger.lines)
        assert line.kind == "update_parked"


async def test_while_the_database_is_in_trouble_an_update_waits_and_nothing_is_counted(
    play: Play, tmp_path: Path
) -> None:
    sam = await play.new_person("Sam", role="person")
    away = create_engine(f"sqlite:///{tmp_path / 'nowhere' / 'kith.db'}")
    tries: list[str] = []

    async def handle(update: Update, context: Context) -> None:
        tries.append(words(update))
        if len(tries) < 4:
            away.connect()
        assert update.message is not None
        await update.message.reply_text("done")

    async with open_doors(play, tmp_path, handlers=[on_words(handle)]) as doors:
        await up(play)
        assert (await play.write(sam.id, "hello")).texts == ["done"]
        assert len(tries) == 4
        assert (await play.clock()).now == MONDAY_MORNING
        assert await doors.memory.read(ledger.lines) == []


async def test_what_the_library_cannot_read_is_set_aside_and_the_next_is_handled(
    play: Play, tmp_path: Path
) -> None:
    sam = await play.new_person("Sam", role="person")

    async def handle(update: Update, context: Context) -> None:
        assert update.message is not None
        await update.message.reply_text("done")

    async with open_doors(play, tmp_path, handlers=[on_words(handle)]) as doors:
        await up(play)
        chat = {"id": sam.id, "type": "private"}
        bad = await play.raw_update({"message": {"chat": chat, "text": "no date"}})
        assert (await play.write(sam.id, "hello")).texts == ["done"]
        assert await doors.memory.read(_state, bad) == "parked"


async def test_what_nobody_can_decrypt_is_set_aside_and_the_next_is_handled(
    play: Play, tmp_path: Path
) -> None:
    sam = await play.new_person("Sam", role="person")

    async def handle(update: Update, context: Context) -> None:
        assert update.message is not None
        await update.message.reply_text("done")

    def damaged(c: Connection) -> None:
        inbox.arrive(c, 1, sam.id, "{}", MONDAY_MORNING)
        c.execute(schema.inbox.update().values(body=b"not what was sealed"))

    async with open_doors(play, tmp_path, handlers=[on_words(handle)]) as doors:
        await up(play)
        await doors.memory.write(damaged)
        assert (await play.write(sam.id, "hello")).texts == ["done"]
        assert await doors.memory.read(_state, 1) == "parked"


async def test_an_effect_is_not_repeated_when_what_came_after_it_failed(
    play: Play, tmp_path: Path
) -> None:
    sam = await play.new_person("Sam", role="person")
    effects: list[int] = []

    async with open_doors(
        play, tmp_path, handlers=[on_words(lambda update, context: handle(update))]
    ) as doors:

        async def handle(update: Update) -> None:
            await doors.memory.write(inbox.close, update.update_id)
            effects.append(update.update_id)
            raise KeyError("the answer could not be shown")

        await up(play)
        await play.write(sam.id, "hello")
        assert len(effects) == 1
        assert await doors.memory.read(_state, effects[0]) == "done"


async def test_nobody_passes_a_door_that_failed(play: Play, tmp_path: Path) -> None:
    sam = await play.new_person("Sam", role="person")
    inside: list[str] = []

    async def door(update: Update, context: Context) -> None:
        raise KeyError("who is this?")

    async def handle(update: Update, context: Context) -> None:
        inside.append(words(update))

    async with open_doors(
        play, tmp_path, handlers=[(TypeHandler(Update, door), -1), on_words(handle)]
    ):
        await up(play)
        await play.write(sam.id, "hello")
        assert inside == []


async def test_kith_stops_soon_and_what_was_not_done_is_done_at_the_next_start(
    play: Play, tmp_path: Path
) -> None:
    sam = await play.new_person("Sam", role="person")
    hangs, heard = True, list[str]()

    async def handle(update: Update, context: Context) -> None:
        if hangs:
            await asyncio.Event().wait()
        heard.append(words(update))

    async with open_doors(play, tmp_path, handlers=[on_words(handle)]) as doors:
        await up(play)
        writing = asyncio.create_task(play.write(sam.id, "hello"))
        await until(lambda: _is(doors.dispatch.busy))
        began = time.monotonic()
    assert time.monotonic() - began < 5
    hangs = False
    async with open_doors(play, tmp_path, handlers=[on_words(handle)]):
        await up(play)
        assert heard == ["hello"]
    await asyncio.wait([writing])
    writing.exception()  # the playground may have told that the bot went away


async def _is(so: bool) -> bool:
    return so


def _state(c: Connection, id: int) -> str:
    found = select(schema.inbox.c.state).where(schema.inbox.c["update"] == id)
    state: str = c.execute(found).scalar_one()
    return state


@pytest.mark.parametrize("kind", ["429", "500", "reset"])
async def test_nothing_that_was_written_is_lost_on_a_bad_line(
    play: Play, tmp_path: Path, kind: Any
) -> None:
    sam = await play.new_person("Sam", role="person")
    heard: list[str] = []

    async def handle(update: Update, context: Context) -> None:
        heard.append(words(update))

    async with open_doors(play, tmp_path, handlers=[on_words(handle)]):
        await up(play)
        await play.faults(kind, 0.5, methods=["getUpdates"], count=4)
        for text in ("one", "two", "three"):
            await play.write(sam.id, text)
        assert heard == ["one", "two", "three"]
