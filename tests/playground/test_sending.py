"""What a real bot library sends arrives in the chat as it would in Telegram."""

import struct

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    MenuButtonCommands,
    ReplyKeyboardMarkup,
)
from telegram.constants import ChatAction, KeyboardButtonStyle

from tests.play import Person, Play
from tests.playground.conftest import Raw

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + struct.pack(">II", 640, 480) + bytes([13, 10, 0, 45, 45])
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", 30, 40) + bytes(12)


async def test_words_arrive_plain_and_as_safe_markup(bot: Bot, play: Play, sam: Person) -> None:
    text = "  <b>Mum &amp; Dad</b> wrote: <i>1 &lt; 2</i> 🙂\n"

    sent = await bot.send_message(sam.id, text, parse_mode="HTML")

    message = (await play.chat(sam.id)).last
    assert sent.text == message.text == "Mum & Dad wrote: 1 < 2 🙂"
    assert sent.text_html == message.html == "<b>Mum &amp; Dad</b> wrote: <i>1 &lt; 2</i> 🙂"


async def test_a_keyboard_stands_in_rows(bot: Bot, play: Play, sam: Person) -> None:
    keyboard = InlineKeyboardMarkup(
        [
            [InlineKeyboardButton("I'm OK", callback_data="ok", style=KeyboardButtonStyle.SUCCESS)],
            [InlineKeyboardButton("Read more", url="https://example.org/more")],
        ]
    )

    await bot.send_message(sam.id, "How is it?", reply_markup=keyboard)

    message = (await play.chat(sam.id)).last
    assert message.buttons == ["I'm OK", "Read more"]
    assert message.data == ["ok"]
    assert message.rows[1][0].url == "https://example.org/more"


async def test_a_reply_keyboard_is_taken_and_not_shown(bot: Bot, play: Play, sam: Person) -> None:
    await bot.send_message(sam.id, "Choose", reply_markup=ReplyKeyboardMarkup([["One"]]))

    assert (await play.chat(sam.id)).buttons == []


async def test_a_message_may_be_protected_and_silent(bot: Bot, play: Play, sam: Person) -> None:
    sent = await bot.send_message(
        sam.id, "Quietly", protect_content=True, disable_notification=True
    )

    message = (await play.chat(sam.id)).last
    assert sent.has_protected_content
    assert message.protected and message.silent


async def test_an_answer_carries_what_it_answers(bot: Bot, sam: Person) -> None:
    first = await bot.send_message(sam.id, "One")

    second = await bot.send_message(sam.id, "Two", reply_to_message_id=first.message_id)

    assert second.reply_to_message and second.reply_to_message.text == "One"


async def test_a_photo_keeps_its_bytes_and_size(bot: Bot, play: Play, sam: Person) -> None:
    for content, size in ((PNG, (640, 480)), (JPEG, (40, 30))):
        sent = await bot.send_photo(sam.id, content, caption="<u>Here</u>", parse_mode="HTML")

        photo = (await play.chat(sam.id)).last.photo
        assert photo and (photo["width"], photo["height"]) == size
        assert (await play.http.get(photo["url"])).content == content
        assert sent.caption_html == "<u>Here</u>"
        file = await sent.photo[-1].get_file()
        assert await file.download_as_bytearray() == content


async def test_a_document_keeps_its_name_and_is_never_shown_in_the_page(
    bot: Bot, play: Play, sam: Person
) -> None:
    page = b"<script>alert(1)</script>\r\n--x\r\n"

    sent = await bot.send_document(sam.id, InputFile(page, "plan.html"), caption="The plan")

    message = (await play.chat(sam.id)).last
    assert message.document and message.document["name"] == "plan.html"
    assert message.text == "The plan"
    assert sent.document and sent.document.file_size == len(page)
    served = await play.http.get(message.document["url"])
    assert served.content == page
    assert served.headers["content-disposition"] == "attachment"
    again = await bot.send_document(sam.id, sent.document.file_id)
    assert again.document and again.document.file_name == "plan.html"


async def test_places_arrive(bot: Bot, play: Play, sam: Person) -> None:
    await bot.send_location(sam.id, 51.5, -0.1)
    await bot.send_venue(sam.id, 51.5, -0.1, "Café", "1 High Street")

    there, venue = (await play.chat(sam.id)).from_bot
    assert there.location == {"latitude": 51.5, "longitude": -0.1, "live": False}
    assert venue.location and venue.location["title"] == "Café"


async def test_a_live_location_moves_and_ends(bot: Bot, play: Play, sam: Person) -> None:
    sent = await bot.send_location(sam.id, 51.5, -0.1, live_period=60)
    await bot.edit_message_live_location(sam.id, sent.message_id, latitude=51.6, longitude=-0.1)
    moved = (await play.chat(sam.id)).last.location
    await play.advance(seconds=61)
    over = (await play.chat(sam.id)).last.location

    assert moved == {"latitude": 51.6, "longitude": -0.1, "live": True}
    assert over == {"latitude": 51.6, "longitude": -0.1, "live": False}


async def test_a_live_location_can_be_stopped(bot: Bot, play: Play, sam: Person) -> None:
    sent = await bot.send_location(sam.id, 51.5, -0.1, live_period=600)

    await bot.stop_message_live_location(sam.id, sent.message_id)

    stopped = (await play.chat(sam.id)).last.location
    assert stopped and not stopped["live"]


async def test_commands_are_shown_by_the_nearest_scope(bot: Bot, play: Play, sam: Person) -> None:
    jo = await play.new_person("Jo", role="staff")
    await bot.set_my_commands([BotCommand("start", "Begin")])
    await bot.set_my_commands([BotCommand("help", "Help")], BotCommandScopeAllPrivateChats())
    await bot.set_my_commands([BotCommand("out", "I am going out")], BotCommandScopeChat(sam.id))

    assert (await play.chat(sam.id)).commands == ("out",)
    assert (await play.chat(jo.id)).commands == ("help",)
    assert [one.command for one in await bot.get_my_commands()] == ["start"]

    await bot.delete_my_commands(BotCommandScopeChat(sam.id))

    assert (await play.chat(sam.id)).commands == ("help",)


async def test_the_bot_describes_itself(bot: Bot, sam: Person) -> None:
    await bot.set_my_description("For people around you.")
    await bot.set_my_short_description("Kind", language_code="en")
    await bot.set_chat_menu_button(sam.id, MenuButtonCommands())

    assert (await bot.get_my_description()).description == "For people around you."
    assert (await bot.get_my_short_description("en")).short_description == "Kind"
    assert (await bot.get_chat_menu_button(sam.id)).type == "commands"
    assert bot.username == "kith_playground_bot"


async def test_a_chat_describes_itself(bot: Bot, sam: Person) -> None:
    await bot.send_chat_action(sam.id, ChatAction.TYPING)
    pinned = await bot.send_message(sam.id, "My plan")
    await bot.pin_chat_message(sam.id, pinned.message_id)

    chat = await bot.get_chat(sam.id)

    assert chat.first_name == "Sam"
    assert chat.pinned_message and chat.pinned_message.text == "My plan"
    assert (await bot.get_chat_member(sam.id, sam.id)).status == "member"
    await bot.unpin_chat_message(sam.id)
    assert (await bot.get_chat(sam.id)).pinned_message is None


async def test_a_reaction_is_seen(bot: Bot, play: Play, sam: Person) -> None:
    sent = await bot.send_message(sam.id, "Done")

    await bot.set_message_reaction(sam.id, sent.message_id, "👍")

    assert (await play.chat(sam.id)).last.reactions == ("👍",)


async def test_a_request_may_come_in_any_form(play: Play, sam: Person, raw: Raw) -> None:
    from bot.playground.server import TOKEN

    words = {"chat_id": str(sam.id), "text": "hello"}
    url = f"/bot{TOKEN}/sendmessage"

    answers = [
        await play.http.get(url, params=words),
        await play.http.post(url, data=words),
        await play.http.post(url, json=words),
        await play.http.post(url, files={name: (None, text) for name, text in words.items()}),
    ]

    assert [answer.json()["ok"] for answer in answers] == [True] * 4
    assert (await play.chat(sam.id)).texts == ["hello"] * 4
