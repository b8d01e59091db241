"""The door out: claims messages by lane, asks the gate again, sends, records what became of it.

A message may go twice, never be lost: one that is not known to have arrived is sent again.
Only a broadcast is not.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot import ics
from bot.care.agreement import Effect
from bot.care.calendar import Picture
from bot.care.location import Venue
from bot.care.outcome import Lane
from bot.care.outings import Chart
from bot.figures import Figures
from bot.ics import Event
from bot.outbox.budget import Budget
from bot.outbox.choice import Later, Never, after, choose, moments, unmade
from bot.outbox.render import Rows, keyboard
from bot.outbox.verdict import Again, Broken, Refused, Unreachable, Verdict, verdict
from bot.store import Connection, around, outbox
from bot.store.memory import Memory
from bot.store.outbox import Row
from bot.store.ring import Door
from bot.waking import Bell, Next, Pulse, drain, rounds, seconds

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Presented:
    """What the reader will see, and in which chat; `text` is Telegram's HTML.

    `reason` is why the gate lets it through, where it was asked, and `rows` what decided.
    `kept` is to be called with Telegram's id of the message, in the transaction that says it
    has left. `picture` is sent above the text, which then says the same in few words; `event`
    comes as a calendar file; `venue` is sent in place of the text, which says the same.
    """

    chat: int
    text: str
    buttons: Rows = ()
    reason: str | None = None
    rows: tuple[str, ...] = ()
    kept: Callable[[Connection, int, datetime], object] | None = None
    picture: Picture | Chart | None = None
    event: Event | None = None
    venue: Venue | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """It may not be said, or need not be any more; the reason is kept.

    `told`: its reader has it from another message, so whoever waits for them goes on waiting.
    `rows` decided; `kept` is to be called in the transaction that says it has not left.
    """

    reason: str
    told: bool = False
    rows: tuple[str, ...] = ()
    kept: Callable[[Connection, datetime], object] | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """A message that is to be taken out of a chat."""

    chat: int
    message: int


@dataclass(frozen=True, slots=True)
class Held:
    """It may not leave before then: its reader has asked for quiet."""

    until: datetime


Present = Callable[[Connection, Row, datetime], Presented | Withheld | Gone | Held]
"""Asks the gate and renders, on one snapshot; `row.maybe_sent`: it may be a repeat."""

Undeliverable = Callable[[Connection, str, datetime, str | None], object]
"""(c, member, now, alert): what follows when this member cannot be told of this alert, or, when
it is None, of anything; in the transaction that says so."""

GivenUp = Callable[[Connection, Row, datetime], object]
"""(c, row, now): what follows when this message goes no more, though an earlier try may have
shown it; in the transaction that says so."""

Record = Callable[[Connection, datetime], None]


def _undrawn(_picture: Picture | Chart) -> bytes:
    raise BadRequest("nobody draws here")


class Sender:
    """`run` it until it is cancelled.

    `bot` should be the sender's own: then no other request takes its connections. `owner`
    names this process; a new process is a new owner. `pulse` beats at each look. `draw` makes a
    picture, in a thread of its own.
    """

    def __init__(
        self,
        memory: Memory,
        bot: Bot,
        budget: Budget,
        present: Present,
        undeliverable: Undeliverable,
        given_up: GivenUp,
        *,
        owner: str,
        lease: timedelta = timedelta(seconds=30),
        figures: Figures | None = None,
        draw: Callable[[Picture | Chart], bytes] = _undrawn,
    ) -> None:
        self.bell = Bell()
        self.pulse = Pulse()
        self.on_rest: list[Callable[[], None]] = []
        self._memory = memory
        self._bot = bot
        self._budget = budget
        self._present = present
        self._undeliverable = undeliverable
        self._given_up = given_up
        self._owner = owner
        self._lease = lease
        self._figures = figures or Figures()
        self._draw = draw
        self._claiming = False
        self._flying: dict[str, tuple[Lane, asyncio.Task[None]]] = {}
        memory.bells.hang(Door.OUTBOX, self.bell.ring)

    @property
    def busy(self) -> bool:
        """A message is claimed, being made or being sent."""
        return self._claiming or bool(self._flying)

    async def next_moment(self, now: datetime) -> Next | None:
        """When a message may go; not later than `now` when one may at once."""
        look = await self._memory.read(outbox.look, self._owner, now)
        if look.lapsed - self._flying.keys():
            return Next(now)
        ahead = moments(look.ready, look.next, self._budget, now)
        return min(ahead, key=lambda moment: moment.at, default=None)

    async def run(self) -> None:
        try:
            await rounds(self._round, self.bell, "outbox", self.pulse)
        finally:
            await drain([task for _, task in self._flying.values()])

    async def _round(self) -> float:
        """Send what may go; the seconds until there is more."""
        now = await self._memory.now()
        look = await self._memory.read(outbox.look, self._owner, now)
        if look.lapsed - self._flying.keys():
            await self._memory.write_aside(outbox.lapse, self._owner, now, tuple(self._flying))
            return 0.0
        flying = [lane for lane, _ in self._flying.values()]
        chosen = choose(look.ready, flying, self._budget, now)
        if chosen:
            self._claiming = True
            try:
                await self._claim([ready.id for ready in chosen], now)
            finally:
                self._claiming = False
                self._rest()
        more = (ready for ready in look.ready if ready not in chosen)
        # What might go at once and was not chosen lacks a slot; a free one rings.
        ahead = [m.at for m in moments(more, look.next, self._budget, now) if m.at > now]
        since = await self._memory.now() if chosen else now
        return seconds(since, min(ahead, default=None), hand_set=self._memory.clock.hand_set)

    async def _claim(self, ids: Sequence[str], now: datetime) -> None:
        until = asyncio.get_running_loop().time() + self._lease.total_seconds() * 0.8
        rows = await self._memory.write_aside(
            outbox.claim, self._owner, ids, now, now + self._lease
        )
        for place, row in enumerate(rows):
            task = asyncio.create_task(self._deliver(row, until, place), name=f"send {row.id}")
            self._flying[row.id] = (row.lane, task)
        if len(rows) < len(ids):  # the others are not to be had: there may be more
            self.bell.ring()

    async def _deliver(self, row: Row, until: float, place: int) -> None:
        try:
            for _ in range(place):  # made all in one turn of the loop they would hold it up
                await asyncio.sleep(0)
            record = await self._send(row, until)
            await self._memory.write_aside(record, await self._memory.now())
        except Exception:
            log.exception("what became of a message was not kept", row=row.id)  # its lease ends
        finally:
            del self._flying[row.id]
            self.bell.ring()
            self._rest()

    async def _send(self, row: Row, until: float) -> Record:
        """Make the message and send it; answers how to record what became of it.

        `until`, in the loop's seconds, it is ours: a replica that stood still meanwhile must not
        send what another has sent since.
        """
        taken = Pulse()
        try:
            now = await self._memory.now()
            taken.beat()
            shown = await self._memory.read(self._present, row, now)
            if isinstance(shown, Withheld):
                return self._withhold(row, shown)
            if isinstance(shown, Held):
                return self._hold(row, shown)
            if isinstance(shown, Presented) and shown.reason is not None:
                self._figures.decided(Effect.SHARE, shown.reason)
            buttons = None if isinstance(shown, Gone) else keyboard(shown.buttons)
        except Exception:
            log.exception("a message could not be made", row=row.id, entry=str(row.text))
            return self._follow(row, unmade(row.lane, row.attempts))
        if asyncio.get_running_loop().time() >= until:
            return self._answer(row, Again("late", False), now)
        try:
            async with asyncio.timeout_at(until):
                message = await self._left(shown, buttons)
        except TelegramError as error:
            return self._answer(row, verdict(error), await self._memory.now())
        except TimeoutError:
            return self._answer(row, Again("timeout", True), await self._memory.now())
        self._figures.sent(row.lane, now - row.created_at, taken)

        def record(c: Connection, now: datetime) -> None:
            if isinstance(shown, Gone):
                return outbox.sent(c, row, message, now)
            outbox.sent(c, row, message, now, shown.reason, shown.rows)
            if shown.kept is not None:
                shown.kept(c, message, now)
            return None

        return record

    async def _left(self, shown: Presented | Gone, buttons: InlineKeyboardMarkup | None) -> int:
        """Send it, or take it away; Telegram's id of the message. Raises TelegramError."""
        if isinstance(shown, Gone):
            with suppress(BadRequest):  # gone already, or too old: there is nothing more to do
                await self._bot.delete_message(shown.chat, shown.message)
            return shown.message
        if shown.picture is not None:
            with suppress(BadRequest):  # without it the words go alone, for they say the same
                return await self._with_picture(shown, shown.picture, buttons)
        if shown.venue is not None:
            with suppress(BadRequest):
                return await self._on_a_map(shown.chat, shown.venue, buttons)
        if shown.event is not None:
            with suppress(BadRequest):
                return await self._with_file(shown.chat, shown.event, shown.text, buttons)
        sent = await self._bot.send_message(
            chat_id=shown.chat,
            text=shown.text,
            parse_mode=ParseMode.HTML,
            reply_markup=buttons,
            protect_content=True,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        if shown.event is not None:
            with suppress(TelegramError):  # the words are too long to go under it: it goes alone
                await self._with_file(shown.chat, shown.event)
        return sent.message_id

    async def _with_picture(
        self, shown: Presented, picture: Picture | Chart, buttons: InlineKeyboardMarkup | None
    ) -> int:
        """Draw it and send both. Raises BadRequest when there is none that Telegram takes."""
        try:
            drawn = await asyncio.to_thread(self._draw, picture)
        except Exception:
            log.exception("a picture could not be made")
            raise BadRequest("no picture") from None
        sent = await self._bot.send_photo(
            chat_id=shown.chat,
            photo=drawn,
            caption=shown.text,
            parse_mode=ParseMode.HTML,
            reply_markup=buttons,
            protect_content=True,
        )
        return sent.message_id

    async def _on_a_map(self, chat: int, venue: Venue, buttons: InlineKeyboardMarkup | None) -> int:
        sent = await self._bot.send_venue(
            chat_id=chat,
            latitude=venue.latitude,
            longitude=venue.longitude,
            title=venue.title,
            address=venue.address,
            reply_markup=buttons,
            protect_content=True,
        )
        return sent.message_id

    async def _with_file(
        self, chat: int, event: Event, words: str = "", buttons: InlineKeyboardMarkup | None = None
    ) -> int:
        """A calendar file with words under it. Raises BadRequest when there is none, or when
        Telegram does not take the words."""
        try:
            file = await asyncio.to_thread(ics.file, event)
        except Exception:
            log.exception("a calendar file could not be made")
            raise BadRequest("no file") from None
        sent = await self._bot.send_document(
            chat_id=chat,
            document=file,
            filename=f"kith{ics.ENDS}",
            caption=words,
            parse_mode=ParseMode.HTML,
            reply_markup=buttons,
            protect_content=False,  # what is protected cannot be opened by a calendar
        )
        return sent.message_id

    def _answer(self, row: Row, answer: Verdict, now: datetime) -> Record:
        match answer:
            case Refused(wait):
                self._budget.refused(row.lane, row.member, now, now + wait)
            case Again(reason, True):
                log.warning("a message may have left", row=row.id, reason=reason)
            case Unreachable(reason):
                log.warning("a member cannot be reached", member=row.member, reason=reason)
            case Broken(reason):
                log.error("Telegram does not take a message", row=row.id, reason=reason)
        return self._follow(row, after(answer, row.lane, row.attempts))

    def _follow(self, row: Row, step: Later | Never) -> Record:
        match step:
            case Later(wait, reason, maybe):
                refused = reason == "too_many"
                self._figures.tried(row.lane, "refused" if refused else "again", reason)
                return lambda c, now: outbox.again(c, row, now + wait, reason, maybe_sent=maybe)
            case Never(reason, nothing_arrives=True):
                return self._unreachable(row, reason)
            case Never(reason):
                return self._fail(row, reason)

    def _hold(self, row: Row, held: Held) -> Record:
        self._figures.tried(row.lane, "again", "quiet")
        return lambda c, _now: outbox.again(c, row, held.until, "quiet", maybe_sent=False)

    def _withhold(self, row: Row, withheld: Withheld) -> Record:
        reason = withheld.reason
        self._figures.tried(row.lane, "withheld", reason)
        if row.about is not None:
            self._figures.decided(Effect.WITHHOLD, reason)

        def record(c: Connection, now: datetime) -> None:
            outbox.withheld(c, row, reason, now, withheld.rows)
            if withheld.kept is not None:
                withheld.kept(c, now)
            self._maybe_shown(c, row, now)
            if not withheld.told:
                self._move_on(c, row, now)

        return record

    def _fail(self, row: Row, reason: str) -> Record:
        self._figures.tried(row.lane, "failed", reason)

        def record(c: Connection, now: datetime) -> None:
            outbox.failed(c, row, reason, now)
            self._maybe_shown(c, row, now)
            self._move_on(c, row, now)

        return record

    def _unreachable(self, row: Row, reason: str) -> Record:
        self._figures.tried(row.lane, "failed", reason)

        def record(c: Connection, now: datetime) -> None:
            outbox.failed(c, row, reason, now)
            self._maybe_shown(c, row, now)
            if row.silent:
                self._move_on(c, row, now)
                return
            around.mark_unreachable(c, row.member, now)
            self._undeliverable(c, row.member, now, None)

        return record

    def _maybe_shown(self, c: Connection, row: Row, now: datetime) -> None:
        if row.maybe_sent:
            self._given_up(c, row, now)

    def _move_on(self, c: Connection, row: Row, now: datetime) -> None:
        """Nobody waits for an alert that does not come; what else its reader carries stays."""
        alert = row.params.get("escalation")
        if row.lane in (Lane.SAFETY, Lane.REPLY) and isinstance(alert, str):
            self._undeliverable(c, row.member, now, alert)

    def _rest(self) -> None:
        for rest in self.on_rest:
            rest()
