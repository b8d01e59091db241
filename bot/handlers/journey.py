"""Outings, as they are said in the chat: the person's commands and taps, and who is out."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care import journey as care
from bot.care import lateness, pause, setting_off
from bot.care.circle import STAFF_ROLES, Role
from bot.care.escalation import Need
from bot.care.journey import Journey, State
from bot.care.outcome import Message
from bot.care.text import Text
from bot.care.typed import CRIES, Typed, read, urgent
from bot.flows import journey as out
from bot.flows import pause as pausing
from bot.flows import words as chosen
from bot.handlers import conversation, general
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, a_few, answer, screen, show
from bot.handlers.taps import Act, act_on, old_button, say, screen_of, tapped
from bot.i18n import Voice
from bot.outbox.render import Button
from bot.outbox.stepping import SUPPORT
from bot.store import Connection, circle
from bot.store import flow as talks
from bot.store import journey as journeys
from bot.store import location as locations
from bot.store import plan as plans

TAPS: Mapping[str, Act] = {
    "ok": journeys.ok,
    "longer": journeys.ask_longer,
    "home": journeys.home,
    "help": journeys.help_wanted,
    "ring_me": partial(journeys.need, need=Need.RING_ME),
    "lost": locations.lost,
    "upset": partial(journeys.need, need=Need.UPSET),
    "emergency": journeys.emergency,
    "phone": journeys.phone_low,
    "mistake": journeys.mistake,
    "felt_1": partial(journeys.felt, feeling=1),
    "felt_2": partial(journeys.felt, feeling=2),
    "felt_3": partial(journeys.felt, feeling=3),
    "felt_4": partial(journeys.felt, feeling=4),
    "felt_5": partial(journeys.felt, feeling=5),
    "felt_skip": partial(journeys.felt, feeling=None),
}
"""Each button of an outing and the act behind it."""

MOVES: Mapping[str, Act] = {
    **{f"later_{m}": partial(journeys.later, minutes=m) for m in lateness.STEPS},
    **{f"home_{m}": partial(journeys.home_in, minutes=m) for m in lateness.STEPS},
    "give_30": partial(journeys.give_longer, minutes=30),
}
"""Each button that moves the time, and the act behind it; it carries the mark of that time."""

NUMBERED: Mapping[str, Act] = {"at": journeys.point, "slow_here": journeys.slow_here}
"""Each button of a point or a stretch; it carries its number in the plan."""

LEFT_OPEN = timedelta(minutes=10)
"""A talk that nobody has answered for so long does not take a cry for help for an answer."""

OF_OUTINGS = (out.FLOW.name, pausing.FLOW.name)
"""The talks that want a place or a time: whatever they ask, a cry is none."""

CHOSEN = tuple(talk.flow.name for talk in (chosen.CODE, chosen.SECOND, chosen.PRACTISE))
"""The talks in which somebody writes a word of theirs."""

TYPED: Mapping[Typed, Act] = {
    Typed.OK: journeys.ok,
    Typed.HOME: journeys.home,
    Typed.HELP: journeys.help_wanted,
    Typed.LOST: journeys.help_wanted,
    Typed.EMERGENCY: journeys.emergency,
}

LATER = {
    10: Text("journey", "ten_minutes"),
    20: Text("journey", "twenty_minutes"),
    30: Text("journey", "thirty_minutes"),
}

STATES = {
    State.OUT: Text("journey", "line_out"),
    State.NUDGED: Text("journey", "line_nudged"),
    State.MISSED: Text("journey", "line_missed"),
    State.HELP: Text("journey", "line_help"),
    State.ANSWERED: Text("journey", "line_answered"),
}


async def set_off(update: Update, context: Context, place: str | None = None) -> None:
    """`/out`: where, back by when, and a read-back; or why not, kindly. `place`: where, if that is
    known."""
    person = person_here(context)
    if person is None:
        return await say(update, context, Message(Text("journey", "for_the_person")))
    id, membership = person
    running, planned = await context.kith.memory.read(_standing, id)
    if running is not None:
        return await say(update, context, setting_off.already_out(running))
    if not planned:
        outcome = await act_on(update, context, journeys.without_plan)
        assert outcome.said is not None
        return await say(update, context, outcome.said)
    given, way = {"zone": context.kith.zone.key}, [out.FLOW.start]
    if place is not None:
        given["where"] = place
        way.append("when")
    return await conversation.begin(update, context, out.CONVERSATION, membership, given, way)


async def again(update: Update, context: Context, id: str) -> None:
    """`I am still out`: an outing that staff have finished goes on as a new one to that place."""
    assert context.who is not None
    over = await context.kith.memory.read(journeys.journey, id)
    if over is None or over.person != context.who.member.id or over.state is not State.HOME:
        return await old_button(update, context)
    return await set_off(update, context, over.place)


async def on_running(update: Update, context: Context, act: Act) -> None:
    """`/ok` and `/home`: the same as the buttons of the outing that runs."""
    person = person_here(context)
    if person is None:
        return await say(update, context, Message(Text("journey", "for_the_person")))
    running, _ = await context.kith.memory.read(_standing, person[0])
    if running is None:
        return await say(update, context, Message(Text("journey", "not_out")))
    await tapped(update, context, act, running.id)
    return None


async def help_while_out(update: Update, context: Context) -> None:
    """`/help` while out: the outing's own buttons; at any other time, what Kith is."""
    person = person_here(context)
    if person is not None:
        running, _ = await context.kith.memory.read(_standing, person[0])
        if running is not None:
            return await say(update, context, card(running))
    return await general.show_help(update, context)


async def words(update: Update, context: Context) -> None:
    """Words that no question asked for; whoever is out sees the outing's own buttons with it."""
    person = person_here(context)
    if person is not None:
        running, _ = await context.kith.memory.read(_standing, person[0])
        if running is not None:
            voice = await context.voice()
            shown = await screen_of(context, card(running))
            unread = voice.say(Text("general", "unknown_while_out"))
            await show(update, context, replace(shown, text=f"{unread}\n\n{shown.text}"))
            return None
        said = update.message and update.message.text and read(update.message.text)
        if said in (Typed.OK, Typed.HOME):
            return await say(update, context, Message(Text("journey", "not_out")))
    return await general.unknown(update, context)


async def pressed(update: Update, context: Context) -> None:
    """A button of an outing: who pressed it is asked again at each press."""
    assert context.match is not None
    verb, id = context.match["verb"], context.match["id"]
    if verb in ASKS:
        return await ASKS[verb](update, context, id)
    if verb in MOVES or verb in NUMBERED:
        act = MOVES.get(verb) or NUMBERED[verb]
        await tapped(update, context, act, id, int(context.match["mark"]))
        return None
    await tapped(update, context, TAPS[verb], id, edit=verb.startswith("felt"))
    return None


async def late(update: Update, context: Context, id: str) -> None:
    """`I'm late`: how much later, within what the plan allows; below what is always there."""
    outcome = await tapped(update, context, journeys.late, id)
    running = next((r for r in outcome.records if isinstance(r, Journey)), None)
    if running is None or running.state in care.ALERTED:
        return
    voice = await context.voice()
    minutes = lateness.minutes_left(running, voice.now)
    data = f"{id}:{running.mark}"
    rows = tuple((Button(voice.label(LATER[m]), f"journey:later_{m}:{data}"),) for m in minutes)
    other = (Button(voice.label(Text("pause", "something_else")), f"journey:else:{data}"),)
    text = Text("journey", "how_much_later") if minutes else Text("journey", "no_more_time")
    text = Text("pattern", "no_more_laters") if lateness.often(running) else text
    asks = voice.say(text, limit=running.limit_at)
    await show(update, context, screen(voice, asks, (other, *rows)), edit=False)


async def something_else(update: Update, context: Context, id: str) -> None:
    """What else can be said on the way: at most four buttons, each in its place for the whole
    outing. What was pressed already is a sign of life when it is pressed again."""
    running = await _own(update, context, id)
    if running is None:
        return
    voice = await context.voice()
    fits = {
        "longer": (Text("journey", "longer"), True),
        "phone": (Text("pause", "phone"), True),
        "slow": (Text("pause", "slow"), bool(running.plan.terms.stretches)),
        "pause": (Text("pause", "pause"), pause.may_pause(running)),
    }
    rows = tuple(
        (Button(voice.label(label), f"journey:{verb}:{id}:0"),)
        for verb, (label, there) in fits.items()
        if there
    )
    await show(update, context, screen(voice, voice.say(Text("pause", "what_is_it")), rows))


async def slow(update: Update, context: Context, id: str) -> None:
    """Which stretch of the plan it is."""
    running = await _own(update, context, id)
    if running is None:
        return
    voice = await context.voice()
    rows = tuple(
        (Button(stretch.name[:64], f"journey:slow_here:{id}:{number}"),)
        for number, stretch in pause.stretches_left(running)
    )
    if not rows:
        await tapped(update, context, journeys.ok, id)
        return
    assert context.match is not None
    few = a_few(voice, rows, int(context.match["mark"]), f"journey:slow:{id}:{{}}".format)
    await show(update, context, screen(voice, voice.say(Text("pause", "slow_where")), few))


async def rest(update: Update, context: Context, id: str) -> None:
    """`Pause`: until when?"""
    person = person_here(context)
    if person is None or await _own(update, context, id) is None:
        return
    given = {"journey": id, "zone": context.kith.zone.key}
    await conversation.begin(update, context, pausing.CONVERSATION, person[1], given)


async def _own(update: Update, context: Context, id: str) -> Journey | None:
    """The outing of whoever is here, while it lasts and no alert stands; else they are answered."""
    assert context.who is not None
    running = await context.kith.memory.read(journeys.journey, id)
    if running is None or running.person != context.who.member.id:
        await old_button(update, context)
        return None
    if running.state is State.HOME or running.state in care.ALERTED:
        await tapped(update, context, journeys.ok, id)
        return None
    await answer(update, context)
    return running


ASKS: Mapping[str, Callable[[Update, Context, str], Coroutine[Any, Any, None]]] = {
    "late": late,
    "else": something_else,
    "slow": slow,
    "pause": rest,
    "again": again,
}
"""Each button of an outing that asks something before it does anything."""


async def typed(update: Update, context: Context) -> bool:
    """Words that are a check-in or a call for help of somebody who is out, by the table of
    `care/typed`: heard before any talk takes them for an answer. Whether they were; or whether
    only a talk would hear them that was left open before they set off: it may be such a call."""
    message, person, chat = update.message, person_here(context), update.effective_chat
    if message is None or person is None or chat is None:
        return False
    memory = context.kith.memory
    running, _ = await memory.read(_standing, person[0])
    said = read(message.text) if message.text else None
    touched, now = await memory.read(talks.touched, chat.id), await memory.now()
    if said in CRIES and _answers(touched, message.text or "", now):
        return False
    if running is None:
        if said in CRIES:
            await general.cry(update, context)
        return said in CRIES
    if said is not None:
        await tapped(update, context, TYPED[said], running.id)
        if said is Typed.LOST:
            await tapped(update, context, locations.lost, running.id)
        return True
    if touched is None or touched[0] >= running.started_at:
        return False
    await words(update, context)
    return True


def _answers(touched: tuple[datetime, str] | None, text: str, now: datetime) -> bool:
    """Whether a cry may be what a talk has just asked for: a word that is chosen, or one's own
    words of something."""
    if touched is None or touched[0] <= now - LEFT_OPEN or touched[1] in OF_OUTINGS:
        return False
    return touched[1] in CHOSEN or not urgent(text)


async def whos_out(update: Update, context: Context) -> None:
    """`/whos_out`: everyone out now whom this member supports, soonest due first."""
    assert context.who is not None
    if not context.who.acting(STAFF_ROLES):
        return await say(update, context, Message(Text("journey", "for_staff")))
    voice = await context.voice()

    def read(c: Connection) -> Screen:
        assert context.who is not None
        lines = [
            _line(c, voice, journey)
            for journey in journeys.out_now(c, context.who.member.id, voice.now)
        ]
        if not lines:
            return screen(voice, voice.say(Text("journey", "nobody_out")))
        return screen(voice, "\n\n".join((voice.say(Text("journey", "out_now")), *lines)))

    await show(update, context, await context.kith.memory.survey(read), edit=False)
    return None


def _line(c: Connection, voice: Voice, journey: Journey) -> str:
    """Who is out, where, with how much support, and who set off for them when they rang."""
    lines = [
        voice.say(
            STATES[journey.state],
            person=circle.name(c, journey.person),
            place=journey.place,
            due=journey.due_at,
        ),
        voice.say(Text("journey", "line_support"), support=SUPPORT[journey.plan.terms.support]),
    ]
    if journey.set_off_by is not None:
        by = circle.name(c, journey.set_off_by)
        lines.append(voice.say(Text("by_phone", "set_off_by"), by=by))
    return "\n".join(lines)


def person_here(context: Context) -> tuple[str, str] | None:
    """The member who is here and their membership as a person supported, if they are one."""
    assert context.who is not None
    for membership in context.who.memberships:
        if membership.role is Role.PERSON:
            return membership.member, membership.id
    return None


def card(journey: Journey) -> Message:
    """A message about a running outing, with its four buttons."""
    stands = journey.state in care.ALERTED
    text = Text("journey", "alert_stands") if stands else Text("journey", "out_card")
    return care.say(text, journey)


def _standing(c: Connection, person: str) -> tuple[Journey | None, bool]:
    return journeys.running(c, person), plans.in_force(c, person) is not None


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("out", set_off),
    command("ok", partial(on_running, act=journeys.ok)),
    command("home", partial(on_running, act=journeys.home)),
    command("help", help_while_out),
    command("whos_out", whos_out),
    CallbackQueryHandler(set_off, r"^journey:shorter:-:0$"),
    CallbackQueryHandler(
        pressed,
        rf"^journey:(?P<verb>{'|'.join([*TAPS, *MOVES, *NUMBERED, *ASKS])})"
        r":(?P<id>\w+):(?P<mark>\d+)$",
    ),
]
