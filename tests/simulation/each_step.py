"""One of several replicas is killed at each kind of step that replicas take."""

from collections.abc import Iterable, Mapping

from tests.simulation.faults import Kill
from tests.simulation.world import Played

SEEDS = range(1, 161)
"""In these a kind of step is looked for that a replica takes while there are others."""

Reached = dict[str, tuple[int, int]]
"""By kind of step: a seed in which it is taken most often, and how often that is."""


def reached(played: Iterable[Played]) -> Reached:
    found: Reached = {}
    for one in played:
        for step, times in one.steps.items():
            if times > found.get(step, (0, 0))[1]:
                found[step] = one.seed, times
    return found


def kills(found: Mapping[str, tuple[int, int]]) -> list[tuple[int, Kill]]:
    """For each kind of step: where it comes in the middle of its seed."""
    return [(seed, Kill(step, times // 2 + 1)) for step, (seed, times) in sorted(found.items())]


def unkilled(found: Mapping[str, object], played: Iterable[Played]) -> list[str]:
    """Kinds of step at which, after all, no replica has died."""
    return sorted(found.keys() - {step for one in played for step in one.killed})
