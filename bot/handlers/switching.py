"""The buttons of a switch: a colleague confirms it or not; it is ended early."""

from collections.abc import Mapping
from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.handlers.context import Context
from bot.handlers.taps import Act, tapped
from bot.store import switching

TAPS: Mapping[str, Act] = {
    "confirm": switching.confirm,
    "told": partial(switching.confirm, told=True),
    "decline": switching.decline,
    "end": switching.end,
}


async def pressed(update: Update, context: Context) -> None:
    """Who pressed it is asked again in the act."""
    assert context.match is not None
    await tapped(update, context, TAPS[context.match["verb"]], context.match["id"], edit=True)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    CallbackQueryHandler(pressed, rf"^switching:(?P<verb>{'|'.join(TAPS)}):(?P<id>\w+):\d+$"),
]
