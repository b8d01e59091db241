"""Noticing, as it is said in the chat: `/notice`, its receipt's buttons, the weekly question."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES, SUPPORTERS, Membership, Role, acting
from bot.care.outcome import Message, Outcome
from bot.care.text import Text
from bot.care.weekly import Answer
from bot.flows.noticing import NOTICE, PERSON, begun
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.staff import served
from bot.handlers.taps import act_on, old_button, say, tapped
from bot.i18n import Voice
from bot.outbox.render import Button
from bot.outbox.roles import acting_as
from bot.store import Connection, circle, noticing, profile, weekly

About = tuple[str, str, Membership]
"""Whom somebody may have noticed something about: a person's id and name, and in which role."""


async def notice(update: Update, context: Context) -> None:
    """`/notice`: at once where it can be about one person only; else about whom, first."""
    assert context.who is not None
    memory, held = context.kith.memory, context.who.memberships
    found = await memory.read(_about, context.who.member.id, held, await memory.now())
    if not found:
        return await say(update, context, Message(Text("noticing", "nobody")))
    if len(found) == 1:
        (person, _, place) = found[0]
        return await _begin(update, context, person, place)
    voice = await context.voice()
    shown = await memory.read(_whom, voice, found)
    await show(update, context, shown, edit=False)
    return None


async def about(update: Update, context: Context) -> None:
    """One of several was picked."""
    assert context.who is not None and context.match is not None
    memory, held = context.kith.memory, context.who.memberships
    found = await memory.read(_about, context.who.member.id, held, await memory.now())
    for person, _, place in found:
        if (person, place.id) == (context.match["id"], context.match["place"]):
            return await _begin(update, context, person, place)
    return await old_button(update, context)


async def _begin(update: Update, context: Context, person: str, place: Membership) -> None:
    """Whoever has begun already goes on where they were."""
    if await conversation.resume(update, context, NOTICE, {PERSON: person}, place.id):
        return
    given = await context.kith.memory.read(begun, person)
    await conversation.begin(update, context, NOTICE, place.id, given)


def _about(c: Connection, member: str, held: Sequence[Membership], now: datetime) -> list[About]:
    found = [(m.member, circle.name(c, m.member), m) for m in acting(held, [Role.PERSON])]
    found += [
        (m.person, profile.called(c, m.person), m) for m in acting(held, SUPPORTERS) if m.person
    ]
    staff = acting(held, STAFF_ROLES)
    return [*found, *(served(c, member, staff, now) if staff else ())]


def _whom(c: Connection, voice: Voice, found: Sequence[About]) -> Screen:
    """By name; in which role besides, where somebody has several."""
    several = len({place.id for _, _, place in found}) > 1
    rows = tuple(
        (
            Button(
                f"{name} ({acting_as(c, voice, place)})"[:64] if several else name[:64],
                f"noticing:about:{person}:{place.id}",
            ),
        )
        for person, name, place in found
    )
    return screen(voice, voice.say(Text("noticing", "about_whom")), rows)


# --- the receipt --------------------------------------------------------------------------


async def change(update: Update, context: Context) -> None:
    """`Change`: may the person know who said it? The receipt itself asks once more, and answers."""
    assert context.match is not None
    named = {"change": None, "named": True, "unnamed": False}[context.match["verb"]]
    act = partial(noticing.change, named=named, asking=context.match["mark"] == "1")
    await tapped(update, context, act, context.match["id"], edit=True)


async def back(update: Update, context: Context) -> None:
    """`Take it back` is asked once more; the receipt stays as it is."""
    assert context.who is not None and context.match is not None
    voice = await context.voice()
    id, by = context.match["id"], context.who.member.id
    shown = await context.kith.memory.read(_sure, voice, id, by)
    if shown is None:
        return await old_button(update, context)
    await answer(update, context)
    await show(update, context, shown, edit=False)
    return None


def _sure(c: Connection, voice: Voice, id: str, by: str) -> Screen | None:
    if not noticing.may_take_back(c, id, by):
        return None
    yes = Button(voice.label(Text("noticing", "yes_take_back")), f"noticing:yes_back:{id}:0")
    no = Button(voice.label(Text("noticing", "keep_it")), "noticing:keep:-:0")
    return screen(voice, voice.say(Text("noticing", "sure")), ((yes,), (no,)))


async def yes_back(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, noticing.take_back, context.match["id"], edit=True)


async def keep(update: Update, context: Context) -> None:
    await answer(update, context)
    await say(update, context, Message(Text("noticing", "stays")), edit=True)


# --- the weekly question ------------------------------------------------------------------


async def start(update: Update, context: Context) -> None:
    """`Ask me each week`"""
    assert context.match is not None
    await tapped(update, context, weekly.start, context.match["id"])


async def stop(update: Update, context: Context) -> None:
    """`Stop asking`"""
    assert context.match is not None
    await tapped(update, context, weekly.stop, context.match["id"])


async def answered(update: Update, context: Context) -> None:
    """`Nothing new`, `Not this week`"""
    assert context.match is not None
    hear = partial(weekly.hear, answer=Answer(context.match["verb"]))
    await tapped(update, context, hear, context.match["id"], edit=True)


async def yes(update: Update, context: Context) -> None:
    """`Yes`: what is it?"""
    assert context.who is not None and context.match is not None
    hear = partial(weekly.hear, answer=Answer.YES)
    outcome = await act_on(update, context, hear, context.match["id"])
    place = await context.kith.memory.read(weekly.asked_of, context.match["id"])
    if outcome == Outcome() or place is None or place.person is None:
        return await old_button(update, context)
    return await _begin(update, context, place.person, place)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("notice", notice),
    CallbackQueryHandler(about, r"^noticing:about:(?P<id>\w+):(?P<place>\w+)$"),
    CallbackQueryHandler(
        change, r"^noticing:(?P<verb>change|named|unnamed):(?P<id>\w+):(?P<mark>[01])$"
    ),
    CallbackQueryHandler(back, r"^noticing:back:(?P<id>\w+):0$"),
    CallbackQueryHandler(yes_back, r"^noticing:yes_back:(?P<id>\w+):0$"),
    CallbackQueryHandler(keep, r"^noticing:keep:-:0$"),
    CallbackQueryHandler(start, r"^weekly:start:(?P<id>\w+):0$"),
    CallbackQueryHandler(stop, r"^weekly:stop:(?P<id>\w+):0$"),
    CallbackQueryHandler(
        answered,
        rf"^weekly:(?P<verb>{Answer.NOTHING_NEW}|{Answer.NOT_THIS_WEEK}):(?P<id>\w+):0$",
    ),
    CallbackQueryHandler(yes, r"^weekly:yes:(?P<id>\w+):0$"),
]
