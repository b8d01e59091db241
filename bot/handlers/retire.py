"""What is over loses its buttons, on every phone it was sent to. A lost edit does no harm."""

import asyncio
from collections.abc import Sequence

import structlog
from telegram.error import RetryAfter, TelegramError

from bot.care import escalation, journey, stepping
from bot.care.escalation import Escalation
from bot.care.journey import Journey
from bot.care.outcome import Outcome
from bot.care.stepping import Proposal
from bot.care.text import Text
from bot.handlers.context import Context
from bot.handlers.screen import LONGEST_WAIT
from bot.store import Connection, outbox

AT_ONCE = 4
"""So many edits at once: what must be sent goes through the same Telegram."""

STAYS = (
    Text("journey", "home"),
    Text("journey", "home_after_alert"),
    Text("escalation", "finished"),
)
"""How it went may be said after it is over."""

log = structlog.get_logger(__name__)


async def retire(context: Context, outcome: Outcome) -> None:
    """Take the buttons off every message about an outing or an alert that this has ended, or a
    step of support that another has taken the place of."""
    over: list[tuple[str, str]] = []
    for record in outcome.records:
        match record:
            case Journey(state=journey.State.HOME):
                over.append(("journey", record.id))
            case Escalation(state=escalation.State.CLOSED):
                over.append(("escalation", record.id))
            case Proposal(state=stepping.State.OVERTAKEN):
                over.append(("proposal", record.id))
    if over:
        await _strip(context, await context.kith.memory.read(_sent, over))


def _sent(c: Connection, over: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    found = (sent for about, id in over for sent in outbox.sent_about(c, about, id, STAYS))
    return list(dict.fromkeys(found))


async def _strip(context: Context, messages: Sequence[tuple[int, int]]) -> None:
    turns = asyncio.Semaphore(AT_ONCE)

    async def strip(chat: int, message: int) -> None:
        async with turns:
            try:
                await context.bot.edit_message_reply_markup(chat, message)
            except RetryAfter:
                raise  # no more of them now: alerts may need the room
            except TelegramError:
                return

    try:
        async with asyncio.timeout(LONGEST_WAIT), asyncio.TaskGroup() as phones:
            for chat, message in messages:
                phones.create_task(strip(chat, message))
    except* (RetryAfter, TimeoutError):
        log.warning("buttons_left", count=len(messages))
