"""`/decision`: what staff write down when a person may not be able to decide one thing now."""

from collections.abc import Mapping

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import APPOINTED, STAFF_ROLES
from bot.care.outcome import Message
from bot.care.text import Text
from bot.flows import authority as authorities
from bot.flows import ground as grounds
from bot.flows import switching as switches
from bot.flows.authority import PAPERS
from bot.flows.decision import DECIDE, PERSON, RESULTS
from bot.flows.ground import ALLOW, GROUND, TOPIC
from bot.flows.switching import SWITCH
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.staff import Supported, served, worked_for
from bot.handlers.taps import old_button, say
from bot.i18n import Lines, Param, Voice
from bot.outbox.render import Button
from bot.outbox.topics import NOW, TOPICS
from bot.store import Connection, agreeing, around, authority, circle, ground, switching
from bot.store import decision as decisions


async def decision(update: Update, context: Context) -> None:
    """About whom? With one person there is nothing to ask."""
    assert context.who is not None
    held = context.who.acting(STAFF_ROLES)
    if not held:
        return await say(update, context, Message(Text("decision", "for_staff")))
    memory = context.kith.memory
    people = await memory.read(served, context.who.member.id, held, await memory.now())
    if not people:
        return await say(update, context, Message(Text("decision", "nobody_supported")))
    voice = await context.voice()
    if len(people) == 1:
        return await _shown(update, context, _menu(voice, people[0]))
    rows = tuple((Button(name[:64], f"decision:menu:{id}:0"),) for id, name, _ in people)
    return await _shown(update, context, screen(voice, voice.say(_WHOM), rows))


_WHOM = Text("decision", "about_whom")


async def menu(update: Update, context: Context) -> None:
    found = await _of(update, context)
    if found is not None:
        await answer(update, context)
        await _shown(update, context, _menu(await context.voice(), found))


async def begin(update: Update, context: Context) -> None:
    """A worry about one decision: from the first question."""
    found = await _of(update, context)
    if found is not None:
        await conversation.begin(update, context, DECIDE, found[2].id, {PERSON: found[0]})


async def switch(update: Update, context: Context) -> None:
    """Unwell, or in an emergency."""
    found = await _of(update, context)
    if found is not None:
        await conversation.begin(update, context, SWITCH, found[2].id, {switches.PERSON: found[0]})


async def papers(update: Update, context: Context) -> None:
    """The papers of an attorney or a deputy; each has to be in the circle first."""
    found = await _of(update, context)
    if found is None:
        return None
    if not await context.kith.memory.read(_appointed, found[0]):
        await answer(update, context)
        nobody = Message(Text("authority", "nobody_appointed"), {"person": found[0]})
        return await say(update, context, nobody)
    given = {authorities.PERSON: found[0]}
    return await conversation.begin(update, context, PAPERS, found[2].id, given)


def _appointed(c: Connection, person: str) -> bool:
    return any(held.role in APPOINTED for held in around.circle_of(c, person))


async def stands(update: Update, context: Context) -> None:
    """What stands now, and what can be done with it."""
    found = await _of(update, context)
    if found is not None:
        await answer(update, context)
        voice = await context.voice()
        await _shown(update, context, await context.kith.memory.read(_stands, voice, found))


async def allow(update: Update, context: Context) -> None:
    """Who may know, because of one best-interests decision?"""
    assert context.match is not None
    memory = context.kith.memory
    kept = await memory.read(decisions.decision, context.match["id"])
    found = None if kept is None else await _supports(context, kept.person)
    rests_on = await memory.read(ground.ground, context.match["id"], await memory.now())
    if kept is None or found is None or rests_on is None:
        return await old_button(update, context)
    given = {grounds.PERSON: kept.person, GROUND: kept.id}
    if len(rests_on.topics) == 1:
        given[TOPIC] = next(iter(rests_on.topics)).value
    return await conversation.begin(update, context, ALLOW, found[2].id, given)


async def _of(update: Update, context: Context) -> Supported | None:
    """The person whose button it is, if whoever is here works for them."""
    assert context.match is not None
    found = await _supports(context, context.match["id"])
    if found is None:
        await old_button(update, context)
    return found


async def _supports(context: Context, person: str) -> Supported | None:
    assert context.who is not None
    memory, held = context.kith.memory, context.who.acting(STAFF_ROLES)
    return await memory.read(worked_for, context.who.member.id, person, held, await memory.now())


async def _shown(update: Update, context: Context, shown: Screen) -> None:
    await show(update, context, shown, edit=False)


# --- screens ------------------------------------------------------------------------------


def _menu(voice: Voice, of: Supported) -> Screen:
    person, name, _ = of
    verbs = {
        "worry": Text("decision", "a_worry"),
        "switch": Text("decision", "a_switch"),
        "papers": Text("decision", "papers"),
        "stands": Text("decision", "what_stands"),
    }
    rows = tuple(
        (Button(voice.label(label), f"decision:{verb}:{person}:0"),)
        for verb, label in verbs.items()
    )
    return screen(voice, voice.say(Text("decision", "menu"), person=name), rows)


Standing = tuple[list[tuple[Text, Mapping[str, Param]]], list[tuple[Button, ...]]]
"""What stands, a line each, and the buttons to do something about it."""


def _stands(c: Connection, voice: Voice, of: Supported) -> Screen:
    person, name, _ = of
    lines: list[tuple[Text, Mapping[str, Param]]] = []
    rows: list[tuple[Button, ...]] = []
    for kind in (_decided, _switched, _stood_for):
        said, buttons = kind(c, voice, person)
        lines += said
        rows += buttons
    text = voice.say(Text("decision", "nothing_stands"), person=name)
    if lines:
        text = voice.say(Text("decision", "stands"), person=name, lines=Lines(tuple(lines)))
    back = Button(voice.label(Text("general", "back")), f"decision:menu:{person}:0")
    return screen(voice, text, (*rows, (back,)))


def _decided(c: Connection, voice: Voice, person: str) -> Standing:
    lines: list[tuple[Text, Mapping[str, Param]]] = []
    rows: list[tuple[Button, ...]] = []
    for kept in decisions.standing(c, person):
        topic = [TOPICS[one] for one in kept.left]
        params: dict[str, Param] = {
            "topic": topic,
            "result": RESULTS[kept.found],
            "by": circle.name(c, kept.by),
            "since": kept.since.date(),
            "review": kept.review_at.date(),
        }
        lines.append((Text("decision", "stands_line"), params))
        if kept.allows and voice.now < kept.review_at:
            label = voice.label(Text("decision", "who_may_know"), topic=topic)
            rows.append((Button(label[:64], f"decision:allow:{kept.id}:0"),))
    return lines, rows


def _switched(c: Connection, voice: Voice, person: str) -> Standing:
    lines: list[tuple[Text, Mapping[str, Param]]] = []
    rows: list[tuple[Button, ...]] = []
    for one in switching.standing(c, person, voice.now):
        on = one.on(voice.now)
        text = Text("switching", "line_on") if on else Text("switching", "line_waits")
        lines.append((text, {"situation": NOW[one.situation], "until": one.until}))
        label = Text("switching", "end_it") if on else Text("switching", "take_back")
        verb = "end" if on else "decline"
        rows.append((Button(voice.label(label), f"switching:{verb}:{one.id}:0"),))
    return lines, rows


def _stood_for(c: Connection, voice: Voice, person: str) -> Standing:
    lines: list[tuple[Text, Mapping[str, Param]]] = []
    rows: list[tuple[Button, ...]] = []
    for one in authority.standing(c, person, voice.now):
        name = circle.name(c, agreeing.supporter(c, one.membership))
        params: dict[str, Param] = {
            "holder": name,
            "topics": [voice.label(TOPICS[topic]) for topic in TOPICS if topic in one.topics],
            "by": circle.name(c, one.seen_by),
            "since": one.since.date(),
            "until": one.until.date(),
        }
        lines.append((Text("authority", "line"), params))
        label = voice.label(Text("authority", "end_it"), holder=name)
        rows.append((Button(label[:64], f"authority:sure:{one.id}:0"),))
    return lines, rows


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("decision", decision),
    CallbackQueryHandler(menu, r"^decision:menu:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(begin, r"^decision:worry:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(switch, r"^decision:switch:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(papers, r"^decision:papers:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(stands, r"^decision:stands:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(allow, r"^decision:allow:(?P<id>\w+):\d+$"),
]
