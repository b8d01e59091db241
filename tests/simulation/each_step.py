"""One of several replicas has died at each kind of step that replicas take."""

from collections.abc import Mapping

from tests.simulation.faults import Kill, Kills
from tests.simulation.world import Played

TOGETHER = 4, 1
"""So many deaths of one seed are planned at first, and then for those that did not come to it."""


class EachStep:
    """Kinds of step that a replica takes while there are others, and where they come most often; at
    those `killed` one has died, by chance or by a plan."""

    def __init__(self) -> None:
        self._most: dict[str, tuple[int, Mapping[str, int]]] = {}
        self.killed: set[str] = set()

    def __len__(self) -> int:
        return len(self._most)

    def saw(self, played: Played) -> None:
        self.killed |= played.killed
        for step, times in played.steps.items():
            if step not in self._most or times > self._most[step][1][step]:
                self._most[step] = played.seed, played.steps

    def missed(self) -> list[str]:
        return sorted(self._most.keys() - self.killed)

    def plans(self, together: int) -> list[tuple[int, Kills]]:
        """For each kind that was missed a seed in which it comes often, and there the middle of its
        times; with it up to so many, in all, of the others that come there."""
        left, planned = self.missed(), []
        while left:
            seed, steps = self._most[left[0]]
            others = sorted((step for step in left[1:] if step in steps), key=lambda s: -steps[s])
            kinds = {left[0], *others[: together - 1]}
            planned.append((seed, frozenset(Kill(s, steps[s] // 2 + 1) for s in kinds)))
            left = [step for step in left if step not in kinds]
        return planned
