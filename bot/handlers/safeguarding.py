"""`/safeguarding`: what only a safeguarding lead or a manager may do, and what they look at."""

from datetime import datetime

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import Membership, Role
from bot.care.concern import Kind
from bot.care.outcome import Message
from bot.care.text import Text
from bot.flows import guarding as guards
from bot.flows.glass import GLASS, ONCE, REVIEW
from bot.flows.guarding import FORBID
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.staff import Supported, in_role, supported
from bot.handlers.taps import old_button, say, tapped
from bot.i18n import Voice
from bot.outbox.render import Button
from bot.outbox.topics import TOPICS
from bot.store import Connection, agreeing, circle, glass, guarding
from bot.store import concern as concerns

LEAD = (Role.SAFEGUARDING_LEAD,)

LINES = {
    Kind.SAFETY: Text("concern", "line"),
    Kind.DISAGREE: Text("complaint", "line_disagree"),
    Kind.COMPLAINT: Text("complaint", "line"),
    Kind.ASSESSMENT: Text("howami", "line"),
}
"""What waits for whoever looks, and for nobody else."""


async def safeguarding(update: Update, context: Context) -> None:
    """About whom? With one person there is nothing to ask."""
    assert context.who is not None
    held = context.who.acting(glass.SENIORS)
    if not held:
        return await say(update, context, Message(Text("safeguarding", "for_seniors")))
    people = await context.kith.memory.read(supported, context.who.member.id, held)
    voice = await context.voice()
    if len(people) == 1:
        return await _shown(update, context, await _menu(context, voice, people[0]))
    rows = tuple((Button(name[:64], f"safeguarding:menu:{id}:0"),) for id, name, _ in people)
    asks = Text("decision", "about_whom") if people else Text("decision", "nobody_supported")
    return await _shown(update, context, screen(voice, voice.say(asks), rows))


async def menu(update: Update, context: Context) -> None:
    found = await _of(update, context, glass.SENIORS)
    if found is not None:
        await answer(update, context)
        await _shown(update, context, await _menu(context, await context.voice(), found))


async def forbid(update: Update, context: Context) -> None:
    """Never tell somebody about something: the lead alone."""
    found = await _of(update, context, LEAD)
    if found is not None:
        given = {guards.PERSON: found[0]}
        await conversation.begin(update, context, FORBID, found[2].id, given)


async def once(update: Update, context: Context) -> None:
    """Tell one thing once, against the choices."""
    found = await _of(update, context, glass.SENIORS)
    if found is not None:
        given = {guards.PERSON: found[0]}
        await conversation.begin(update, context, ONCE, found[2].id, given)


async def rails(update: Update, context: Context) -> None:
    """The guardrails that stand: each is a button."""
    assert context.who is not None
    found = await _of(update, context, LEAD)
    if found is not None:
        await answer(update, context)
        voice, by = await context.voice(), context.who.member.id
        shown = await context.kith.memory.read(_rails, voice, found, by)
        await _shown(update, context, shown)


async def rail(update: Update, context: Context) -> None:
    """One guardrail, why, and the way to end it."""
    assert context.who is not None and context.match is not None
    voice, by = await context.voice(), context.who.member.id
    shown = await context.kith.memory.read(_rail, voice, context.match["id"], by)
    if shown is None:
        return await old_button(update, context)
    await answer(update, context)
    return await _shown(update, context, shown)


async def end(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, guarding.end, context.match["id"], edit=True)


async def review(update: Update, context: Context) -> None:
    """Somebody else than who did it looks at it."""
    assert context.who is not None and context.match is not None
    id, by = context.match["id"], context.who.member.id
    memory, acting = context.kith.memory, context.who.acting(glass.REVIEWERS)
    held = await memory.read(_reviewer, id, by, acting, await memory.now())
    if held is None:
        return await old_button(update, context)
    return await conversation.begin(update, context, REVIEW, held.id, {GLASS: id})


async def _of(update: Update, context: Context, roles: tuple[Role, ...]) -> Supported | None:
    """The person whose button it is, if whoever is here leads their team in one of these roles."""
    assert context.who is not None and context.match is not None
    held = context.who.acting(roles)
    by, person = context.who.member.id, context.match["id"]
    found = await context.kith.memory.read(in_role, by, person, held)
    if found is None:
        await old_button(update, context)
    return found


async def _shown(update: Update, context: Context, shown: Screen) -> None:
    await show(update, context, shown, edit=False)


# --- screens ------------------------------------------------------------------------------


async def _menu(context: Context, voice: Voice, of: Supported) -> Screen:
    assert context.who is not None
    return await context.kith.memory.read(_choices, voice, of, context.who.member.id)


def _choices(c: Connection, voice: Voice, of: Supported, by: str) -> Screen:
    person, name, _ = of
    rows = [(Button(voice.label(Text("safeguarding", "once")), f"safeguarding:once:{person}:0"),)]
    if guarding.leads(c, by, person, LEAD):
        verbs = {
            "forbid": Text("safeguarding", "forbid"),
            "rails": Text("safeguarding", "rails"),
        }
        rows += [
            (Button(voice.label(label), f"safeguarding:{verb}:{person}:0"),)
            for verb, label in verbs.items()
        ]
    for broken in glass.to_review(c, person, by, voice.now):
        label = voice.label(Text("safeguarding", "to_review"), at=broken.since)
        rows.append((Button(label[:64], f"safeguarding:review:{broken.id}:0"),))
    for kept in concerns.in_front_of(c, by, voice.now):
        if kept.person in (None, person):
            label = voice.label(LINES[kept.kind], at=kept.at)
            rows.append((Button(label[:64], f"concern:read:{kept.id}:0"),))
    return screen(voice, voice.say(Text("safeguarding", "menu"), person=name), tuple(rows))


def _rails(c: Connection, voice: Voice, of: Supported, by: str) -> Screen:
    person, name, _ = of
    rows = []
    for one in guarding.standing(c, person, by):
        carer = circle.name(c, agreeing.supporter(c, one.supporter))
        label = voice.label(Text("guarding", "line"), carer=carer, topic=TOPICS[one.topic])
        rows.append((Button(label[:64], f"safeguarding:rail:{one.id}:0"),))
    asks = Text("guarding", "standing") if rows else Text("guarding", "none")
    back = Button(voice.label(Text("general", "back")), f"safeguarding:menu:{person}:0")
    return screen(voice, voice.say(asks, person=name), (*rows, (back,)))


def _rail(c: Connection, voice: Voice, id: str, by: str) -> Screen | None:
    one = guarding.rail(c, id, by)
    if one is None:
        return None
    text = voice.say(
        Text("guarding", "one"),
        carer=circle.name(c, agreeing.supporter(c, one.supporter)),
        topic=TOPICS[one.topic],
        by=circle.name(c, one.set_by),
        since=one.since.date(),
        why=one.why,
    )
    end = Button(voice.label(Text("guarding", "end_it")), f"safeguarding:end:{id}:0")
    back = Button(voice.label(Text("general", "back")), f"safeguarding:rails:{one.person}:0")
    return screen(voice, text, ((end,), (back,)))


def _reviewer(
    c: Connection, id: str, by: str, held: list[Membership], now: datetime
) -> Membership | None:
    """The role in which this member may look at it."""
    broken = glass.glass(c, id)
    if broken is None or by not in glass.reviewers(c, broken, now) or broken.reviewed_at:
        return None
    found = in_role(c, by, broken.person, held)
    return None if found is None else found[2]


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("safeguarding", safeguarding),
    CallbackQueryHandler(menu, r"^safeguarding:menu:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(forbid, r"^safeguarding:forbid:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(once, r"^safeguarding:once:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(rails, r"^safeguarding:rails:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(rail, r"^safeguarding:rail:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(end, r"^safeguarding:end:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(review, r"^safeguarding:review:(?P<id>\w+):\d+$"),
]
