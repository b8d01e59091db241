"""Kith without sockets, threads or real time: the real application over what `tests.fuzz` gives."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.app import App
from bot.care.calendar import Picture
from bot.care.outings import Chart
from bot.clock import HandClock
from bot.i18n import Words
from bot.inbox.polling import Polling
from bot.reports.health import Condition, Role
from bot.reports.metrics import Metrics
from bot.settings import Settings
from tests.fuzz.memory import InMemory
from tests.fuzz.people import people
from tests.fuzz.telegram import Telegram

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOKEN = "123456:AAzqtokenzAAAAAAAAAAAAAAAAAAAAAAAAAA"
WORDS = Words.load()


class Inside:
    """Two circles (see `people`), their Telegram, and a clock that a hand moves."""

    def __init__(self, dice: Random) -> None:
        self.clock = HandClock(START)
        self.memory = InMemory(self.clock, dice)
        self.telegram = Telegram()
        settings = Settings.model_validate({"data": Path("nowhere")})
        way, draw = self.telegram.way, _drawn
        self.app = App(settings, self.memory, WORDS, TOKEN, "http://api", way=way, draw=draw)
        self.ears = self.memory.now_do(people, START)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Every door that acts, open."""
        assert isinstance(self.app.receiving, Polling)
        self.app.receiving.last_fetch = self.clock.now()  # nothing waits from before
        working = asyncio.create_task(self.app.work())
        try:
            async with asyncio.timeout(10):
                while not self.app._application._initialized:  # noqa: ASYNC110 -- PTB rings nobody
                    await asyncio.sleep(0)
            yield
            if working.done():
                await working
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            await self.memory.close()

    async def settle(self) -> None:
        """Until nothing is to be done at this moment of Kith's clock."""
        doors = (self.app.dispatch, self.app.loop, self.app.sender)
        for _ in range(10_000):
            self.memory.ring()
            await asyncio.sleep(0)
            while any(door.busy for door in doors):  # noqa: ASYNC110 -- no one event says it
                await asyncio.sleep(0)
            now = self.clock.now()
            coming = [await door.next_moment(now) for door in doors]
            held = coming[0]
            if held is not None and held.at > now:  # what failed is soon tried again
                self.clock.set(held.at)
            elif not any(one is not None and one.at <= now for one in coming):
                return
        raise AssertionError("it never comes to rest")

    async def metrics(self) -> str:
        """What Prometheus would be shown."""
        page = await Metrics(self.memory, self.app.sender._figures).page(
            Condition(Role.LEADING, ())
        )
        return page.decode()

    async def passes(self, span: timedelta) -> None:
        """Time goes on; whatever falls due on the way happens at its moment."""
        end = self.clock.now() + span
        while self.clock.now() < end:
            now = self.clock.now()
            doors = (self.app.loop, self.app.sender)
            coming = [await door.next_moment(now) for door in doors]
            ahead = [one.at for one in coming if one is not None]
            self.clock.set(max(now, min([end, *ahead])))
            await self.settle()


def _drawn(_picture: Picture | Chart) -> bytes:
    """To draw takes longer than all else that happens here."""
    return b"a picture"
