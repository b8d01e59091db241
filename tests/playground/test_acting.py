"""What people do in the playground becomes the updates that Telegram would send."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest

from bot.playground.server import TOKEN
from tests.play import Person, Play, Refused, playing
from tests.playground.conftest import Raw


async def unheard(act: Awaitable[object]) -> None:
    """Do it while no bot settles: it waits in the queue."""
    with pytest.raises(Refused, match="503: The bot is not running"):
        await act


async def asked(raw: Raw, sam: Person, text: str, **buttons: str) -> int:
    keyboard = [[{"text": label, "callback_data": data} for label, data in buttons.items()]]
    sent = await raw(
        "sendMessage", chat_id=sam.id, text=text, reply_markup={"inline_keyboard": keyboard}
    )
    return int(sent["message_id"])


async def taps(raw: Raw) -> list[tuple[int, str]]:
    found = [update["callback_query"] for update in await raw("getUpdates")]
    return [(tap["message"]["message_id"], tap["data"]) for tap in found]


async def test_the_newest_button_is_tapped_by_its_label_or_data(
    play: Play, sam: Person, raw: Raw
) -> None:
    old = await asked(raw, sam, "Old", Yes="y:1", No="n:1")
    new = await asked(raw, sam, "New", **{"🟢 Yes": "y:2"})

    await unheard(play.tap(sam.id, "Yes"))
    await unheard(play.tap(sam.id, "No"))
    await unheard(play.tap(sam.id, "y:1"))
    await unheard(play.tap(sam.id, "Yes", old))

    assert await taps(raw) == [(new, "y:2"), (old, "n:1"), (old, "y:1"), (old, "y:1")]


async def test_a_whole_label_goes_before_a_part_of_one(play: Play, sam: Person, raw: Raw) -> None:
    await asked(raw, sam, "Which?", **{"Not now": "a", "Not": "b"})

    await unheard(play.tap(sam.id, "Not"))

    assert [data for _, data in await taps(raw)] == ["b"]


async def test_a_button_that_is_not_there_cannot_be_tapped(
    play: Play, sam: Person, raw: Raw
) -> None:
    sent = await asked(raw, sam, "One", Yes="y")
    await raw("deleteMessage", chat_id=sam.id, message_id=sent)

    with pytest.raises(Refused, match="Sam has no button “Yes”") as refused:
        await play.tap(sam.id, "Yes")
    assert refused.value.status == 404


async def test_a_link_is_not_followed(play: Play, sam: Person, raw: Raw) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Read", "url": "https://example.org"}]]}
    await raw("sendMessage", chat_id=sam.id, text="x", reply_markup=keyboard)

    with pytest.raises(Refused, match=r"opens a page: https://example\.org") as refused:
        await play.tap(sam.id, "Read")
    assert refused.value.status == 409


async def test_a_tap_is_answered_once_and_soon(play: Play, sam: Person, raw: Raw) -> None:
    await asked(raw, sam, "One", Yes="y")
    await unheard(play.tap(sam.id, "Yes"))
    await unheard(play.tap(sam.id, "Yes"))
    first, second = [update["callback_query"]["id"] for update in await raw("getUpdates")]

    await raw("answerCallbackQuery", callback_query_id=first, text="Noted", show_alert=True)
    again = await raw.refusal("answerCallbackQuery", callback_query_id=first)
    await play.advance(minutes=2)
    late = await raw.refusal("answerCallbackQuery", callback_query_id=second)
    long = await raw.refusal("answerCallbackQuery", callback_query_id=second, text="x" * 201)

    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert again == late == (400, too_old)
    assert long == (400, "Bad Request: MESSAGE_TOO_LONG")
    assert [(one.text, one.alert) for one in (await play.chat(sam.id)).popups] == [("Noted", True)]


async def test_an_edited_message_is_another_kind_of_update(
    play: Play, sam: Person, raw: Raw
) -> None:
    await unheard(play.write(sam.id, "/out"))
    (mine,) = (await play.chat(sam.id)).messages
    await unheard(play.edit(sam.id, mine.id, "/home"))

    kinds = [list(update)[1] for update in await raw("getUpdates")]
    assert kinds == ["message", "edited_message"]
    assert (await play.chat(sam.id)).messages[0].edited


async def test_a_live_location_moves_as_an_edit(play: Play, sam: Person, raw: Raw) -> None:
    await unheard(play.location(sam.id, 51.5, -0.1, live_period=600))
    (mine,) = (await play.chat(sam.id)).messages
    await unheard(play.location(sam.id, 51.6, -0.1, message_id=mine.id))
    await play.advance(minutes=11)

    first, moved = await raw("getUpdates")
    assert first["message"]["location"]["latitude"] == 51.5
    assert moved["edited_message"]["location"]["latitude"] == 51.6
    with pytest.raises(Refused, match="no longer shared"):
        await play.location(sam.id, 51.7, -0.1, message_id=mine.id)


async def test_a_photo_can_be_fetched_by_the_bot(play: Play, sam: Person, raw: Raw) -> None:
    await unheard(play.send_photo(sam.id, "Look"))

    (update,) = await raw("getUpdates")
    file = await raw("getFile", file_id=update["message"]["photo"][-1]["file_id"])
    content = await play.http.get(f"/file/bot{TOKEN}/{file['file_path']}")

    assert update["message"]["caption"] == "Look"
    assert len(content.content) == file["file_size"]


async def test_a_group_hears_the_bot_until_it_leaves(play: Play, sam: Person, raw: Raw) -> None:
    await unheard(play.new_group(sam.id, "Family"))
    (joined,) = await raw("getUpdates")
    group = joined["my_chat_member"]["chat"]["id"]
    await raw("getUpdates", offset=joined["update_id"] + 1)
    await unheard(play.write(group, "chatter", writer=sam.id))
    await unheard(play.write(group, "/start", writer=sam.id))

    await raw("sendMessage", chat_id=group, text="I only speak in private.")
    await raw("leaveChat", chat_id=group)
    left = await raw.refusal("sendMessage", chat_id=group, text="Hello?")

    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    heard = await raw("getUpdates")
    assert heard[0]["message"]["text"] == "/start"
    assert heard[1]["my_chat_member"]["new_chat_member"]["status"] == "left"
    assert left == (403, "Forbidden: bot is not a member of the group chat")
    assert (await play.chat(group)).blocked


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        pytest.param("chats/999/text", {"text": "x"}, 404, id="an unknown person"),
        pytest.param("chats/abc/text", {"text": "x"}, 404, id="no id"),
        pytest.param("chats/100001/text", {}, 422, id="no text"),
        pytest.param("chats/100001/text", {"text": " "}, 422, id="an empty message"),
        pytest.param("chats/100001/text", [1], 422, id="no object"),
        pytest.param("chats/100001/location", {"latitude": 91, "longitude": 0}, 422, id="no place"),
        pytest.param("clock/advance", {"seconds": -1}, 422, id="back in time"),
        pytest.param("faults", {"kind": "418"}, 422, id="an unknown fault"),
        pytest.param("people", {"name": ""}, 422, id="no name"),
        pytest.param("bot/turn", {"turn": 1, "next": "2026-03-02T09:00:00"}, 422, id="naive time"),
    ],
)
async def test_what_cannot_be_done_is_said_in_a_sentence(
    play: Play, sam: Person, path: str, body: Any, status: int
) -> None:
    answer = await play.http.post(f"/play/{path}", json=body)

    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")


async def test_a_raw_update_arrives_as_it_is(tmp_path: Path) -> None:
    async with playing(tmp_path) as play:
        id = await play.raw_update({"message": {"nonsense": True}})

        assert await Raw(play.http)("getUpdates") == [
            {"update_id": id, "message": {"nonsense": True}}
        ]


async def test_the_page_hears_of_every_change(play: Play, sam: Person, raw: Raw) -> None:
    versions: list[str] = []
    async with asyncio.timeout(10), play.http.stream("GET", "/play/stream") as stream:
        async for line in stream.aiter_lines():
            versions += [line] if line else []
            if len(versions) == 1:
                await raw("sendMessage", chat_id=sam.id, text="Hello")
            elif versions:
                break

    assert len(set(versions)) == 2
    state = await play.state()
    assert state["chats"][str(sam.id)]["messages"][0]["text"] == "Hello"
    assert (state["bot"], state["clock"]["mode"]) == ("down", "hand")
