"""`/my_shifts`: when somebody is on call, `Cover me` and `Swap`, and yes to a colleague."""

from collections.abc import Mapping
from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES, Shift
from bot.care.outcome import Message
from bot.care.text import Text
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.rota import MOST_SHIFTS
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.taps import Act, old_button, say, tapped
from bot.i18n import Param, Voice
from bot.outbox.render import Button
from bot.store import Connection, circle, cover, rota

TAPS: Mapping[str, Act] = {"me": cover.ask, "yes": cover.take, "undo": cover.withdraw}


async def my_shifts(update: Update, context: Context) -> None:
    assert context.who is not None
    if not context.who.acting(STAFF_ROLES):
        return await say(update, context, Message(Text("journey", "for_staff")))
    voice = await context.voice()
    shown = await context.kith.memory.read(_mine, voice, context.who.member.id)
    return await _new(update, context, shown)


async def _new(update: Update, context: Context, shown: Screen) -> None:
    await show(update, context, shown, edit=False)


async def which(update: Update, context: Context) -> None:
    """One of their shifts: what is open about it, and what they can ask for."""
    await _of_theirs(update, context, swap=False)


async def swap(update: Update, context: Context) -> None:
    """For which shift of a colleague?"""
    await _of_theirs(update, context, swap=True)


async def _of_theirs(update: Update, context: Context, *, swap: bool) -> None:
    assert context.who is not None and context.match is not None
    voice = await context.voice()
    read = _to_swap if swap else _one
    shown = await context.kith.memory.read(read, voice, context.match["id"], context.who.member.id)
    if shown is None:
        return await old_button(update, context)
    await answer(update, context)
    await show(update, context, shown)
    return None


async def pressed(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, TAPS[context.match["verb"]], context.match["id"], edit=True)


async def swap_for(update: Update, context: Context) -> None:
    assert context.match is not None
    ask = partial(cover.ask, other=context.match["other"])
    await tapped(update, context, ask, context.match["id"], edit=True)


async def no(update: Update, context: Context) -> None:
    """They cannot; nobody is told."""
    await answer(update, context)
    await say(update, context, Message(Text("cover", "no_said")), edit=True)


def _mine(c: Connection, voice: Voice, member: str) -> Screen:
    shifts = cover.shifts_of(c, member, voice.now)[:MOST_SHIFTS]
    if not shifts:
        return screen(voice, voice.say(Text("cover", "no_shifts")))
    rows = tuple(
        (Button(voice.label(Text("cover", "shift"), **_span(s))[:64], f"cover:which:{s.id}:0"),)
        for s in shifts
    )
    return screen(voice, voice.say(Text("cover", "yours_are")), rows)


def _one(c: Connection, voice: Voice, id: str, member: str) -> Screen | None:
    shift = rota.shift(c, id)
    if shift is None or shift.member != member or shift.ends_at <= voice.now:
        return None
    open_ = cover.asked_for(c, id)
    if open_ is not None:
        undo = Button(voice.label(Text("cover", "undo")), f"cover:undo:{open_.id}:0")
        return screen(voice, voice.say(Text("cover", "open"), **_span(shift)), ((undo,),))
    rows = (
        (Button(voice.label(Text("cover", "cover_me")), f"cover:me:{id}:0"),),
        (Button(voice.label(Text("cover", "swap")), f"cover:swap:{id}:0"),),
    )
    return screen(voice, voice.say(Text("cover", "what"), **_span(shift)), rows)


def _to_swap(c: Connection, voice: Voice, id: str, member: str) -> Screen | None:
    shift = rota.shift(c, id)
    if shift is None or shift.member != member:
        return None
    others = cover.to_swap(c, shift, voice.now)[:MOST_SHIFTS]
    if not others:
        return screen(voice, voice.say(Text("cover", "nothing_to_swap")))
    rows = tuple(
        (
            Button(
                voice.label(
                    Text("cover", "their_shift"), name=circle.name(c, o.member), **_span(o)
                )[:64],
                f"cover:with:{id}:{o.id}",
            ),
        )
        for o in others
    )
    return screen(voice, voice.say(Text("cover", "swap_for"), **_span(shift)), rows)


def _span(shift: Shift) -> dict[str, Param]:
    return {"starts": shift.starts_at, "ends": shift.ends_at}


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("my_shifts", my_shifts),
    CallbackQueryHandler(which, r"^cover:which:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(swap, r"^cover:swap:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(swap_for, r"^cover:with:(?P<id>\w+):(?P<other>\w+)$"),
    CallbackQueryHandler(no, r"^cover:no:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(pressed, rf"^cover:(?P<verb>{'|'.join(TAPS)}):(?P<id>\w+):\d+$"),
]
