"""One of several replicas has died at each kind of step that replicas take."""

from tests.simulation.faults import Kill
from tests.simulation.world import Played


class EachStep:
    """Kinds of step that a replica takes while there are others, and where they come; at those
    `killed` one has died, by chance or by a plan."""

    def __init__(self) -> None:
        self._most: dict[str, tuple[int, int]] = {}
        self.killed: set[str] = set()

    def __len__(self) -> int:
        return len(self._most)

    def saw(self, played: Played) -> None:
        self.killed |= played.killed
        for step, times in played.steps.items():
            if times > self._most.get(step, (0, 0))[1]:
                self._most[step] = played.seed, times

    def missed(self) -> list[str]:
        return sorted(self._most.keys() - self.killed)

    def kills(self) -> list[tuple[int, Kill]]:
        """For each kind that was missed: a seed, and the middle of the times at which it comes."""
        where = ((self._most[step], step) for step in self.missed())
        return [(seed, Kill(step, times // 2 + 1)) for (seed, times), step in where]
