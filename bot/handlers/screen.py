"""A screen: some words and the buttons under them, shown at once to whoever is here.

A lost screen loses nothing: any later tap shows the current one again.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

import structlog
from telegram import LinkPreviewOptions, Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.care.circle import Membership
from bot.care.text import Text
from bot.handlers.context import Context
from bot.i18n import CHUNKS, EASY, SORRY, Voice, units
from bot.outbox.render import LARGEST_CHUNK, Button, Rows, card_row, in_chunks, keyboard
from bot.outbox.roles import acting_as
from bot.store import Connection

T = TypeVar("T")

log = structlog.get_logger(__name__)

LONGEST_WAIT = 3.0
"""Seconds a handler waits for Telegram before it gives a screen up."""

LONGEST_TEXT = 4096
"""Characters that Telegram takes in one message, as it counts them."""

_TAG = re.compile(r"</?\w+>")
_SIGN = re.compile(r"&#?\w{1,8};|.", re.DOTALL)
"""Telegram's HTML: what makes words bold, and one character as it is written there."""

MOST_ROWS = 50
"""Rows of buttons under one message; Telegram takes 100 buttons."""

FEW = 4
"""Buttons to choose from at a time, for those who read slowly. Not among them: what stands below
on every screen of its kind, always in this order (Stop sharing; Back, Stop; the emergency card)."""


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


def a_few(
    voice: Voice, rows: Rows, since: int, more: Callable[[int], str], room: int = FEW
) -> Rows:
    """In Easy Read at most `room` of these rows, from that number on; the last of them goes on to
    the rest, and after the end to the first again. `more`: its data."""
    if voice.locale != EASY or len(rows) <= room:
        return rows
    on = since + room - 1
    label = voice.label(Text("general", "more"))
    more_row = (Button(label, more(on if on < len(rows) else 0)),)
    return (*rows[since:on], more_row)


async def show(
    update: Update, context: Context, screen: Screen, *, edit: bool | None = None
) -> int | None:
    """Show it: in place of the message whose button was tapped, or as a new message.

    Returns the message id, or None when Telegram would not take it.
    """
    chat = update.effective_chat
    if chat is None:
        return None
    shown = parts(screen)
    if context.locale == CHUNKS:
        shown = parts(replace(screen, text=in_chunks(screen.text)), LARGEST_CHUNK, "\n\n")
    pressed = update.callback_query.message if update.callback_query is not None else None
    if edit is None:
        edit = pressed is not None
    newest: int | None = None
    for number, part in enumerate(shown):
        old = pressed if edit and number == 0 and isinstance(pressed, Message) else None
        if old is not None and await _edit(context, chat.id, old.message_id, part):
            newest = old.message_id
        else:
            newest = await _send(context, chat.id, part)
    return newest


def parts(screen: Screen, longest: int = LONGEST_TEXT, between: str = "\n") -> list[Screen]:
    """The messages a screen takes: long words are cut between lines, many buttons go on below."""
    texts = [""]
    lines = screen.text.split(between)
    for line in (part for whole in lines for part in _cut(whole)):
        if texts[-1] and units(texts[-1]) + len(between) + units(line) > longest:
            texts.append(line)
        else:
            texts[-1] = f"{texts[-1]}{between}{line}" if texts[-1] else line
    rows = screen.buttons
    under = [rows[at : at + MOST_ROWS] for at in range(0, len(rows), MOST_ROWS)] or [()]
    before = [replace(screen, text=text, buttons=()) for text in texts[:-1]]
    return before + [replace(screen, text=texts[-1], buttons=some) for some in under]


def _cut(line: str) -> list[str]:
    """A line that no message takes, in several: cut between words where it can be, and plain."""
    if units(line) <= LONGEST_TEXT:
        return [line]
    cut = [""]
    for sign in _SIGN.findall(_TAG.sub("", line)):
        while units(cut[-1] + sign) > LONGEST_TEXT:
            words, _, word = cut[-1].rpartition(" ")
            cut[-1:] = [words, word] if words else [word, ""]
        cut[-1] += sign
    return cut


async def which_role(
    update: Update, context: Context, asks: Text, held: Sequence[Membership], data: str
) -> None:
    """Ask somebody with several roles which one they mean: `{data}:<membership>:0`."""
    voice = await context.voice()

    def read(c: Connection) -> Rows:
        return tuple((Button(acting_as(c, voice, m)[:64], f"{data}:{m.id}:0"),) for m in held)

    rows = await context.kith.memory.read(read)
    await show(update, context, screen(voice, voice.say(asks), rows))


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


async def _send(context: Context, chat: int, screen: Screen) -> int | None:
    try:
        sent: Message | None = await _retried(
            lambda: context.bot.send_message(
                chat,
                screen.text,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(screen.buttons),
                protect_content=not screen.sent_on,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
    except BadRequest:
        # Telegram does not take these words: silence would be worse than a poor answer.
        log.error("screen_refused")
        sorry = context.kith.words.say(context.locale, SORRY)
        sent = await _tried(lambda: context.bot.send_message(chat, sorry))
    except TelegramError as error:
        log.warning("screen_lost", error=type(error).__name__)
        return None
    return None if sent is None else sent.message_id


async def _edit(context: Context, chat: int, message: int, screen: Screen) -> bool:
    """Whether the message now shows the screen; False when it can no longer be edited."""
    try:
        await _retried(
            lambda: context.bot.edit_message_text(
                screen.text,
                chat,
                message,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(screen.buttons),
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
