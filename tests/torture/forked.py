"""Real `kith run` processes that start in a moment: forked from one that has imported Kith.

An ordinary start takes seconds of imports, during which there is nothing to kill. What runs here
is the same command in a process of its own, with its own environment, that a kill ends as any.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
import zoneinfo
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.playground.server import TOKEN

_HERE = multiprocessing.get_context("forkserver")
_HERE.set_forkserver_preload(["bot.__main__", "psycopg", "pytest", __name__])


def environment(data: Path, api: str, **more: str) -> dict[str, str]:
    """What a Kith of a test finds in its environment, and nothing else of Kith's."""
    theirs = {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}
    return {
        **theirs,
        "KITH_DATA": str(data),
        "KITH_BOT_TOKEN": TOKEN,
        "KITH_TELEGRAM_API": api,
        "KITH_ADMIN_PORT": "off",
        **more,
    }


class Forked:
    """One `kith run`; its words go to the file `log`."""

    def __init__(self, log: Path, env: Mapping[str, str]) -> None:
        self.log = log
        self._env = dict(env)
        self._process: ForkServerProcess | None = None

    async def start(self, *words: str) -> None:
        process = _HERE.Process(target=_run, args=(self._env, str(self.log), ("run", *words)))
        await asyncio.to_thread(process.start)
        self._process = process

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def halt(self) -> None:
        """It is still there, and does nothing more."""
        self.signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.signal(signal.SIGCONT)

    async def kill(self) -> int | None:
        """As a power cut would; None, or with what exit code it had ended by itself."""
        if self._process is None:
            return None
        if self._process.is_alive():
            self.signal(signal.SIGKILL)
        code = await self.ended()
        return None if code == -signal.SIGKILL else code

    async def terminate(self) -> int:
        """As a supervisor does; answers with the exit code."""
        self.signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        assert self._process is not None
        await asyncio.to_thread(self._process.join)
        code = self._process.exitcode
        assert code is not None
        return code

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None and self._process.pid is not None
        if self._process.is_alive():
            os.kill(self._process.pid, number)


def _run(env: Mapping[str, str], log: str, words: tuple[str, ...]) -> None:
    from bot.__main__ import main

    os.environ.clear()
    os.environ.update(env)
    zoneinfo.reset_tzpath()  # it was read before the environment was known
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["kith", *words]
    main()
