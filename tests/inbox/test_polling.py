"""Fetching: kept before it is confirmed, and never deaf in silence."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.clock import HandClock
from bot.inbox import refusal
from bot.inbox.polling import Polling
from bot.playground.server import TOKEN, Playground
from bot.store import alarm, inbox, schema, seed
from bot.store.inbox import Open
from bot.store.memory import Memory
from tests.conftest import KEY, NOON
from tests.doors import until
from tests.kith import SAMPLE
from tests.play import Play

pytestmark = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)

HELLO = {"message": {"chat": {"id": 7}}}


@asynccontextmanager
async def running(polling: Polling) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(polling.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def kept(memory: Memory) -> list[int]:
    found: list[Open] = await memory.read(inbox.open_updates, NOON, 100)
    return [one.update for one in found]


async def waiting(play: Play) -> int:
    state = await play.state()
    number: int = state["health"]["pending_updates"]
    return number


async def test_what_is_fetched_is_kept_and_then_confirmed(play: Play, memory: Memory) -> None:
    ids = [await play.raw_update({"message": {"chat": {"id": n}}}) for n in range(3)]
    polling = Polling(memory, play.address, TOKEN)
    async with running(polling):
        await until(lambda: _all_confirmed(play))
        assert await kept(memory) == ids
        assert polling.last_fetch == NOON


async def test_what_cannot_be_kept_is_not_confirmed(
    play: Play, memory: Memory, engine_url: str, tmp_path: Path
) -> None:
    id = await play.raw_update(HELLO)
    await memory.close()  # as a disk that has gone
    async with running(Polling(memory, play.address, TOKEN)):
        await until(lambda: _was_asked_twice(play))
        assert await waiting(play) == 1
    again = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=HandClock(NOON))
    async with running(Polling(again, play.address, TOKEN)):
        await until(lambda: _all_confirmed(play))
        assert await kept(again) == [id]
    await again.close()


async def test_two_who_fetch_do_not_go_on_in_silence(play: Play, memory: Memory) -> None:
    one, other = (Polling(memory, play.address, TOKEN) for _ in range(2))
    async with running(one) as first, running(other) as second:
        await until(lambda: _both_refused(one, other))
        id = await play.raw_update(HELLO)
        await until(lambda: _all_confirmed(play))
        assert await kept(memory) == [id]
        # Each is heard in turn: that is no end of it.
        assert one.refusal.reason == other.refusal.reason == refusal.ANOTHER
        assert not first.done() and not second.done()
    asked = [call for call in await play.calls() if call["method"] == "getUpdates"]
    assert len(asked) < 30


async def test_the_one_that_may_fetch_again_does_so_and_says_it(
    play: Play, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusal, "QUARREL", 0.0)
    polling = Polling(memory, play.address, TOKEN)
    await play.faults("409", methods=["getUpdates"], count=2)
    id = await play.raw_update(HELLO)
    with capture_logs() as said:
        async with running(polling):
            await until(lambda: _all_confirmed(play))
    assert await kept(memory) == [id]
    assert polling.refusal.reason is None
    assert [line["log_level"] for line in said] == ["error", "warning"]


async def test_a_token_that_is_unknown_is_said_in_words_that_do_not_tell_it(
    play: Play, memory: Memory
) -> None:
    polling = Polling(memory, play.address, "4000001:wrong")
    with capture_logs() as said:
        async with running(polling) as task:
            await until(lambda: _was_refused(polling))
            assert not task.done()
    assert (
        polling.refusal.reason == "Telegram does not know this bot's token. Check KITH_BOT_TOKEN."
    )
    assert "KITH_BOT_TOKEN" in str(said) and "4000001" not in str(said)


async def test_what_lasts_is_told_to_managers_once(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    await memory.write(seed.seed_sample, NOON, {name: n for n, name in enumerate(SAMPLE, 1)})
    refused = refusal.Refusal()
    refused.stands(refusal.UNKNOWN)
    await refused.tell(memory)
    assert await alarms(memory) == 0
    monkeypatch.setattr(refusal, "LASTING", 0.0)
    for _ in range(2):
        refused.stands(refusal.UNKNOWN)
        await refused.tell(memory)
    assert await alarms(memory) == 1
    refused.over()
    await refused.tell(memory)
    assert await alarms(memory) == 1


async def test_started_without_a_network_it_waits_for_one(memory: Memory, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    polling = Polling(memory, f"http://127.0.0.1:{port}", TOKEN)
    async with running(polling) as task:
        await asyncio.wait([task], timeout=0.5)
        assert not task.done() and polling.last_fetch is None
        playground = Playground(tmp_path / "later")
        try:
            async with Play(await playground.serve(port=port)) as play:
                id = await play.raw_update(HELLO)
                await until(lambda: _all_confirmed(play))
                assert await kept(memory) == [id]
        finally:
            await playground.close()


async def test_a_proxy_is_asked_for_what_is_elsewhere_and_never_for_this_machine(
    play: Play, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode())
        writer.close()

    async with await asyncio.start_server(proxy, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://{host}:{port}")
        await play.raw_update(HELLO)
        async with running(Polling(memory, play.address, TOKEN)):
            await until(lambda: _all_confirmed(play))
        assert asked == []
        async with running(Polling(memory, "https://telegram.test", TOKEN)):
            await until(lambda: _any(asked))
    assert all(line.startswith("CONNECT telegram.test:443") for line in asked)


async def alarms(memory: Memory) -> int:
    """How often the manager is told that something inside Kith went wrong."""
    found = await memory.read(lambda c: list(c.execute(schema.outbox.select())))
    return len([row for row in found if row.text == str(alarm.SET_ASIDE)])


async def _both_refused(one: Polling, other: Polling) -> bool:
    return None not in (one.refusal.reason, other.refusal.reason)


async def _was_refused(polling: Polling) -> bool:
    return polling.refusal.reason is not None


async def _any(found: list[str]) -> bool:
    return bool(found)


async def _all_confirmed(play: Play) -> bool:
    return await waiting(play) == 0


async def _was_asked_twice(play: Play) -> bool:
    asked = [call for call in await play.calls() if call["method"] == "getUpdates"]
    return len(asked) >= 2
