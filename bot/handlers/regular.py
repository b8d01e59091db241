"""`/regular`: outings that come again, and the question before each of them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care import regular as care
from bot.care import setting_off
from bot.care.circle import STAFF_ROLES, Role
from bot.care.journey import Journey
from bot.care.outcome import NOBODY, Cause, Message, Outcome
from bot.care.plan import Plan
from bot.care.terms import ACCOMPANIED
from bot.care.text import Text
from bot.flows import journey as out
from bot.flows import regular as flow
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, a_few, answer, screen, show
from bot.handlers.shared_phone import somebody_else, somebody_else_by_now
from bot.handlers.taps import Act, act_on, old_button, say, tapped
from bot.i18n import Voice
from bot.outbox.render import Button, Rows
from bot.store import Connection, around, regular
from bot.store import journey as journeys
from bot.store import plan as plans

TAPS: Mapping[str, Act] = {
    "agree": regular.agree,
    "decline": regular.decline,
    "stop": regular.stop,
}

ANSWERS: Mapping[str, Act] = {"later": regular.later, "not": regular.not_today}
"""The answers to the question that are acts; `I'm going` leads to setting off."""


async def regular_command(update: Update, context: Context) -> None:
    """The person's own; staff think of one with somebody they support."""
    assert context.who is not None
    person = context.who.acting([Role.PERSON])
    if person:
        if not await somebody_else(update, context, "regular:me:-:0"):
            await _show(update, context)
        return None
    staff = context.who.acting(STAFF_ROLES)
    if not staff:
        return await say(update, context, Message(Text("regular", "for_the_person")))
    people = await context.kith.memory.read(around.people_supported, context.who.member.id)
    if not people:
        return await say(update, context, Message(Text("plan", "nobody_supported")))
    return await conversation.begin(update, context, flow.FOR, staff[0].id)


async def its_me(update: Update, context: Context) -> None:
    """`Yes, it's me`, on a phone that others use too."""
    assert context.who is not None
    if not context.who.acting([Role.PERSON]):
        return await old_button(update, context)
    await answer(update, context)
    return await _show(update, context)


async def _show(update: Update, context: Context) -> None:
    assert context.who is not None
    voice = await context.voice()
    shown = await context.kith.memory.read(_mine, voice, context.who.member.id)
    await show(update, context, shown)


async def add(update: Update, context: Context) -> None:
    assert context.who is not None
    person = context.who.acting([Role.PERSON])
    if not person:
        return await old_button(update, context)
    if await somebody_else_by_now(update, context):
        return None
    return await conversation.begin(update, context, flow.OWN, person[0].id)


async def which(update: Update, context: Context) -> None:
    """Which of them is not to be asked about any more?"""
    assert context.who is not None and context.match is not None
    if await somebody_else_by_now(update, context):
        return
    voice, since = await context.voice(), int(context.match["since"])
    shown = await context.kith.memory.read(_to_stop, voice, context.who.member.id, since)
    await answer(update, context)
    await show(update, context, shown)


async def pressed(update: Update, context: Context) -> None:
    assert context.match is not None
    if not await somebody_else_by_now(update, context):
        await tapped(update, context, TAPS[context.match["verb"]], context.match["id"], edit=True)


async def answered(update: Update, context: Context) -> None:
    """`Later` or `Not today`: nobody is told."""
    assert context.match is not None
    act, mark = ANSWERS[context.match["verb"]], int(context.match["mark"])
    await tapped(update, context, act, context.match["id"], mark, edit=True)


async def going(update: Update, context: Context) -> None:
    """`I'm going` sets off, since the person has said all of it; but for whether somebody is there,
    where somebody has to be."""
    assert context.who is not None and context.match is not None
    person = context.who.acting([Role.PERSON])
    voice = await context.voice()
    found = await context.kith.memory.read(regular.regular, context.match["id"])
    if not person or found is None or not found.stands or found.person != person[0].member:
        return await old_button(update, context)
    running, plan = await context.kith.memory.read(_standing, found.person)
    if running is not None:
        return await say(update, context, setting_off.already_out(running), edit=False)
    if plan is None:
        outcome = await act_on(update, context, journeys.without_plan)
        assert outcome.said is not None
        return await say(update, context, outcome.said, edit=False)
    mark = int(context.match["mark"])
    starts = datetime.fromtimestamp(mark, UTC)
    last = await context.kith.memory.read(journeys.last, found.person)
    if last is not None and last.place == found.place and last.started_at >= starts - care.BEFORE:
        return await old_button(update, context)  # they have been there
    longest = plan.at(found.place).longest
    if care.early(found, starts, longest, context.kith.zone, voice.now):
        await tapped(update, context, regular.wait, found.id, mark, edit=True)
        return None
    back = care.back_by(found, starts, context.kith.zone)
    if back <= voice.now:
        await answer(update, context)
        return await say(update, context, Message(Text("regular", "time_gone")), edit=False)
    if plan.terms.support not in ACCOMPANIED:
        await tapped(update, context, _go, found.place, back, edit=True)
        return None
    given = {"zone": context.kith.zone.key, "where": found.place}
    given |= {"when": "other", "time": back.isoformat()}
    way = ("where", "when", "time", out.read_back(plan))
    return await conversation.begin(update, context, out.CONVERSATION, person[0].id, given, way)


def _go(
    c: Connection, place: str, back: datetime, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """All of it is known: the press itself sets off."""
    return journeys.set_off(c, by, place, back, now, cause)


def _mine(c: Connection, voice: Voice, person: str) -> Screen:
    if plans.in_force(c, person) is None:
        return screen(voice, voice.say(Text("regular", "no_plan")))
    mine = regular.regulars(c, person)
    rows: Rows = ((Button(voice.label(Text("regular", "add")), "regular:add:-:0"),),)
    if not mine:
        return screen(voice, voice.say(Text("regular", "none")), rows)
    rows += ((Button(voice.label(Text("regular", "stop_one")), "regular:which:-:0"),),)
    lines = [voice.say(Text("regular", "line"), **_line(one)) for one in mine]
    return screen(voice, "\n".join((voice.say(Text("regular", "yours")), *lines)), rows)


def _to_stop(c: Connection, voice: Voice, person: str, since: int) -> Screen:
    rows = tuple(
        (
            Button(
                voice.label(Text("regular", "line_button"), **_line(one))[:64],
                f"regular:stop:{one.id}:0",
            ),
        )
        for one in regular.regulars(c, person)
    )
    few = a_few(voice, rows, since, "regular:which:-:{}".format)
    return screen(voice, voice.say(Text("regular", "which_one")), few)


def _line(one: care.Regular) -> dict[str, str | list[Text]]:
    return {
        "place": one.place,
        "days": [care.DAYS[day] for day in one.days],
        "from": flow.clock(one.at),
        "to": flow.clock(one.back),
    }


def _standing(c: Connection, person: str) -> tuple[Journey | None, Plan | None]:
    return journeys.running(c, person), plans.in_force(c, person)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("regular", regular_command),
    CallbackQueryHandler(its_me, r"^regular:me:-:0$"),
    CallbackQueryHandler(add, r"^regular:add:-:\d+$"),
    CallbackQueryHandler(which, r"^regular:which:-:(?P<since>\d{1,3})$"),
    CallbackQueryHandler(going, r"^regular:go:(?P<id>\w+):(?P<mark>\d+)$"),
    CallbackQueryHandler(
        answered, rf"^regular:(?P<verb>{'|'.join(ANSWERS)}):(?P<id>\w+):(?P<mark>\d+)$"
    ),
    CallbackQueryHandler(pressed, rf"^regular:(?P<verb>{'|'.join(TAPS)}):(?P<id>\w+):\d+$"),
]
