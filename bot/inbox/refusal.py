"""What stands while Telegram refuses Kith itself: its token, or its fetching.

It ends nothing. Whoever is out is still out: time, the ladder and the second way out go on.
"""

import structlog

from bot.store import alarm
from bot.store.memory import Memory
from bot.waking import Pulse

UNKNOWN = "Telegram does not know this bot's token. Check KITH_BOT_TOKEN."
ANOTHER = (
    "Another program reads this bot's messages, or a webhook is set for it. "
    "Only one may: stop the other one."
)

NO_TOKEN = frozenset({401, 404})
"""What Telegram answers to a token that it does not know; 404 where it does not look like one."""

LONGEST = 30.0
"""Real seconds between tries: soon enough once it is mended, and no quarrel with the other."""

AGAIN = 600.0
"""Real seconds after which it is said again."""

QUARREL = 2 * LONGEST
"""Of two that fetch each is heard in turn: it is over when nobody was refused for so long."""

LASTING = 120.0
"""Real seconds after which managers hear of it: a restart or a new token is sooner than that."""

log = structlog.get_logger(__name__)


class Refusal:
    """`reason`: a sentence while Telegram refuses; None while it does not."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self._said = Pulse()
        self._first, self._latest = Pulse(), Pulse()
        self._told = False

    def stands(self, reason: str) -> None:
        """Telegram has refused just now."""
        age = self._said.age
        if reason != self.reason or age is None or age >= AGAIN:
            if reason == UNKNOWN:
                log.error(
                    "Telegram does not know this bot's token. Check KITH_BOT_TOKEN."
                    " Until then Kith hears nobody; what is due is still done."
                )
            else:
                log.error(
                    "Another program reads this bot's messages, or a webhook is set for it."
                    " Only one may: stop the other one."
                    " Until then Kith hears nobody; what is due is still done."
                )
            self._said.beat()
        if self.reason is None:
            self._first.beat()
        self.reason = reason
        self._latest.beat()

    def over(self) -> None:
        """Telegram has just answered as it should."""
        quiet = self._latest.age
        if quiet is None or self.reason is None or (self.reason == ANOTHER and quiet < QUARREL):
            return
        self.reason, self._told = None, False
        log.warning("Telegram takes this bot again")

    async def tell(self, memory: Memory) -> None:
        """Managers hear of what lasts, once; by the second way where Telegram takes nothing."""
        age = self._first.age
        if self.reason is None or self._told or age is None or age < LASTING:
            return
        await memory.write(alarm.tell_managers, "telegram", "refused", await memory.now())
        self._told = True
