"""A screen: some words and the buttons under them, shown at once to whoever is here.

A lost screen loses nothing: any later tap shows the current one again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import structlog
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.handlers.context import Context
from bot.i18n import Voice
from bot.outbox.render import Rows, card_row

T = TypeVar("T")

log = structlog.get_logger(__name__)

LONGEST_WAIT = 3.0
"""Seconds a handler waits for Telegram before it gives a screen up."""


@dataclass(frozen=True, slots=True)
class Screen:
    """`text` is HTML; `buttons` come in rows, the emergency card already among them.

    `sent_on`: it is there to be copied and sent to somebody else (a link, and nothing more).
    """

    text: str
    buttons: Rows = ()
    sent_on: bool = False


def screen(voice: Voice, text: str, buttons: Rows = ()) -> Screen:
    """A screen with the emergency card in its last row."""
    return Screen(text, (*buttons, card_row(voice)))


async def show(
    update: Update, context: Context, screen: Screen, *, edit: bool | None = None
) -> int | None:
    """Show it: in place of the message whose button was tapped, or as a new message.

    Returns the message id, or None when Telegram would not take it.
    """
    chat = update.effective_chat
    if chat is None:
        return None
    pressed = update.callback_query.message if update.callback_query is not None else None
    if edit is None:
        edit = pressed is not None
    if edit and isinstance(pressed, Message):
        shown = await _edit(context, chat.id, pressed.message_id, screen)
        if shown:
            return pressed.message_id
    sent = await _tried(
        lambda: context.bot.send_message(
            chat.id,
            screen.text,
            parse_mode=ParseMode.HTML,
            reply_markup=markup(screen.buttons),
            protect_content=not screen.sent_on,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
    )
    return None if sent is None else sent.message_id


async def answer(
    update: Update, context: Context, text: str | None = None, *, alert: bool = False
) -> None:
    """Answer a tap, so that its button stops turning; nothing when there was no tap."""
    query = update.callback_query
    if query is None:
        return
    await _tried(lambda: context.bot.answer_callback_query(query.id, text, show_alert=alert))


async def strip(update: Update, context: Context, message: int) -> None:
    """Take the buttons off a question that has been answered in words."""
    chat = update.effective_chat
    if chat is not None:
        await _tried(lambda: context.bot.edit_message_reply_markup(chat.id, message))


def markup(buttons: Rows) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(b.label, callback_data=b.data) for b in row] for row in buttons]
    )


async def _edit(context: Context, chat: int, message: int, screen: Screen) -> bool:
    """Whether the message now shows the screen; False when it can no longer be edited."""
    try:
        await _retried(
            lambda: context.bot.edit_message_text(
                screen.text,
                chat,
                message,
                parse_mode=ParseMode.HTML,
                reply_markup=markup(screen.buttons),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
    except BadRequest as error:
        return "not modified" in str(error).lower()
    except TelegramError as error:
        log.warning("screen_lost", error=type(error).__name__)
    return True


async def _tried(call: Callable[[], Awaitable[T]]) -> T | None:
    try:
        return await _retried(call)
    except TelegramError as error:
        # Too old, not modified, blocked, or no network: the person's step is kept all the same.
        log.warning("screen_lost", error=type(error).__name__)
        return None


async def _retried(call: Callable[[], Awaitable[T]]) -> T:
    """Once more after a fault of the network; a screen that came twice does no harm."""
    try:
        return await call()
    except RetryAfter as error:
        wait = error.retry_after
        seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
        if seconds > LONGEST_WAIT:
            raise
        await asyncio.sleep(seconds)
    except BadRequest:
        raise  # PTB counts it among the network's faults
    except NetworkError:
        pass
    return await call()
