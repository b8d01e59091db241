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
from bot.handlers.screen import answer, screen, show
from bot.handlers.taps import old_button, say, tapped
from bot.outbox.render import Button
from bot.store import candour


async def lists(update: Update, context: Context) -> None:
    """The lists that lack a step, about the people this member supports."""
    assert context.who is not None
    if not context.who.acting(STAFF_ROLES):
        return await say(update, context, Message(Text("candour", "for_staff")))
    await _page(update, context, 0)
    return None


async def more(update: Update, context: Context) -> None:
    """The lists that came before those."""
    assert context.who is not None and context.match is not None
    if not context.who.acting(STAFF_ROLES):
        return await old_button(update, context)
    await answer(update, context)
    return await _page(update, context, int(context.match["skip"]))


async def _page(update: Update, context: Context, skip: int) -> None:
    assert context.who is not None
    me = context.who.member.id
    found, left = await context.kith.memory.read(candour.unfinished, me, skip)
    if not found:
        return await say(update, context, Message(Text("candour", "nothing")))
    for one in found:
        await say(update, context, care.shown(one))
    if left:
        voice = await context.voice()
        older = Button(voice.label(Text("candour", "older")), f"candour:more:{skip + len(found)}:0")
        told = screen(voice, voice.say(Text("candour", "there_are_more"), count=left), ((older,),))
        await show(update, context, told, edit=False)
    return None


async def pressed(update: Update, context: Context) -> None:
    assert context.match is not None
    act = partial(candour.press, step=Step(context.match["step"]))
    await tapped(update, context, act, context.match["id"], edit=True)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("candour", lists),
    CallbackQueryHandler(more, r"^candour:more:(?P<skip>\d{1,9}):0$"),
    CallbackQueryHandler(pressed, rf"^candour:(?P<step>{'|'.join(Step)}):(?P<id>\w+):0$"),
]
