"""Faults planted in education sessions: see `bugs`."""

from collections.abc import Sequence
from typing import Any

from bot.care import arranging, booking
from bot.care.booking import Booking
from bot.care.outcome import Outcome, Wake
from bot.care.round import SPREAD
from tests.simulation.planting import Bug, swap


def _told_to_nobody(session: Any, *_: Any) -> Wake:
    return Wake(SPREAD, session.id, None)


_waiting = booking._waiting


def _backwards(line: Sequence[Booking]) -> list[Booking]:
    return _waiting(line)[::-1]


BUGS: dict[str, Bug] = {
    "always_room": Bug(
        "Whoever books gets a place, though there is none left.",
        swap(booking, "room", lambda *_: True),
        by="nobody comes without a place",
    ),
    "nobody_moves_up": Bug(
        "A place that is given back goes to nobody.",
        swap(booking, "move_up", lambda *_: Outcome()),
        by="whoever waits first is next",
    ),
    "line_backwards": Bug(
        "Whoever came last gets the place that is free.",
        swap(booking, "_waiting", _backwards),
        by="whoever waits first is next",
    ),
    "date_told_to_nobody": Bug(
        "A new session is told to nobody.",
        swap(arranging, "spread", _told_to_nobody),
        by="everybody hears of a date once",
    ),
}
