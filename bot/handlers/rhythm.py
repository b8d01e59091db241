"""`/contact_rhythm`, the reminders it brings, and the person's good news."""

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES, Role
from bot.care.outcome import Message
from bot.care.text import Text
from bot.flows import rhythm as flow
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import answer
from bot.handlers.taps import old_button, say, tapped
from bot.store import around, circle, rhythm

ACTS = {"phone": rhythm.phoned, "later": rhythm.later}


async def contact_rhythm(update: Update, context: Context) -> None:
    """How often the team is in touch with somebody around a person they support."""
    assert context.who is not None
    staff = context.who.acting(STAFF_ROLES)
    if not staff:
        return await say(update, context, Message(Text("rhythm", "for_staff")))
    people = await context.kith.memory.read(around.people_supported, context.who.member.id)
    if not people:
        return await say(update, context, Message(Text("news", "nobody_supported")))
    return await conversation.begin(update, context, flow.PLAN, staff[0].id)


async def pressed(update: Update, context: Context) -> None:
    """A reminder is answered: they were in touch, or not now."""
    assert context.match is not None
    act, mark = ACTS[context.match["verb"]], int(context.match["mark"])
    await tapped(update, context, act, context.match["id"], mark, edit=True)


async def good_news(update: Update, context: Context) -> None:
    """The person wants to write something for one of those around them."""
    assert context.who is not None and context.match is not None
    person = context.who.acting([Role.PERSON])
    place = await context.kith.memory.read(circle.membership, context.match["id"])
    if not person or place is None or place.until or place.person != context.who.member.id:
        return await old_button(update, context)
    given = {flow.SUPPORTER: place.id}
    return await conversation.begin(update, context, flow.GOOD_NEWS, person[0].id, given)


async def not_this_time(update: Update, context: Context) -> None:
    await answer(update, context)
    await say(update, context, Message(Text("rhythm", "fine")), edit=True)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("contact_rhythm", contact_rhythm),
    CallbackQueryHandler(
        pressed, rf"^rhythm:(?P<verb>{'|'.join(ACTS)}):(?P<id>\w+):(?P<mark>\d+)$"
    ),
    CallbackQueryHandler(good_news, r"^rhythm:good:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(not_this_time, r"^rhythm:none:\w+:\d+$"),
]
