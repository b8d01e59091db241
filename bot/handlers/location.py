"""Where somebody is, as it is said in the chat: `/my_location`, what they send, and who looks."""

from datetime import datetime, timedelta
from functools import partial

from telegram import Message as Sent
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot.care.journey import Journey
from bot.care.location import Opens, Spot
from bot.care.outcome import Message
from bot.care.text import Text
from bot.handlers.commands import command
from bot.handlers.context import Context, cause
from bot.handlers.journey import person_here
from bot.handlers.screen import answer, screen, show
from bot.handlers.shared_phone import somebody_else, somebody_else_by_now
from bot.handlers.taps import act_on, old_button, say, tapped
from bot.outbox.render import Button
from bot.store import Connection
from bot.store import journey as journeys
from bot.store import location as locations

OFF = "off"
CHOICES = {
    Opens.FIRST.value: Text("location", "first"),
    Opens.SECOND.value: Text("location", "second"),
    Opens.LAST.value: Text("location", "last"),
    OFF: Text("location", "nobody"),
}

NOW = timedelta(minutes=15)
"""So long after somebody sent where they are `Yes` still means there."""

EXACT = 100_000
"""Parts of a degree that a button carries: about a metre."""


async def ask(update: Update, context: Context) -> None:
    """`/my_location`: who may look where they are, and when; asked of the person alone."""
    if person_here(context) is None:
        return await say(update, context, Message(Text("journey", "for_the_person")))
    if not await somebody_else(update, context, "location:me:-:0"):
        await _show(update, context)
    return None


async def its_me(update: Update, context: Context) -> None:
    """`Yes, it's me`, on a phone that others use too."""
    if person_here(context) is None:
        return await old_button(update, context)
    await answer(update, context)
    return await _show(update, context)


async def _show(update: Update, context: Context) -> None:
    assert context.who is not None
    voice = await context.voice()
    wish = await context.kith.memory.read(locations.chosen, context.who.member.id)
    stands = OFF if wish is None else wish.opens.value
    rows = tuple(
        (Button(("✓ " if id == stands else "") + voice.label(label), f"location:{id}:-:0"),)
        for id, label in CHOICES.items()
    )
    await show(update, context, screen(voice, voice.say(Text("location", "who_may_look")), rows))


async def chose(update: Update, context: Context) -> None:
    """On, from which rung; or off."""
    assert context.match is not None
    verb = context.match["verb"]
    act = locations.off if verb == OFF else partial(locations.choose, opens=Opens(verb))
    if person_here(context) is None:
        return await old_button(update, context)
    if not await somebody_else_by_now(update, context):
        await tapped(update, context, act, edit=True)
    return None


# --- what somebody who is out sends -------------------------------------------------------


async def heard(update: Update, context: Context) -> bool:
    """Whether this is where somebody who is out is. It is theirs: no talk reads it."""
    message, person = update.message, person_here(context)
    if message is None or person is None or not _is_theirs(message):
        return False
    running, wish = await context.kith.memory.read(_standing, person[0])
    if running is None:
        return False
    now = await context.kith.memory.now()
    where = _spot(message, message.date, now)
    if wish:
        await tapped(update, context, locations.sent, running.id, where)
    else:
        await _ask_to_show(update, context, running, where)
    return True


async def moved(update: Update, context: Context) -> None:
    """A live location goes on: the newest point takes the place of the one before."""
    message, person = update.edited_message, person_here(context)
    if message is None or person is None or not _is_theirs(message):
        return
    running, wish = await context.kith.memory.read(_standing, person[0])
    if running is not None and wish:
        now = await context.kith.memory.now()
        where = _spot(message, message.edit_date or message.date, now)
        await act_on(update, context, partial(locations.sent, moves=True), running.id, where)


async def _ask_to_show(update: Update, context: Context, running: Journey, where: Spot) -> None:
    """Nothing is kept before they say yes: until then it is in their own chat alone."""
    voice = await context.voice()
    act = locations.offer_to_show
    to = await context.kith.memory.write(act, running, where, voice.now, cause(update))
    if to is None:
        return await say(update, context, Message(Text("location", "nobody_to_show")))
    at = int(where.at.timestamp()) // 60
    data = f"{to.id}:{where.latitude * EXACT:.0f}_{where.longitude * EXACT:.0f}_{at}"
    rows = (
        (Button(voice.label(Text("location", "yes")), f"location:yes:{data}"),),
        (Button(voice.label(Text("location", "no")), "location:no:-:0"),),
    )
    asks = voice.say(Text("location", "show_now"), member=to.name)
    await show(update, context, screen(voice, asks, rows))
    return None


async def yes(update: Update, context: Context) -> None:
    """`Yes`: this once, and soon after it was sent."""
    assert context.match is not None
    said, now = context.match, await context.kith.memory.now()
    latitude, longitude = int(said["latitude"]) / EXACT, int(said["longitude"]) / EXACT
    age = now.timestamp() - int(said["at"]) * 60
    if abs(latitude) > 90 or abs(longitude) > 180 or age > NOW.total_seconds():
        return await old_button(update, context)
    if await somebody_else_by_now(update, context):
        return None
    where = Spot(latitude, longitude, now - timedelta(seconds=max(0.0, age)))
    await tapped(update, context, locations.show, said["id"], where, edit=True)
    return None


async def no(update: Update, context: Context) -> None:
    """`No`: nothing was kept, and nothing is."""
    await answer(update, context)
    await say(update, context, Message(Text("location", "forgotten")), edit=True)


def _standing(c: Connection, person: str) -> tuple[Journey | None, bool]:
    return journeys.running(c, person), locations.chosen(c, person) is not None


def _is_theirs(message: Sent) -> bool:
    """Not what somebody else has sent them, and they send on."""
    return message.location is not None and message.forward_origin is None


def _spot(message: Sent, at: datetime, now: datetime) -> Spot:
    assert message.location is not None
    return Spot(message.location.latitude, message.location.longitude, min(at, now))


# --- those who are asked ------------------------------------------------------------------


async def see(update: Update, context: Context) -> None:
    """`See where Sam is`: what it shows comes by the outbox, where the gate is asked once more."""
    assert context.match is not None
    await tapped(update, context, locations.look, context.match["id"])


_SPOT = r"(?P<latitude>-?\d{1,7})_(?P<longitude>-?\d{1,8})_(?P<at>\d{1,9})"

HANDLERS: list[BaseHandler[Update, Context, None]] = [
    command("my_location", ask),
    CallbackQueryHandler(its_me, r"^location:me:-:0$"),
    CallbackQueryHandler(chose, rf"^location:(?P<verb>{'|'.join(CHOICES)}):-:0$"),
    CallbackQueryHandler(yes, rf"^location:yes:(?P<id>\w+):{_SPOT}$"),
    CallbackQueryHandler(no, r"^location:no:-:0$"),
    CallbackQueryHandler(see, r"^location:see:(?P<id>\w+):0$"),
    MessageHandler(filters.UpdateType.EDITED_MESSAGE & filters.LOCATION, moved),
]
