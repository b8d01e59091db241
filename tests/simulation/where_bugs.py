"""Faults planted in where somebody is: see `bugs`."""

from bot.care import location as care
from bot.store import spot
from tests.simulation.planting import Bug, swap

BUGS: dict[str, Bug] = {
    "where_stays": Bug(
        "Where somebody was is kept when they are home.",
        swap(spot, "over", lambda c, person, now: None),
        by="where somebody is goes with the outing",
    ),
    "where_opens_early": Bug(
        "Where somebody is opens to the first who is asked, whatever they chose.",
        swap(care, "opened", lambda alert, opens: alert.state != "closed"),
        by="it is shown to those who are asked",
    ),
    "shown_and_kept": Bug(
        "Who was shown where somebody is stays noted when they are home.",
        swap(spot, "erase", lambda c, journey, now: spot.forget(c, journey, now)),
        by="nothing of it is left",
    ),
}
