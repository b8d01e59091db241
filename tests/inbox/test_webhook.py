"""Being called: kept before it is answered, and nothing taken from whoever is not Telegram."""

import asyncio
import json
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import Bot

from bot.clock import HandClock
from bot.inbox import refusal, webhook
from bot.inbox.arrival import ALLOWED
from bot.inbox.webhook import LARGEST, SECRET, Webhook
from bot.playground.server import TOKEN
from bot.store import inbox
from bot.store.engine import Refused
from bot.store.memory import Memory
from tests.conftest import KEY, NOON
from tests.doors import until
from tests.kith import kith
from tests.play import Play

SQLITE = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)

WORD = "a-secret-of-some-length"
PATH = "/hook/of-oak"
HELLO: dict[str, Any] = {"update_id": 5, "message": {"chat": {"id": 7}, "text": "Marmalade"}}


def hook(memory: Memory, port: int = 0, url: str = f"https://kith.example{PATH}") -> Webhook:
    return Webhook(memory, url=url, secret=WORD, host="127.0.0.1", port=port)


async def _listens(door: Webhook) -> bool:
    return door.port is not None


class Caller:
    """Calls the webhook as Telegram does, unless told otherwise."""

    def __init__(self, door: Webhook, http: httpx.AsyncClient, task: "asyncio.Task[None]") -> None:
        self.door = door
        self.task = task
        self._http = http

    async def __call__(
        self,
        update: object = None,
        *,
        body: Any = None,
        path: str = PATH,
        method: str = "POST",
        headers: Any = None,
    ) -> int:
        content = json.dumps(HELLO if update is None else update).encode() if body is None else body
        given = {SECRET: WORD} if headers is None else headers
        address = f"http://127.0.0.1:{self.door.port}{path}"
        answer = await self._http.request(method, address, content=content, headers=given)
        assert answer.content == b""  # Telegram would take it for a method to call
        return answer.status_code


@asynccontextmanager
async def called(memory: Memory) -> AsyncIterator[Caller]:
    door = hook(memory)
    task = asyncio.create_task(door.run())
    await until(lambda: _listens(door))
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
            yield Caller(door, http, task)
    finally:
        task.cancel()
        await asyncio.wait([task])


async def kept(memory: Memory) -> list[int]:
    return [one.update for one in await memory.read(inbox.open_updates, NOON, 100)]


async def test_an_update_is_kept_once_however_often_it_is_brought(memory: Memory) -> None:
    async with called(memory) as call:
        assert call.door.last_heard is None
        assert await asyncio.gather(*(call() for _ in range(4))) == [200] * 4
        assert await call({"update_id": 6, "message": ["no", "message"]}) == 200
        assert await kept(memory) == [5, 6]
        body: str | None = await memory.read(inbox.body, 5, NOON)
        assert body is not None and json.loads(body) == HELLO
        assert call.door.last_heard == NOON


@SQLITE
async def test_it_is_answered_when_it_is_on_disk_and_not_before(
    memory: Memory, tmp_path: Path
) -> None:
    async with called(memory) as call:
        with closing(sqlite3.connect(tmp_path / "kith.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # nobody else can commit
            calling = asyncio.create_task(call())
            done, _ = await asyncio.wait([calling], timeout=0.3)
            assert done == set()
            assert await kept(memory) == []
            other.execute("ROLLBACK")
        assert await calling == 200
        assert await kept(memory) == [5]


@SQLITE
async def test_what_is_in_flight_when_kith_stops_is_kept_and_answered(
    memory: Memory, tmp_path: Path
) -> None:
    async with called(memory) as call:
        with closing(sqlite3.connect(tmp_path / "kith.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            calling = asyncio.create_task(call())
            await asyncio.wait([calling], timeout=0.2)
            call.task.cancel()
            await asyncio.wait([call.task], timeout=0.2)
            other.execute("ROLLBACK")
        assert await calling == 200
        assert await kept(memory) == [5]
        await asyncio.wait_for(asyncio.wait([call.task]), 2)
        with pytest.raises(httpx.ConnectError):
            await call()


@SQLITE
async def test_what_cannot_be_kept_is_to_be_brought_again(
    memory: Memory, engine_url: str, tmp_path: Path
) -> None:
    async with called(memory) as call:
        await memory.close()  # as a disk that has gone
        assert await call() == 503
        assert call.door.last_heard is None
    again = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=HandClock(NOON))
    async with called(again) as call:
        assert await call() == 200
        assert await kept(again) == [5]
    await again.close()


async def _in_parts(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 4096 + 1):
        yield b" " * 4096


@SQLITE
async def test_nothing_is_taken_from_whoever_is_not_telegram(memory: Memory) -> None:
    secrets: list[dict[str, str | bytes]] = [
        {},
        {SECRET: ""},
        {SECRET: WORD[:-1]},
        {SECRET: WORD + "x"},
        {SECRET: WORD.upper()},
        {SECRET: "geheimnisvoll-é".encode()},
        {SECRET: b"\xff" * len(WORD)},
        {"Authorization": WORD},
    ]
    async with called(memory) as call:
        assert [await call(headers=given) for given in secrets] == [403] * len(secrets)
        assert await call(path="/") == 404
        assert await call(path=PATH + "/more") == 404
        assert await call(path=f"{PATH}?{SECRET}={WORD}", headers={}) == 403
        for method in ("GET", "PUT", "DELETE", "OPTIONS"):
            assert await call(method=method) == 405
        assert await kept(memory) == []


@SQLITE
async def test_what_is_no_update_is_refused_and_stops_nothing(memory: Memory) -> None:
    async with called(memory) as call:
        for body in (
            b"",
            b"Marmalade",
            b"{",
            b"[]",
            b"5",
            b"{}",
            b'{"update_id": "5"}',
            b'{"update_id": -1}',
            b'{"update_id": 1e3}',
            b"\xff\xfe\xff",
            b"9" * 5000,
            b"[" * 100_000,
            b'{"update_id": 5, "message": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
        ):
            assert await call(body=body) == 400, body[:40]
        assert await call(body=b" " * (LARGEST + 1)) == 413
        assert await call(body=_in_parts(LARGEST)) == 413
        assert await kept(memory) == []
        assert await call(body=b'{"update_id": 5, "message": {"text": "\\ud83d \\u0000"}}') == 200
        assert await kept(memory) == [5]


@SQLITE
async def test_a_port_that_is_taken_is_refused_in_words(memory: Memory) -> None:
    async with called(memory) as call:
        assert call.door.port is not None
        with pytest.raises(Refused, match="KITH_WEBHOOK_PORT"):
            await hook(memory, call.door.port).run()


async def _asked(play: Play, method: str, times: int = 1) -> bool:
    return len([one for one in await play.calls() if one["method"] == method]) >= times


async def _noted(door: Webhook) -> bool:
    return door.pulse.age is not None


async def _kept_as(memory: Memory, ids: list[int]) -> bool:
    return await kept(memory) == ids


@asynccontextmanager
async def registered(memory: Memory, play: Play, url: str | None = None) -> AsyncIterator[Webhook]:
    """A door that the playground is asked to call; it looks often that it still does."""
    async with called(memory) as call, Bot(TOKEN, base_url=f"{play.address}/bot") as bot:
        door = hook(memory, url=url or f"http://127.0.0.1:{call.door.port}{PATH}")
        staying = asyncio.create_task(door.stay_registered(bot, every=0.1))
        try:
            yield door
        finally:
            staying.cancel()
            await asyncio.wait([staying])
            assert staying.cancelled()


@SQLITE
async def test_telegram_is_asked_to_call_and_brings_what_waited(play: Play, memory: Memory) -> None:
    ids = [await play.raw_update({"message": {"chat": {"id": n}}}) for n in range(3)]
    async with registered(memory, play) as door:
        await until(lambda: _kept_as(memory, ids))
        await until(lambda: _noted(door))
        [asked] = [one for one in await play.calls() if one["method"] == "setWebhook"]
        assert asked["params"]["secret_token"] == WORD
        assert json.loads(asked["params"]["allowed_updates"]) == list(ALLOWED)


@SQLITE
async def test_a_webhook_that_another_program_takes_is_taken_back(
    play: Play, memory: Memory
) -> None:
    async with registered(memory, play) as door, Bot(TOKEN, f"{play.address}/bot") as other:
        await until(lambda: _noted(door))
        await webhook.unregister(other)
        id = await play.raw_update({"message": {"chat": {"id": 7}}})
        await until(lambda: _kept_as(memory, [id]))


@SQLITE
async def test_an_address_telegram_will_not_call_stops_nothing_else(
    play: Play, memory: Memory
) -> None:
    async with registered(memory, play, "http://kith.example/hook") as door:
        await until(lambda: _asked(play, "setWebhook", 3))
        assert door.pulse.age is None


@SQLITE
async def test_an_address_where_nobody_answers_is_not_taken_for_a_quiet_day(
    play: Play, memory: Memory
) -> None:
    await play.raw_update({"message": {"chat": {"id": 7}}})
    async with registered(memory, play, "http://127.0.0.1:1/hook") as door:
        await until(lambda: _asked(play, "getWebhookInfo", 4))
        assert door.pulse.age is None and not door.caught_up


@SQLITE
async def test_a_token_that_telegram_no_longer_knows_is_said_until_it_does(
    play: Play, memory: Memory
) -> None:
    async with registered(memory, play) as door:
        await until(lambda: _noted(door))
        await play.faults("401", methods=["getWebhookInfo"])
        await until(lambda: _is(door, refusal.UNKNOWN))
        await play.clear_faults()
        await until(lambda: _is(door, None))


async def _is(door: Webhook, reason: str | None) -> bool:
    return door.refusal.reason == reason


async def test_a_whole_outing_goes_through_the_webhook(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    url = f"http://127.0.0.1:{port}{PATH}"
    here = {"webhook_url": url, "webhook_port": port, "telegram_api": "http://127.0.0.1"}
    async with kith(tmp_path, webhook_secret=WORD, **here) as story:
        await story.sets_off()
        await story.passes(minutes=70)
        await story.heard(
            sam=["Are you OK", "Are you OK", "asked Jo"],
            jo="Sam has not checked in",
            amira="You have a new message",
        )
        await story.jo.taps("I've got this")
        await story.heard(sam="Jo has seen this", jo="You have this")
        assert not await _asked(story.play, "getUpdates")
