"""`/told`: the person sees who was told what about them; a supporter, when they read something."""

from collections.abc import Callable
from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import SUPPORTERS, Role
from bot.care.outcome import Message
from bot.care.text import Text
from bot.flows.past import PAST, ZONE
from bot.handlers import agreement, conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.journey import person_here
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.shared_phone import somebody_else
from bot.handlers.taps import old_button, say
from bot.i18n import CHUNKS, Voice
from bot.outbox.render import Button
from bot.reports import told as reports
from bot.store import Connection
from bot.store.told import NEWEST, PAGE, SMALL_PAGE

Turned = Callable[[Connection, Voice, str, int], Screen]


async def show_told(update: Update, context: Context) -> None:
    """`/told`: for each of the two, what is theirs to see."""
    if not await somebody_else(update, context, "told:me:-:0"):
        await _show(update, context)


async def its_me(update: Update, context: Context) -> None:
    """`Yes, it's me`, on a phone that others use too."""
    await answer(update, context)
    await say(update, context, Message(Text("news", "thanks")), edit=True)
    await _show(update, context)


async def _show(update: Update, context: Context) -> None:
    assert context.who is not None
    voice, read = await context.voice(), context.kith.memory.read
    member = context.who.member.id
    person = bool(context.who.acting([Role.PERSON]))
    supporter = bool(context.who.acting(SUPPORTERS))
    if person:
        page = await read(_of_person(context), voice, member, NEWEST)
        await show(update, context, page, edit=False)
    if supporter:
        await show(update, context, await read(_own, voice, member, 0), edit=False)
    if not person and not supporter:
        text = voice.say(Text("told", "not_for_you"))
        await show(update, context, screen(voice, text), edit=False)


async def older(update: Update, context: Context) -> None:
    """The next page of the person's: what came before that line."""
    assert context.who is not None and context.match is not None
    if not context.who.acting([Role.PERSON]):
        return await old_button(update, context)
    await _turn(update, context, _of_person(context), int(context.match["before"]))
    return None


async def ask_past(update: Update, context: Context) -> None:
    """`Could they have been told?`, on some day."""
    person = person_here(context)
    if person is None:
        return await old_button(update, context)
    given = {ZONE: context.kith.zone.key}
    return await conversation.begin(update, context, PAST, person[1], given)


async def more(update: Update, context: Context) -> None:
    """The next page of a supporter's own."""
    assert context.who is not None and context.match is not None
    if not context.who.acting(SUPPORTERS):
        return await old_button(update, context)
    await _turn(update, context, _own, int(context.match["skip"]))
    return None


async def _turn(update: Update, context: Context, page: Turned, at: int) -> None:
    assert context.who is not None
    voice = await context.voice()
    await answer(update, context)
    shown = await context.kith.memory.read(page, voice, context.who.member.id, at)
    await show(update, context, shown, edit=False)


def _of_person(context: Context) -> Turned:
    return partial(_page, most=SMALL_PAGE if context.locale == CHUNKS else PAGE)


def _page(c: Connection, voice: Voice, person: str, before: int, most: int) -> Screen:
    text, page = reports.for_person(c, voice, person, before, most)
    rows: list[tuple[Button, ...]] = [(Button(voice.label(Text("past", "ask")), "told:past:-:0"),)]
    rows += agreement.stop_below(c, voice, person)
    if page.older is not None:
        older = Button(voice.label(Text("told", "older")), f"told:older:{page.older}:0")
        rows.insert(0, (older,))
    return screen(voice, text, tuple(rows))


def _own(c: Connection, voice: Voice, member: str, skip: int) -> Screen:
    text, is_more = reports.for_supporter(c, voice, member, skip)
    if not is_more:
        return screen(voice, text)
    button = Button(voice.label(Text("told", "older")), f"told:more:{skip + PAGE}:0")
    return screen(voice, text, ((button,),))


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("told", show_told),
    CallbackQueryHandler(its_me, r"^told:me:-:0$"),
    CallbackQueryHandler(older, r"^told:older:(?P<before>\d{1,18}):\d+$"),
    CallbackQueryHandler(ask_past, r"^told:past:-:\d+$"),
    CallbackQueryHandler(more, r"^told:more:(?P<skip>\d{1,9}):\d+$"),
]
