"""`/mdt`: the pack for the team's meeting about an early-warning plan, a message a part."""

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES
from bot.care.outcome import Message
from bot.care.text import Text
from bot.handlers import sign
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.staff import served, worked_for
from bot.handlers.taps import old_button, say
from bot.i18n import Voice
from bot.outbox.render import Button
from bot.reports import mdt as reports
from bot.store import Connection, sign_plan


async def mdt(update: Update, context: Context) -> None:
    """About whom? With one person there is nothing to ask."""
    assert context.who is not None
    held, memory = context.who.acting(STAFF_ROLES), context.kith.memory
    if not held:
        return await say(update, context, Message(Text("sign", "mdt_for_staff")))
    people = await memory.read(served, context.who.member.id, held, await memory.now())
    if not people:
        return await say(update, context, Message(Text("sign", "nobody")))
    if len(people) == 1:
        return await _shown(update, context, people[0][0])
    voice = await context.voice()
    rows = tuple((Button(name[:64], f"sign:mdt:{id}:0"),) for id, name, _ in people)
    await show(update, context, screen(voice, voice.say(Text("sign", "whose_plan")), rows))
    return None


async def mdt_of(update: Update, context: Context) -> None:
    assert context.who is not None and context.match is not None
    held, memory = context.who.acting(STAFF_ROLES), context.kith.memory
    by, person = context.who.member.id, context.match["id"]
    if await memory.read(worked_for, by, person, held, await memory.now()) is None:
        return await old_button(update, context)
    await answer(update, context)
    return await _shown(update, context, person)


async def _shown(update: Update, context: Context, person: str) -> None:
    voice = await context.voice()
    for one in await context.kith.memory.read(_pack, voice, person):
        await show(update, context, one, edit=False)


def _pack(c: Connection, voice: Voice, person: str) -> list[Screen]:
    """Each part, each suggested card that waits for its yes or no, then the way to the plan."""
    parts = [screen(voice, part) for part in reports.pack(c, voice, person)]
    if sign_plan.cards(c, person):
        parts += sign.suggestions(c, voice, person)
    home = Button(voice.label(Text("sign", "the_plan")), f"sign:home:{person}:0")
    parts[-1] = Screen(parts[-1].text, ((home,), *parts[-1].buttons))
    return parts


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("mdt", mdt),
    CallbackQueryHandler(mdt_of, r"^sign:mdt:(?P<id>\w+):\d+$"),
]
