"""How a fault is kept in Kith for as long as a seed is played."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch


WITHIN = 50
"""Each is found within so many seeds."""


@dataclass(frozen=True)
class Bug:
    """`what` says it in a sentence; `plant` keeps it in Kith for as long as it is entered."""

    what: str
    plant: Callable[[ExitStack], None]


def swap(where: Any, name: str, with_: Any) -> Callable[[ExitStack], None]:
    """Put this in the place of what has that name there."""
    return lambda planted: planted.enter_context(patch.object(where, name, with_))
