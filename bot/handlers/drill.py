"""`/practise`: the whole ladder of a plan is tried out, at a time the person agrees to."""

from collections.abc import Mapping
from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES
from bot.care.drill import State
from bot.care.outcome import Message
from bot.care.text import Text
from bot.handlers import staff
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.journey import person_here
from bot.handlers.screen import Screen, screen, show
from bot.handlers.taps import Act, say, tapped
from bot.i18n import Voice
from bot.outbox import drill as told
from bot.outbox.render import Button
from bot.store import Connection, profile
from bot.store import drill as drills
from bot.store import plan as plans

TAPS: Mapping[str, Act] = {
    "ask": drills.ask,
    "agree": drills.agree,
    "decline": drills.decline,
    "stop": drills.stop,
    "yes": partial(drills.take_part, yes=True),
    "no": partial(drills.take_part, yes=False),
}


async def practise(update: Update, context: Context) -> None:
    """The person tries it out; staff ask them to; a supporter who is a rung says yes or no."""
    assert context.who is not None
    me = context.who.member.id
    voice = await context.voice()
    read = context.kith.memory.read
    if person_here(context) is not None:
        shown = await read(_own, voice, me)
    elif held := context.who.acting(STAFF_ROLES):
        people = await read(staff.supported, me, held)
        shown = await read(_people, voice, [(id, name) for id, name, _ in people])
    else:
        shown = await read(_places, voice, me)
    if shown is None:
        return await say(update, context, Message(Text("drill", "no_plan")))
    await show(update, context, shown, edit=False)
    return None


def _own(c: Connection, voice: Voice, person: str) -> Screen | None:
    found = drills.newest(c, person)
    if found is not None and found.state is State.RUNNING:
        stop = Button(voice.label(Text("drill", "stop")), f"drill:stop:{found.id}:0")
        return screen(voice, voice.say(Text("drill", "begun")), ((stop,),))
    if plans.in_force(c, person) is None:
        return None
    begin = Button(voice.label(Text("drill", "start")), "drill:begin:-:0")
    return screen(voice, voice.say(Text("drill", "how")), ((begin,),))


def _people(c: Connection, voice: Voice, people: list[tuple[str, str]]) -> Screen | None:
    """With each person of theirs who has a plan, and how the latest practice went."""
    rows, lines = [], [voice.say(Text("drill", "with_whom"))]
    for id, name in people:
        if plans.in_force(c, id) is None:
            continue
        rows.append((Button(name, f"drill:ask:{id}:0"),))
        last = drills.newest(c, id)
        if last is not None and last.state is State.ENDED and last.ended_at is not None:
            results = told.fill(c, last.id)
            lines.append(voice.say(Text("drill", "latest"), at=last.ended_at, **results))
    return screen(voice, "\n\n".join(lines), tuple(rows)) if rows else None


def _places(c: Connection, voice: Voice, member: str) -> Screen | None:
    rows, lines = [], []
    for place in drills.places(c, member, voice.now):
        name = profile.called(c, place.person)
        now = Text("drill", "reaches_you") if place.willing else Text("drill", "may_it_reach_you")
        lines.append(voice.say(now, person=name))
        label = Text("drill", "not_me") if place.willing else Text("drill", "yes_me")
        verb = "no" if place.willing else "yes"
        press = Button(voice.label(label, person=name)[:64], f"drill:{verb}:{place.membership}:0")
        rows.append((press,))
    return screen(voice, "\n\n".join(lines), tuple(rows)) if rows else None


async def begin(update: Update, context: Context) -> None:
    """The person's own press."""
    await tapped(update, context, drills.begin_own)


async def pressed(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, TAPS[context.match["verb"]], context.match["id"])


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("practise", practise),
    CallbackQueryHandler(begin, r"^drill:begin:-:0$"),
    CallbackQueryHandler(pressed, rf"^drill:(?P<verb>{'|'.join(TAPS)}):(?P<id>\w+):\d+$"),
]
