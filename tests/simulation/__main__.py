"""`python -m tests.simulation --seeds 1-1000`: play them, print the first that goes wrong.

--processes 2        so many at once
--bug NAME           with a planted fault; `--bug all` looks for each of them in turn
--trace SEED         play one and print everything that happens
--each-step          and then kill one of several replicas at each kind of step at which none has
                     died; with --trace SEED: --kill STEP and --nth N say which of them
"""

import argparse
import gc
import os
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import cache, partial

from typer import echo

from bot.i18n import Words
from tests.simulation import world
from tests.simulation.bugs import BUGS
from tests.simulation.each_step import EachStep
from tests.simulation.faults import Kill
from tests.simulation.world import Played

TOGETHER = 10
"""Seeds that a process is given at once."""


def main() -> int:
    asked = _arguments()
    if os.environ.get("PYTHONHASHSEED") != "0":  # sets of words keep one order
        os.execve(
            sys.executable,
            [sys.executable, "-m", "tests.simulation", *sys.argv[1:]],
            os.environ | {"PYTHONHASHSEED": "0"},
        )
    if asked.trace is not None:
        kill = None if asked.kill is None else Kill(asked.kill, asked.nth)
        return _trace(asked.trace, asked.bug, kill)
    names = list(BUGS) if asked.bug == "all" else [asked.bug]
    with ProcessPoolExecutor(asked.processes) as pool:
        if asked.bug is not None:
            found = list(pool.map(partial(_hunt, seeds=asked.seeds), names))
            for name, played in zip(names, found, strict=True):
                echo(f"{name}: {_said(played) if played else 'NOT FOUND'}")
            return 0 if all(found) else 1
        steps = EachStep()
        ends = _sound(pool.map(_play_all, _parts(asked.seeds or range(1, 1001))), steps)
        return ends or (_each_step(pool, steps) if asked.each_step else 0)


def _sound(parts: Iterable[list[Played]], steps: EachStep) -> int:
    began, count, seen = time.perf_counter(), 0, set[str]()
    for part in parts:
        for played in part:
            count += 1
            seen |= played.seen
            steps.saw(played)
            if played.wrong is not None:
                echo(_said(played))
                echo(f"Again: python -m tests.simulation --trace {played.seed}")
                return 1
    took = time.perf_counter() - began
    echo(f"{count} seeds, nothing wrong, {took:.0f} s. Seen: {', '.join(sorted(seen))}")
    return 0


def _each_step(pool: Executor, steps: EachStep) -> int:
    planned = steps.kills()
    ends = pool.map(_killed, planned, chunksize=TOGETHER)
    for (seed, kill), end in zip(planned, ends, strict=True):
        steps.killed |= end.killed
        if end.wrong is not None:
            echo(_said(end))
            again = f"--trace {seed} --kill {kill.step!r} --nth {kill.nth}"
            echo(f"Again: python -m tests.simulation {again}")
            return 1
    missed = steps.missed()
    echo(f"{len(steps)} kinds of step, {len(planned)} besides, missed: {missed}")
    return 1 if missed else 0


def _killed(planned: tuple[int, Kill]) -> Played:
    seed, kill = planned
    return world.play(seed, _ready(), kill=kill)


def _said(played: Played) -> str:
    return f"seed {played.seed}: {played.wrong}"


def _trace(seed: int, bug: str | None, kill: Kill | None) -> int:
    played = world.play(seed, _ready(), echo, bug, kill)
    echo(f"{played.wrong or 'nothing wrong'}, {played.digest}")
    return 0 if played.wrong is None else 1


def _play_all(seeds: Iterable[int]) -> list[Played]:
    played = []
    for seed in seeds:
        played.append(world.play(seed, _ready()))
        if seed % 20 == 0:
            gc.collect()
        if played[-1].wrong is not None:
            break
    return played


def _hunt(bug: str, seeds: Iterable[int] | None) -> Played | None:
    words, wanted = _ready(), BUGS[bug]
    played = (world.play(seed, words, bug=bug) for seed in seeds or wanted.seeds)
    return next((one for one in played if one.wrong and wanted.by in one.wrong), None)


@cache
def _ready() -> Words:
    """What a process needs once."""
    world.quietly()
    words = Words.load()
    world.play(0, words)
    gc.collect()
    gc.freeze()
    return words


def _parts(seeds: range) -> Iterator[range]:
    for first in range(seeds.start, seeds.stop, TOGETHER):
        yield range(first, min(first + TOGETHER, seeds.stop))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=_range, metavar="1-1000")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--bug", choices=[*BUGS, "all"])
    parser.add_argument("--trace", type=int, metavar="SEED")
    parser.add_argument("--each-step", action="store_true")
    parser.add_argument("--kill", metavar="STEP")
    parser.add_argument("--nth", type=int, default=1)
    return parser.parse_args()


def _range(said: str) -> range:
    first, _, last = said.partition("-")
    return range(int(first), int(last or first) + 1)


if __name__ == "__main__":
    sys.exit(main())
