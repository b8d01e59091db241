"""Boxes to tick in one question: what a session has for people, what somebody needs to come."""

from collections.abc import Iterable

from bot.care.education import Need
from bot.care.text import Text
from bot.flows.flow import Offered
from bot.outbox.education import NEEDS

READY = "="
"""Stands before the ticked boxes when no more are ticked."""


def ticked(answer: str) -> tuple[Need, ...]:
    """The boxes as they are kept: one letter each, so that a button can carry them all."""
    return tuple(need for letter, need in _letters() if letter in answer)


def boxes(answer: str) -> list[Offered]:
    """Each box, and what would be ticked after it; the last leads on."""
    now = answer.removeprefix(READY)
    found = [
        Offered(
            _with(now, letter),
            Text("education", "ticked") if letter in now else Text("education", "not_ticked"),
            {"need": NEEDS[need]},
        )
        for letter, need in _letters()
    ]
    return [*found, Offered(f"{READY}{now}", Text("education", "that_is_all"))]


def kept_boxes(needs: Iterable[Need]) -> str:
    return "".join(letter for letter, need in _letters() if need in set(needs))


def _letters() -> list[tuple[str, Need]]:
    return list(zip("abcdefg", Need, strict=True))


def _with(now: str, letter: str) -> str:
    """The other way round than it is; `-` where nothing is ticked."""
    after = [one for one, _ in _letters() if (one in now) != (one == letter)]
    return "".join(after) or "-"
