"""`/outings`: how they have gone, for the person, their team, and whom the person lets know."""

from collections.abc import Sequence

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES, SUPPORTERS, Role
from bot.care.outcome import Message, Outcome
from bot.care.text import Text
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, screen, show
from bot.handlers.shared_phone import somebody_else, unless_somebody_else
from bot.handlers.staff import served
from bot.handlers.taps import act_on, old_button, say, tapped
from bot.outbox.render import Button
from bot.store import Connection, circle, outings, profile

Whose = tuple[str, str]
"""A person, and the role (a membership) in which somebody looks."""


async def look(update: Update, context: Context) -> None:
    """Whose? Where there is only one, there is nothing to ask."""
    mine = await _whose(context)
    if not mine:
        return await say(update, context, Message(Text("outings", "nobody")))
    if len(mine) > 1:
        return await _which(update, context, mine)
    if not await somebody_else(update, context, f"outings:me:{mine[0][0]}:{mine[0][1]}"):
        await act_on(update, context, outings.look, *mine[0])
    return None


async def of(update: Update, context: Context) -> None:
    """One of several was picked."""
    found = await _mine(update, context)
    if found is not None:
        again = f"outings:me:{found[0]}:{found[1]}"
        await unless_somebody_else(update, context, again, outings.look, *found)


async def its_me(update: Update, context: Context) -> None:
    """`Yes, it's me`, on a phone that others use too."""
    found = await _mine(update, context)
    if found is None:
        return
    if await tapped(update, context, outings.look, *found) != Outcome():
        await say(update, context, Message(Text("news", "thanks")), edit=True)


async def _whose(context: Context) -> list[Whose]:
    """Everybody whose outings whoever is here may ask about: in each of their roles."""
    assert context.who is not None
    who, memory = context.who, context.kith.memory
    found = [(who.member.id, held.id) for held in who.acting([Role.PERSON])[:1]]
    staff = who.acting(STAFF_ROLES)
    if staff:
        people = await memory.read(served, who.member.id, staff, await memory.now())
        found += [(person, held.id) for person, _, held in people]
    found += [(held.person, held.id) for held in who.acting(SUPPORTERS) if held.person]
    return found


async def _mine(update: Update, context: Context) -> Whose | None:
    assert context.match is not None
    wanted = (context.match["id"], context.match["place"])
    if wanted in await _whose(context):
        return wanted
    await old_button(update, context)
    return None


async def _which(update: Update, context: Context, mine: Sequence[Whose]) -> None:
    assert context.who is not None
    voice, by = await context.voice(), context.who.member.id

    def asks(c: Connection) -> Screen:
        rows = tuple((_named(c, person, held, by),) for person, held in mine)
        return screen(voice, voice.say(Text("outings", "whose")), rows)

    await show(update, context, await context.kith.memory.read(asks), edit=False)


def _named(c: Connection, person: str, held: str, by: str) -> Button:
    place = circle.membership(c, held)
    around = place is not None and place.person == person and person != by
    name = profile.called(c, person) if around else circle.name(c, person)
    return Button(name[:64], f"outings:of:{person}:{held}")


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("outings", look),
    CallbackQueryHandler(of, r"^outings:of:(?P<id>\w+):(?P<place>\w+)$"),
    CallbackQueryHandler(its_me, r"^outings:me:(?P<id>\w+):(?P<place>\w+)$"),
]
