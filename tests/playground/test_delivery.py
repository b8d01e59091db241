"""Updates wait until the bot confirms them, by polling or by webhook."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.play import Person, Play, Refused
from tests.playground.conftest import Raw


async def write(play: Play, sam: Person, *texts: str) -> None:
    """Sam writes while no bot settles."""
    for text in texts:
        with pytest.raises(Refused, match="503"):
            await play.write(sam.id, text)


def said(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_an_update_comes_again_until_it_is_confirmed(
    play: Play, sam: Person, raw: Raw
) -> None:
    await write(play, sam, "one", "two", "three")

    first = await raw("getUpdates", limit=2)
    again = await raw("getUpdates")
    rest = await raw("getUpdates", offset=first[-1]["update_id"] + 1)

    assert said(first) == ["one", "two"]
    assert said(again) == ["one", "two", "three"]
    assert said(rest) == said(await raw("getUpdates")) == ["three"]
    newest = [update["update_id"] for update in again]
    assert newest == list(range(newest[0], newest[0] + 3))


async def test_a_negative_offset_forgets_all_but_the_newest(
    play: Play, sam: Person, raw: Raw
) -> None:
    await write(play, sam, "one", "two", "three")

    assert said(await raw("getUpdates", offset=-1)) == ["three"]
    assert said(await raw("getUpdates")) == ["three"]


async def test_a_long_poll_is_answered_by_what_happens(play: Play, sam: Person, raw: Raw) -> None:
    polling = asyncio.create_task(raw("getUpdates", timeout=30))
    await asyncio.sleep(0)

    await write(play, sam, "hello")

    assert said(await asyncio.wait_for(polling, 5)) == ["hello"]


async def test_a_second_poller_ends_the_first(raw: Raw) -> None:
    first = asyncio.create_task(raw.refusal("getUpdates", timeout=30))
    while not first.done():
        await raw("getUpdates", timeout=0)

    assert await first == (
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    )


async def test_only_the_kinds_that_the_bot_asked_for_arrive(
    play: Play, sam: Person, raw: Raw
) -> None:
    await raw("getUpdates", allowed_updates=["callback_query"])
    await write(play, sam, "unheard")
    unheard = await raw("getUpdates")
    await raw("getUpdates", allowed_updates=[])
    await write(play, sam, "heard")

    assert unheard == []
    assert said(await raw("getUpdates")) == ["heard"]


@dataclass
class Hook:
    """A bot's own address: it answers with these statuses, then with 200."""

    statuses: list[int]
    taken: "asyncio.Queue[tuple[int, str | None, dict[str, Any]]]" = field(
        default_factory=asyncio.Queue
    )
    url: str = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        headers = dict(line.split(": ", 1) for line in head.splitlines()[1:] if line)
        update = json.loads(await reader.readexactly(int(headers["content-length"])))
        status = self.statuses.pop(0) if self.statuses else 200
        secret = headers.get("x-telegram-bot-api-secret-token")
        self.taken.put_nowait((status, secret, update))
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook([500, 404])
    server = await asyncio.start_server(hook.answer, "127.0.0.1", 0)
    hook.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    async with server:
        yield hook


async def test_a_webhook_gets_each_update_in_order_until_it_takes_it(
    play: Play, sam: Person, raw: Raw, hook: Hook
) -> None:
    await write(play, sam, "one", "two")

    await raw("setWebhook", url=hook.url, secret_token="a-secret-word")
    async with asyncio.timeout(10):
        taken = [await hook.taken.get() for _ in range(4)]

    assert [(status, update["message"]["text"]) for status, _, update in taken] == [
        *((500, "one"), (404, "one"), (200, "one"), (200, "two"))
    ]
    assert {secret for _, secret, _ in taken} == {"a-secret-word"}


async def test_a_webhook_tells_of_its_failures_and_excludes_polling(
    play: Play, sam: Person, raw: Raw
) -> None:
    await raw("setWebhook", url="http://127.0.0.1:9/nobody", allowed_updates=["message"])
    await write(play, sam, "one")
    async with asyncio.timeout(10):
        while "last_error_message" not in (info := await raw("getWebhookInfo")):
            pass

    status, _ = await raw.refusal("getUpdates")
    await raw("deleteWebhook")

    assert (info["pending_update_count"], info["allowed_updates"]) == (1, ["message"])
    assert status == 409
    assert said(await raw("getUpdates")) == ["one"]


async def test_a_webhook_out_in_the_open_is_refused(raw: Raw) -> None:
    assert await raw.refusal("setWebhook", url="http://example.org/hook") == (
        400,
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
    )


async def test_what_is_pending_can_be_dropped(play: Play, sam: Person, raw: Raw) -> None:
    await write(play, sam, "one")

    await raw("deleteWebhook", drop_pending_updates=True)

    assert await raw("getUpdates") == []
