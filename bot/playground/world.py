"""Everything that the playground is made of, in one place."""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.playground.chats import Chats
from bot.playground.faults import Faults
from bot.playground.files import Files
from bot.playground.limits import Flood
from bot.playground.people import People
from bot.playground.state import Json, KeptClock, State
from bot.playground.updates import Updates


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the playground waits, in real seconds, and how often it asks.

    `settling`: without any progress, until settling gives up; `rounds`: settled at one instant,
    until advancing gives up; `hold`: of an answer that a time-out fault keeps back.
    """

    settling: float = 30.0
    rounds: int = 1000
    hold: float = 8.0
    slow: float = 0.5


PATIENT = Patience()


@dataclass(slots=True)
class Traffic:
    """The Bot API requests: how many there were, which are in flight, and what they said."""

    made: int = 0
    in_flight: Counter[str] = field(default_factory=Counter)
    calls: deque[Json] = field(default_factory=lambda: deque(maxlen=20_000))
    recorded: int = 0

    def record(self, call: Json) -> None:
        self.recorded += 1
        self.calls.append({"n": self.recorded} | call)


@dataclass(frozen=True, slots=True)
class World:
    """The kept state and what stands around it."""

    state: State
    clock: KeptClock
    people: People
    files: Files
    chats: Chats
    updates: Updates
    patience: Patience = PATIENT
    faults: Faults = field(default_factory=Faults)
    flood: Flood = field(default_factory=Flood)
    traffic: Traffic = field(default_factory=Traffic)

    def bot(self, id: int | None = None) -> Json:
        """The bot as Telegram describes it; its id is the number its token begins with."""
        if id is not None and id != self.state.noted("bot"):
            with self.state.change(seen=False):
                self.state.note("bot", id)
        id = self.state.noted("bot", 1)
        return {
            "id": id,
            "is_bot": True,
            "first_name": "Kith",
            "username": "kith_playground_bot",
        }


def open_world(data: Path, *, hand_set: bool, start: datetime | None, patience: Patience) -> World:
    """The world kept in this folder, or a new one."""
    state = State(data)
    clock = KeptClock(state, hand_set=hand_set, start=start)
    people, files = People(state), Files(state)
    chats = Chats(state, clock, people, files)
    return World(state, clock, people, files, chats, Updates(state), patience)
