"""The Bot API misbehaves when it is asked to, and never loses what people wrote."""

import asyncio

import httpx
import pytest

from bot.playground.faults import Faults
from tests.play import Person, Play, Refused
from tests.playground.conftest import Raw


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("429", (429, "Too Many Requests: retry after 2")),
        ("500", (500, "Internal Server Error")),
        ("401", (401, "Unauthorized")),
        ("403", (403, "Forbidden: bot was blocked by the user")),
        ("409", (409, "Conflict: terminated by other getUpdates request")),
    ],
)
async def test_a_refusing_fault_does_nothing_else(
    play: Play, sam: Person, raw: Raw, kind: str, answer: tuple[int, str]
) -> None:
    await play.http.post("/play/faults", json={"kind": kind, "rate": 1, "count": 1})

    refusal = await raw.refusal("sendMessage", chat_id=sam.id, text="one")
    await raw("sendMessage", chat_id=sam.id, text="two")

    assert refusal == answer
    assert (await play.chat(sam.id)).texts == ["two"]


async def test_a_reset_does_nothing_and_says_nothing(play: Play, sam: Person, raw: Raw) -> None:
    await play.faults("reset", count=1)

    with pytest.raises(httpx.TransportError):
        await raw("sendMessage", chat_id=sam.id, text="one")
    await raw("sendMessage", chat_id=sam.id, text="two")

    assert (await play.chat(sam.id)).texts == ["two"]


async def test_a_timeout_does_it_and_says_nothing(play: Play, sam: Person, raw: Raw) -> None:
    await play.faults("timeout", count=1)

    with pytest.raises(httpx.ReadTimeout):
        await play.http.post(
            "/bot4000001:the-playground-opens-nothing-else/sendMessage",
            json={"chat_id": sam.id, "text": "one"},
            timeout=0.2,
        )

    assert (await play.chat(sam.id)).texts == ["one"]
    async with asyncio.timeout(5):
        while (await play.state())["health"]["in_flight"]:
            pass


async def test_a_timeout_ends_by_itself(play: Play, sam: Person, raw: Raw) -> None:
    await play.faults("timeout", count=1)

    with pytest.raises(httpx.TransportError):
        await raw("sendMessage", chat_id=sam.id, text="one")


async def test_a_slow_answer_comes_all_the_same(play: Play, sam: Person, raw: Raw) -> None:
    await play.faults("slow", count=1)

    await raw("sendMessage", chat_id=sam.id, text="one")

    assert (await play.chat(sam.id)).texts == ["one"]


async def test_a_half_open_connection_does_nothing_and_says_nothing(
    play: Play, sam: Person, raw: Raw
) -> None:
    await play.faults("half_open", count=1)

    with pytest.raises(httpx.TransportError):
        await raw("sendMessage", chat_id=sam.id, text="one")
    await raw("sendMessage", chat_id=sam.id, text="two")

    assert (await play.chat(sam.id)).texts == ["two"]


async def test_a_fault_keeps_to_its_methods_and_chats(play: Play, sam: Person, raw: Raw) -> None:
    jo = await play.new_person("Jo", role="staff")
    await play.faults("500", methods=["sendMessage"], chats=[jo.id])

    await raw("getMe")
    await raw("sendChatAction", chat_id=jo.id, action="typing")
    await raw("sendMessage", chat_id=sam.id, text="one")
    status, _ = await raw.refusal("sendMessage", chat_id=jo.id, text="one")
    await play.clear_faults()
    await raw("sendMessage", chat_id=jo.id, text="two")

    assert status == 500
    assert (await play.chat(jo.id)).texts == ["two"]


async def test_a_faulted_poll_loses_no_update(play: Play, sam: Person, raw: Raw) -> None:
    with pytest.raises(Refused, match="503"):
        await play.write(sam.id, "hello")
    await play.faults("500", count=1)
    await play.faults("reset", count=1)

    status, _ = await raw.refusal("getUpdates")
    with pytest.raises(httpx.TransportError):
        await raw("getUpdates")
    (update,) = await raw("getUpdates")

    assert status == 500
    assert update["message"]["text"] == "hello"


def test_the_dice_fall_the_same_way_each_time() -> None:
    def falls(faults: Faults) -> list[bool]:
        faults.add("500", 0.2)
        return [faults.strike("sendMessage", 1) is not None for _ in range(100)]

    first = Faults()
    struck = falls(first)
    first.clear()

    assert struck == falls(first) == falls(Faults())
    assert 10 < sum(struck) < 30
