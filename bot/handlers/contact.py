"""A test of another way to reach staff, as its reader answers it in the chat."""

from collections.abc import Mapping

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.handlers import general
from bot.handlers.context import Context
from bot.handlers.taps import Act, tapped
from bot.store import contact as contacts

TAPS: Mapping[str, Act] = {
    "arrived": contacts.arrived,
    "nothing": contacts.nothing_came,
    "test": contacts.send_test,
}


async def pressed(update: Update, context: Context) -> None:
    """Each button is about one address; about an earlier one it means nothing."""
    assert context.match is not None
    channel, mark = context.match["channel"], int(context.match["mark"])
    await tapped(update, context, TAPS[context.match["verb"]], channel, mark, edit=True)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    CallbackQueryHandler(
        pressed, rf"^contact:(?P<verb>{'|'.join(TAPS)}):(?P<channel>\w+):(?P<mark>\d+)$"
    ),
    CallbackQueryHandler(general.me, r"^contact:back:\w+:\d+$"),
]
