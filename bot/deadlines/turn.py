"""How a bot lives on the playground's clock: it takes the time from there, and says when it
is at rest, what comes next and what was decided.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import structlog

from bot.clock import HandClock
from bot.network import trusted
from bot.store import Connection
from bot.store.memory import Memory
from bot.waking import Bell, Next

LONGEST_PAUSE = timedelta(seconds=2)
"""A longer pause than this is worth a stop of the clock of its own."""

AWAY = 0.2
"""Real seconds between tries while the playground does not answer."""

log = structlog.get_logger(__name__)

Json = Mapping[str, Any]

Decisions = Callable[[Connection, int], tuple[Sequence[Json], int]]
"""(c, after) -> what was decided since that line of the ledger, and the newest line's number."""

Coming = Callable[[Connection, datetime], Sequence[Json]]
"""(c, now) -> what is due next, in words: {"at", "text"}."""


class Door(Protocol):
    """What works by itself, and can be at rest."""

    @property
    def bell(self) -> Bell: ...

    @property
    def on_rest(self) -> list[Callable[[], None]]: ...

    @property
    def busy(self) -> bool: ...

    async def next_moment(self, now: datetime, /) -> Next | None: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What the playground says: whose turn, what time, and whether a hand moves its clock."""

    turn: int
    now: datetime
    hand_set: bool


async def reading(address: str, name: str) -> Reading:
    """The playground's clock, as it stands; raises httpx.HTTPError when nobody answers."""
    async with httpx.AsyncClient(base_url=address, trust_env=False, verify=trusted()) as client:
        return await _ask(client, name, seen=-1)


class Turn:
    """`run` it until it is cancelled. `clock` is None when the playground's clock is real.

    At rest: no door is busy, and none has anything to do at this moment. Of several replicas
    the one that leads `speaks`; all listen.
    """

    def __init__(
        self,
        address: str,
        name: str,
        *,
        clock: HandClock | None,
        memory: Memory,
        doors: Sequence[Door],
        decisions: Decisions,
        coming: Coming,
        keep_house: Callable[[], Awaitable[None]],
        speaks: Callable[[], bool] = lambda: True,
    ) -> None:
        self._address = address
        self._name = name
        self._clock = clock
        self._memory = memory
        self._doors = doors
        self._decisions = decisions
        self._coming = coming
        self._keep_house = keep_house
        self._speaks = speaks
        self._bell = Bell()
        self._turn = -1
        self._kept = -1  # the turn the house was last kept in
        self._writes = 0
        self._line = 0
        self._told: tuple[int, int] | None = None  # the turn and the writes last told of
        memory.bells.on_write.append(self._wrote)
        for door in doors:
            door.on_rest.append(self._bell.ring)

    async def run(self) -> None:
        timeout = httpx.Timeout(10.0, read=30.0)
        async with (
            httpx.AsyncClient(
                base_url=self._address, timeout=timeout, trust_env=False, verify=trusted()
            ) as client,
            asyncio.TaskGroup() as both,
        ):
            both.create_task(self._listen(client))
            both.create_task(self._tell(client))

    async def _listen(self, client: httpx.AsyncClient) -> None:
        """Always asking, so that the playground knows somebody is here."""
        while True:
            try:
                heard = await _ask(client, self._name, self._turn)
            except (httpx.HTTPError, ValueError, KeyError):
                await asyncio.sleep(AWAY)
                continue
            if heard.turn == self._turn:
                continue
            if self._clock is not None and heard.hand_set:
                self._clock.set(heard.now)
            self._turn = heard.turn
            self._bell.ring()
            for door in self._doors:
                door.bell.ring()

    async def _tell(self, client: httpx.AsyncClient) -> None:
        while True:
            try:
                told = await self._try_to_tell(client)
            except (httpx.HTTPError, ValueError):
                await asyncio.sleep(AWAY)
                continue
            except Exception:
                log.exception("the playground could not be told")
                told = False
            if not told:
                await self._bell.wait()

    async def _try_to_tell(self, client: httpx.AsyncClient) -> bool:
        """False when there is nothing new, or the bot is not at rest."""
        turn = self._turn
        if turn < 0 or not self._speaks():
            return False
        if self._clock is not None and self._kept != turn:
            await self._keep_house()
            self._kept = turn
        writes = self._writes
        if self._told == (turn, writes) or any(door.busy for door in self._doors):
            return False
        now = await self._memory.now()
        moments = [await door.next_moment(now) for door in self._doors]
        lines, line, coming = await self._memory.survey(self._look, now)
        if writes != self._writes or turn != self._turn:
            return True  # something happened meanwhile: look again
        if any(door.busy for door in self._doors):
            return False
        first = min((m for m in moments if m), key=lambda moment: moment.at, default=None)
        if first is not None and first.at <= now:
            return False
        pause = first is not None and first.pause and first.at - now <= LONGEST_PAUSE
        said = {
            "turn": turn,
            "next": None if first is None else _stamp(first.at),
            "pace": _stamp(first.at) if first is not None and pause else None,
            "decisions": lines,
            "due": coming,
        }
        (await client.post("/play/bot/turn", json=said)).raise_for_status()
        self._line, self._told = line, (turn, writes)
        return True

    def _look(self, c: Connection, now: datetime) -> tuple[Sequence[Json], int, Sequence[Json]]:
        lines, line = self._decisions(c, self._line)
        return lines, line, self._coming(c, now)

    def _wrote(self) -> None:
        self._writes += 1
        self._bell.ring()


async def _ask(client: httpx.AsyncClient, name: str, seen: int) -> Reading:
    answer = await client.get("/play/bot/turn", params={"seen": seen, "name": name})
    said = answer.raise_for_status().json()
    now = datetime.fromisoformat(said["now"])
    return Reading(int(said["turn"]), now, said["mode"] == "hand")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
