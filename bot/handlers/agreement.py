"""What we can share, as it is said in the chat: `/agreement`, the read-back, and stopping."""

from collections.abc import Callable, Mapping
from functools import partial

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care import agreeing as care
from bot.care.agreeing import Freely
from bot.care.agreement import Agreement, Choice, State
from bot.care.circle import Membership
from bot.care.outcome import Message
from bot.care.text import Text
from bot.flows.agreement import DRAFT, MORE, REVIEWED, SHARE, SUPPORTER, ZONE, set_aside
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.journey import person_here
from bot.handlers.screen import FEW, Screen, a_few, answer, screen, show
from bot.handlers.taps import Act, old_button, say, tapped
from bot.i18n import EASY, Lines, Param, Voice
from bot.outbox.render import Button, Rows, filled, presses
from bot.outbox.roles import ROLES
from bot.outbox.shapes import SHAPES
from bot.outbox.topics import TOPICS
from bot.store import Connection, agreeing, around, circle
from bot.store import agreement as agreements

TAPS: Mapping[str, Act] = {
    "agree": agreeing.agree,
    "yes": partial(agreeing.answer, freely=Freely.YES),
    "not_sure": partial(agreeing.answer, freely=Freely.NOT_SURE),
    "talk": partial(agreeing.answer, freely=Freely.TALK),
    "end": agreeing.stop,
}
"""Each button and the act behind it; the question gives way to its answer."""

TRIED = {0: Text("agreement", "tried_nothing"), 1: Text("agreement", "tried_one")}


async def agreement(update: Update, context: Context) -> None:
    """`/agreement`: everyone around the person, and what each may know."""
    await _for_person(update, context, _overview)


async def stop_sharing(update: Update, context: Context) -> None:
    """`/stop_sharing`: with whom?"""
    await _for_person(update, context, _stoppable)


async def _for_person(
    update: Update, context: Context, shows: Callable[[Connection, Voice, str], Screen]
) -> None:
    person = person_here(context)
    if person is None:
        return await say(update, context, Message(Text("agreement", "for_the_person")))
    voice = await context.voice()
    await show(update, context, await context.kith.memory.read(shows, voice, person[0]))
    return None


async def turned(update: Update, context: Context) -> None:
    """The next of the names, or of what can be stopped."""
    assert context.match is not None
    person, voice = person_here(context), await context.voice()
    if person is None:
        return await old_button(update, context)
    await answer(update, context)
    page = PAGES[context.match["page"]]
    since = int(context.match["since"])
    await show(update, context, await context.kith.memory.read(page, voice, person[0], since))
    return None


async def with_one(update: Update, context: Context) -> None:
    """One supporter: on where it was left, or what they may know, or the first card."""
    place, person = await _mine(update, context)
    if place is None:
        return None
    if await conversation.resume(update, context, SHARE, {SUPPORTER: place}):
        return None
    voice = await context.voice()
    shown = await context.kith.memory.read(agreeing.shared, place, voice.now)
    if shown.draft is not None:
        await answer(update, context)
        return await say(update, context, care.read_back(shown.draft))
    if shown.active is None:
        return await _cards(update, context, person, place)
    await answer(update, context)
    await show(update, context, await context.kith.memory.read(_holds, voice, shown.active))
    return None


async def review(update: Update, context: Context) -> None:
    """It is looked at again, if it still holds or has ended by itself: the cards from the first,
    with what was chosen before; "I don't know" is asked again."""
    assert context.match is not None
    person = person_here(context)
    found = None
    if person is not None:
        found = await context.kith.memory.read(_reviewable, context.match["id"], person[0])
    if person is None or found is None:
        return await old_button(update, context)
    given = {SUPPORTER: found.supporter, REVIEWED: found.id}
    if not await conversation.resume(update, context, SHARE, given):
        await _cards(update, context, person[1], found.supporter, given)
    return None


def _reviewable(c: Connection, id: str, person: str) -> Agreement | None:
    found = agreements.agreement(c, id)
    if found is None or found.state is not State.ACTIVE:
        return None
    return found if _around(c, person, found.supporter) is not None else None


async def anew(update: Update, context: Context) -> None:
    """Another choice for a supporter: the cards from the first."""
    place, person = await _mine(update, context)
    if place is not None:
        await _cards(update, context, person, place)


async def _cards(
    update: Update,
    context: Context,
    person: str,
    place: str,
    given: Mapping[str, str] | None = None,
) -> None:
    """The first card; what was answered so far for somebody else is kept, and before a review
    what was answered for this supporter too."""
    assert update.effective_chat is not None
    memory = context.kith.memory
    now = await memory.now()
    beside = place if given is None else ""
    await memory.write(set_aside, update.effective_chat.id, beside, now)
    await conversation.begin(update, context, SHARE, person, given or {SUPPORTER: place})


async def _mine(update: Update, context: Context) -> tuple[str | None, str]:
    """The supporter whose button it is, if they are around the person here; and their own role."""
    assert context.match is not None
    person = person_here(context)
    place = context.match["id"]
    if person is None or await context.kith.memory.read(_around, person[0], place) is None:
        await old_button(update, context)
        return None, ""
    return place, person[1]


async def on_draft(update: Update, context: Context) -> None:
    """What can be done with a read-back besides agreeing to it."""
    assert context.match is not None
    person, verb = person_here(context), context.match["verb"]
    memory, voice = context.kith.memory, await context.voice()
    draft = None
    if person is not None:
        draft = await memory.read(agreeing.open_draft, context.match["id"], person[0], voice.now)
    if person is None or draft is None:
        return await old_button(update, context)
    if verb == "more":
        given = {DRAFT: draft.id, ZONE: context.kith.zone.key}
        return await conversation.begin(update, context, MORE, person[1], given)
    if verb == "change" and voice.locale == EASY:
        await answer(update, context)
        await show(update, context, _which_change(voice, draft))
        return None
    if verb == "change":
        return await _cards(update, context, person[1], draft.supporter)
    await answer(update, context)
    if verb == "not_now":
        return await say(update, context, Message(Text("agreement", "kept")), edit=True)
    await show(update, context, await memory.read(_tried, voice, draft), edit=False)
    return None


async def pressed(update: Update, context: Context) -> None:
    """A button that is an act: who pressed it is asked again there."""
    assert context.match is not None
    await tapped(update, context, TAPS[context.match["verb"]], context.match["id"], edit=True)


async def stop(update: Update, context: Context) -> None:
    """One press, one confirmation."""
    assert context.match is not None
    person = person_here(context)
    voice = await context.voice()
    shown = None
    if person is not None:
        shown = await context.kith.memory.read(_sure, voice, person[0], context.match["id"])
    if shown is None:
        return await old_button(update, context)
    await answer(update, context)
    await show(update, context, shown, edit=False)
    return None


async def end_all(update: Update, context: Context) -> None:
    await tapped(update, context, agreeing.stop_all, edit=True)


async def keep(update: Update, context: Context) -> None:
    """Nothing is stopped."""
    if person_here(context) is None:
        return await old_button(update, context)
    await answer(update, context)
    return await say(update, context, Message(Text("agreement", "still_shared")), edit=True)


# --- screens ------------------------------------------------------------------------------


def _overview(c: Connection, voice: Voice, person: str, since: int = 0) -> Screen:
    """Each supporter with what they may know, and the way to change it or to stop.

    In Easy Read a few names, and what each may know behind their name.
    """
    lines: list[tuple[Text, Mapping[str, Param]]] = []
    rows: list[tuple[Button, ...]] = []
    stopping = () if voice.locale == EASY else stops(c, voice, person)
    for place in around.circle_of(c, person):
        shared = agreeing.shared(c, place.id, voice.now)
        name = circle.name(c, place.member)
        known = _known(voice, shared.active)
        who: dict[str, Param] = {"name": name, "role": ROLES[place.role], "topics": known}
        line = Text("agreement", "may_know") if known else Text("agreement", "may_know_nothing")
        lines.append((line, who))
        if shared.draft is not None:
            lines.append((Text("agreement", "not_finished"), {"name": name}))
        rows.append((Button(name[:64], f"agreement:with:{place.id}:0"),))
        rows += [(button,) for of, button in stopping if of == place.id]
    if not rows:
        return screen(voice, voice.say(Text("agreement", "nobody_here")))
    if voice.locale == EASY:
        names = a_few(voice, tuple(rows), since, "agreement:people:-:{}".format, FEW - 1)
        asks = voice.say(Text("agreement", "overview"), people="")
        return screen(voice, asks, (*names, (_help(voice),), *stop_below(c, voice, person)))
    rows += [(button,) for of, button in stopping if of is None]
    rows.append((_help(voice),))
    return screen(
        voice, voice.say(Text("agreement", "overview"), people=Lines(tuple(lines))), tuple(rows)
    )


def _known(voice: Voice, active: Agreement | None) -> list[str]:
    shared = () if active is None else active.rows
    told = [row.topic for row in shared if row.choice in (Choice.SHARE, Choice.ASK)]
    return [voice.label(TOPICS[topic]) for topic in TOPICS if topic in told]


def _help(voice: Voice) -> Button:
    return Button(voice.label(Text("preparing", "ask_someone")), "preparing:ask:-:0")


def stops(c: Connection, voice: Voice, person: str) -> list[tuple[str | None, Button]]:
    """A button for each supporter something is shared with, and one for all of them."""
    found: list[tuple[str | None, Button]] = []
    for place in around.circle_of(c, person):
        if agreeing.shared(c, place.id, voice.now).active is not None:
            name = circle.name(c, place.member)
            found.append((place.id, _stop_button(voice, place.id, name)))
    if found:
        label = voice.label(Text("agreement", "stop_all"))
        found.append((None, Button(label, "agreement:stop:-:0")))
    return found


def stop_below(c: Connection, voice: Voice, person: str) -> Rows:
    """The same as rows below others. In Easy Read it is one button; who is left alone with their
    own is behind their name."""
    found = [button for _, button in stops(c, voice, person)]
    if voice.locale == EASY:
        found = found[:1] if len(found) == 2 else found[-1:]
    return tuple((button,) for button in found)


def _stop_button(voice: Voice, place: str, name: Param) -> Button:
    label = voice.label(Text("agreement", "stop_with"), carer=name)
    return Button(label[:64], f"agreement:stop:{place}:0")


def _stoppable(c: Connection, voice: Voice, person: str, since: int = 0) -> Screen:
    rows = tuple((button,) for _, button in stops(c, voice, person))
    text = Text("agreement", "stop_with_whom") if rows else Text("agreement", "nothing_shared")
    return screen(voice, voice.say(text), a_few(voice, rows, since, "agreement:stops:-:{}".format))


def _sure(c: Connection, voice: Voice, person: str, id: str) -> Screen | None:
    """ "Do you want to stop?", for one supporter or ("-") for all."""
    place = _around(c, person, id)
    if place is None and id != "-":
        return None
    if place is None:
        asks, yes = voice.say(Text("agreement", "really_all")), "agreement:end_all:-:0"
    else:
        name = circle.name(c, place.member)
        asks = voice.say(Text("agreement", "really"), carer=name)
        yes = f"agreement:end:{place.id}:0"
    return screen(
        voice,
        asks,
        (
            (Button(voice.label(Text("agreement", "yes_stop")), yes),),
            (Button(voice.label(Text("agreement", "no_keep")), "agreement:keep:-:0"),),
        ),
    )


def _holds(c: Connection, voice: Voice, active: Agreement) -> Screen:
    """What one supporter may know now."""
    params = filled(c, voice, Message(Text("agreement", "holds"), {"agreement": active.id}))
    change = Button(
        voice.label(Text("agreement", "change")), f"agreement:anew:{active.supporter}:0"
    )
    stop = _stop_button(voice, active.supporter, params["carer"])
    return screen(
        voice,
        voice.say(Text("agreement", "holds"), **params),
        ((change,), (stop,), (_help(voice),)),
    )


def _which_change(voice: Voice, draft: Agreement) -> Screen:
    """In Easy Read: all of it once more, or one thing."""
    again = Button(
        voice.label(Text("agreement", "all_cards")), f"agreement:anew:{draft.supporter}:0"
    )
    more = Button(
        voice.label(Text("agreement", "more_choices")), f"agreement:more:{draft.id}:{draft.version}"
    )
    return screen(voice, voice.say(Text("agreement", "which_change")), ((again,), (more,)))


def _tried(c: Connection, voice: Voice, draft: Agreement) -> Screen:
    """What these choices would have meant lately, beside the buttons of the read-back."""
    found = agreeing.tried(c, draft, voice.now)
    asked = {True: Text("agreement", "tried_asked"), False: Text("agreement", "tried_told")}
    lines = Lines(
        tuple((asked[one.asked], {"at": one.at, "topic": TOPICS[one.topic]}) for one in found)
    )
    read_back = care.read_back(draft)
    params = filled(c, voice, read_back)
    text = TRIED.get(len(found), Text("agreement", "tried"))
    said = voice.say(text, carer=params["carer"], count=len(found), messages=lines)
    buttons = presses(voice, SHAPES[Text("agreement", "tried")], read_back, **params)
    return screen(voice, said, buttons)


def _around(c: Connection, person: str, place: str) -> Membership | None:
    return next((one for one in around.circle_of(c, person) if one.id == place), None)


PAGES: Mapping[str, Callable[[Connection, Voice, str, int], Screen]] = {
    "people": _overview,
    "stops": _stoppable,
}


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("agreement", agreement),
    command("stop_sharing", stop_sharing),
    CallbackQueryHandler(turned, r"^agreement:(?P<page>people|stops):-:(?P<since>\d{1,3})$"),
    CallbackQueryHandler(with_one, r"^agreement:with:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(anew, r"^agreement:anew:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(review, r"^agreement:review:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(stop, r"^agreement:stop:(?P<id>\w+|-):\d+$"),
    CallbackQueryHandler(end_all, r"^agreement:end_all:-:\d+$"),
    CallbackQueryHandler(keep, r"^agreement:keep:-:\d+$"),
    CallbackQueryHandler(
        on_draft, r"^agreement:(?P<verb>more|try|change|not_now):(?P<id>\w+):\d+$"
    ),
    CallbackQueryHandler(pressed, rf"^agreement:(?P<verb>{'|'.join(TAPS)}):(?P<id>\w+):\d+$"),
]
