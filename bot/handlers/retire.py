"""What is over loses its buttons, on every phone it was sent to. A lost edit does no harm."""

from contextlib import suppress

from telegram.error import TelegramError

from bot.care import escalation, journey
from bot.care.escalation import Escalation
from bot.care.journey import Journey
from bot.care.outcome import Outcome
from bot.care.text import Text
from bot.handlers.context import Context
from bot.store import outbox

STAYS = (Text("journey", "home"), Text("journey", "home_after_alert"))
"""How it went may be said after it is over."""


async def retire(context: Context, outcome: Outcome) -> None:
    """Take the buttons off every message about an outing or an alert that this has ended."""
    for record in outcome.records:
        match record:
            case Journey(state=journey.State.HOME):
                await _strip(context, "journey", record.id)
            case Escalation(state=escalation.State.CLOSED):
                await _strip(context, "escalation", record.id)


async def _strip(context: Context, about: str, id: str) -> None:
    for chat, message in await context.kith.memory.read(outbox.sent_about, about, id, STAYS):
        with suppress(TelegramError):
            await context.bot.edit_message_reply_markup(chat, message)
