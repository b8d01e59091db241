"""Where others use the phone too: it is asked who is there before anything is shown."""

from datetime import timedelta

from telegram import Message, Update

from bot.care.text import Text
from bot.handlers.context import Context
from bot.handlers.screen import answer, screen, show
from bot.handlers.taps import Act, tapped
from bot.outbox.render import Button
from bot.store import profile

AT_HAND = timedelta(minutes=5)
"""So long after a screen was shown its buttons are pressed by whoever it was shown to."""


async def somebody_else(update: Update, context: Context, yes: str) -> bool:
    """Whether it might be: it is asked, and looks the same whether there is something to read or
    not. `yes` is the callback data of `Yes, it's me`."""
    assert context.who is not None
    member = context.who.member
    own = await context.kith.memory.read(profile.profile, member.id)
    if not own.shared_phone:
        return False
    voice = await context.voice()
    rows = (
        (Button(voice.label(Text("news", "its_me")), yes),),
        (Button(voice.label(Text("news", "not_me")), "news:not_me:-:0"),),
    )
    asks = voice.say(Text("news", "is_it_you"), name=member.name)
    await show(update, context, screen(voice, asks, rows), edit=False)
    return True


async def unless_somebody_else(
    update: Update, context: Context, yes: str, look: Act, *of: str
) -> None:
    """One of several was picked: it is looked at, or asked first who is there."""
    if await somebody_else(update, context, yes):
        return await answer(update, context)
    await tapped(update, context, look, *of)
    return None


async def somebody_else_by_now(update: Update, context: Context) -> bool:
    """The same for a button of a screen that was shown a while ago, and still stands in the chat:
    `Yes, it's me` presses it."""
    query = update.callback_query
    assert query is not None and query.data is not None
    stands, now = query.message, await context.kith.memory.now()
    if isinstance(stands, Message) and now - (stands.edit_date or stands.date) <= AT_HAND:
        return False
    asked = await somebody_else(update, context, query.data)
    if asked:
        await answer(update, context)
    return asked
