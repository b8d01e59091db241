"""`/first_weeks`: staff start it and see what was said; everybody else sees what they said."""

from collections.abc import Callable, Mapping
from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import STAFF_ROLES, SUPPORTERS, Role
from bot.care.first_weeks import FirstWeeks, State
from bot.care.outcome import Message, Outcome
from bot.care.text import Text
from bot.care.week_answer import HOW, QUESTION_STAFF, Said
from bot.flows.first_weeks import ASKED, WEEK
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.shared_phone import somebody_else
from bot.handlers.staff import served, worked_for
from bot.handlers.taps import Act, act_on, asked_once_more, old_button, say, tapped
from bot.i18n import Voice
from bot.outbox.render import Button, Rows
from bot.reports import first_weeks as reports
from bot.store import Connection, circle, first_weeks, week_answer
from bot.store.circle import Present

TAPS: Mapping[str, Act] = {
    "start": first_weeks.start,
    "pause": first_weeks.pause,
    "go_on": first_weeks.go_on,
    "yes_stop": first_weeks.stop,
    "around": lambda c, id, **by: first_weeks.may_ask(c, id, True, **by),
    "alone": lambda c, id, **by: first_weeks.may_ask(c, id, False, **by),
    "enough": first_weeks.no_more,
    "ask_me": first_weeks.ask_me,
    "later": week_answer.later,
    "skip": partial(week_answer.hear, said=Said.NOT_THIS_WEEK),
    "not_there": partial(week_answer.hear, said=Said.NOT_THERE),
}
"""Each button and the act behind it; who presses is asked again in the act."""


# --- staff --------------------------------------------------------------------------------


async def weeks_of(update: Update, context: Context) -> None:
    """`/first_weeks`: staff by the people they support; whoever is asked, what they said."""
    if not await somebody_else(update, context, "first_weeks:me:-:0"):
        await _mine(update, context)


async def opened(update: Update, context: Context) -> None:
    """The same, from a message that asks for it."""
    await answer(update, context)
    await weeks_of(update, context)


async def me(update: Update, context: Context) -> None:
    """`Yes, it's me`"""
    await answer(update, context)
    await _mine(update, context)


async def _mine(update: Update, context: Context) -> None:
    assert context.who is not None
    voice, memory = await context.voice(), context.kith.memory
    shown = await memory.read(_all, voice, context.who)
    if not shown:
        return await say(update, context, Message(Text("first_weeks", "nothing_for_you")))
    for one in shown:
        await show(update, context, one, edit=False)
    return None


def _all(c: Connection, voice: Voice, who: Present) -> list[Screen]:
    found = [_people(c, voice, who)] if who.acting(STAFF_ROLES) else []
    if who.acting([Role.PERSON]):
        weeks = first_weeks.newest(c, who.member.id)
        found += [] if weeks is None else [_own(c, voice, weeks, who.member.id)]
    if who.acting(SUPPORTERS):
        theirs = first_weeks.asked_around(c, who.member.id)
        here = {m.person for m in who.acting(SUPPORTERS)}
        found += [_own(c, voice, one, who.member.id) for one in theirs if one.person in here]
    return found


def _people(c: Connection, voice: Voice, who: Present) -> Screen:
    """What they have not said yet this week comes first, then of whom there is something to read,
    then everybody else they support."""
    member = who.member.id
    rows: list[tuple[Button, ...]] = []
    for asked, person in week_answer.waiting(c, member, voice.now):
        label = voice.label(Text("first_weeks", "say_of"), person=circle.name(c, person))
        rows.append((Button(label[:64], f"first_weeks:ask:{asked.id}:0"),))
    people = served(c, member, who.acting(STAFF_ROLES), voice.now)
    fresh = week_answer.unread(c, [person for person, _, _ in people])
    for person, name, _ in sorted(people, key=lambda one: one[0] not in fresh):
        weeks = first_weeks.newest(c, person)
        label = name if weeks is None else _label(voice, weeks, name)
        if person in fresh:
            new = Text("first_weeks", "person_new")
            label = voice.label(new, person=name, count=len(fresh[person]))
        rows.append((Button(label[:64], f"first_weeks:home:{person}:0"),))
    text = Text("first_weeks", "whose") if rows else Text("first_weeks", "nobody")
    return screen(voice, voice.say(text), tuple(rows))


def _label(voice: Voice, weeks: FirstWeeks, name: str) -> str:
    if weeks.state is not State.RUNNING:
        return name
    text = Text("first_weeks", "person_week")
    return voice.label(text, person=name, week=weeks.week)


async def home(update: Update, context: Context) -> None:
    """One person: how far it is, or that it may begin."""
    assert context.match is not None
    await _for_staff(update, context, _home)


async def week(update: Update, context: Context) -> None:
    """What everybody said of one week; from then on it has been read."""
    assert context.who is not None and context.match is not None
    id, number = context.match["id"], int(context.match["mark"])
    await act_on(update, context, week_answer.read, id, number)
    await _of_weeks(update, context, lambda c, voice, weeks: _week(c, voice, weeks, number))


async def beside(update: Update, context: Context) -> None:
    """All weeks side by side."""
    await _of_weeks(update, context, _beside)


Page = Callable[[Connection, Voice, str], Screen]
OfWeeks = Callable[[Connection, Voice, FirstWeeks], Screen]


async def _for_staff(update: Update, context: Context, page: Page) -> None:
    assert context.who is not None and context.match is not None
    voice, held = await context.voice(), context.who.acting(STAFF_ROLES)
    by, person = context.who.member.id, context.match["id"]

    def read(c: Connection) -> Screen | None:
        works = worked_for(c, by, person, held, voice.now)
        return None if works is None else page(c, voice, person)

    await _shown(update, context, read)


async def _of_weeks(update: Update, context: Context, page: OfWeeks) -> None:
    assert context.who is not None and context.match is not None
    voice, held = await context.voice(), context.who.acting(STAFF_ROLES)
    by, id = context.who.member.id, context.match["id"]

    def read(c: Connection) -> Screen | None:
        weeks = first_weeks.first_weeks(c, id)
        if weeks is None or worked_for(c, by, weeks.person, held, voice.now) is None:
            return None
        return page(c, voice, weeks)

    await _shown(update, context, read)


async def _shown(
    update: Update, context: Context, read: Callable[[Connection], Screen | None]
) -> None:
    shown = await context.kith.memory.read(read)
    if shown is None:
        return await old_button(update, context)
    await answer(update, context)
    await show(update, context, shown, edit=False)
    return None


def _home(c: Connection, voice: Voice, person: str) -> Screen:
    weeks = first_weeks.newest(c, person)
    name = circle.name(c, person)
    start = _button(voice, Text("first_weeks", "start"), "start", person)
    if weeks is None:
        return screen(voice, voice.say(Text("first_weeks", "not_begun"), person=name), (start,))
    fresh = week_answer.unread(c, [person]).get(person, [])
    rows: Rows = ()
    if fresh:
        label = voice.label(Text("first_weeks", "what_is_new"), count=len(fresh))
        id, number = fresh[0]
        rows += ((Button(label, f"first_weeks:week:{id}:{number}"),),)
    elif weeks.week:
        said = Text("first_weeks", "what_was_said")
        rows += (_button(voice, said, "week", weeks.id, weeks.week),)
    if weeks.week:
        rows += (_button(voice, Text("first_weeks", "side_by_side"), "beside", weeks.id),)
    match weeks.state:
        case State.RUNNING:
            rows += (_button(voice, Text("first_weeks", "pause"), "pause", weeks.id),)
        case State.PAUSED:
            rows += (_button(voice, Text("first_weeks", "go_on"), "go_on", weeks.id),)
        case _:
            rows += (start,)
    if weeks.stands:
        rows += (_button(voice, Text("first_weeks", "stop"), "stop", weeks.id),)
    plan = Button(voice.label(Text("sign", "the_plan")), f"sign:home:{person}:0")
    return screen(voice, reports.home(c, voice, weeks), (*rows, (plan,)))


def _week(c: Connection, voice: Voice, weeks: FirstWeeks, number: int) -> Screen:
    rows: Rows = ()
    if number > 1:
        rows += (_button(voice, Text("first_weeks", "before"), "week", weeks.id, number - 1),)
    if number < weeks.week:
        rows += (_button(voice, Text("first_weeks", "after"), "week", weeks.id, number + 1),)
    return screen(voice, reports.week(c, voice, weeks, number), (*rows, _back(voice, weeks)))


def _beside(c: Connection, voice: Voice, weeks: FirstWeeks) -> Screen:
    return screen(voice, reports.beside(c, voice, weeks), (_back(voice, weeks),))


def _back(voice: Voice, weeks: FirstWeeks) -> tuple[Button, ...]:
    return _button(voice, Text("first_weeks", "back"), "home", weeks.person)


async def stop(update: Update, context: Context) -> None:
    """`Stop` is asked once more."""
    await asked_once_more(update, context, _sure)


def _sure(c: Connection, voice: Voice, id: str, by: str) -> Screen | None:
    weeks = first_weeks.first_weeks(c, id)
    if weeks is None or not weeks.stands:
        return None
    if not first_weeks.works_for(c, by, weeks.person, voice.now):
        return None
    yes = _button(voice, Text("first_weeks", "yes_stop"), "yes_stop", id)
    text = voice.say(Text("first_weeks", "sure"), person=circle.name(c, weeks.person))
    return screen(voice, text, (yes, _back(voice, weeks)))


# --- whoever is asked ---------------------------------------------------------------------


def _own(c: Connection, voice: Voice, weeks: FirstWeeks, member: str) -> Screen:
    """What they said, and their own word on being asked."""
    rows: Rows = ()
    newest = first_weeks.newest(c, weeks.person) or weeks
    if member in newest.no_more:
        rows += (_button(voice, Text("first_weeks", "ask_me"), "ask_me", weeks.id),)
    else:
        rows += (_button(voice, Text("first_weeks", "enough"), "enough", weeks.id),)
    if member == weeks.person and weeks.stands:
        label, verb = (
            (Text("first_weeks", "own_alone"), "alone")
            if weeks.around
            else (Text("first_weeks", "own_around"), "around")
        )
        rows += (_button(voice, label, verb, weeks.id),)
    return screen(voice, reports.own(c, voice, weeks, member), rows)


async def ask(update: Update, context: Context) -> None:
    """Staff say how the week was with one of those they were asked about."""
    assert context.who is not None and context.match is not None
    memory, id, by = context.kith.memory, context.match["id"], context.who.member.id
    now = await memory.now()
    waiting = await memory.read(week_answer.waiting, by, now)
    person = next((person for one, person in waiting if one.id == id), None)
    if person is None:
        return await old_button(update, context)
    await answer(update, context)
    return await say(update, context, Message(QUESTION_STAFF, {"asked": id, "person": person}))


async def how(update: Update, context: Context) -> None:
    """How it was is kept at once; then what went well, and what should be different."""
    assert context.match is not None
    id, said = context.match["id"], Said(context.match["verb"])
    outcome = await act_on(update, context, partial(week_answer.hear, said=said), id)
    found = await context.kith.memory.read(_role, id)
    if outcome == Outcome() or found is None:
        return await old_button(update, context)
    return await conversation.begin(update, context, WEEK, found, {ASKED: id})


def _role(c: Connection, id: str) -> str | None:
    found = week_answer.answer(c, id, words=False)
    return None if found is None else week_answer.role_of(c, found)


async def pressed(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, TAPS[context.match["verb"]], context.match["id"])


def _button(voice: Voice, label: Text, verb: str, id: str, mark: int = 0) -> tuple[Button, ...]:
    return (Button(voice.label(label)[:64], f"first_weeks:{verb}:{id}:{mark}"),)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("first_weeks", weeks_of),
    CallbackQueryHandler(opened, r"^first_weeks:all:-:0$"),
    CallbackQueryHandler(me, r"^first_weeks:me:-:0$"),
    CallbackQueryHandler(home, r"^first_weeks:home:(?P<id>\w+):0$"),
    CallbackQueryHandler(week, r"^first_weeks:week:(?P<id>\w+):(?P<mark>\d{1,2})$"),
    CallbackQueryHandler(beside, r"^first_weeks:beside:(?P<id>\w+):0$"),
    CallbackQueryHandler(stop, r"^first_weeks:stop:(?P<id>\w+):0$"),
    CallbackQueryHandler(ask, r"^first_weeks:ask:(?P<id>\w+):0$"),
    CallbackQueryHandler(how, rf"^first_weeks:(?P<verb>{'|'.join(HOW)}):(?P<id>\w+):0$"),
    CallbackQueryHandler(pressed, rf"^first_weeks:(?P<verb>{'|'.join(TAPS)}):(?P<id>\w+):0$"),
]
