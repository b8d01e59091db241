"""A tap that is an act: run it in one transaction, then show what it answers."""

from collections.abc import Callable
from typing import Any

from telegram import Update

from bot.care.circle import Member, Membership
from bot.care.outcome import Message, Outcome
from bot.flows.flow import OLD_BUTTON
from bot.handlers.context import Context, cause
from bot.handlers.retire import retire
from bot.handlers.screen import Screen, answer, show
from bot.i18n import Voice
from bot.outbox.render import Reader, render
from bot.store import Connection

Act = Callable[..., Outcome]
"""`act(c, id, by, now, cause)`: an act of the store, authorised by what it finds there."""


async def act_on(update: Update, context: Context, act: Act, *args: Any) -> Outcome:
    """Run an act for whoever is here: `act(c, *args, by, now, cause)`."""
    assert context.who is not None  # the door lets nobody else through
    memory = context.kith.memory
    now = await memory.now()
    by = context.who.member.id
    return await memory.write(act, *args, by=by, now=now, cause=cause(update))


async def tapped(
    update: Update, context: Context, act: Act, *args: Any, edit: bool = False
) -> Outcome:
    """An act behind a button; `edit`: its answer takes the question's place.

    What changes nothing is answered kindly.
    """
    outcome = await act_on(update, context, act, *args)
    if outcome == Outcome():
        await old_button(update, context)
        return outcome
    context.circle_changed |= any(isinstance(r, Member | Membership) for r in outcome.records)
    context.role_ended |= any(isinstance(r, Membership) and r.until for r in outcome.records)
    await answer(update, context)
    await retire(context, outcome)
    if outcome.said is not None:
        await say(update, context, outcome.said, edit=edit)
    return outcome


Sure = Callable[[Connection, Voice, str, str], Screen | None]
"""(c, voice, id, by): asks "are you sure?"; None when `by` may not do it."""


async def asked_once_more(
    update: Update, context: Context, sure: Sure, *, edit: bool | None = None
) -> None:
    """What cannot be taken back is asked once more, of those who may do it."""
    assert context.who is not None and context.match is not None
    voice = await context.voice()
    id, by = context.match["id"], context.who.member.id
    shown = await context.kith.memory.read(sure, voice, id, by)
    if shown is None:
        return await old_button(update, context)
    await answer(update, context)
    await show(update, context, shown, edit=edit)
    return None


async def old_button(update: Update, context: Context) -> None:
    """A button that means nothing any more."""
    voice = await context.voice()
    await answer(update, context, voice.label(OLD_BUTTON), alert=True)


async def say(update: Update, context: Context, message: Message, *, edit: bool = False) -> None:
    """Show a message of the catalogue to whoever is here, as a new screen unless `edit`."""
    await show(update, context, await screen_of(context, message), edit=edit)


async def screen_of(context: Context, message: Message) -> Screen:
    """A message of the catalogue as whoever is here reads it."""
    assert context.who is not None
    kith = context.kith
    reader = Reader(context.who.member.id, context.who.member.locale)
    now = await kith.memory.now()

    def read(c: Connection) -> Screen:
        rendered = render(c, kith.words, message, reader, kith.zone, now)
        return Screen(rendered.text, rendered.buttons)

    return await kith.memory.read(read)
