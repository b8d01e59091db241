"""A real `kith run` of its own process, on a real database file, that tests may kill."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.playground.server import TOKEN
from tests import doors
from tests.kith import SAMPLE, Somebody, Story
from tests.logged import spilt
from tests.play import Play, Refused, playing
from tests.torture.forked import Forked

READY = 60.0
"""Real seconds a process may take to be there."""


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again, for as long as a process may take to get there."""
    await doors.until(true, READY)


class Kith:
    """The `kith` command with an environment of its own."""

    def __init__(self, data: Path, api: str, **more: str) -> None:
        self.log = data / "kith.log"
        self._env: Mapping[str, str] = {
            **{name: value for name, value in os.environ.items() if not name.startswith("KITH_")},
            "KITH_DATA": str(data),
            "KITH_BOT_TOKEN": TOKEN,
            "KITH_TELEGRAM_API": api,
            "KITH_ADMIN_PORT": "off",
            **more,
        }
        self._process: Process | None = None

    async def command(self, *words: str) -> tuple[int, str]:
        """Run a command to its end: its exit code and all it said."""
        command = (sys.executable, "-m", "bot", *words)
        process = await asyncio.create_subprocess_exec(
            *command, env=self._env, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT
        )
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()

    async def start(self, *words: str) -> None:
        command = (sys.executable, "-m", "bot", "run", *words)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, env=self._env, stdin=DEVNULL, stdout=log, stderr=log
            )

    def halt(self) -> None:
        """It is still there, and does nothing more."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    async def kill(self) -> None:
        """As a power cut would: no warning, nothing tidied."""
        self._signal(signal.SIGKILL)
        await self.ended()

    async def terminate(self) -> int:
        """As a supervisor does; answers with the exit code."""
        self._signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        assert self._process is not None
        return await self._process.wait()

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self.runs:
            self._process.send_signal(number)


class Quick(Kith):
    """The same, started in a moment: forked from a process that has imported Kith already."""

    def __init__(self, data: Path, api: str, **more: str) -> None:
        super().__init__(data, api, **more)
        self._forked = Forked(self.log, self._env)

    async def start(self, *words: str) -> None:
        await self._forked.start(*words)

    async def ended(self) -> int:
        return await self._forked.ended()

    @property
    def runs(self) -> bool:
        return self._forked.runs

    def _signal(self, number: signal.Signals) -> None:
        self._forked.signal(number)


class Killable(Story):
    """The sample circle around a Kith that can be killed and started again."""

    def __init__(self, play: Play, people: dict[str, Somebody], process: Kith) -> None:
        super().__init__(play, people)
        self.process = process

    async def starts(self) -> None:
        """Start Kith and wait until it is at rest."""
        await self.process.start("--clock", "playground")
        await until(self._rests)

    async def _rests(self) -> bool:
        assert self.process.runs, self.process.log.read_text()
        try:
            await self.play.settle()
        except Refused:  # not up yet
            return False
        return True


@asynccontextmanager
async def killable(data: Path, **more: str) -> AsyncIterator[Killable]:
    """A playground and a running Kith, as they were left in this folder; `more` are settings."""
    async with playing(data / "playground") as play:
        people = {
            person.name.lower(): Somebody(play, person.id, person.name)
            for person in await play.people()
        }
        story = Killable(play, people, Quick(data, play.address, **more))
        try:
            await story.starts()
            yield story
        finally:
            await story.process.kill()
        chats = (await play.chats()).values()
        private = spilt(story.process.log.read_text(), chats)
        assert not private, f"the log names somebody, or says what was said: {private}"


async def seed(data: Path) -> None:
    """Nine phones on a playground, and the sample circle bound to them by the real command."""
    async with playing(data / "playground") as play:
        ids = {name: (await play.new_person(name, role="sample")).id for name in SAMPLE}
    members = [word for name, id in ids.items() for word in ("--member", f"{name}={id}")]
    code, said = await Kith(data, play.address).command("seed", "sample", *members)
    assert code == 0, said
