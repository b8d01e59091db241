"""Faults planted in handing over: see `bugs`."""

from typing import Any

from bot.care import handover as care
from bot.care.outcome import Outcome
from bot.store import handover
from tests.simulation.planting import Bug, swap


def _asks_nobody(*args: Any) -> tuple[Outcome, bool]:
    return _tick(*args)[0], False


_tick = care.tick
_ask = handover._ask

BUGS: dict[str, Bug] = {
    "handed_to_nobody": Bug(
        "A time on call ends, and nobody is asked to take the outing over.",
        swap(care, "tick", _asks_nobody),
        by="an outing under way is somebodys",
    ),
    "alert_gone_home": Bug(
        "A time on call ends, and an alert stays with whoever has gone home.",
        swap(handover, "_hand_on", lambda c, found, asked, now: Outcome()),
        by="no alert stays with who has gone off",
    ),
    "alert_not_theirs": Bug(
        "Somebody takes the outing over, and the alert stays with whoever had it.",
        swap(care, "takes", lambda alert, asked, duty, by, person, now: Outcome()),
        by="no alert stays with who has gone off",
    ),
    "handed_over_for_ever": Bug(
        "Somebody is home, and staff are still asked to take the outing over.",
        swap(handover, "_standing", lambda c, found: None),
        by="an outing under way is somebodys",
    ),
    "asked_twice": Bug(
        "Staff are asked twice at once to take an outing over.",
        swap(handover, "_ask", lambda *args: _ask(*args) + _ask(*args)),
        by="nobody is asked twice at once",
    ),
}
