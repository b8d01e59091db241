"""Wiring only: settings -> store -> outbox -> doors."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from starlette.routing import Route
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ContextTypes, ExtBot
from telegram.request import BaseRequest

from bot import channels, key
from bot.care import agreement, gate_proof
from bot.care.after import KIND as AFTER
from bot.care.arranging import KIND as SESSION
from bot.care.authority import REVIEW as AUTHORITY_REVIEW
from bot.care.calendar import Picture
from bot.care.circle import ROTA
from bot.care.concern import DUE as CONCERN
from bot.care.cover import KIND as COVER
from bot.care.decision import REVIEW as DECISION_REVIEW
from bot.care.digest import KIND as DIGEST
from bot.care.digest import READ_BY, RECEIPT
from bot.care.escalation import KIND as ESCALATION
from bot.care.feedback import FOLLOWED as FEEDBACK_FOLLOWED
from bot.care.feedback import KIND as FEEDBACK
from bot.care.first_weeks import KIND as FIRST_WEEKS
from bot.care.handover import KIND as HANDOVER
from bot.care.journey import KIND as JOURNEY
from bot.care.lapsing import KIND as LAPSING
from bot.care.location import KIND as SPOT
from bot.care.location import SHOWN_UNTIL as SHOWN_SPOT
from bot.care.morning import KIND as REVIEWS
from bot.care.news import ASKING, HIDING
from bot.care.outings import Chart
from bot.care.police import KIND as POLICE
from bot.care.regular import AGAIN as REGULAR_AGAIN
from bot.care.regular import KIND as REGULAR
from bot.care.review_entry import KIND as REVIEW_ENTRY
from bot.care.rhythm import DUE as CONTACT
from bot.care.rhythm import SOON as CONTACT_SOON
from bot.care.round import SPREAD
from bot.care.switching import OVER as SWITCH_OVER
from bot.care.week_answer import LATER as FIRST_WEEKS_LATER
from bot.care.week_answer import READ as FIRST_WEEKS_READ
from bot.care.weekly import KIND as WEEKLY
from bot.care.words import UNCHANGED
from bot.clock import Clock, HandClock, SystemClock
from bot.deadlines.beacon import Beacon
from bot.deadlines.housekeeping import Housekeeping, Step
from bot.deadlines.loop import Loop, woke
from bot.deadlines.turn import Turn, reading
from bot.figures import Figures
from bot.flows import left
from bot.flows.flow import LEFT
from bot.handlers.context import Context, Kith
from bot.handlers.wiring import wire
from bot.i18n import STANDARD, Words
from bot.inbox import refusal
from bot.inbox.dispatch import AT_ONCE, Dispatch
from bot.inbox.polling import LONG_POLL, Polling
from bot.inbox.robot import Beside, Door, Phones
from bot.inbox.webhook import LOOK, Webhook
from bot.lead import Lead
from bot.library import Library
from bot.network import by_proxy
from bot.outbox import choice, gate, reveal
from bot.outbox.budget import Budget, Limits
from bot.outbox.fallback import Fallback
from bot.outbox.sender import Sender
from bot.outbox.verdict import Refused as TooMany
from bot.outbox.verdict import verdict
from bot.reports import outings as pictures
from bot.reports import panel
from bot.reports.admin import Admin
from bot.reports.feed import Feed
from bot.reports.health import Health, Sign
from bot.reports.metrics import Metrics
from bot.settings import Settings
from bot.store import (
    Connection,
    after,
    alarm,
    ask_first,
    authority,
    concern,
    cover,
    decision,
    digest,
    education,
    escalation,
    feedback,
    handover,
    heartbeat,
    journey,
    lapsing,
    ledger,
    morning,
    police,
    regular,
    review_entry,
    rhythm,
    rota,
    sign_alert,
    spot,
    switching,
    week_answer,
    weekly,
    words,
)
from bot.store import reading as readings
from bot.store.memory import Memory, Refused, Silent
from bot.waking import Pulse
from bot.way import Way

ACTS = {
    JOURNEY: journey.tick,
    ESCALATION: escalation.tick,
    POLICE: police.due,
    DIGEST: digest.tick,
    READ_BY: sign_alert.read_by,
    RECEIPT: digest.receipts,
    ROTA: rota.tick,
    COVER: cover.tick,
    HANDOVER: handover.tick,
    REGULAR: regular.due,
    REVIEW_ENTRY: review_entry.tick,
    REGULAR_AGAIN: regular.again,
    ASKING: ask_first.silence,
    HIDING: readings.hide_due,
    CONTACT: rhythm.due,
    CONTACT_SOON: rhythm.soon,
    DECISION_REVIEW: decision.review,
    SWITCH_OVER: switching.over,
    WEEKLY: weekly.due,
    FIRST_WEEKS: week_answer.tick,
    FIRST_WEEKS_LATER: week_answer.ask_again,
    FIRST_WEEKS_READ: week_answer.remind,
    AFTER: after.due,
    FEEDBACK: feedback.due,
    FEEDBACK_FOLLOWED: feedback.tell,
    LEFT: left.due,
    AUTHORITY_REVIEW: authority.due,
    LAPSING: lapsing.tick,
    REVIEWS: morning.tick,
    CONCERN: concern.due,
    SESSION: education.tick,
    SPOT: spot.erase_key,
    SHOWN_SPOT: spot.shown_long,
    UNCHANGED: words.unchanged,
    SPREAD: education.spread,
}
"""Each kind of deadline and the act it calls for."""

PATIENT = frozenset({AFTER, REVIEWS, SPREAD, FEEDBACK, FEEDBACK_FOLLOWED})
"""Those that tell many: a missed check-in never waits behind them."""

CATCH_UP = 3.0
"""Real seconds that what is due waits, at the start, for what was pressed while Kith was off."""

WAIT = 2.0
"""Real seconds between tries to reach Telegram at the start."""

SAID_AGAIN = 60.0
"""Real seconds after which a Kith that waits for its database says so again."""

Ways = Callable[[int], BaseRequest]
"""Makes a way to the Bot API that takes so many requests at once."""

log = structlog.get_logger(__name__)


def trust(gate: gate_proof.Gate = agreement.decide) -> None:
    """Refused, with a sentence, when the gate does not decide as its table says."""
    wrong = gate_proof.wrong(gate)
    if wrong is not None:
        sentence = "The rule that decides what may be said about a person is broken, so nothing"
        raise Refused(f"{sentence} is started. It gets this line of docs/gate.md wrong: {wrong}")


def master_key(settings: Settings) -> bytes:
    """The installation's key; Refused, with a sentence, when there is none."""
    if settings.key is not None:
        given = key.decode(settings.key.get_secret_value())
        assert given is not None  # the settings have looked
        return given
    found = key.read(settings.data)
    if isinstance(found, str):
        raise Refused(found)
    return found


class App:
    """One running Kith. `run` it until it is cancelled; it ends by itself only with Refused."""

    def __init__(
        self,
        settings: Settings,
        memory: Memory,
        words: Words,
        token: str,
        api: str,
        *,
        way: Ways | None = None,
        draw: Callable[[Picture | Chart], bytes] = pictures.picture,
    ) -> None:
        trust()
        way = way or partial(way_to, settings, api)
        robot: list[Route] = []
        if settings.probe_secret is not None:
            phones, secret = Phones(memory.clock), settings.probe_secret.get_secret_value()
            robot = [Door(memory, phones, secret, lambda: self.lead.leads).route]
            way = partial(_beside, way, phones)
        self.memory = memory
        self._words = words
        self._zone = settings.timezone
        self._beats = False  # it has lived long enough to say so
        base = f"{api}/bot"
        # PTB would make a second way for updates: a tenth of a second of certificates, for nothing.
        own, handlers = way(choice.SLOTS), way(AT_ONCE // 2)
        self._own = Bot(token, base_url=base, request=own, get_updates_request=own)
        self._application = (
            Application.builder()
            .bot(ExtBot(token, base_url=base, request=handlers, get_updates_request=handlers))
            .context_types(ContextTypes(context=Context))
            .updater(None)
            .job_queue(None)
            .build()
        )
        calls = _other_ways(settings)
        library = Library.load(settings.info)
        figures = Figures()
        here = Kith(
            memory,
            words,
            settings.timezone,
            channels=calls.names,
            library=library,
            feed=settings.sessions_url,
            figures=figures,
        )
        self._application.bot_data["kith"] = here
        self._menus = wire(self._application)
        feed = Feed(memory, words, settings.timezone) if settings.sessions_url else None
        self.receiving = (
            Polling(memory, api, token)
            if settings.webhook_url is None or settings.webhook_secret is None
            else Webhook(
                memory,
                url=settings.webhook_url,
                secret=settings.webhook_secret.get_secret_value(),
                host=settings.webhook_host,
                port=settings.webhook_port,
                figures=figures,
                feed=feed,
            )
        )
        self.dispatch = Dispatch(memory, self._application)
        self.loop = Loop(memory, ACTS, patient=PATIENT, parked=alarm.tell_managers, figures=figures)
        limits = Limits(settings.messages_per_second, settings.safety_reserve, settings.chat_burst)
        self.sender = Sender(
            memory,
            self._own,
            Budget(limits),
            gate.present(words, settings.timezone),
            escalation.undeliverable,
            reveal.given_up,
            owner=memory.owner,
            lease=timedelta(seconds=settings.lease_seconds),
            figures=figures,
            draw=draw,
        )
        self._calls = bool(calls.names)
        self.fallback = Fallback(
            memory,
            calls,
            words,
            patience=timedelta(seconds=settings.fallback_seconds),
            owner=memory.owner,
            lease=timedelta(seconds=settings.lease_seconds),
            figures=figures,
        )
        steps = [
            Step("seal the ledger", timedelta(seconds=1), self._seal),
            Step("heartbeat", timedelta(seconds=5), self._beat),
            Step("refused by Telegram", timedelta(seconds=10), self._tell_refused),
        ]
        if settings.heartbeat_url is not None:
            beacon = Beacon(memory, settings.heartbeat_url.get_secret_value(), self._signs())
            steps.append(Step("heartbeat outside", timedelta(minutes=1), beacon.shine))
        self.house = Housekeeping(memory.clock, steps)
        self.lead = Lead(memory, self.work)
        self.admin = (
            None
            if settings.admin_port is None
            else Admin(
                Health(memory, self._signs(), lambda: self.lead.leads),
                Metrics(memory, figures),
                feed,
                robot,
                host=settings.admin_host,
                port=settings.admin_port,
            )
        )

    async def run(self) -> None:
        """Take what comes in and, while this replica leads, work."""
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self.receiving.run())
                both.create_task(self.lead.run())
                if self.admin is not None:
                    both.create_task(self.admin.run())
        except* Refused as refused:
            raise _first(refused) from None
        finally:
            await self._offline()

    async def work(self) -> None:
        """Every door that acts. Time goes on while Telegram is away; the doors to it wait."""
        await self._wake()
        self.house.start()
        try:
            async with asyncio.TaskGroup() as doors:
                doors.create_task(self._time())
                doors.create_task(self.fallback.run())
                doors.create_task(self._online(doors))
        finally:
            self.house.stop()

    def turn(self, address: str, clock: HandClock | None) -> Turn:
        """The playground's side of this app: its time, and what it hears of us."""
        return Turn(
            address,
            "kith",
            clock=clock,
            memory=self.memory,
            doors=(self.dispatch, self.loop, self.sender, self.fallback),
            decisions=self._decisions,
            coming=self._coming,
            keep_house=self.house.run,
            speaks=lambda: self.lead.leads,
        )

    def _signs(self) -> Sequence[Sign]:
        """What shows that this Kith lives; real seconds, with room for a slow machine."""
        hears = 2 * LOOK if isinstance(self.receiving, Webhook) else 3 * LONG_POLL
        return (
            Sign("looked at what is due", self.loop.pulse, 15),
            Sign("looked at what has arrived", self.dispatch.pulse, 15),
            Sign("looked at what is to be sent", self.sender.pulse, 15),
            Sign("heard from Telegram", self.receiving.pulse, hears, lambda: self._refused),
            *([Sign("looked at whom to call", self.fallback.pulse, 15)] if self._calls else []),
        )

    async def _wake(self) -> None:
        """Know how long Kith was off before anything is done; wait for a database that is away."""
        while True:
            try:
                await woke(self.memory)
                await self.memory.write(morning.begin, await self.memory.now())
                return
            except Exception:
                log.exception("the work waits for the database")
                await asyncio.sleep(WAIT)

    @property
    def _refused(self) -> str | None:
        return self.receiving.refusal.reason

    async def _time(self) -> None:
        """What people pressed while Kith was off is heard first; time waits a moment, no more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP):
                while not await self._all_heard():  # noqa: ASYNC110 -- no one event says it
                    await asyncio.sleep(0.02)
        await self.loop.run()

    async def _all_heard(self) -> bool:
        if self._refused is not None:
            return True  # nobody can be heard
        if not self.receiving.caught_up or self.dispatch.busy:
            return False
        try:
            return await self.dispatch.next_moment(await self.memory.now()) is None
        except Exception:  # the database's: it says nothing of what has been heard
            return False

    async def _online(self, doors: asyncio.TaskGroup) -> None:
        patience = WAIT
        while True:
            try:
                await self._application.initialize()
                await self._own.initialize()
                break
            except InvalidToken:
                self.receiving.refusal.stands(refusal.UNKNOWN)
                await asyncio.sleep(patience)
                patience = min(refusal.LONGEST, patience * 2)
            except TelegramError as error:
                asked = verdict(error)
                wait = asked.wait.total_seconds() if isinstance(asked, TooMany) else WAIT
                log.warning("Telegram cannot be reached yet", reason=type(error).__name__)
                await asyncio.sleep(wait)
        doors.create_task(self.dispatch.run())
        doors.create_task(self.sender.run())
        doors.create_task(self._set_menus())
        if isinstance(self.receiving, Webhook):
            doors.create_task(self.receiving.stay_registered(self._own))

    async def _set_menus(self) -> None:
        try:
            await self._menus.everybody(self._application.bot, self.memory, self._words)
        except Exception:  # a menu must not end what is due
            log.exception("menus_not_set")

    async def _offline(self) -> None:
        with suppress(TelegramError, RuntimeError):
            await self._application.shutdown()
            await self._own.shutdown()

    async def _beat(self) -> None:
        # A machine that slept was off, too; a clock that a hand moved was not.
        if self._beats and not self.memory.clock.hand_set:
            await woke(self.memory)
        await self.memory.write(heartbeat.beat, await self.memory.now())
        self._beats = True

    async def _tell_refused(self) -> None:
        await self.receiving.refusal.tell(self.memory)

    async def _seal(self) -> None:
        await self.memory.write(ledger.seal_new)

    def _decisions(self, c: Connection, after: int) -> tuple[Sequence[dict[str, Any]], int]:
        voice = self._words.voice(STANDARD, self._zone, datetime.fromtimestamp(0, self._zone))
        decided = panel.decided(c, voice, after)
        shown = [asdict(one) | {"at": one.at.isoformat()} for one in decided]
        return shown, max((one.number for one in decided), default=after)

    def _coming(self, c: Connection, now: datetime) -> Sequence[dict[str, Any]]:
        voice = self._words.voice(STANDARD, self._zone, now)
        return [{"at": due.at.isoformat(), "text": due.text} for due in panel.due(c, voice)]


def _beside(way: Ways, phones: Phones, connections: int) -> BaseRequest:
    return Beside(way(connections), phones)


def _first(group: BaseExceptionGroup[Refused]) -> Refused:
    """The work is a group within a group."""
    found = group.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found


async def open_memory(settings: Settings, clock: Clock) -> Memory:
    """The installation's memory; Refused, with a sentence, when it cannot be opened."""
    return await Memory.open(
        settings.database_url,
        key=master_key(settings),
        data=settings.data,
        clock=clock,
        hours=settings.service_hours,
        reviews=settings.service_reviews,
        channels=_other_ways(settings).names,
    )


def _other_ways(settings: Settings) -> channels.Channels:
    given = settings.channels
    return channels.NONE if given is None else channels.read(given.get_secret_value())


async def await_memory(settings: Settings, clock: Clock) -> Memory:
    """The same for whoever serves: a database that does not answer yet is waited for."""
    said = Pulse()
    while True:
        try:
            return await open_memory(settings, clock)
        except Silent:
            if said.age is None or said.age >= SAID_AGAIN:
                log.error("The database does not answer. Kith waits for it.")
                said.beat()
            await asyncio.sleep(WAIT)


async def playground_clock(address: str) -> Clock:
    """The clock that a playground at this address sets."""
    read = await reading(address, "kith")
    return HandClock(read.now) if read.hand_set else SystemClock()


def way_to(settings: Settings, api: str, connections: int) -> Way:
    """The way to this Bot API server, so many requests at once."""
    return Way(connections, settings.send_timeout, by_proxy=by_proxy(api))
