"""The buttons about an attorney or a deputy: staff end it; they themselves say what they want."""

from datetime import datetime
from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import APPOINTED
from bot.care.text import Text
from bot.flows.ground import GROUND, OWN, PERSON, SUPPORTER
from bot.handlers import conversation
from bot.handlers.context import Context
from bot.handlers.screen import Screen, screen
from bot.handlers.taps import asked_once_more, old_button, tapped
from bot.i18n import Voice
from bot.outbox.render import Button
from bot.store import Connection, agreeing, around, authority, circle


async def sure(update: Update, context: Context) -> None:
    """What they asked to be told ends with the papers: staff are asked once more."""
    assert context.who is not None and context.match is not None
    await asked_once_more(update, context, partial(_sure, await context.kith.memory.now()))


def _sure(now: datetime, c: Connection, voice: Voice, id: str, by: str) -> Screen | None:
    kept = authority.authority(c, id)
    if kept is None or not kept.stands(now) or not around.works_for(c, by, kept.person, now):
        return None
    text = voice.say(
        Text("authority", "really"),
        holder=circle.name(c, agreeing.supporter(c, kept.membership)),
        person=circle.name(c, kept.person),
    )
    end = Button(voice.label(Text("authority", "yes_end")), f"authority:end:{id}:0")
    back = Button(voice.label(Text("general", "back")), f"decision:stands:{kept.person}:0")
    return screen(voice, text, ((end,), (back,)))


async def end(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, authority.end, context.match["id"], edit=True)


async def own(update: Update, context: Context) -> None:
    """What they want to be told of the topics they stand for."""
    assert context.who is not None and context.match is not None
    memory = context.kith.memory
    for held in context.who.acting(APPOINTED):
        if held.id != context.match["id"] or held.person is None:
            continue
        found = await memory.read(authority.of, held.id, await memory.now())
        if found is not None:
            given = {PERSON: held.person, GROUND: found.id, SUPPORTER: held.id}
            return await conversation.begin(update, context, OWN, held.id, given)
    return await old_button(update, context)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    CallbackQueryHandler(sure, r"^authority:sure:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(end, r"^authority:end:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(own, r"^authority:own:(?P<id>\w+):\d+$"),
]
