"""After an outing: was anything worrying? And how worried are those around the person?"""

from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.after import MOST
from bot.flows.after import JOURNEY, WORRY
from bot.handlers import conversation
from bot.handlers.context import Context
from bot.handlers.journey import person_here
from bot.handlers.taps import old_button, tapped
from bot.store import after


async def nothing(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, after.nothing, context.match["id"], edit=True)


async def worrying(update: Update, context: Context) -> None:
    """That something was is kept at once; what it was is asked."""
    assert context.match is not None
    id, person, memory = context.match["id"], person_here(context), context.kith.memory
    now = await memory.now()
    if person is None or not await memory.write(after.worrying, id, person[0], now):
        return await old_button(update, context)
    return await conversation.begin(update, context, WORRY, person[1], {JOURNEY: id})


async def rated(update: Update, context: Context) -> None:
    """One of the five, by somebody around the person."""
    assert context.match is not None
    rate = partial(after.rate, worry=int(context.match["worry"]))
    await tapped(update, context, rate, context.match["id"], edit=True)


async def no_more(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, after.no_more, context.match["id"], edit=True)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    CallbackQueryHandler(nothing, r"^after:nothing:(?P<id>\w+):0$"),
    CallbackQueryHandler(worrying, r"^after:worrying:(?P<id>\w+):0$"),
    CallbackQueryHandler(rated, rf"^after:worry_(?P<worry>[1-{MOST}]):(?P<id>\w+):0$"),
    CallbackQueryHandler(no_more, r"^after:no_more:(?P<id>\w+):0$"),
]
