"""Faults planted in education sessions: see `bugs`."""

from typing import Any

from bot.care import arranging, booking
from bot.care.outcome import Wake
from bot.care.round import SPREAD
from tests.simulation.planting import Bug, swap


def _told_to_nobody(session: Any, *_: Any) -> Wake:
    return Wake(SPREAD, session.id, None)


BUGS: dict[str, Bug] = {
    "always_room": Bug(
        "Whoever books gets a place, though there is none left.",
        swap(booking, "room", lambda *_: True),
    ),
    "date_told_to_nobody": Bug(
        "A new session is told to nobody.",
        swap(arranging, "spread", _told_to_nobody),
    ),
}
