"""After a session: the taps of those who came, and `/feedback`, what staff read of them."""

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES
from bot.care.education import Session
from bot.care.feedback import Answer
from bot.care.outcome import Message, Outcome
from bot.care.text import Text
from bot.flows.feedback import AFTER, FOLLOW, SESSION
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.taps import old_button, say, tapped
from bot.i18n import Voice
from bot.outbox.education import title
from bot.outbox.render import Button
from bot.reports import feedback as reports
from bot.store import Connection, feedback, wish

MOST = 12
"""So many sessions are listed, the newest."""


async def rated(update: Update, context: Context) -> None:
    """The first tap is kept at once; the other questions follow."""
    assert context.who is not None and context.match is not None
    memory, id = context.kith.memory, context.match["id"]
    by, useful = context.who.member.id, Answer(context.match["verb"])
    if await memory.write(feedback.rate, id, useful, by, await memory.now()) == Outcome():
        return await old_button(update, context)
    role = context.who.memberships[0].id
    return await conversation.begin(update, context, AFTER, role, {SESSION: id})


async def away(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, feedback.away, context.match["id"], edit=True)


# --- staff --------------------------------------------------------------------------------


async def sessions(update: Update, context: Context) -> None:
    """The sessions that have been, and what people ask for."""
    assert context.who is not None
    if not context.who.acting(STAFF_ROLES):
        return await say(update, context, Message(Text("feedback", "for_staff")))
    voice, memory = await context.voice(), context.kith.memory
    shown = await memory.read(_sessions, voice, context.who.member.id)
    await show(update, context, shown)
    return None


async def listed(update: Update, context: Context) -> None:
    """The same, from the list of what is to come."""
    await answer(update, context)
    await sessions(update, context)


async def session(update: Update, context: Context) -> None:
    """What was said of one."""
    assert context.who is not None and context.match is not None
    voice, memory = await context.voice(), context.kith.memory
    by, id = context.who.member.id, context.match["id"]
    shown = await memory.read(_session, voice, id, by)
    if shown is None:
        return await old_button(update, context)
    await answer(update, context)
    await show(update, context, shown)
    return None


async def asked_for(update: Update, context: Context) -> None:
    """What people ask for."""
    assert context.who is not None
    if not context.who.acting(STAFF_ROLES):
        return await old_button(update, context)
    voice, by = await context.voice(), context.who.member.id
    await answer(update, context)
    await show(update, context, await context.kith.memory.read(_asked_for, voice, by))
    return None


async def follow(update: Update, context: Context) -> None:
    """`You said, we did`"""
    assert context.who is not None and context.match is not None
    id, by = context.match["id"], context.who.member.id
    found = await context.kith.memory.read(feedback.reads, id, by)
    if found is None:
        return await old_button(update, context)
    held = context.who.acting(STAFF_ROLES)
    role = next((one for one in held if one.team == found.team), held[0])
    return await conversation.begin(update, context, FOLLOW, role.id, {SESSION: id})


def _sessions(c: Connection, voice: Voice, by: str) -> Screen:
    found = feedback.lately(c, by, voice.now)[:MOST]
    rows = [(Button(_label(voice, one), f"feedback:look:{one.id}:0"),) for one in found]
    rows.append((Button(voice.label(Text("wish", "what_people_ask")), "feedback:asked:-:0"),))
    text = Text("feedback", "which_session") if found else Text("feedback", "none_yet")
    return screen(voice, voice.say(text), tuple(rows))


def _label(voice: Voice, this: Session) -> str:
    day, name = this.starts_at.astimezone(voice.zone).date(), title(this)
    return voice.label(Text("feedback", "one_session"), session=name, day=day)[:64]


def _session(c: Connection, voice: Voice, id: str, by: str) -> Screen | None:
    found = feedback.reads(c, id, by)
    if found is None:
        return None
    day, themes = found.starts_at.astimezone(voice.zone).date(), feedback.themes(c, id)
    back = Button(voice.label(Text("feedback", "follow")), f"feedback:follow:{id}:0")
    rows = () if themes.few else ((back,),)
    return screen(voice, reports.said(voice, title(found), day, themes), rows)


def _asked_for(c: Connection, voice: Voice, by: str) -> Screen:
    counts, topics = wish.counts(c, voice.now), wish.topics(c, by, voice.now)
    return screen(voice, reports.asked_for(voice, counts, topics))


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("feedback", sessions),
    CallbackQueryHandler(rated, rf"^feedback:(?P<verb>{'|'.join(Answer)}):(?P<id>\w+):0$"),
    CallbackQueryHandler(away, r"^feedback:away:(?P<id>\w+):0$"),
    CallbackQueryHandler(listed, r"^feedback:list:-:0$"),
    CallbackQueryHandler(session, r"^feedback:look:(?P<id>\w+):0$"),
    CallbackQueryHandler(asked_for, r"^feedback:asked:-:0$"),
    CallbackQueryHandler(follow, r"^feedback:follow:(?P<id>\w+):0$"),
]
