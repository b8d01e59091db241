"""Faults planted in what follows when somebody is gone: see `bugs`."""

from bot.care.outcome import Outcome
from bot.store import escalation
from tests.simulation.planting import Bug, swap

BUGS: dict[str, Bug] = {
    "unreachable_not_passed": Bug(
        "An alert waits on somebody who cannot be reached.",
        swap(escalation, "undeliverable", lambda c, member, now, alert=None: Outcome()),
        by="whoever cannot be reached is passed by",
    ),
}
