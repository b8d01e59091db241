"""The dates of all published sessions as one calendar that anybody may follow. It names nobody."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import ics
from bot.care.text import Text
from bot.i18n import STANDARD, Words
from bot.ics import Event
from bot.outbox.events import entry
from bot.store import Connection, session
from bot.store.memory import Memory
from bot.waking import Pulse

PATH = f"/sessions{ics.ENDS}"

FRESH = 60.0
"""Real seconds for which a calendar that was made stands: whoever asks often costs little."""

HEADERS = {"Content-Type": ics.TYPE, "Cache-Control": f"public, max-age={FRESH:.0f}"}


class Feed:
    """`page` is answered wherever Kith listens."""

    def __init__(self, memory: Memory, words: Words, zone: ZoneInfo) -> None:
        self._memory = memory
        self._words = words
        self._zone = zone
        self._making = asyncio.Lock()
        self._made = Pulse()
        self._page = b""

    async def page(self) -> bytes:
        async with self._making:  # anybody may ask, and all at once: one is made for all of them
            if self._made.age is None or self._made.age > FRESH:
                now = await self._memory.now()
                events = await self._memory.survey(self._events, now)
                name = self._words.label(STANDARD, Text("ics", "feed"))
                self._page = await asyncio.to_thread(ics.feed, name, events)
                self._made.beat()
        return self._page

    def _events(self, c: Connection, now: datetime) -> list[Event]:
        """What is to come; what was called off is shown as that, so that calendars take it out."""
        voice = self._words.voice(STANDARD, self._zone, now)
        return [entry(voice, one, in_the_open=True) for one in session.announced(c, now)]
