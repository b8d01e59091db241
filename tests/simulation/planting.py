"""How a fault is kept in Kith for as long as a seed is played."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count, islice
from typing import Any
from unittest.mock import patch

from tests.simulation.capability import Capability

WITHIN = 50
"""Each is found within so many seeds in which what it breaks is played."""


@dataclass(frozen=True)
class Bug:
    """`what` says it in a sentence; `plant` keeps it in Kith for as long as it is entered. It is
    found `by` what then does not hold, and by nothing else: a plant that merely falls over is not
    found. `part` is the capability that it breaks; None: what every seed plays."""

    what: str
    plant: Callable[[ExitStack], None]
    by: str
    part: Capability | None = None

    @property
    def seeds(self) -> Iterable[int]:
        """Where it is looked for."""
        played = (n for n in count(1) if self.part is None or self.part.plays(n))
        return islice(played, WITHIN)


def swap(where: Any, name: str, with_: Any) -> Callable[[ExitStack], None]:
    """Put this in the place of what has that name there."""
    return lambda planted: planted.enter_context(patch.object(where, name, with_))
