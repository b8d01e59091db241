"""`/howami`: how a carer is. What they say is theirs; from here nothing goes to anybody but what
they send themselves."""

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care import howami as care
from bot.care.circle import SUPPORTERS, Membership
from bot.care.howami import HowAmI
from bot.care.outcome import Message
from bot.care.text import Text
from bot.flows.howami import ASSESS, NUMBER, SAID, SAY
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.general import card
from bot.handlers.screen import Screen, answer, screen, show, which_role
from bot.handlers.shared_phone import somebody_else
from bot.handlers.taps import act_on, old_button, say, tapped
from bot.i18n import Safe, Voice
from bot.outbox.render import Button, Rows
from bot.store import Connection, circle, howami

A_ROW = 4
"""Numbers side by side: large enough to hit."""

SUPPORT = "30-support-for-carers"
"""The page of `/info` that is offered here, where the service has it."""


async def ask(update: Update, context: Context) -> None:
    """`/howami`"""
    assert context.who is not None
    if not context.who.acting(SUPPORTERS):
        return await say(update, context, Message(Text("howami", "for_supporters")))
    voice = await context.voice()
    rows = (*_numbers(), *_ways(voice, "past", "support"))
    await show(update, context, screen(voice, voice.say(Text("howami", "how")), rows))
    return None


async def number(update: Update, context: Context) -> None:
    """It is kept at once. At the low end whom to ring comes first; nobody is told."""
    assert context.who is not None and context.match is not None
    held, said = context.who.acting(SUPPORTERS), int(context.match["number"])
    outcome = await act_on(update, context, howami.say, said)
    kept = next((one for one in outcome.records if isinstance(one, HowAmI)), None)
    if kept is None or not held:
        return await old_button(update, context)
    if said <= care.LOW:
        voice = await context.voice()
        await show(update, context, card(voice, context.kith.numbers), edit=False)
    given = {SAID: kept.id, NUMBER: str(said)}
    return await conversation.begin(update, context, SAY, held[0].id, given)


async def past(update: Update, context: Context) -> None:
    """Their own, where nobody else uses their phone."""
    if not _here(context):
        return await old_button(update, context)
    await answer(update, context)
    if not await somebody_else(update, context, "howami:me:-:0"):
        await _show_past(update, context, 0)
    return None


async def its_me(update: Update, context: Context) -> None:
    """`Yes, it's me`, and `Earlier`."""
    assert context.match is not None
    if not _here(context):
        return await old_button(update, context)
    await answer(update, context)
    return await _show_past(update, context, int(context.match["skip"]))


async def support(update: Update, context: Context) -> None:
    """Whom to ring, what to read, and what they can ask for."""
    held = _here(context)
    if not held:
        return await old_button(update, context)
    await answer(update, context)
    voice = await context.voice()
    there = context.kith.library.page(context.locale, SUPPORT) is not None
    page = f"info:page:{SUPPORT}:0" if there else "info:home:-:0"
    read = (Button(voice.label(Text("howami", "read_about")), page),)
    rows = (read, *_ways(voice, "assess"))
    text = await context.kith.memory.read(_whom_to_ring, voice, held)
    await show(update, context, screen(voice, text, rows))
    return None


async def assess(update: Update, context: Context) -> None:
    """`Ask for a carer's assessment`: as somebody around whom?"""
    held = _here(context)
    if not held:
        return await old_button(update, context)
    await answer(update, context)
    if len(held) > 1:
        return await which_role(update, context, Text("howami", "around_whom"), held, "howami:as")
    return await conversation.begin(update, context, ASSESS, held[0].id)


async def assess_as(update: Update, context: Context) -> None:
    """One of several roles was picked."""
    assert context.match is not None
    if context.match["id"] not in {held.id for held in _here(context)}:
        return await old_button(update, context)
    await answer(update, context)
    return await conversation.begin(update, context, ASSESS, context.match["id"])


async def ask_to_forget(update: Update, context: Context) -> None:
    """What cannot be taken back is asked once more."""
    if not _here(context):
        return await old_button(update, context)
    await answer(update, context)
    voice = await context.voice()
    rows = _ways(voice, "forget", "past")
    await show(update, context, screen(voice, voice.say(Text("howami", "sure")), rows))
    return None


async def forget(update: Update, context: Context) -> None:
    await tapped(update, context, howami.forget, edit=True)


def _here(context: Context) -> list[Membership]:
    """The places around somebody of whoever is here."""
    assert context.who is not None
    return context.who.acting(SUPPORTERS)


async def _show_past(update: Update, context: Context, skip: int) -> None:
    assert context.who is not None
    voice, by = await context.voice(), context.who.member.id
    await show(update, context, await context.kith.memory.read(_past, voice, by, skip))


# --- screens ------------------------------------------------------------------------------

WAYS = {
    "past": Text("howami", "past"),
    "support": Text("howami", "support"),
    "assess": Text("howami", "assess"),
    "sure": Text("howami", "forget"),
    "forget": Text("howami", "yes_forget"),
}


def _ways(voice: Voice, *verbs: str) -> Rows:
    return tuple((Button(voice.label(WAYS[verb]), f"howami:{verb}:-:0"),) for verb in verbs)


def _numbers() -> Rows:
    buttons = [Button(str(n), f"howami:say:{n}:0") for n in care.NUMBERS]
    return tuple(tuple(buttons[at : at + A_ROW]) for at in range(0, len(buttons), A_ROW))


def _past(c: Connection, voice: Voice, by: str, skip: int) -> Screen:
    found = howami.past(c, by, skip, howami.A_PAGE + 1)
    if not found:
        return screen(voice, voice.say(Text("howami", "nothing_yet")))
    lines = [voice.say(Text("howami", "your_past"))]
    lines += [_line(voice, one) for one in found[: howami.A_PAGE]]
    rows = _ways(voice, "sure")
    if len(found) > howami.A_PAGE:
        earlier = Button(
            voice.label(Text("howami", "earlier")), f"howami:me:-:{skip + howami.A_PAGE}"
        )
        rows = ((earlier,), *rows)
    return screen(voice, Safe("\n".join(lines)), rows)


def _line(voice: Voice, one: HowAmI) -> Safe:
    if one.words is None:
        return voice.say(Text("howami", "line_number"), at=one.at, number=one.number)
    return voice.say(Text("howami", "line_words"), at=one.at, number=one.number, words=one.words)


def _whom_to_ring(c: Connection, voice: Voice, held: list[Membership]) -> Safe:
    lines = [voice.say(Text("howami", "what_could_help"))]
    for team in dict.fromkeys(place.team for place in held):
        found = circle.team(c, team)
        if found.phone is not None:
            lines.append(voice.say(Text("howami", "ring"), team=found.name, number=found.phone))
    return Safe("\n".join(lines))


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("howami", ask),
    CallbackQueryHandler(number, r"^howami:say:(?P<number>\d{1,2}):0$"),
    CallbackQueryHandler(past, r"^howami:past:-:0$"),
    CallbackQueryHandler(its_me, r"^howami:me:-:(?P<skip>\d{1,4})$"),
    CallbackQueryHandler(support, r"^howami:support:-:0$"),
    CallbackQueryHandler(assess, r"^howami:assess:-:0$"),
    CallbackQueryHandler(assess_as, r"^howami:as:(?P<id>\w+):0$"),
    CallbackQueryHandler(ask_to_forget, r"^howami:sure:-:0$"),
    CallbackQueryHandler(forget, r"^howami:forget:-:0$"),
]
