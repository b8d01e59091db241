"""What people use of Kith in some seeds and not in others: each seed goes deep into a few parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.people import People

Does = Callable[["People"], object]


def _nothing(_: "People") -> None:
    """Most parts need nothing laid ready."""


@dataclass(frozen=True)
class Capability:
    """Of `each` seeds in a row it is played in `these`, counted from the first.

    `does`: each act with its weight beside the others; `often`: how much of all of it there is
    beside everything else; `begin` comes before anything is done.
    """

    each: int
    these: tuple[int, ...]
    often: float
    does: Sequence[tuple[float, Does]]
    begin: Does = _nothing

    def plays(self, seed: int) -> bool:
        return seed % self.each in self.these
