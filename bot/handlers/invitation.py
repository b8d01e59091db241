"""Inviting, as it is said in the chat: `/invite`, and the buttons of those who are asked."""

from collections.abc import Mapping

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES, Membership, Role
from bot.care.outcome import Message
from bot.care.text import Text
from bot.flows.invitation import INVITE, NOMINATE
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context, cause
from bot.handlers.screen import Screen, answer, show, which_role
from bot.handlers.taps import Act, old_button, say, tapped
from bot.store import invitation as invitations

TAPS: Mapping[str, Act] = {
    "want": invitations.want,
    "decline": invitations.decline,
    "them": invitations.confirm,
    "not_them": invitations.refuse,
}

INVITERS = STAFF_ROLES | {Role.PERSON}


async def invite(update: Update, context: Context) -> None:
    """`/invite`: staff invite; the person names whom they want. With several roles, asks which."""
    assert context.who is not None
    held = context.who.acting(INVITERS)
    if not held:
        await say(update, context, Message(Text("invitation", "not_for_you")))
    elif len(held) == 1:
        await _begin(update, context, held[0])
    else:
        await which_role(update, context, Text("invitation", "as_whom"), held, "invitation:as")


async def as_this(update: Update, context: Context) -> None:
    """One of several roles was picked to invite in."""
    assert context.who is not None and context.match is not None
    held = [m for m in context.who.acting(INVITERS) if m.id == context.match["id"]]
    if held:
        return await _begin(update, context, held[0])
    return await old_button(update, context)


async def _begin(update: Update, context: Context, held: Membership) -> None:
    talk = NOMINATE if held.role is Role.PERSON else INVITE
    await conversation.begin(update, context, talk, held.id)


async def pressed(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, TAPS[context.match["verb"]], context.match["id"])


async def link(update: Update, context: Context) -> None:
    """The link is made and shown this once, in a message that may be copied and sent on."""
    assert context.who is not None and context.match is not None
    memory = context.kith.memory
    id, by, now = context.match["id"], context.who.member.id, await memory.now()
    outcome, token = await memory.write(invitations.make_link, id, by, now, cause(update))
    voice = await context.voice()
    if token is None:
        if outcome.said is None:
            return await old_button(update, context)
        await answer(update, context)
        return await say(update, context, outcome.said)
    await answer(update, context)
    await say(update, context, Message(Text("invitation", "link"), {"invitation": id}))
    address = f"https://t.me/{context.bot.username}?start={token}"
    text = voice.say(Text("invitation", "link_itself"), link=address)
    await show(update, context, Screen(text, sent_on=True), edit=False)
    return None


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("invite", invite),
    CallbackQueryHandler(as_this, r"^invitation:as:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(link, r"^invitation:link:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(pressed, rf"^invitation:(?P<verb>{'|'.join(TAPS)}):(?P<id>\w+):\d+$"),
]
