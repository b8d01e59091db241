"""What everybody can ask for at any time, and kind answers to what nothing else understood."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot.care.circle import STAFF_ROLES, SUPPORTERS, Role
from bot.care.text import Text
from bot.flows.leave import LEAVE
from bot.flows.profile import CHANNELS, MEMBER, PROFILE, STAFF
from bot.handlers import conversation
from bot.handlers.commands import MEANS, command, for_roles
from bot.handlers.context import Context, Numbers
from bot.handlers.screen import Screen, answer, screen, show, which_role
from bot.handlers.taps import old_button
from bot.i18n import Safe, Voice
from bot.outbox.render import CARD, Button, Rows

PRIVACY: Mapping[Role, Text] = {
    Role.PERSON: Text("privacy", "person"),
    **{role: Text("privacy", "carer") for role in sorted(SUPPORTERS)},
    **{role: Text("privacy", "staff") for role in sorted(STAFF_ROLES)},
}


def card(voice: Voice, numbers: Numbers) -> Screen:
    """The emergency card: whom to ring now. Never edited over, so that nothing is lost by it."""
    text = voice.say(
        Text("card", "card"),
        emergency=numbers.emergency,
        crisis=numbers.crisis,
        samaritans=numbers.samaritans,
        shout=numbers.shout,
    )
    return Screen(text)


def help_text(voice: Voice, roles: Iterable[Role]) -> Safe:
    """What Kith is, and a line for each command these roles may use."""
    lines = (f"/{name} – {voice.say(MEANS[name])}" for name in for_roles(roles))
    return Safe("\n".join((voice.say(Text("general", "help")), "", *lines)))


def privacy_text(voice: Voice, roles: Iterable[Role]) -> Safe:
    """What is kept of somebody in these roles, who sees it, and what nobody can promise."""
    own = [Text("howami", "privacy")] if SUPPORTERS & {*roles} else []
    last = (*own, Text("privacy", "everyone"))
    parts = dict.fromkeys((*(PRIVACY[role] for role in sorted(roles)), *last))
    return Safe("\n\n".join(voice.say(part) for part in parts))


async def show_help(update: Update, context: Context) -> None:
    """`/help`; the person who is out is answered by the outing instead."""
    voice = await context.voice()
    await show(update, context, screen(voice, help_text(voice, _roles(context))))


async def show_privacy(update: Update, context: Context) -> None:
    """`/privacy`"""
    voice = await context.voice()
    await show(update, context, screen(voice, privacy_text(voice, _roles(context))))


async def show_card(update: Update, context: Context) -> None:
    """The button that is on every screen. The screen it was on stays as it is."""
    await answer(update, context)
    voice = await context.voice()
    shown = replace(card(voice, context.kith.numbers), buttons=_human(context, voice))
    await show(update, context, shown, edit=False)


def _human(context: Context, voice: Voice) -> Rows:
    """The way to a human of somebody who is supported; nothing for anybody else."""
    if context.who is None or not context.who.acting([Role.PERSON]):
        return ()
    return ((Button(voice.label(Text("words", "ask_to_ring")), "words:ring:-:0"),),)


async def cry(update: Update, context: Context) -> None:
    """Help was typed at home: whom to ring, and how the team is asked to."""
    voice = await context.voice()
    said = voice.say(Text("general", "cry"))
    await show(update, context, screen(voice, said, _human(context, voice)))


async def me(update: Update, context: Context) -> None:
    """`/me`: how should Kith write to you? Staff also: how else can it reach you?"""
    assert context.who is not None
    channels = context.kith.channels if context.who.acting(STAFF_ROLES) else ()
    given = {MEMBER: context.who.member.id, CHANNELS: " ".join(channels)}
    if context.who.acting(STAFF_ROLES):
        given[STAFF] = "yes"
    await conversation.begin(update, context, PROFILE, None, given)


async def leave(update: Update, context: Context) -> None:
    """`/leave`: asks first; with several roles, asks which."""
    assert context.who is not None
    held = context.who.memberships
    if len(held) == 1:
        await conversation.begin(update, context, LEAVE, held[0].id)
        return
    await which_role(update, context, Text("leave", "which"), held, "general:leave")


async def leave_this(update: Update, context: Context) -> None:
    """One of several roles was picked to be left."""
    assert context.who is not None and context.match is not None
    chosen = context.match["id"]
    if chosen not in {m.id for m in context.who.memberships}:
        await old_button(update, context)
        return
    await conversation.begin(update, context, LEAVE, chosen)


async def unknown(update: Update, context: Context) -> None:
    """Words, a photo or a place that no question asked for: say truthfully that nobody read it."""
    voice = await context.voice()
    said = voice.say(Text("general", "unknown"))
    await show(update, context, screen(voice, said, _human(context, voice)))


async def unknown_command(update: Update, context: Context) -> None:
    voice = await context.voice()
    await show(update, context, screen(voice, voice.say(Text("general", "unknown_command"))))


async def edited(update: Update, context: Context) -> None:
    """A message that was changed afterwards runs nothing a second time."""
    voice = await context.voice()
    await show(update, context, screen(voice, voice.say(Text("general", "edited"))))


def handlers() -> list[BaseHandler[Update, Context, None]]:
    """The last handlers of their group: what they take, nothing after them sees."""
    return [
        command("help", show_help),
        command("privacy", show_privacy),
        command("me", me),
        command("leave", leave),
        CallbackQueryHandler(show_card, f"^{CARD}$"),
        CallbackQueryHandler(leave_this, r"^general:leave:(?P<id>\w+):\d+$"),
        CallbackQueryHandler(old_button),
        MessageHandler(filters.UpdateType.MESSAGE & filters.COMMAND, unknown_command),
        MessageHandler(filters.UpdateType.EDITED_MESSAGE & filters.TEXT, edited),
    ]


def _roles(context: Context) -> frozenset[Role]:
    return context.who.roles if context.who is not None else frozenset()
