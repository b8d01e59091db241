"""A step to more support, or to less: what the person and their team press."""

from collections.abc import Mapping
from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.concern import Kind
from bot.care.outcome import Outcome
from bot.care.outings import hard_lately
from bot.care.stepping import Way, Why
from bot.care.text import Text
from bot.handlers import concern
from bot.handlers.context import Context
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.taps import Act, act_on, asked_once_more, old_button, tapped
from bot.i18n import Voice
from bot.outbox.render import Button
from bot.outbox.stepping import WHY
from bot.store import Connection, circle, outings, profile, stepping

TAPS: Mapping[str, Act] = {
    "yes": stepping.yes,
    "no": stepping.no,
    "forgot": stepping.forgot,
    "less_now": partial(stepping.suggest, way=Way.LESS),
    "asked": partial(stepping.suggest, way=Way.MORE),
    "heard": partial(stepping.suggest, way=Way.MORE, why=Why.HEARD),
}
"""Each button of a step and the act behind it."""

REASONS: Mapping[str, tuple[Text, Why]] = {
    "heard": (Text("stepping", "heard_of_safety"), Why.HEARD),
    "asked": (Text("stepping", "would_help"), Why.ASKED),
}
"""Why staff suggest more: what their button says, and what the person reads of it."""

TALKS = {"talk_less": Way.LESS, "talk_more": Way.MORE}


async def pressed(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, TAPS[context.match["verb"]], context.match["id"])


async def talk(update: Update, context: Context) -> None:
    """The person would like to talk about it."""
    assert context.match is not None
    would_talk = partial(stepping.would_talk, way=TALKS[context.match["verb"]])
    await tapped(update, context, would_talk)


async def disagree(update: Update, context: Context) -> None:
    """It is written down, and they may say what they would rather have."""
    assert context.match is not None
    outcome = await act_on(update, context, stepping.disagree, context.match["id"])
    if outcome == Outcome():
        return await old_button(update, context)
    await answer(update, context)
    return await concern.begin(update, context, Kind.DISAGREE)


async def more(update: Update, context: Context) -> None:
    """Why do staff suggest more support? They see first what the person will read. An alert that
    the button stands under keeps its own."""
    await asked_once_more(update, context, _why, edit=False)


def _why(c: Connection, voice: Voice, person: str, by: str) -> Screen | None:
    if not stepping.may_suggest(c, person, by, voice.now):
        return None
    name = circle.name(c, person)
    theirs = voice.words.voice(profile.locale(c, person), voice.zone, voice.now)
    said, rows = [voice.say(Text("stepping", "why_more"), person=name)], []
    for verb, (label, why) in REASONS.items():
        says = theirs.label(WHY[why])
        said.append(voice.say(Text("stepping", "reads"), reason=label, says=says))
        rows.append((Button(voice.label(label), f"stepping:{verb}:{person}:0"),))
    return screen(voice, "\n\n".join(said), tuple(rows))


async def less(update: Update, context: Context) -> None:
    """Staff suggest less support: where it has not gone well lately they read that first."""
    assert context.who is not None and context.match is not None
    voice = await context.voice()
    person, by = context.match["id"], context.who.member.id
    shown = await context.kith.memory.read(_lately, voice, person, by)
    if shown is None:
        await tapped(update, context, TAPS["less_now"], person)
        return
    await answer(update, context)
    await show(update, context, shown)


def _lately(c: Connection, voice: Voice, person: str, by: str) -> Screen | None:
    if not stepping.may_suggest(c, person, by, voice.now):
        return None
    count, missed, helped = hard_lately(outings.over(c, person, voice.now))
    if not missed and not helped:
        return None
    said = voice.say(Text("stepping", "lately"), count=count, missed=missed, helped=helped)
    suggest = Button(voice.label(Text("stepping", "suggest_less")), f"stepping:less_now:{person}:0")
    fine = Button(voice.label(Text("stepping", "fine")), "stepping:fine:-:0")
    return screen(voice, said, ((suggest,), (fine,)))


async def stays(update: Update, context: Context) -> None:
    """`It is fine as it is`"""
    await answer(update, context)
    voice = await context.voice()
    await show(update, context, screen(voice, voice.say(Text("stepping", "stays"))), edit=True)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    CallbackQueryHandler(pressed, rf"^stepping:(?P<verb>{'|'.join(TAPS)}):(?P<id>\w+):0$"),
    CallbackQueryHandler(talk, rf"^stepping:(?P<verb>{'|'.join(TALKS)}):-:0$"),
    CallbackQueryHandler(disagree, r"^stepping:disagree:(?P<id>\w+):0$"),
    CallbackQueryHandler(more, r"^stepping:more:(?P<id>\w+):0$"),
    CallbackQueryHandler(less, r"^stepping:less:(?P<id>\w+):0$"),
    CallbackQueryHandler(stays, r"^stepping:fine:-:0$"),
]
