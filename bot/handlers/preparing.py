"""Somebody sits with the person over the cards: asked for, begun on their phone, ended."""

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES, Membership
from bot.care.preparing import Sitting
from bot.flows.agreement import SHARE, SITTING, SUPPORTER, set_aside
from bot.flows.preparing import ASK
from bot.handlers import conversation
from bot.handlers.context import Context
from bot.handlers.journey import person_here
from bot.handlers.taps import old_button, tapped
from bot.store import Connection, around, preparing


async def ask(update: Update, context: Context) -> None:
    """`Ask someone to help`"""
    person = person_here(context)
    if person is None:
        return await old_button(update, context)
    return await conversation.begin(update, context, ASK, person[1])


async def start(update: Update, context: Context) -> None:
    """The cards, on the phone of the one whom the person asked; on where they were left."""
    assert context.who is not None and context.match is not None
    memory, member = context.kith.memory, context.who.member.id
    now = await memory.now()
    found = await memory.read(preparing.open_sitting, context.match["id"], member, now)
    held = None if found is None else await memory.read(_role, found, context.who.memberships)
    if found is None or held is None:
        return await old_button(update, context)
    given = {SUPPORTER: found.supporter, SITTING: found.id}
    if await conversation.resume(update, context, SHARE, given):
        return None
    assert update.effective_chat is not None
    await memory.write(set_aside, update.effective_chat.id, found.supporter, now)
    return await conversation.begin(update, context, SHARE, held.id, given)


async def end(update: Update, context: Context) -> None:
    """The person goes on alone."""
    assert context.match is not None
    await tapped(update, context, preparing.end, context.match["id"])


def _role(c: Connection, found: Sitting, held: tuple[Membership, ...]) -> Membership | None:
    """The role in which they sit there: one in the person's team."""
    team = around.team_of(c, found.person)
    staff = [one for one in held if one.role in STAFF_ROLES]
    return next((one for one in staff if one.team == team), next(iter(staff), None))


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    CallbackQueryHandler(ask, r"^preparing:ask:-:\d+$"),
    CallbackQueryHandler(start, r"^preparing:start:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(end, r"^preparing:end:(?P<id>\w+):\d+$"),
]
