"""Faults planted in handing over: see `bugs`."""

from bot.care import handover as care
from bot.care.outcome import Outcome
from bot.store import handover
from tests.simulation.planting import Bug, swap

BUGS: dict[str, Bug] = {
    "handed_to_nobody": Bug(
        "A time on call ends, and nobody is asked to take the outing over.",
        swap(handover, "_ask", lambda c, found, out, now: Outcome()),
    ),
    "alert_gone_home": Bug(
        "A time on call ends, and an alert stays with whoever has gone home.",
        swap(handover, "_hand_on", lambda c, found, asked, now: Outcome()),
    ),
    "alert_not_theirs": Bug(
        "Somebody takes the outing over, and the alert stays with whoever had it.",
        swap(care, "takes", lambda alert, asked, duty, by, person, now: Outcome()),
    ),
    "handed_over_for_ever": Bug(
        "Somebody is home, and staff are still asked to take the outing over.",
        swap(handover, "_standing", lambda c, found: None),
    ),
}
