"""The second way out: what Telegram does not deliver to staff reaches them by their own channels.

A constant sentence, no name in it: it leaves the house on a way that Kith knows nothing of. As in
`sender`, a row is claimed, asked for again, sent and recorded; it may go twice, never be lost.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.care.text import Text
from bot.channels import Channels
from bot.figures import Figures
from bot.i18n import Words
from bot.outbox.choice import Never, not_taken
from bot.store import fallback
from bot.store.fallback import Call, Row
from bot.store.memory import Memory
from bot.waking import Bell, Next, Pulse, drain, rounds, seconds

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """What goes where."""

    channel: str
    to: str
    title: str
    body: str


class Fallback:
    """`run` it until it is cancelled. Without channels it has nothing to do, and does nothing.

    `patience`: so long may Telegram take. `owner` names this process. `lease` bounds a call.
    """

    def __init__(
        self,
        memory: Memory,
        channels: Channels,
        words: Words,
        *,
        patience: timedelta,
        owner: str,
        lease: timedelta = timedelta(seconds=30),
        figures: Figures | None = None,
    ) -> None:
        self.bell = Bell()
        self.pulse = Pulse()
        self.on_rest: list[Callable[[], None]] = []
        self._memory = memory
        self._channels = channels
        self._words = words
        self._patience = patience
        self._owner = owner
        self._lease = lease
        self._figures = figures or Figures()
        self._claiming = False
        self._flying: dict[str, asyncio.Task[None]] = {}
        if channels.names and memory.clock.hand_set:
            # By itself it looks once a second: soon enough, and no write waits for a look.
            memory.bells.on_write.append(self.bell.ring)

    @property
    def busy(self) -> bool:
        """A call is claimed, being made or being sent."""
        return self._claiming or bool(self._flying)

    async def next_moment(self, now: datetime) -> Next | None:
        """When a call may go; not later than `now` when one may at once."""
        if not self._channels.names:
            return None
        look = await self._look(now)
        if look.behind or look.ready:
            return Next(now)
        return None if look.next is None else Next(look.next)

    async def run(self) -> None:
        if not self._channels.names:
            await asyncio.Event().wait()
        try:
            await rounds(self._round, self.bell, "fallback", self.pulse)
        finally:
            await drain(list(self._flying.values()))

    async def _look(self, now: datetime) -> fallback.Look:
        return await self._memory.read(
            fallback.look, self._owner, self._channels.names, self._patience, now, [*self._flying]
        )

    async def _round(self) -> float:
        """Make the calls that are due; the seconds until there is more."""
        now = await self._memory.now()
        look = await self._look(now)
        if look.behind:
            await self._memory.write(
                fallback.catch_up,
                self._owner,
                self._channels.names,
                self._patience,
                now,
                [*self._flying],
            )
            return 0.0
        if look.ready:
            self._claiming = True
            try:
                await self._claim(look.ready, now)
            finally:
                self._claiming = False
                self._rest()
        return seconds(now, look.next, hand_set=self._memory.clock.hand_set)

    async def _claim(self, ids: Sequence[str], now: datetime) -> None:
        rows = await self._memory.write(fallback.claim, self._owner, ids, now, now + self._lease)
        together: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            together.setdefault((row.member, row.channel), []).append(row)
        for group in together.values():
            task = asyncio.create_task(self._deliver(group), name=f"call {group[0].id}")
            self._flying |= {row.id: task for row in group}

    async def _deliver(self, rows: Sequence[Row]) -> None:
        """These go to one address: those that say the same are one call."""
        try:
            told: dict[Said, bool] = {}
            for row in rows:
                said = await self._asked(row)
                if isinstance(said, str):
                    await self._memory.write(fallback.needless, row, said)
                    self._figures.rang(row.channel, "needless")
                    continue
                if said is not None and said not in told:
                    told[said] = await self._sent(said)
                await self._record(row, said is not None and told[said])
        except Exception:
            log.exception("what became of a call was not kept", row=rows[0].id)  # its lease ends
        finally:
            for row in rows:
                del self._flying[row.id]
            self._rest()

    async def _asked(self, row: Row) -> Said | str | None:
        """What to say where; or why nothing any more; None when that cannot be known now."""
        try:
            now = await self._memory.now()
            call = await self._memory.read(fallback.call, row, now)
            return call if isinstance(call, str) else self._words_of(row, call)
        except Exception:
            log.exception("a call could not be made", row=row.id)
            return None

    def _words_of(self, row: Row, call: Call) -> Said:
        title, text = Text("contact", "alert_title"), Text("contact", "alert")
        if row.message is None:
            title, text = Text("contact", "test_title"), Text("contact", "test")
        elif call.number is None:
            text = Text("contact", "alert_no_number")
        title, text = call.words.get(title, title), call.words.get(text, text)
        return Said(
            row.channel,
            call.to.address,
            self._words.label(call.locale, title),
            self._words.label(call.locale, text, number=call.number or ""),
        )

    async def _sent(self, said: Said) -> bool:
        """Whether the service took it. What else it says may hold an address: it is not kept."""
        try:
            async with asyncio.timeout(self._lease.total_seconds() * 0.8):
                return await _in_a_thread(
                    lambda: self._channels.send(said.channel, said.to, said.title, said.body)
                )
        except Exception:
            return False

    async def _record(self, row: Row, sent: bool) -> None:
        now = await self._memory.now()
        otherwise = not_taken(row.attempts, test=row.message is None)
        if sent:
            await self._memory.write(fallback.sent, row, now)
            self._figures.rang(row.channel, "sent")
        elif isinstance(otherwise, Never):
            log.error("staff cannot be reached by a channel", row=row.id, channel=row.channel)
            await self._memory.write(fallback.failed, row, otherwise.reason, now)
            self._figures.rang(row.channel, "failed")
        else:
            log.warning("a channel does not take a call", row=row.id, channel=row.channel)
            at = now + otherwise.wait
            await self._memory.write(fallback.again, row, at, otherwise.reason)
            self._figures.rang(row.channel, "again")

    def _rest(self) -> None:
        self.bell.ring()
        for rest in self.on_rest:
            rest()


async def _in_a_thread(send: Callable[[], bool]) -> bool:
    """In a thread of its own: one that hangs holds up no other, nor the end of Kith."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[bool] = loop.create_future()

    def work() -> None:
        try:
            taken = send()
        except Exception:
            taken = False
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(_settle, answer, taken)

    threading.Thread(target=work, name="call", daemon=True).start()
    return await answer


def _settle(answer: "asyncio.Future[bool]", taken: bool) -> None:
    if not answer.done():
        answer.set_result(taken)
