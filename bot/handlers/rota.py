"""The rota, as it is said in the chat: two weeks with their gaps, a shift more, a shift less."""

from datetime import datetime

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care import rota as care
from bot.care.circle import Membership, Role
from bot.care.outcome import Message
from bot.care.text import Text
from bot.flows.rota import ADD_SHIFT
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.taps import asked_once_more, old_button, say, tapped
from bot.i18n import Safe, Voice
from bot.outbox.render import Button
from bot.store import Connection, around, circle, contact, rota

MOST_SHIFTS = 20
"""More buttons than that are no help when taking one back."""


async def show_rota(update: Update, context: Context) -> None:
    """`/rota`: who is on call in the next two weeks, a team at a time, for its managers."""
    assert context.who is not None
    managed = context.who.acting([Role.MANAGER])
    if not managed:
        return await say(update, context, Message(Text("circle", "no_managers_only")))
    voice = await context.voice()
    for held in managed:
        shown = await context.kith.memory.read(_listed, voice, held)
        await show(update, context, shown, edit=False)
    return None


async def add(update: Update, context: Context) -> None:
    held = await _managed(update, context)
    if held is not None:
        zone = {"zone": context.kith.zone.key}
        await conversation.begin(update, context, ADD_SHIFT, held.id, zone)


async def take_back(update: Update, context: Context) -> None:
    """Which shift? Each is a button."""
    held = await _managed(update, context)
    if held is not None:
        voice = await context.voice()
        await answer(update, context)
        await show(update, context, await context.kith.memory.read(_shifts, voice, held))


async def sure(update: Update, context: Context) -> None:
    """A shift was picked: asked once more, since alerts go to whoever is on call."""
    await asked_once_more(update, context, _sure)


async def cancel(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, rota.cancel, context.match["id"])


async def _managed(update: Update, context: Context) -> Membership | None:
    """The manager's role a button belongs to, if whoever pressed it still has that role."""
    assert context.who is not None and context.match is not None
    for held in context.who.acting([Role.MANAGER]):
        if held.id == context.match["id"]:
            return held
    await old_button(update, context)
    return None


def _listed(c: Connection, voice: Voice, held: Membership) -> Screen:
    """The rota's lines in the order of time, gaps among them."""
    shifts = around.shifts(c, held.team, voice.now)
    lines: list[tuple[datetime, Safe]] = [
        (
            shift.starts_at,
            voice.say(
                Text("rota", "line"),
                name=circle.name(c, shift.member),
                starts=shift.starts_at,
                ends=shift.ends_at,
            ),
        )
        for shift in shifts
        if shift.starts_at < voice.now + care.AHEAD
    ]
    lines += [
        (
            gap.starts_at,
            voice.say(Text("rota", "gap_line"), starts=gap.starts_at, ends=gap.ends_at),
        )
        for gap in care.gaps(shifts, voice.now, voice.now + care.AHEAD)
    ]
    body = Safe("\n".join(line for _, line in sorted(lines)))
    untried = sorted(member.name for member in contact.untried(c, held.team))
    warning = voice.say(Text("rota", "untried"), names=untried) if untried else ""
    team = circle.team(c, held.team).name
    rows = [(Button(voice.label(Text("rota", "add_shift")), f"rota:add:{held.id}:0"),)]
    if shifts:
        rows.append((Button(voice.label(Text("rota", "take_back")), f"rota:which:{held.id}:0"),))
    listed = voice.say(Text("rota", "rota"), team=team, rota=body)
    return screen(voice, "\n\n".join(filter(None, (listed, warning))), tuple(rows))


def _shifts(c: Connection, voice: Voice, held: Membership) -> Screen:
    rows = tuple(
        (
            Button(
                voice.label(
                    Text("rota", "shift_button"),
                    name=circle.name(c, shift.member),
                    starts=shift.starts_at,
                )[:64],
                f"rota:sure:{shift.id}:0",
            ),
        )
        for shift in around.shifts(c, held.team, voice.now)[:MOST_SHIFTS]
    )
    return screen(voice, voice.say(Text("rota", "which_shift")), rows)


def _sure(c: Connection, voice: Voice, id: str, by: str) -> Screen | None:
    shift = rota.shift(c, id)
    if shift is None or care.may_cancel(circle.memberships(c, by), shift, voice.now):
        return None
    text = voice.say(
        Text("rota", "really"),
        name=circle.name(c, shift.member),
        starts=shift.starts_at,
        ends=shift.ends_at,
    )
    button = Button(voice.label(Text("rota", "yes_take_back")), f"rota:cancel:{id}:0")
    return screen(voice, text, ((button,),))


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("rota", show_rota),
    CallbackQueryHandler(add, r"^rota:add:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(take_back, r"^rota:which:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(sure, r"^rota:sure:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(cancel, r"^rota:cancel:(?P<id>\w+):\d+$"),
]
