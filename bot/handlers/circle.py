"""`/circle`: who is around the person or in the team, who supports whom, and whose role ends."""

from collections.abc import Iterable

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import LEADS, STAFF_ROLES, Membership, Role
from bot.care.outcome import Message
from bot.care.text import Text
from bot.flows.circle import SUPPORT
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, answer, screen, show
from bot.handlers.taps import asked_once_more, old_button, say, tapped
from bot.i18n import Voice
from bot.outbox.render import Button
from bot.outbox.roles import acting_as
from bot.store import Connection, circle, leaving


async def show_circle(update: Update, context: Context) -> None:
    """The person sees everyone around them; staff, those of the people they support."""
    assert context.who is not None
    held = context.who.acting(STAFF_ROLES | {Role.PERSON})
    if not held:
        return await say(update, context, Message(Text("circle", "not_for_you")))
    voice = await context.voice()
    for one in held:
        await show(update, context, await context.kith.memory.read(_circle, voice, one))
    return None


async def support(update: Update, context: Context) -> None:
    """Who supports whom: for leads, in the role the button belongs to."""
    assert context.who is not None and context.match is not None
    for held in context.who.acting(LEADS):
        if held.id == context.match["id"]:
            return await conversation.begin(update, context, SUPPORT, held.id)
    return await old_button(update, context)


async def which(update: Update, context: Context) -> None:
    """Whose role is to end? Each is a button."""
    assert context.who is not None
    voice = await context.voice()
    await answer(update, context)
    shown = await context.kith.memory.read(_endable, voice, context.who.member.id)
    await show(update, context, shown)


async def sure(update: Update, context: Context) -> None:
    await asked_once_more(update, context, _sure)


async def end(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, leaving.end_membership, context.match["id"])


def _circle(c: Connection, voice: Voice, held: Membership) -> Screen:
    """One role's view: a title, a line for each one, and what can be changed."""
    if held.role is Role.PERSON:
        title = voice.say(Text("circle", "around_you"))
        body = _around(c, voice, held.member)
    else:
        title = voice.say(Text("circle", "team"), team=circle.team(c, held.team).name)
        body = _lines(c, voice, _staff(c, held.team))
        for person in circle.people_supported(c, held.member):
            if circle.team_of(c, person.id) == held.team:
                body += ["", voice.say(Text("circle", "around"), name=person.name)]
                body += _around(c, voice, person.id)
    rows = []
    if held.role in LEADS:
        label = voice.label(Text("circle", "who_supports_whom"))
        rows.append((Button(label, f"circle:support:{held.id}:0"),))
    if leaving.endable(c, held.member):
        label = voice.label(Text("circle", "end_a_role"))
        rows.append((Button(label, f"circle:which:{held.id}:0"),))
    return screen(voice, "\n".join([title, *body]), tuple(rows))


def _around(c: Connection, voice: Voice, person: str) -> list[str]:
    """The person's key worker, and their carers and advocates."""
    workers = [
        voice.say(Text("circle", "key_worker_line"), name=member.name)
        for member in circle.key_workers(c, person)
    ]
    return [*workers, *_lines(c, voice, circle.around(c, person))]


def _staff(c: Connection, team: str) -> list[Membership]:
    return [m for m in circle.in_team(c, team) if m.role in STAFF_ROLES]


def _lines(c: Connection, voice: Voice, held: Iterable[Membership]) -> list[str]:
    return [
        voice.say(
            Text("circle", "line"), name=circle.name(c, m.member), role=acting_as(c, voice, m)
        )
        for m in held
    ]


def _endable(c: Connection, voice: Voice, by: str) -> Screen:
    rows = tuple(
        (Button(_label(c, voice, m)[:64], f"circle:sure:{m.id}:0"),) for m in leaving.endable(c, by)
    )
    return screen(voice, voice.say(Text("circle", "whose_role")), rows)


def _sure(c: Connection, voice: Voice, id: str, by: str) -> Screen | None:
    for ending in leaving.endable(c, by):
        if ending.id == id:
            text = voice.say(
                Text("circle", "really"),
                name=circle.name(c, ending.member),
                role=acting_as(c, voice, ending),
            )
            button = Button(voice.label(Text("circle", "yes_end")), f"circle:end:{id}:0")
            return screen(voice, text, ((button,),))
    return None


def _label(c: Connection, voice: Voice, held: Membership) -> str:
    role = acting_as(c, voice, held)
    return voice.label(Text("circle", "line"), name=circle.name(c, held.member), role=role)


HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("circle", show_circle),
    CallbackQueryHandler(support, r"^circle:support:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(which, r"^circle:which:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(sure, r"^circle:sure:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(end, r"^circle:end:(?P<id>\w+):\d+$"),
]
