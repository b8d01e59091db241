"""An alert of the early-warning plan: what staff write about it. Its other buttons are those of
every alert."""

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES
from bot.flows.sign_alert import ALERT, DID
from bot.handlers import conversation
from bot.handlers.context import Context
from bot.handlers.staff import worked_for
from bot.handlers.taps import old_button
from bot.store import sign_alert


async def done(update: Update, context: Context) -> None:
    """`Write what was done`: staff of the person, while it stands or afterwards."""
    assert context.who is not None and context.match is not None
    memory, me = context.kith.memory, context.who.member.id
    id, held = context.match["id"], context.who.acting(STAFF_ROLES)
    about = await memory.read(sign_alert.sign_alert, id)
    if about is None:
        return await old_button(update, context)
    found = await memory.read(worked_for, me, about.person, held, await memory.now())
    if found is None:
        return await old_button(update, context)
    return await conversation.begin(update, context, DID, found[2].id, {ALERT: id})


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    CallbackQueryHandler(done, r"^sign_alert:done:(?P<id>\w+):0$"),
]
