"""Plans for outings: staff draft one, the person reads it back and agrees."""

from collections.abc import Mapping

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES
from bot.care.outcome import Message
from bot.care.text import Text
from bot.flows import plan as flow
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.taps import Act, say, tapped
from bot.store import around
from bot.store import plan as plans

TAPS: Mapping[str, Act] = {"agree": plans.agree, "not_now": plans.decline}


async def plan_outings(update: Update, context: Context) -> None:
    """`/plan_outings`: the short form, for somebody this member supports."""
    assert context.who is not None
    staff = context.who.acting(STAFF_ROLES)
    if not staff:
        return await say(update, context, Message(Text("journey", "for_staff")))
    people = await context.kith.memory.read(around.people_supported, context.who.member.id)
    if not people:
        return await say(update, context, Message(Text("plan", "nobody_supported")))
    return await conversation.begin(update, context, flow.CONVERSATION, staff[0].id)


async def pressed(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, TAPS[context.match["verb"]], context.match["id"])


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("plan_outings", plan_outings),
    CallbackQueryHandler(pressed, rf"^plan:(?P<verb>{'|'.join(TAPS)}):(?P<id>\w+):\d+$"),
]
