"""What every figure needs: rounds in processes of their own, spreads, stalls, parts of a page."""

import asyncio
import contextlib
import importlib
import importlib.metadata
import json
import math
import os
import platform
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was asked, what was measured, and whether that is enough; None: nothing was asked."""

    asked: str
    measured: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One section of the page. `rows` under `columns`; `plot` is a drawing as SVG; `measured` says
    when, and with which Python."""

    name: str
    title: str
    how: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...] = ()
    numbers: tuple[tuple[str, float], ...] = ()
    plot: str = ""
    measured: str = ""

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        return cls(
            **{
                **kept,
                "rows": tuple(map(tuple, kept["rows"])),
                "verdicts": tuple(Verdict(**verdict) for verdict in kept["verdicts"]),
                "numbers": tuple((name, value) for name, value in kept["numbers"]),
            }
        )


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values: Sequence[float]) -> float:
    return quantile(values, 0.5)


def spread(values: Sequence[float], digits: int = 1, unit: str = "") -> str:
    """Median (lowest to highest) of the rounds."""
    low, middle, high = (f"{v:,.{digits}f}" for v in (min(values), median(values), max(values)))
    return f"{middle}{unit}" if len(values) == 1 else f"{middle}{unit} ({low} to {high})"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Round by round: a round of each ran next to the other."""
    return [a / b for a, b in zip(ours, theirs, strict=True)]


def apart(where: str, **given: Any) -> Any:
    """Run `module:function` of benchmarks in a new process; what it returns, as JSON.

    Nothing that one side imported, cached or left to be collected slows the other.
    """
    if _together.get():
        return json.loads(json.dumps(asyncio.run(_work(where)(**given))))
    command = [sys.executable, "-m", "benchmarks.measure", where, json.dumps(given)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


@contextlib.contextmanager
def together() -> Iterator[None]:
    """Everything in this one process: quicker to start, and no figure."""
    token = _together.set(True)
    try:
        yield
    finally:
        _together.reset(token)


_together = ContextVar("together", default=False)


def _work(where: str) -> Callable[..., Coroutine[Any, Any, Any]]:
    module, _, function = where.partition(":")
    work: Callable[..., Coroutine[Any, Any, Any]]
    work = getattr(importlib.import_module(module), function)
    return work


@asynccontextmanager
async def stalls() -> AsyncIterator[list[float]]:
    """For how many seconds the event loop let nobody else run, each time it did."""
    found: list[float] = []
    tick = 0.001

    async def watch() -> None:
        before = time.perf_counter()
        while True:
            await asyncio.sleep(tick)
            now = time.perf_counter()
            found.append(max(0.0, now - before - tick))
            before = now

    watching = asyncio.create_task(watch())
    try:
        yield found
        await asyncio.sleep(2 * tick)  # one look at least
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


def machine() -> str:
    """The machine in general words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores of {platform.machine()}, {memory:.0f} GB of memory, "
        f"{platform.system()}; SQLite {sqlite3.sqlite_version}"
    )


def versions(*packages: str) -> str:
    """These packages and their releases here; by name alone where one is not installed."""
    found = [f"{p} {importlib.metadata.version(p)}" if _installed(p) else p for p in packages]
    return ", ".join(found)


def missing(*packages: str) -> list[str]:
    """Which of these peers are not installed here."""
    return [name for name in packages if not _installed(name)]


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_work(sys.argv[1])(**json.loads(sys.argv[2])))))
