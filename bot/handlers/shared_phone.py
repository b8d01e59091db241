"""Where others use the phone too: it is asked who is there before anything is shown."""

from telegram import Update

from bot.care.text import Text
from bot.handlers.context import Context
from bot.handlers.screen import screen, show
from bot.outbox.render import Button
from bot.store import profile


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
