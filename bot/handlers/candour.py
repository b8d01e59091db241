"""`/candour`: what is still to be done where somebody was harmed, step by step."""

from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care import candour as care
from bot.care.candour import Step
from bot.care.circle import STAFF_ROLES
from bot.care.outcome import Message
from bot.care.text import Text
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.taps import say, tapped
from bot.store import candour


async def lists(update: Update, context: Context) -> None:
    """The lists that lack a step, about the people this member supports."""
    assert context.who is not None
    if not context.who.acting(STAFF_ROLES):
        return await say(update, context, Message(Text("candour", "for_staff")))
    found = await context.kith.memory.read(candour.unfinished, context.who.member.id)
    if not found:
        return await say(update, context, Message(Text("candour", "nothing")))
    for one in found:
        await say(update, context, care.shown(one))
    return None


async def pressed(update: Update, context: Context) -> None:
    assert context.match is not None
    act = partial(candour.press, step=Step(context.match["step"]))
    await tapped(update, context, act, context.match["id"], edit=True)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("candour", lists),
    CallbackQueryHandler(pressed, rf"^candour:(?P<step>{'|'.join(Step)}):(?P<id>\w+):0$"),
]
