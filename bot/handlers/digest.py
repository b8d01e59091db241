"""What was noticed, as staff open it, read it and finish with it."""

from collections.abc import Mapping

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.handlers.context import Context
from bot.handlers.taps import Act, tapped
from bot.store import digest

TAPS: Mapping[str, Act] = {
    "look": digest.look,
    "read": digest.mark_read,
    "finish": digest.finish,
}
"""Each button of a digest and the act behind it."""


async def pressed(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, TAPS[context.match["verb"]], context.match["id"])


async def rest(update: Update, context: Context) -> None:
    """The next part of what somebody wrote at length."""
    assert context.match is not None
    await tapped(update, context, digest.rest, context.match["id"], int(context.match["part"]))


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    CallbackQueryHandler(pressed, rf"^digest:(?P<verb>{'|'.join(TAPS)}):(?P<id>\w+):0$"),
    CallbackQueryHandler(rest, r"^digest:rest:(?P<id>\w+):(?P<part>\d{1,4})$"),
]
