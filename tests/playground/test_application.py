"""A python-telegram-bot application cannot tell the playground from Telegram."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.playground.server import TOKEN
from tests.play import Chat, Person, Play, Refused

Context = ContextTypes.DEFAULT_TYPE


async def start(update: Update, context: Context) -> None:
    assert update.message and context.args is not None
    keyboard = InlineKeyboardMarkup.from_button(InlineKeyboardButton("Go on", callback_data="go"))
    await update.message.reply_text(f"Payload {context.args}", reply_markup=keyboard)


async def tapped(update: Update, _: Context) -> None:
    assert update.callback_query
    await update.callback_query.answer("Thank you.")
    await update.callback_query.edit_message_text(f"Tapped {update.callback_query.data}")


async def place(update: Update, _: Context) -> None:
    assert update.effective_message and update.effective_message.location
    await update.effective_message.reply_text(f"At {update.effective_message.location.latitude}")


async def membership(update: Update, context: Context) -> None:
    assert update.my_chat_member
    context.bot_data["status"] = update.my_chat_member.new_chat_member.status


Bot = Application[Any, Any, Any, Any, Any, Any]


@pytest.fixture
async def application(play: Play) -> AsyncIterator[Bot]:
    base = f"{play.address}/bot"
    application = ApplicationBuilder().token(TOKEN).base_url(base).job_queue(None).build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(tapped))
    application.add_handler(MessageHandler(filters.LOCATION, place))
    application.add_handler(ChatMemberHandler(membership))
    assert application.updater
    async with application:
        await application.start()
        await application.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        yield application
        await application.updater.stop()
        await application.stop()


async def seen(play: Play, sam: Person, text: str) -> Chat:
    """Wait until the bot, which takes no turns, has said it."""
    while text not in (chat := await play.chat(sam.id)).texts:
        pass
    return chat


async def test_a_whole_conversation(
    play: Play,
    sam: Person,
    application: Bot,
) -> None:
    with suppress(Refused):
        await play.write(sam.id, "/start abc_123")
    await seen(play, sam, "Payload ['abc_123']")

    with suppress(Refused):
        await play.tap(sam.id, "Go on")
    chat = await seen(play, sam, "Tapped go")

    assert chat.last.edited and chat.buttons == []
    assert [popup.text for popup in chat.popups] == ["Thank you."]

    with suppress(Refused):
        await play.location(sam.id, 51.5, -0.1)
    await seen(play, sam, "At 51.5")

    with suppress(Refused):
        await play.block(sam.id)
    while application.bot_data.get("status") != "kicked":
        await play.chat(sam.id)
