"""How a Kith that serves ends when it is asked to: in its own time, which is short."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

LIMIT = 4.5
"""Seconds after a signal in which it ends by itself. A resolver or a database that hangs must not
make a supervisor wait, nor the next Kith: what was acknowledged is on disk, as a kill proves."""

_WORD = 0.25
"""Seconds for the last line of the log, which may hang as well."""

log = structlog.get_logger(__name__)


def until_stopped(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run until it ends, or until a signal asks it to; then the process ends in any case."""

    async def guarded() -> None:
        task = asyncio.current_task()
        assert task is not None

        def stop() -> None:
            task.cancel()
            threading.Thread(target=_end, name="end", daemon=True).start()

        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop)
        await work()

    try:
        asyncio.run(guarded())
    except asyncio.CancelledError:
        return


def _end() -> None:
    """A daemon's work: it is over as soon as the process has ended by itself."""
    threading.Event().wait(LIMIT)
    saying = threading.Thread(target=_say, name="last word", daemon=True)
    saying.start()
    saying.join(_WORD)
    os._exit(0)


def _say() -> None:
    log.warning("Kith was asked to stop and something hangs: it ends now. What it took is kept.")
    sys.stdout.flush()
    sys.stderr.flush()
