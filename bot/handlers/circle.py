"""`/circle`: who is around the person or in the team, who supports whom, and whose role ends."""

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.care.circle import APPOINTED, LEADS, SUPPORTERS, Membership, Role
from bot.care.text import Text
from bot.flows.circle import HELPS, SUPPORT, SUPPORTER
from bot.handlers import agreement as agreements
from bot.handlers import conversation
from bot.handlers.commands import command
from bot.handlers.context import Context
from bot.handlers.screen import Screen, a_few, answer, screen, show
from bot.handlers.taps import asked_once_more, old_button, tapped
from bot.i18n import EASY, Voice
from bot.outbox.render import Button, Rows
from bot.outbox.roles import acting_as
from bot.reports import circle as reports
from bot.store import Connection, agreement, around, authority, circle, leaving, supporter


async def show_circle(update: Update, context: Context) -> None:
    """The person sees everyone around them; staff, their team's people too; a supporter, their
    own line."""
    assert context.who is not None
    voice = await context.voice()
    for one in context.who.memberships:
        await show(update, context, await context.kith.memory.read(_circle, voice, one))


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


async def names(update: Update, context: Context) -> None:
    """The next of those around the person here."""
    assert context.who is not None and context.match is not None
    if not context.who.acting([Role.PERSON]):
        return await old_button(update, context)
    voice, person = await context.voice(), context.who.member.id
    await answer(update, context)
    shown = await context.kith.memory.read(_further, voice, person, int(context.match["since"]))
    await show(update, context, shown)
    return None


# --- the person, about one of those around them -------------------------------------------


async def one(update: Update, context: Context) -> None:
    await asked_once_more(update, context, _one)


async def pause(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, supporter.pause, context.match["id"])


async def resume(update: Update, context: Context) -> None:
    assert context.match is not None
    await tapped(update, context, supporter.resume, context.match["id"])


async def helps(update: Update, context: Context) -> None:
    """What do they help with? In the person's words."""
    assert context.who is not None and context.match is not None
    id, by = context.match["id"], context.who.member.id
    held = await context.kith.memory.read(_theirs, id, by)
    person = context.who.acting([Role.PERSON])
    if held is None or not person:
        return await old_button(update, context)
    return await conversation.begin(update, context, HELPS, person[0].id, {SUPPORTER: held.id})


# --- screens ------------------------------------------------------------------------------


def _circle(c: Connection, voice: Voice, held: Membership) -> Screen:
    """One role's view, and what can be changed from here."""
    if held.role in SUPPORTERS:
        return screen(voice, reports.for_supporter(c, voice, held), _own(c, voice, held))
    rows: Rows = ()
    if held.role is Role.PERSON:
        text = reports.for_person(c, voice, held.member)
        rows = _names(c, voice, held.member, 0) + agreements.stop_below(c, voice, held.member)
    else:
        text = reports.for_team(c, voice, held.team)
    if held.role in LEADS:
        label = voice.label(Text("circle", "who_supports_whom"))
        rows += ((Button(label, f"circle:support:{held.id}:0"),),)
    own = held.role is Role.PERSON and voice.locale == EASY  # there it is behind each name
    if leaving.endable(c, held.member) and not own:
        label = voice.label(Text("circle", "end_a_role"))
        rows += ((Button(label, f"circle:which:{held.id}:0"),),)
    return screen(voice, text, rows)


def _names(c: Connection, voice: Voice, person: str, since: int) -> Rows:
    rows = tuple(
        (Button(circle.name(c, m.member)[:64], f"circle:one:{m.id}:0"),)
        for m in around.circle_of(c, person)
    )
    return a_few(voice, rows, since, "circle:names:-:{}".format)


def _further(c: Connection, voice: Voice, person: str, since: int) -> Screen:
    rows = _names(c, voice, person, since) + agreements.stop_below(c, voice, person)
    return screen(voice, reports.for_person(c, voice, person), rows)


def _own(c: Connection, voice: Voice, held: Membership) -> Rows:
    """An attorney or a deputy says here what they want to be told."""
    if held.role not in APPOINTED or authority.of(c, held.id, voice.now) is None:
        return ()
    label = voice.label(Text("authority", "what_i_am_told"))
    return ((Button(label, f"authority:own:{held.id}:0"),),)


def _theirs(c: Connection, id: str, by: str) -> Membership | None:
    """One of those around this person, as long as they are."""
    return next((m for m in around.circle_of(c, by) if m.id == id), None)


def _one(c: Connection, voice: Voice, id: str, by: str) -> Screen | None:
    held = _theirs(c, id, by)
    if held is None:
        return None
    name = circle.name(c, held.member)
    turn = (
        Button(voice.label(Text("circle", "pause"), name=name)[:64], f"circle:pause:{id}:0")
        if held.paused_at is None
        else Button(voice.label(Text("circle", "resume"), name=name)[:64], f"circle:resume:{id}:0")
    )
    shared = agreement.active(c, id, voice.now)
    stop = Button(
        voice.label(Text("agreement", "stop_with"), carer=name)[:64], f"agreement:stop:{id}:0"
    )
    helps = voice.label(Text("circle", "what_helps"), name=name)[:64]
    leave = voice.label(Text("circle", "remove"), name=name)[:64]
    rows: Rows = (
        (Button(voice.label(Text("circle", "what_we_share")), f"agreement:with:{id}:0"),),
        *(((stop,),) if shared else ()),
        (turn,),
        (Button(helps, f"circle:helps:{id}:0"),),
        (Button(leave, f"circle:sure:{id}:0"),),
    )
    return screen(voice, "\n".join(reports.supporter(c, voice, held)), rows)


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
    CallbackQueryHandler(names, r"^circle:names:-:(?P<since>\d{1,3})$"),
    CallbackQueryHandler(which, r"^circle:which:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(sure, r"^circle:sure:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(end, r"^circle:end:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(one, r"^circle:one:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(pause, r"^circle:pause:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(resume, r"^circle:resume:(?P<id>\w+):\d+$"),
    CallbackQueryHandler(helps, r"^circle:helps:(?P<id>\w+):\d+$"),
]
