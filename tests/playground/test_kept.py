"""A killed playground goes on where it was."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.play import Play, Refused
from tests.playground.conftest import Raw


async def started(data: Path) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "bot.playground", "--port", "0", "--data", str(data))
    return await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)


@asynccontextmanager
async def process(data: Path) -> AsyncIterator[Play]:
    """The playground in a process of its own; killed outright at the end."""
    running = await started(data)
    assert running.stdout
    try:
        address = (await asyncio.wait_for(running.stdout.readline(), 30)).decode().strip()
        async with Play(address) as play:
            yield play
    finally:
        running.kill()
        await running.communicate()


async def test_everything_is_there_after_a_kill(tmp_path: Path) -> None:
    async with process(tmp_path) as play:
        sam = await play.new_person("Sam", role="person")
        raw = Raw(play.http)
        await raw("sendMessage", chat_id=sam.id, text="Hello")
        with pytest.raises(Refused, match="503"):
            await play.write(sam.id, "/out")
        await raw("setMyCommands", commands=[{"command": "out", "description": "Go out"}])
        told = {"id": "d1", "text": "Not told: Amira. Sam has not agreed."}
        await play.http.post("/play/bot/turn", json={"turn": 1, "decisions": [told]})
        before = await play.advance(minutes=90)

    async with process(tmp_path) as play:
        raw = Raw(play.http)
        assert (await play.clock()).now == before.now
        assert await play.people() == [sam]
        chat = await play.chat(sam.id)
        assert [message.text for message in chat.messages] == ["Hello", "/out"]
        assert chat.commands == ("out",)
        assert [one.text for one in await play.decisions()] == [told["text"]]
        (update,) = await raw("getUpdates")
        assert update["message"]["text"] == "/out"
        jo = await play.new_person("Jo")
        assert jo.id == sam.id + 1
        next_one = await raw("sendMessage", chat_id=sam.id, text="Again")
        assert next_one["message_id"] > chat.messages[-1].id
        assert next_one["date"] == int(before.now.timestamp())
        await play.advance(seconds=1)
        assert (await play.clock()).now - before.now == timedelta(seconds=1)


async def test_two_playgrounds_do_not_share_a_folder(tmp_path: Path) -> None:
    async with process(tmp_path):
        second = await started(tmp_path)
        _, complaint = await asyncio.wait_for(second.communicate(), 30)

    assert second.returncode
    assert "Another playground uses" in complaint.decode()


async def test_a_playground_that_is_told_to_stop_lets_everybody_go(tmp_path: Path) -> None:
    running = await started(tmp_path)
    assert running.stdout
    address = (await running.stdout.readline()).decode().strip()
    async with Play(address) as play, play.http.stream("GET", "/play/stream") as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        waiting = asyncio.create_task(Raw(play.http)("getUpdates", timeout=30))
        turn = asyncio.create_task(play.http.get("/play/bot/turn?seen=1"))
        while (await play.state())["bot"] == "down":
            pass

        running.terminate()
        _, said = await asyncio.wait_for(running.communicate(), 10)

        assert (running.returncode, said) == (0, b"")
        assert await waiting == []
        assert (await turn).json()["turn"] == 1
