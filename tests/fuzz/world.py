"""One run: the real application, a memory and a Telegram of this process, and what must hold."""

import asyncio
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from sqlalchemy import Connection, select, text
from telegram import Update

from bot.inbox.arrival import arrival, arrive
from bot.store import ledger, schema
from tests.fuzz.inside import Inside
from tests.fuzz.people import CANARY
from tests.fuzz.telegram import Said
from tests.fuzz.updates import Made, Maker
from tests.logged import logged

LENGTH = 400
"""Updates of one run; then all begin again, lest everybody has left in the end."""

SET_ASIDE = "an update was set aside"
RETRIED = "an update could not be handled"


class Broken(AssertionError):
    """Something that must hold does not."""


class World(Inside):
    """`seed` says everything that happens in it."""

    def __init__(self, seed: str) -> None:
        self._dice = Random(seed)
        super().__init__(self._dice)
        self.telegram.heard = self._heard
        self.maker = Maker(self._dice, self.telegram, self.ears, self.clock.now)
        self._chats: dict[int, int | None] = {}
        self._made: dict[int, Made] = {}
        self._wrong: list[str] = []

    async def live(self, updates: int, log: io.StringIO) -> None:
        """Raises Broken, with the update, at the first thing that does not hold."""
        async with self.running():
            left = updates
            while left > 0:
                batch = [self.maker.make() for _ in range(min(left, self._dice.randint(1, 8)))]
                left -= len(batch)
                await self.handle(batch, log)
                self._time_passes()
            for _ in range(20):
                self.clock.advance(timedelta(seconds=20))
                await self.settle()
            page = await self.metrics()
            self._expect(CANARY.search(page) is None, "the metrics hold somebody's words")
            self._look([], log)
            self._look_back()

    async def handle(self, batch: list[Made], log: io.StringIO) -> None:
        """Take these and see what has become of them."""
        await self._take(batch)
        await self.settle()
        self._look(batch, log)

    async def _take(self, batch: list[Made]) -> None:
        for made in batch:
            arrived = arrival(json.loads(json.dumps(made.body)))
            assert arrived is not None
            if not made.repeat:
                self._chats[made.id] = arrived.chat
                self._made[made.id] = made
            new = await self.memory.write(arrive, [arrived], self.clock.now())
            self._expect(new == (not made.repeat), f"{made.id} was taken {new} times")

    def _time_passes(self) -> None:
        pause = self._dice.choices((1, 30, 300, 900, 7200), (40, 30, 20, 9, 1))[0]
        self.clock.advance(timedelta(seconds=pause))

    # --- what must hold -------------------------------------------------------------------

    def _heard(self, said: Said) -> None:
        """Each word goes to a chat that may hear it, for a reason."""
        kind, _, id = said.by.partition(" ")
        if kind == "update":
            to = self._chats.get(int(id))
        elif kind == "send":
            to = self.memory.now_do(_reader, id)
        else:
            to = None
        # A chat that nobody could read off a spoilt update is no lane of the inbox.
        nowhere = to is None and kind == "update" and not self._made[int(id)].sound
        told = f"{said.by!r} told {said.chat}, which is not its reader"
        self._expect(to == said.chat or nowhere, told)
        wrong = self.memory.now_do(self.ears.wrong, said.chat, said.text)
        self._expect(not wrong, f"{said.chat} heard {wrong}: {said.text!r}")

    def _look(self, batch: list[Made], log: io.StringIO) -> None:
        ids = [made.id for made in batch if not made.repeat]
        states = self.memory.now_do(_states, ids)
        for id in ids:
            made = self._made[id]
            if made.sound:
                self._expect(states[id] == "done", f"it is {states[id]}: {_show(made)}")
            elif not self._readable(made):
                self._expect(states[id] == "parked", f"it is {states[id]}: {_show(made)}")
        for line in _taken(log):
            self._read(line)
        for by, what in self.telegram.wrong:
            cause = self._made.get(int(by.removeprefix("update ")) if "update" in by else -1)
            self._expect(cause is not None and not cause.sound, f"{by}: {what}")
        self.telegram.wrong.clear()
        if self._wrong:
            shown = "\n".join(_show(made) for made in batch)
            raise Broken("\n".join((*self._wrong, "after:", shown)))

    def _readable(self, made: Made) -> bool:
        try:
            Update.de_json(json.loads(json.dumps(made.body)), self.app._own)
        except Exception:
            return False
        return True

    def _read(self, line: str) -> None:
        """A line of the log: no error but for what is malformed, and never a canary."""
        found = CANARY.search(line)
        self._expect(found is None, f"the log says {line}")
        said = json.loads(line)
        made = self._made.get(said.get("update", -1))
        spoilt = made is not None and not made.sound and said["event"] in (SET_ASIDE, RETRIED)
        fine = said["level"] in ("debug", "info") or (
            said["level"] == "warning" and said["event"] != RETRIED
        )
        self._expect(fine or spoilt, f"the log says {line}")

    def _look_back(self) -> None:
        """At the end: nothing waits, the ledger's chain holds, every reference leads somewhere."""
        open_ = self.memory.now_do(_open)
        self._expect(not open_, f"updates {open_} are neither done nor set aside")
        self.memory.now_do(ledger.seal_new)
        for finding in self.memory.now_do(lambda c: list(ledger.verify(c))):
            self._expect(finding.ok, finding.sentence)
        self._expect(not self.memory.now_do(_dangling), "a row refers to none")
        if self._wrong:
            raise Broken("\n".join(self._wrong))

    def _expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self._wrong.append(otherwise)


def _reader(c: Connection, row: str) -> int | None:
    table, member = schema.outbox, schema.member
    found: int | None = c.execute(
        select(member.c.telegram)
        .join(table, table.c.member == member.c.id)
        .where(table.c.id == row, table.c.state == "sending")
    ).scalar_one_or_none()
    return found


def _states(c: Connection, ids: list[int]) -> dict[int, str]:
    id, state = schema.inbox.c["update"], schema.inbox.c.state
    return {row[0]: row[1] for row in c.execute(select(id, state).where(id.in_(ids)))}


def _open(c: Connection) -> list[int]:
    id, state = schema.inbox.c["update"], schema.inbox.c.state
    return list(c.execute(select(id).where(state == "open")).scalars())


def _dangling(c: Connection) -> bool:
    return c.execute(text("PRAGMA foreign_key_check")).first() is not None


def _show(made: Made) -> str:
    return f"{'sound' if made.sound else 'spoilt'} {json.dumps(made.body)[:2000]}"


def _taken(log: io.StringIO) -> Iterator[str]:
    lines = log.getvalue().splitlines()
    log.seek(0)
    log.truncate()
    yield from lines


def run(seed: str, updates: int = LENGTH) -> None:
    """One run of so many updates; Broken says what went wrong and how to see it again."""
    with logged() as log:
        try:
            asyncio.run(World(seed).live(updates, log))
        except Broken as broken:
            again = f"python -m tests.fuzz --again {seed}"
            raise Broken(f"run {seed}: {broken}\nAgain: {again}") from None
