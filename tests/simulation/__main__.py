"""`python -m tests.simulation --seeds 1-1000`: play them, print the first that goes wrong.

--processes 2        so many at once
--bug NAME           with a planted fault; `--bug all` looks for each of them in turn
--trace SEED         play one and print everything that happens
--each-step          and then kill one of several replicas at each kind of step at which none has
                     died; with --trace SEED: each --kill 'N STEP' is one of those deaths
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
from tests.simulation.each_step import TOGETHER, EachStep
from tests.simulation.faults import Kill, Kills
from tests.simulation.world import Played

AT_ONCE = 10
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
        return _trace(asked.trace, asked.bug, frozenset(asked.kill))
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
    besides = 0
    for together in TOGETHER:
        planned = steps.plans(together)
        besides += len(planned)
        for (seed, kills), end in zip(planned, pool.map(_killed, planned), strict=True):
            steps.killed |= end.killed
            if end.wrong is not None:
                echo(_said(end))
                dead = " ".join(f"--kill '{kill.nth} {kill.step}'" for kill in kills)
                echo(f"Again: python -m tests.simulation --trace {seed} {dead}")
                return 1
    missed = steps.missed()
    echo(f"{len(steps)} kinds of step, {besides} besides, missed: {missed}")
    return 1 if missed else 0


def _killed(planned: tuple[int, Kills]) -> Played:
    seed, kills = planned
    return world.play(seed, _ready(), kills=kills)


def _said(played: Played) -> str:
    return f"seed {played.seed}: {played.wrong}"


def _trace(seed: int, bug: str | None, kills: Kills) -> int:
    played = world.play(seed, _ready(), echo, bug, kills)
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
    for first in range(seeds.start, seeds.stop, AT_ONCE):
        yield range(first, min(first + AT_ONCE, seeds.stop))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=_range, metavar="1-1000")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--bug", choices=[*BUGS, "all"])
    parser.add_argument("--trace", type=int, metavar="SEED")
    parser.add_argument("--each-step", action="store_true")
    parser.add_argument("--kill", type=_kill, action="append", default=[], metavar="'N STEP'")
    return parser.parse_args()


def _kill(said: str) -> Kill:
    nth, _, step = said.partition(" ")
    return Kill(step, int(nth))


def _range(said: str) -> range:
    first, _, last = said.partition("-")
    return range(int(first), int(last or first) + 1)


if __name__ == "__main__":
    sys.exit(main())
