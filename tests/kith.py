"""The whole of Kith as tests speak it: the sample circle, what they say and tap, who hears what.

async with kith(tmp_path) as story:
    await story.sam.says("/out")
    await story.sam.taps("Café", "1 hour", "Set off")
    await story.passes(minutes=70)
    await story.heard(sam=["Are you OK", "Are you OK", "asked Jo"], jo=["has not checked in"])

It is the real application, a real database and real HTTP to the playground's Bot API; only
the clock is moved by hand. Whoever is not named in `heard` must have received nothing.
"""

import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

from bot.demo import Demo
from bot.settings import Settings
from bot.store import Connection, migrate
from bot.store.memory import Memory
from tests.logged import logged, spilt
from tests.play import MONDAY_MORNING, Chat, Play

SAMPLE = ("Sam", "Amira", "Leo", "Ruth", "Jo", "Dev", "Priya", "Mina", "Alex")


class Somebody:
    """One Telegram user: what they do, and what reached their phone since the last look."""

    def __init__(self, play: Play, id: int, name: str) -> None:
        self.id = id
        self.name = name
        self._play = play
        self._seen = 0

    async def says(self, *texts: str) -> Chat:
        """Write to Kith, one message after the other."""
        for text in texts:
            chat = await self._play.write(self.id, text)
        return chat

    async def taps(self, *buttons: str) -> Chat:
        """Tap the newest button with each of these labels, one after the other."""
        for button in buttons:
            chat = await self._play.tap(self.id, button)
        return chat

    async def chat(self) -> Chat:
        return await self._play.chat(self.id)

    async def last(self) -> str:
        """The newest words from Kith."""
        return (await self.chat()).last.text

    async def news(self) -> list[str]:
        """What Kith sent since the last look; looking makes it old."""
        return self.read(await self.chat())

    def read(self, chat: Chat) -> list[str]:
        """The same, from their chat as it is."""
        messages = chat.from_bot
        fresh = [message.text for message in messages if message.id > self._seen]
        self._seen = max((message.id for message in messages), default=self._seen)
        return fresh


class Story:
    """The circle around Sam on their phones, and the clock in the middle."""

    def __init__(self, play: Play, people: dict[str, Somebody]) -> None:
        self.play = play
        self.people = people

    def __getattr__(self, name: str) -> Somebody:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    async def passes(self, *, minutes: float = 0, seconds: float = 0, hours: float = 0) -> None:
        await self.play.advance(minutes=minutes, seconds=seconds, hours=hours)

    async def now(self) -> datetime:
        return (await self.play.clock()).now

    async def stranger(self, name: str) -> Somebody:
        """A Telegram user whom Kith does not know; from now on part of everybody else."""
        person = await self.play.new_person(name)
        self.people[name.lower()] = Somebody(self.play, person.id, name)
        return self.people[name.lower()]

    async def listens(self) -> None:
        """From here on: what was said before counts as heard."""
        await self._news()

    async def _news(self) -> dict[str, list[str]]:
        """What each of them has got since the last look."""
        chats = await self.play.chats()
        return {name: somebody.read(chats[somebody.id]) for name, somebody in self.people.items()}

    async def heard(self, **expected: str | Sequence[str]) -> None:
        """Since the last look exactly these received exactly these, in order; nobody else did.

        Each expectation is some words of the message.
        """
        news = await self._news()
        for name, words in expected.items():
            wanted = [words] if isinstance(words, str) else list(words)
            got = news.pop(name)
            fits = len(got) == len(wanted) and all(
                one in text for one, text in zip(wanted, got, strict=True)
            )
            assert fits, f"{name} was to hear {wanted} and heard {got}"
        loud = {name: said for name, said in news.items() if said}
        assert not loud, f"nobody else was to hear anything: {loud}"

    async def sets_off(self, place: str = "Café", back: str = "1 hour") -> None:
        """Sam sets off; what was said so far counts as heard."""
        await self.sam.says("/out")
        await self.sam.taps(place, back, "Set off")
        await self.listens()


class Agreed(Demo):
    """The sample circle, with something more that stands before anybody writes."""

    agreed: Callable[[Connection], None] | None = None

    async def _sample(self, memory: Memory) -> None:
        await super()._sample(memory)
        if self.agreed is not None:
            await memory.write(self.agreed)


@cache
def _migrated() -> Path:
    """An empty database at the newest schema: made once, copied for each test."""
    folder = Path(tempfile.mkdtemp(prefix="kith-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrate.upgrade(f"sqlite:///{folder / 'kith.db'}")
    return folder / "kith.db"


@asynccontextmanager
async def kith(
    data: Path,
    *,
    start: datetime = MONDAY_MORNING,
    seed: Literal["sample", "empty"] = "sample",
    agreed: Callable[[Connection], None] | None = None,
    admin_port: int | None = None,
    **settings: object,
) -> AsyncIterator[Story]:
    """Kith with its playground, in this process, on a free port; in an empty folder, or as it
    was left there. `agreed`: what stands besides the sample before anybody writes."""
    made = Settings.model_validate({"data": data, **settings})
    if not (data / "kith.db").exists():
        shutil.copy(_migrated(), data / "kith.db")
    demo = Agreed(made, port=0, seed=seed, clock="hand", start=start, admin_port=admin_port)
    demo.agreed = agreed
    with logged(loud=True) as log:
        async with demo, Play(demo.address) as play:
            people = {
                person.name.lower(): Somebody(play, person.id, person.name)
                for person in await play.people()
            }
            story = Story(play, people)
            await story.listens()
            yield story
            chats = (await play.chats()).values()
    private = spilt(log.getvalue(), chats)
    assert not private, f"the log names somebody, or says what was said: {private}"
