"""Hands kept updates to their handlers: in order within a chat, many chats at once."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from telegram import Update
from telegram.ext import Application, ApplicationHandlerStop, CallbackContext

from bot.store import inbox
from bot.store.commit import Taken
from bot.store.inbox import Open
from bot.store.memory import Memory
from bot.store.ring import Door
from bot.store.tools import KeyErased
from bot.store.trouble import is_trouble
from bot.waking import PEEK, Bell, Next, Pulse, drain, rounds

AT_ONCE = 32
"""So many updates at once, each of another chat: nobody waits behind one slow answer."""

LIMIT = 60.0
"""Real seconds a handler may take; one that hangs would hold its chat for ever."""

log = structlog.get_logger(__name__)


class Dispatch:
    """`run` it until it is cancelled. What is not done by then stays open in the inbox.

    Handlers close their update in the transaction of its effect; one that had nothing to
    write is closed here. The application must be initialised. `pulse` beats at each look.
    """

    def __init__(
        self, memory: Memory, application: "Application[Any, Any, Any, Any, Any, Any]"
    ) -> None:
        self.bell = Bell()
        self.pulse = Pulse()
        self.on_rest: list[Callable[[], None]] = []
        self._memory = memory
        self._application = application
        self._running: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._errors: dict[int, Exception] = {}
        application.add_error_handler(self._note)
        memory.bells.hang(Door.INBOX, self.bell.ring)

    @property
    def busy(self) -> bool:
        """A handler is running."""
        return bool(self._running)

    async def next_moment(self, _now: datetime) -> Next | None:
        """When an update may be handled; not later than now when one may at once."""
        moment = await self._memory.read(inbox.next_moment)
        return None if moment is None else Next(moment, pause=True)

    async def run(self) -> None:
        try:
            await rounds(self._round, self.bell, "inbox", self.pulse)
        finally:
            await drain(self._running.values())

    async def _round(self) -> float:
        now = await self._memory.now()
        # Twice as many as may run: those that run already are among them.
        for update in await self._memory.read(inbox.open_updates, now, 2 * AT_ONCE):
            place = ("update", update.update) if update.chat is None else ("chat", update.chat)
            if len(self._running) < AT_ONCE and place not in self._running:
                name = f"update {update.update}"
                self._running[place] = asyncio.create_task(self._work(update, place), name=name)
        return PEEK

    async def _work(self, update: Open, place: tuple[str, int]) -> None:
        try:
            await self._handle(update.update)
        except Exception:  # the store's: the update stays open, and nothing is counted
            log.exception("an update waits for the store", update=update.update)
            await asyncio.sleep(PEEK)
        finally:
            del self._running[place]
            self.bell.ring()
            for rest in self.on_rest:
                rest()

    async def _handle(self, id: int) -> None:
        # The list may be older than the end of the last one of this chat: look again.
        try:
            body = await self._memory.read(inbox.body, id, await self._memory.now())
        except KeyErased as error:
            await self._failed(id, error, final=True)
            return
        if body is None:
            return
        try:
            update = Update.de_json(json.loads(body), self._application.bot)
        except Exception as error:
            await self._failed(id, error, final=True)
            return
        wrong = await self._process(update)
        if wrong is None:
            await self._close(id)
        elif isinstance(wrong, Taken):
            log.info("another replica has handled an update", update=id)
        elif is_trouble(wrong):
            raise wrong
        else:
            await self._failed(id, wrong)

    async def _close(self, id: int) -> None:
        """What an act has closed needs no transaction more."""
        if await self._memory.read(inbox.is_open, id):
            with suppress(Taken):
                await self._memory.write(inbox.close, id)

    async def _process(self, update: Update) -> Exception | None:
        """What went wrong in a handler, if anything did."""
        try:
            async with asyncio.timeout(LIMIT):
                await self._application.process_update(update)
        except Exception as error:
            return error
        finally:
            noted = self._errors.pop(update.update_id, None)
        return noted

    async def _failed(self, id: int, error: Exception, *, final: bool = False) -> None:
        name = type(error).__name__
        now = await self._memory.now()
        parked = await self._memory.write(inbox.failed, id, name, now, final=final)
        if parked:
            log.error("an update was set aside", update=id, exc_info=error)
        else:
            log.warning("an update could not be handled", update=id, exc_info=error)

    async def _note(self, update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        """The application would swallow a handler's error. No other handler may go on after it:
        it might be the one at the door that failed."""
        if isinstance(update, Update) and context.error is not None:
            self._errors[update.update_id] = context.error
        raise ApplicationHandlerStop
