"""`/my_words`, and what is heard of them in all that the person writes."""

import asyncio
from collections.abc import Sequence

import structlog
from telegram import Message, Update
from telegram.error import TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot.care import outcome, words
from bot.care.text import Text
from bot.care.words import Kind, Word
from bot.flows.words import CODE, PRACTISE, SECOND
from bot.handlers import conversation, general
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.journey import person_here
from bot.handlers.screen import answer, screen, show
from bot.handlers.shared_phone import somebody_else, somebody_else_by_now
from bot.handlers.taps import act_on, old_button, say, tapped
from bot.outbox.render import Button
from bot.store import flow
from bot.store import words as kept

CHECK_IN = "ok"
"""What the second word is read as, by all that follows it."""

TALKS = {"code": CODE, "second": SECOND, "practise": PRACTISE}

WAYS = {
    "code": Text("words", "my_code"),
    "second": Text("words", "my_second"),
    "practise": Text("words", "practise"),
    "stop": Text("words", "stop"),
}

log = structlog.get_logger(__name__)


async def heard(update: Update, context: Context) -> bool:
    """Whether what the person wrote was one of their words. It is heard before anything else
    reads it, in a talk or not."""
    message, chat = update.effective_message, update.effective_chat
    said = None if message is None else message.text or message.caption
    here = person_here(context)
    if said is None or here is None or chat is None or message is None:
        return False
    memory, person = context.kith.memory, here[0]
    listens = await memory.read(kept.listening, person, chat.id, await memory.now())
    if listens.asks is not None and listens.fresh:
        await memory.write(flow.shown, listens.asks, None)
        await _take_away(context, chat.id, message.message_id, listens.screen)
        return False
    if listens.asks is not None:  # left open: what they write now is heard as if it were not
        await memory.write(flow.end, listens.asks)
    was_word = await _meant(update, context, message, listens.words, said)
    if listens.asks is not None:
        await _take_away(context, chat.id, listens.screen)
    return was_word


async def _meant(
    update: Update, context: Context, message: Message, found: Sequence[Word], said: str
) -> bool:
    """What follows when it was one of these words."""
    word = await asyncio.to_thread(words.which, found, said) if found else None
    if word is None:
        return False
    memory = context.kith.memory
    if word.kind is Kind.CODE:
        told = await act_on(update, context, kept.ring_me)
        if told.said is not None:
            await say(update, context, told.said)
        return True
    read_as, now = _as_check_in(update, message), await memory.now()
    json = read_as.to_json()
    said_by, of = word.person, update.update_id
    await memory.write(kept.signalled, word.id, said_by, now, of, json)
    try:
        if update.message is None:
            await general.edited(update, context)
        else:
            await context.application.process_update(read_as)
    finally:
        await memory.write(kept.replied, said_by, await memory.now())
    return True


async def changed(update: Update, context: Context) -> None:
    """A word that somebody puts right afterwards is heard, too."""
    if not await heard(update, context):
        await general.edited(update, context)


def _as_check_in(update: Update, said: Message) -> Update:
    """The same message, as if they had checked in: from here on nothing tells the two apart."""
    plain = Message(said.message_id, said.date, said.chat, from_user=said.from_user, text=CHECK_IN)
    if update.message is None:
        return Update(update.update_id, edited_message=plain)
    return Update(update.update_id, message=plain)


async def _take_away(context: Context, chat: int, *messages: int | None) -> None:
    """Whoever looks at the phone later finds neither the word nor what it was asked for."""
    for message in messages:
        if message is None:
            continue
        try:
            await context.bot.delete_message(chat, message)
        except TelegramError as error:
            log.warning("word_not_taken_away", error=type(error).__name__)


async def my_words(update: Update, context: Context) -> None:
    """`/my_words`: the person alone."""
    if person_here(context) is None:
        return await say(update, context, outcome.Message(Text("words", "for_the_person")))
    if await somebody_else(update, context, "words:me:-:0"):
        return None
    return await _home(update, context)


async def its_me(update: Update, context: Context) -> None:
    """`Yes, it's me`"""
    if person_here(context) is None:
        return await old_button(update, context)
    await answer(update, context)
    return await _home(update, context)


async def _home(update: Update, context: Context) -> None:
    """It looks the same whichever words there are."""
    voice = await context.voice()
    text = Text("words", "home")
    rows = tuple((Button(voice.label(label), f"words:{verb}:-:0"),) for verb, label in WAYS.items())
    await show(update, context, screen(voice, voice.say(text), rows))


async def pressed(update: Update, context: Context) -> None:
    """One of the four buttons."""
    assert context.match is not None
    here, verb = person_here(context), context.match["verb"]
    if here is None:
        return await old_button(update, context)
    if await somebody_else_by_now(update, context):
        return None
    found = await context.kith.memory.read(kept.of, here[0])
    if verb != "code" and not any(word.kind is Kind.CODE for word in found):
        await answer(update, context)
        return await say(update, context, outcome.Message(Text("words", "code_first")))
    if await context.kith.memory.read(kept.out, here[0]):
        await answer(update, context)
        return await say(update, context, outcome.Message(Text("words", "when_home")))
    if verb == "stop":
        return await _sure(update, context)
    return await conversation.begin(update, context, TALKS[verb], here[1])


async def _sure(update: Update, context: Context) -> None:
    await answer(update, context)
    voice = await context.voice()
    rows = (
        (Button(voice.label(Text("words", "yes_stop")), "words:forget:-:0"),),
        (Button(voice.label(Text("general", "back")), "words:me:-:0"),),
    )
    await show(update, context, screen(voice, voice.say(Text("words", "sure")), rows))


async def forget(update: Update, context: Context) -> None:
    """`Yes, stop using them`"""
    if person_here(context) is None:
        return await old_button(update, context)
    if not await somebody_else_by_now(update, context):
        await tapped(update, context, kept.forget, edit=True)
    return None


async def ring(update: Update, context: Context) -> None:
    """`Ask my team to ring me`, from wherever they are; asked once more, since it is an alert."""
    assert context.match is not None
    if person_here(context) is None:
        return await old_button(update, context)
    if context.match["verb"] == "ring_now":
        told = await act_on(update, context, kept.ring_me)
        await answer(update, context)
        if told.said is not None:
            await say(update, context, told.said, edit=False)
        return None
    await answer(update, context)
    voice = await context.voice()
    rows = ((Button(voice.label(Text("words", "yes_ring")), "words:ring_now:-:0"),),)
    shown = screen(voice, voice.say(Text("words", "ring_sure")), rows)
    await show(update, context, shown, edit=False)
    return None


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("my_words", my_words),
    CallbackQueryHandler(its_me, r"^words:me:-:0$"),
    CallbackQueryHandler(pressed, rf"^words:(?P<verb>{'|'.join(WAYS)}):-:0$"),
    CallbackQueryHandler(forget, r"^words:forget:-:0$"),
    CallbackQueryHandler(ring, r"^words:(?P<verb>ring|ring_now):-:0$"),
    MessageHandler(filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION), changed),
]
