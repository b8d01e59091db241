"""The door: who is here, strangers, groups, somebody who follows a link, and `/start`."""

import re
from collections.abc import Sequence
from typing import Any

import structlog
from telegram import Chat, ChatMember, ChatMemberUpdated, Update
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop, BaseHandler, CallbackQueryHandler, TypeHandler

from bot.care.circle import WHY_NOT, Membership
from bot.care.text import Text
from bot.flows.concern import TALKS
from bot.flows.first_weeks import WEEK
from bot.flows.flow import Conversation
from bot.flows.noticing import NOTICE
from bot.handlers import conversation
from bot.handlers.commands import MEANS, command, for_roles
from bot.handlers.context import Context, cause
from bot.handlers.general import card
from bot.handlers.screen import Screen, answer, screen, show
from bot.i18n import Safe, Voice
from bot.outbox.render import Button
from bot.outbox.roles import ROLES, acting_as
from bot.store import Connection, around, circle, escalation, stranger
from bot.store import invitation as invitations

log = structlog.get_logger(__name__)

NEWCOMER = r"^door:(?P<verb>me|not_me):(?P<id>\w+):(?P<mark>\w+)$"
HEARD: Sequence[Conversation[Any]] = (NOTICE, WEEK, *TALKS.values())
"""The talks of somebody just removed that are heard to their end."""

FOLLOWS = re.compile(r"/start(?:@\w+)?\s+([A-Za-z0-9_-]{1,64})\s*")


def handler() -> TypeHandler[Update, Context, None]:
    """For group -1: sees every update first, and lets only members in private chats further."""
    return TypeHandler(Update, _at_the_door)


async def _at_the_door(update: Update, context: Context) -> None:
    chat, user = update.effective_chat, update.effective_user
    if chat is not None and chat.type != Chat.PRIVATE:
        await _leave_group(update, context, chat.id)
        raise ApplicationHandlerStop
    if chat is None or user is None or chat.id != user.id:
        raise ApplicationHandlerStop  # who speaks is who hears: all else is malformed
    context.who = await context.kith.memory.read(circle.present, user.id)
    if update.my_chat_member is not None:
        await _reach(context, update.my_chat_member)
        raise ApplicationHandlerStop
    if context.who is None:
        await _stranger(update, context, chat.id, user.id)
        raise ApplicationHandlerStop
    if context.who.member.unreachable_since is not None:
        await context.kith.memory.write(around.mark_reachable, context.who.member.id)


async def _leave_group(update: Update, context: Context, chat: int) -> None:
    """One sentence when somebody adds Kith to a group, and then it goes."""
    added = update.my_chat_member
    if added is not None and added.new_chat_member.status in (ChatMember.LEFT, ChatMember.BANNED):
        return
    voice = await context.voice()
    try:
        if added is not None:
            await context.bot.send_message(chat, voice.label(Text("door", "private_only")))
        await context.bot.leave_chat(chat)
    except TelegramError as error:
        log.warning("group_not_left", error=type(error).__name__)


async def _reach(context: Context, change: ChatMemberUpdated) -> None:
    """Whoever blocks Kith cannot be reached; whoever lets it in again can."""
    if context.who is None:
        return
    memory, member = context.kith.memory, context.who.member.id
    if change.new_chat_member.status == ChatMember.BANNED:
        await memory.write(escalation.shut_out, member, await memory.now())
    else:
        await memory.write(around.mark_reachable, member)


# --- strangers ----------------------------------------------------------------------------


async def _stranger(update: Update, context: Context, chat: int, user: int) -> None:
    """A link is followed; all else gets one kind sentence and the emergency card, seldom."""
    if await conversation.outlived(update, context, HEARD):
        return None
    voice = await context.voice()
    if update.callback_query is not None:
        newcomer = re.fullmatch(NEWCOMER, update.callback_query.data or "")
        if newcomer is not None:
            return await _newcomer(update, context, newcomer)
        # A pop-up costs no message, so it may come each time.
        return await answer(update, context, voice.label(Text("door", "card_in_short")), alert=True)
    text = update.message.text if update.message is not None else None
    followed = FOLLOWS.fullmatch(text or "")
    if followed is not None:
        shown = await _follow(context, voice, followed[1], user)
        if shown is not None:
            await show(update, context, shown)
            return None
    if update.message is None:
        return None
    memory = context.kith.memory
    now = await memory.now()
    if not await memory.write(stranger.may_answer, chat, now):
        return None
    waits = await memory.write(invitations.waits, user, now)
    if waits:
        text = voice.say(Text("door", "wait"))
    elif followed is not None:
        text = voice.say(Text("door", "link_over"))
    else:
        text = voice.say(Text("door", "stranger"))
    emergency = card(voice, context.kith.numbers)
    await show(update, context, Screen(f"{text}\n\n{emergency.text}"))
    return None


async def _follow(context: Context, voice: Voice, token: str, user: int) -> Screen | None:
    """What a link says to whoever follows it; None when it opens nothing for a stranger."""
    invitation, why_not = await context.kith.memory.read(
        invitations.followed, token, user, voice.now
    )
    if why_not is not None or invitation is None:
        if context.who is None:
            return None
        text = Text("door", "link_over") if why_not is None else WHY_NOT[why_not]
        return screen(voice, voice.say(text))
    role = voice.label(ROLES[invitation.role])
    text_ = voice.say(Text("door", "is_it_you"), name=invitation.name, role=role)
    link = f"{invitation.id}:{invitation.mark}"
    buttons = (
        (Button(voice.label(Text("door", "me")), f"door:me:{link}"),),
        (Button(voice.label(Text("door", "not_me")), f"door:not_me:{link}"),),
    )
    return screen(voice, text_, buttons)


async def _newcomer(update: Update, context: Context, match: re.Match[str]) -> None:
    """Whoever holds a link says whether it is for them."""
    assert update.effective_user is not None
    memory = context.kith.memory
    act = invitations.open_ if match["verb"] == "me" else invitations.not_me
    now = await memory.now()
    outcome = await memory.write(
        act, match["id"], match["mark"], update.effective_user.id, now, cause(update)
    )
    await answer(update, context)
    voice = await context.voice()
    if outcome.said is not None:  # the first manager is welcomed instead
        await show(update, context, screen(voice, voice.say(outcome.said.text)))


# --- members ------------------------------------------------------------------------------


async def start(update: Update, context: Context) -> None:
    """`/start`: a link to one more role, or what there is to do here, role by role."""
    assert context.who is not None and update.message is not None
    voice = await context.voice()
    followed = FOLLOWS.fullmatch(update.message.text or "")
    if followed is not None:
        shown = await _follow(context, voice, followed[1], context.who.member.telegram or 0)
        if shown is not None:
            await show(update, context, shown)
        return
    menu = await context.kith.memory.read(_menu, voice, context.who.memberships)
    text = voice.say(Text("door", "hello"), name=context.who.member.name)
    await show(update, context, screen(voice, Safe(f"{text}\n\n{menu}")))


async def newcomer(update: Update, context: Context) -> None:
    """A member holds a link to one more role."""
    assert isinstance(context.match, re.Match)
    await _newcomer(update, context, context.match)


def _menu(c: Connection, voice: Voice, held: Sequence[Membership]) -> Safe:
    """Each role with what it may do, so that nobody wonders in which they act."""
    parts = []
    for membership in held:
        role = voice.say(Text("door", "you_are"), role=acting_as(c, voice, membership))
        names = for_roles([membership.role])
        parts.append("\n".join([role, *(f"/{n} – {voice.say(MEANS[n])}" for n in names)]))
    return Safe("\n\n".join(parts))


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("start", start),
    CallbackQueryHandler(newcomer, NEWCOMER),
]
