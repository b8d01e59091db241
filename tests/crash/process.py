"""A real `kith run` of its own process, on a real database file, that tests may kill."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.playground.server import TOKEN
from tests.kith import SAMPLE, Somebody, Story
from tests.play import Play, Refused, playing

READY = 60.0
"""Real seconds a process may take to be there."""


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again, for as long as a process may take to get there."""
    async with asyncio.timeout(READY):
        while not await true():  # noqa: ASYNC110 -- another process cannot set an event
            await asyncio.sleep(0.05)


class Kith:
    """The `kith` command with an environment of its own."""

    def __init__(self, data: Path, api: str, **more: str) -> None:
        self.log = data / "kith.log"
        self._env: Mapping[str, str] = {
            **{name: value for name, value in os.environ.items() if not name.startswith("KITH_")},
            "KITH_DATA": str(data),
            "KITH_BOT_TOKEN": TOKEN,
            "KITH_TELEGRAM_API": api,
            **more,
        }
        self._process: Process | None = None

    async def command(self, *words: str) -> tuple[int, str]:
        """Run a command to its end: its exit code and all it said."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *words,
            env=self._env,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()

    async def start(self, *words: str) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", *words),
                env=self._env,
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """As a power cut would: no warning, nothing tidied."""
        await self._end(signal.SIGKILL)

    async def terminate(self) -> int:
        """As a supervisor does; answers with the exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, by: signal.Signals) -> int:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(by)
        return await self._process.wait()


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
        try:
            await self.play.settle()
        except Refused:  # not up yet
            return False
        return True

    async def is_killed_and_starts_again(self) -> None:
        await self.process.kill()
        await self.starts()


@asynccontextmanager
async def killable(data: Path) -> AsyncIterator[Killable]:
    """A playground, the sample circle loaded by the real command, and a running Kith."""
    # The command seeds as of the machine's own time, so the playground begins there, too.
    async with playing(data / "playground", start=None) as play:
        people = {name: (await play.new_person(name, role="sample")).id for name in SAMPLE}
        process = Kith(data, play.address)
        members = [word for name, id in people.items() for word in ("--member", f"{name}={id}")]
        code, said = await process.command("seed", "sample", *members)
        assert code == 0, said
        phones = {name.lower(): Somebody(play, id, name) for name, id in people.items()}
        story = Killable(play, phones, process)
        try:
            await story.starts()
            yield story
        finally:
            await process.kill()
