"""The way to the Bot API: what comes back, and what its errors let Kith conclude."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import InputFile
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.outbox.verdict import Again, verdict
from bot.way import Way
from tests.gateways import Serve, served


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[str]:
    async with served(serve) as port:
        yield f"http://127.0.0.1:{port}/bot"


@asynccontextmanager
async def way(connections: int = 4, patience: float = 5.0) -> AsyncIterator[Way]:
    opened = Way(connections, patience, by_proxy=False)
    await opened.initialize()
    try:
        yield opened
    finally:
        await opened.shutdown()


async def _asked(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return await reader.readexactly(int(length[0].split(b":")[1])) if length else b""


def data(**given: object) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in given.items()])


async def means(way: Way, url: str, **timeouts: float) -> Again:
    with pytest.raises(NetworkError) as raised:
        await way.do_request(url, "POST", data(chat_id=1), **timeouts)
    found = verdict(raised.value)
    assert isinstance(found, Again)
    return found


async def test_a_call_arrives_with_its_words_and_the_answer_comes_back() -> None:
    bodies: list[bytes] = []

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        bodies.append(await _asked(reader))
        writer.write(b"HTTP/1.1 429 X\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

    async with serving(answers) as url, way() as open_way:
        assert await open_way.do_request(url, "POST", data(text="a & ü", chat_id=7)) == (429, b"{}")
        file = InputFile(b"BEGIN:VCALENDAR", filename="session.ics")
        assert (await open_way.do_request(url, "POST", data(document=file)))[0] == 429
    assert bodies[0] == b"text=a+%26+%C3%BC&chat_id=7"
    assert b'filename="session.ics"' in bodies[1] and b"BEGIN:VCALENDAR" in bodies[1]


async def test_where_nobody_listens_the_call_cannot_have_arrived() -> None:
    async with serving(_never) as url:
        pass
    async with way() as open_way:
        assert await means(open_way, url) == Again("no_network", False)


async def test_while_no_connection_is_free_the_call_cannot_have_arrived() -> None:
    async with serving(_never) as url, way(connections=1) as open_way:
        first = asyncio.ensure_future(open_way.do_request(url, "POST", data(chat_id=1)))
        await asyncio.sleep(0)
        assert await means(open_way, url, connect_timeout=0.05) == Again("no_network", False)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


async def test_what_was_not_answered_in_time_may_have_arrived() -> None:
    async with serving(_never) as url, way(patience=0.05) as open_way:
        with pytest.raises(TimedOut):
            await open_way.do_request(url, "POST", data(chat_id=1))
        assert await means(open_way, url) == Again("timeout", True)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"])
async def test_what_was_cut_off_may_have_arrived(said: bytes) -> None:
    async def cuts(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _asked(reader)
        writer.write(said)

    async with serving(cuts) as url, way() as open_way:
        assert await means(open_way, url) == Again("timeout", True)


async def test_a_way_is_closed_until_it_is_opened_and_may_be_opened_again() -> None:
    closed = Way(1, 1.0, by_proxy=False)
    with pytest.raises(RuntimeError):
        await closed.do_request("http://127.0.0.1:9/bot", "POST")
    await closed.shutdown()
    for _ in range(2):
        await closed.initialize()
        with pytest.raises(TelegramError):
            await closed.do_request("http://127.0.0.1:9/bot", "POST")
        await closed.shutdown()


async def _never(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Takes a call and says nothing until the caller goes."""
    await reader.read(-1)
