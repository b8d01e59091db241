"""`Ask for another date` and `Suggest a topic`: buttons under the list of sessions."""

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.flows import wish as flow
from bot.handlers import conversation
from bot.handlers.context import Context

TALKS = {"date": flow.DATE, "topic": flow.TOPIC}


async def pressed(update: Update, context: Context) -> None:
    """In whichever role: nothing here is about anybody else."""
    assert context.who is not None and context.match is not None
    role = context.who.memberships[0].id
    await conversation.begin(update, context, TALKS[context.match["verb"]], role)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    CallbackQueryHandler(pressed, rf"^wish:(?P<verb>{'|'.join(TALKS)}):-:0$"),
]
"""`wish:date:-:0` and `wish:topic:-:0`"""
