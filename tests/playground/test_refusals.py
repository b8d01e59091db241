"""The playground refuses what Telegram refuses, in its words."""

import asyncio
from datetime import timedelta

import pytest

from bot.playground.limits import Flood, Refusal
from tests.play import MONDAY_MORNING, Person, Play, Refused
from tests.playground.conftest import Raw

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


def button(**fields: object) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": "Tap", **fields}]]}


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        pytest.param({}, "message text is empty", id="no text"),
        pytest.param({"text": " \n "}, "message text is empty", id="only space"),
        pytest.param(
            {"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty", id="only markup"
        ),
        pytest.param({"text": "x" * 4097}, "message is too long", id="4097 characters"),
        pytest.param({"text": "x", "chat_id": 5}, "chat not found", id="an unknown chat"),
        pytest.param({"text": "x", "chat_id": "@name"}, "chat not found", id="a name"),
        pytest.param({"text": "x", "chat_id": ""}, "chat_id is empty", id="no chat"),
        pytest.param({"text": "x", "parse_mode": "Odd"}, "unsupported parse_mode", id="odd mode"),
        pytest.param(
            {"text": "1 < 2", "parse_mode": "HTML"},
            'can\'t parse entities: Unsupported start tag "" at byte offset 2',
            id="a bare bracket",
        ),
        pytest.param(
            {"text": "é<b>x", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
            id="an open tag",
        ),
        pytest.param(
            {"text": "x", "reply_markup": button(callback_data="é" * 33)},
            "BUTTON_DATA_INVALID",
            id="66 bytes of data",
        ),
        pytest.param(
            {"text": "x", "reply_markup": button(callback_data="")},
            "BUTTON_DATA_INVALID",
            id="empty data",
        ),
        pytest.param(
            {"text": "x", "reply_markup": button(url="tel:999")},
            "inline keyboard button URL 'tel:999' is invalid: Wrong HTTP URL",
            id="a telephone number as a button",
        ),
        pytest.param(
            {"text": "x", "reply_markup": button()},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
            id="a button that does nothing",
        ),
        pytest.param(
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]] * 101},
            },
            "reply markup is too long",
            id="101 buttons",
        ),
        pytest.param(
            {"text": "x", "reply_markup": "{"}, "can't parse reply_markup JSON object", id="no JSON"
        ),
        pytest.param(
            {"text": "x", "reply_parameters": {"message_id": 77}},
            "message to be replied not found",
            id="an answer to nothing",
        ),
    ],
)
async def test_a_message_that_telegram_refuses(
    play: Play, sam: Person, raw: Raw, asked: dict[str, object], why: str
) -> None:
    refusal = await raw.refusal("sendMessage", **{"chat_id": sam.id} | asked)

    assert refusal == (400, f"Bad Request: {why}")
    assert (await play.chat(sam.id)).texts == []


async def test_4096_characters_after_parsing_and_64_bytes_are_taken(
    play: Play, sam: Person, raw: Raw
) -> None:
    text = f"<b>{'&amp;' * 4096}</b>"
    markup = button(callback_data="é" * 32)

    await raw("sendMessage", chat_id=sam.id, text=text, parse_mode="HTML", reply_markup=markup)

    assert (await play.chat(sam.id)).last.text == "&" * 4096


async def test_a_caption_has_1024_characters(sam: Person, raw: Raw, play: Play) -> None:
    from bot.playground.server import TOKEN

    async def send(caption: str) -> str:
        answer = await play.http.post(
            f"/bot{TOKEN}/sendDocument",
            data={"chat_id": str(sam.id), "caption": caption},
            files={"document": ("a.txt", b"words")},
        )
        return str(answer.json().get("description"))

    assert await send("x" * 1025) == "Bad Request: message caption is too long"
    assert await send("x" * 1024) == "None"


async def test_files_that_telegram_refuses(sam: Person, raw: Raw) -> None:
    nothing = await raw.refusal("sendPhoto", chat_id=sam.id)
    unknown = await raw.refusal("sendPhoto", chat_id=sam.id, photo="https://example.org/a.png")
    missing = await raw.refusal("getFile", file_id="playground-file-9")

    assert nothing == (400, "Bad Request: there is no photo in the request")
    assert unknown == (400, "Bad Request: wrong file identifier/HTTP URL specified")
    assert missing == (400, "Bad Request: invalid file_id")


async def test_who_never_wrote_cannot_be_written_to(play: Play, raw: Raw) -> None:
    stranger = await play.new_person("Stranger")

    before = await raw.refusal("sendMessage", chat_id=stranger.id, text="Hello")
    with pytest.raises(Refused, match="503"):
        await play.write(stranger.id, "/start")
    await raw("sendMessage", chat_id=stranger.id, text="Hello")

    assert before == (403, "Forbidden: bot can't initiate conversation with a user")
    assert (await play.chat(stranger.id)).texts == ["Hello"]


async def test_who_blocked_the_bot_hears_nothing(play: Play, sam: Person, raw: Raw) -> None:
    with pytest.raises(Refused, match="503"):
        await play.block(sam.id)
    refusal = await raw.refusal("sendMessage", chat_id=sam.id, text="Hello")
    with pytest.raises(Refused, match="Unblock it first") as refused:
        await play.write(sam.id, "hello")
    with pytest.raises(Refused, match="503"):
        await play.block(sam.id, False)
    await raw("sendMessage", chat_id=sam.id, text="Hello again")

    assert refusal == (403, "Forbidden: bot was blocked by the user")
    assert refused.value.status == 409
    statuses = [
        (
            update["my_chat_member"]["old_chat_member"]["status"],
            update["my_chat_member"]["new_chat_member"]["status"],
        )
        for update in await raw("getUpdates")
    ]
    assert statuses == [("member", "kicked"), ("kicked", "member")]


async def test_an_edit_that_changes_nothing(sam: Person, raw: Raw) -> None:
    markup = button(callback_data="a")
    sent = await raw("sendMessage", chat_id=sam.id, text="One", reply_markup=markup)
    where = {"chat_id": sam.id, "message_id": sent["message_id"]}

    text = await raw.refusal(
        "editMessageText", **where, text="<b></b>One", parse_mode="HTML", reply_markup=markup
    )
    keyboard = await raw.refusal("editMessageReplyMarkup", **where, reply_markup=markup)

    assert text == keyboard == (400, NOT_MODIFIED)


async def test_an_edit_takes_away_the_keyboard_that_it_does_not_give(
    play: Play, sam: Person, raw: Raw
) -> None:
    markup = button(callback_data="a")
    sent = await raw("sendMessage", chat_id=sam.id, text="One", reply_markup=markup)

    await raw("editMessageText", chat_id=sam.id, message_id=sent["message_id"], text="Two")

    message = (await play.chat(sam.id)).last
    assert (message.text, message.buttons, message.edited) == ("Two", [], True)


async def test_only_its_own_written_messages_can_be_edited(
    play: Play, sam: Person, raw: Raw
) -> None:
    with pytest.raises(Refused, match="503"):
        await play.write(sam.id, "Mine")
    place = await raw("sendLocation", chat_id=sam.id, latitude=1, longitude=1)
    (mine,) = [one.id for one in (await play.chat(sam.id)).messages if one.sender == "user"]

    theirs = await raw.refusal("editMessageText", chat_id=sam.id, message_id=mine, text="x")
    spot = await raw.refusal(
        "editMessageText", chat_id=sam.id, message_id=place["message_id"], text="x"
    )
    gone = await raw.refusal("editMessageText", chat_id=sam.id, message_id=99, text="x")

    assert theirs == (400, "Bad Request: message can't be edited")
    assert spot == (400, "Bad Request: there is no text in the message to edit")
    assert gone == (400, "Bad Request: message to edit not found")


async def test_a_message_can_be_deleted_for_48_hours(play: Play, sam: Person, raw: Raw) -> None:
    old = await raw("sendMessage", chat_id=sam.id, text="Old")
    await play.advance(hours=1)
    young = await raw("sendMessage", chat_id=sam.id, text="Young")
    await play.advance(hours=47)

    late = await raw.refusal("deleteMessage", chat_id=sam.id, message_id=old["message_id"])
    await raw("deleteMessage", chat_id=sam.id, message_id=young["message_id"])
    again = await raw.refusal("deleteMessage", chat_id=sam.id, message_id=young["message_id"])

    assert late == (400, "Bad Request: message can't be deleted for everyone")
    assert again == (400, "Bad Request: message to delete not found")
    messages = (await play.chat(sam.id)).messages
    assert [(one.text, one.deleted) for one in messages] == [("Old", False), ("", True)]


async def test_several_messages_are_deleted_at_once(play: Play, sam: Person, raw: Raw) -> None:
    sent = [await raw("sendMessage", chat_id=sam.id, text=text) for text in ("One", "Two")]

    ids = [message["message_id"] for message in sent]
    await raw("deleteMessages", chat_id=sam.id, message_ids=[*ids, 99])

    assert (await play.chat(sam.id)).texts == []


@pytest.mark.parametrize(
    ("token", "method", "status"),
    [
        pytest.param("1:short", "getMe", 401, id="a token of another shape"),
        pytest.param("4000001:the-playground-opens-nothing-else", "getMoon", 404, id="no method"),
    ],
)
async def test_doors_that_are_not_there(play: Play, token: str, method: str, status: int) -> None:
    answer = await play.http.get(f"/bot{token}/{method}")

    assert answer.status_code == answer.json()["error_code"] == status


async def test_more_than_20_to_one_chat_within_a_second_are_a_flood(sam: Person, raw: Raw) -> None:
    said = await asyncio.gather(
        *(
            raw.http.post(
                "/bot4000001:the-playground-opens-nothing-else/sendMessage",
                json={"chat_id": sam.id, "text": f"{number}"},
            )
            for number in range(21)
        )
    )

    refused = [answer.json() for answer in said if answer.status_code == 429]
    assert refused == [
        {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        }
    ]


@pytest.mark.parametrize(
    ("later", "real", "refused"),
    [
        pytest.param(0.0, 0.0, True, id="within the same second"),
        pytest.param(1.0, 0.0, False, id="a hand moved the clock"),
        pytest.param(0.0, 1.0, False, id="the clock stands still and a second went by"),
    ],
)
def test_a_flood_is_within_a_second_by_both_clocks(
    later: float, real: float, refused: bool
) -> None:
    flood = Flood()
    for chat in range(30):
        flood.check(chat, MONDAY_MORNING, 0.0)

    def one_more() -> None:
        flood.check(31, MONDAY_MORNING + timedelta(seconds=later), real)

    if refused:
        with pytest.raises(Refusal, match="retry after 1"):
            one_more()
    else:
        one_more()
