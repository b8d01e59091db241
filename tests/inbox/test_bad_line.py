"""What comes in over a bad line: late, whole and once; and what is cut off is not half kept."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest

from bot.inbox.polling import Polling
from bot.inbox.webhook import SECRET, Webhook
from bot.playground.server import TOKEN
from bot.store import inbox
from bot.store.memory import Memory
from tests.conftest import NOON
from tests.doors import until
from tests.play import Play
from tests.wire import Wire, wire

pytestmark = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)

PATIENCE = 0.4
WORD, PATH = "a-secret-of-some-length", "/hook"
HELLO: dict[str, Any] = {"update_id": 5, "message": {"chat": {"id": 7}, "text": "Marmalade"}}

FAULTS: dict[str, dict[str, Any]] = {
    "half-open": {"silent": True},
    "answers are lost": {"lose_answers": True},
    "accepts, then drops": {"cut_after": 0},
    "cut off in the head": {"cut_after": 40},
    "cut off in the body": {"cut_after": 250},
}
WELL: dict[str, Any] = {"silent": False, "lose_answers": False, "cut_after": None}


def now_is(line: Wire, how: dict[str, Any]) -> None:
    for name, value in how.items():
        setattr(line, name, value)


def port_of(address: str) -> int:
    port = httpx.URL(address).port
    assert port is not None
    return port


async def kept(memory: Memory) -> list[int]:
    return [one.update for one in await memory.read(inbox.open_updates, NOON, 100)]


# --- fetching -----------------------------------------------------------------------------


@asynccontextmanager
async def fetching(memory: Memory, line: Wire) -> AsyncIterator[Polling]:
    polling = Polling(memory, line.address, TOKEN, hold=1, patience=PATIENCE)
    task = asyncio.create_task(polling.run())
    try:
        yield polling
        assert not task.done(), "it goes on, whatever the line does"
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _heard(polling: Polling) -> bool:
    return polling.pulse.age is not None


async def _deaf(polling: Polling) -> bool:
    """A try has come to nothing, and the next is under way."""
    age = polling.pulse.age
    return age is not None and age > 1.4 + PATIENCE


async def _all_confirmed(play: Play) -> bool:
    state = await play.state()
    return bool(state["health"]["pending_updates"] == 0)


async def say(play: Play, *chats: int) -> list[int]:
    return [await play.raw_update({"message": {"chat": {"id": chat}}}) for chat in chats]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_line_that_goes_bad_is_noticed_and_nothing_on_it_is_lost(
    play: Play, memory: Memory, fault: str
) -> None:
    async with wire([port_of(play.address)]) as line, fetching(memory, line) as polling:
        before = await say(play, 1, 2)
        await until(lambda: _all_confirmed(play))
        now_is(line, FAULTS[fault])
        ids = await say(play, 3, 4, 5)
        await until(lambda: _deaf(polling))
        assert await kept(memory) == before, "nothing of an answer that did not come whole"
        assert not await _all_confirmed(play)
        now_is(line, WELL)
        await until(lambda: _all_confirmed(play), 15)
        assert await kept(memory) == before + ids


@pytest.mark.parametrize("fault", FAULTS)
async def test_on_a_line_that_is_bad_from_the_start_it_waits_and_hears_all(
    play: Play, memory: Memory, fault: str
) -> None:
    ids = await say(play, 1, 2, 3)
    async with wire([port_of(play.address)]) as line:
        now_is(line, FAULTS[fault])
        async with fetching(memory, line) as polling:
            with pytest.raises(TimeoutError):
                await until(lambda: _heard(polling), 3 * PATIENCE)
            assert not polling.caught_up and await kept(memory) == []
            now_is(line, WELL)
            await until(lambda: _all_confirmed(play), 15)
            assert await kept(memory) == ids


# --- being called -------------------------------------------------------------------------


async def _listens(door: Webhook) -> bool:
    return door.port is not None


@asynccontextmanager
async def listening(memory: Memory) -> AsyncIterator[Webhook]:
    """A door that gives a body half a second."""
    url = f"https://kith.example{PATH}"
    door = Webhook(memory, url=url, secret=WORD, host="127.0.0.1", port=0, slowest=0.5)
    task = asyncio.create_task(door.run())
    await until(lambda: _listens(door))
    try:
        yield door
    finally:
        task.cancel()
        ended, _ = await asyncio.wait([task], timeout=5)
        assert ended, "a caller who says nothing more does not keep Kith from stopping"


def call(body: bytes) -> bytes:
    head = f"POST {PATH} HTTP/1.1\r\nHost: kith\r\n{SECRET}: {WORD}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def brings(address: str, update: dict[str, Any], seconds: float = 5) -> int:
    async with httpx.AsyncClient(trust_env=False, timeout=seconds) as http:
        answer = await http.post(address + PATH, json=update, headers={SECRET: WORD})
    return answer.status_code


async def the_next_is_taken(door: Webhook, memory: Memory) -> None:
    assert await brings(f"http://127.0.0.1:{door.port}", HELLO | {"update_id": 6}) == 200
    assert await kept(memory) == [6]


async def test_a_body_that_stops_half_way_is_refused_and_nothing_of_it_is_kept(
    memory: Memory,
) -> None:
    asked = call(json.dumps(HELLO).encode())
    async with listening(memory) as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(asked[:-20])
        assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"HTTP/1.1 408 ")
        assert await kept(memory) == []
        # What comes of it later is no update, either; and then the next one.
        writer.write(asked[-20:] + call(json.dumps(HELLO | {"update_id": 6}).encode()))
        said = await asyncio.wait_for(reader.readuntil(b" 200 OK"), 5)
        assert said.count(b"HTTP/1.1") == 1
        assert await kept(memory) == [6]
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("part", ["the head", "the body"])
@pytest.mark.parametrize("abruptly", [True, False])
async def test_a_caller_who_is_gone_half_way_leaves_nothing(
    memory: Memory, part: str, abruptly: bool
) -> None:
    asked = call(json.dumps(HELLO).encode())
    async with listening(memory) as door:
        _, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(asked[:30] if part == "the head" else asked[:-20])
        await writer.drain()
        if abruptly:
            writer.transport.abort()
        else:
            writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        await the_next_is_taken(door, memory)


async def test_many_who_say_nothing_shut_nobody_out(memory: Memory) -> None:
    async with listening(memory) as door:
        assert door.port is not None
        silent = [socket.create_connection(("127.0.0.1", door.port)) for _ in range(100)]
        for one in silent[::2]:
            one.sendall(b"POST /hook HTTP/1.1\r\nX-Telegram")
        await the_next_is_taken(door, memory)
        for one in silent:
            one.close()


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_was_brought_and_not_answered_is_brought_again_and_kept_once(
    memory: Memory, fault: str
) -> None:
    async with listening(memory) as door:
        assert door.port is not None
        async with wire([door.port]) as line:
            now_is(line, FAULTS[fault] if fault != "cut off in the body" else {"cut_after": 60})
            with pytest.raises(httpx.HTTPError):
                await brings(line.address, HELLO, 0.5)
            now_is(line, WELL)
            assert await brings(line.address, HELLO) == 200
            assert await kept(memory) == [5]
