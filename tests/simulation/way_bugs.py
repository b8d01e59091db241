"""Faults planted in the way there and back: see `bugs`."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.care import lateness, pattern, pause
from bot.care.journey import Event, Journey, moved
from bot.care.plan import Plan
from tests.simulation.planting import Bug, swap


def _answered_by_staff(journey: Journey, back: datetime) -> Journey:
    later = replace(moved(journey, Event.LATER), due_at=back, back_at=None)
    return replace(later, nudges=0, off=None)


def _as_if_heard(journey: Journey, back: datetime) -> Journey:
    return replace(_longer(journey, back), heard_at=journey.due_at)


_longer = lateness._longer


BUGS: dict[str, Bug] = {
    "pause_without_end": Bug(
        "A pause is as long as somebody likes.",
        swap(pause, "longest", lambda journey, now: now + timedelta(days=1)),
        by="nobody is unheard for longer than agreed",
    ),
    "stretch_again": Bug(
        "A slow stretch gives its grace again and again.",
        swap(pause, "stretches_left", lambda one: tuple(enumerate(one.plan.terms.stretches))),
        by="a stretch is slow once",
    ),
    "staff_answer": Bug(
        "Somebody who is given more time is not asked on the way any more.",
        swap(lateness, "_longer", _answered_by_staff),
        by="nobody is unheard for longer than agreed",
    ),
    "asked_after_being_back": Bug(
        "The next check-in may come after the time to be back.",
        swap(pattern, "between", lambda due, back: (due, back)),
        by="nobody is unheard for longer than agreed",
    ),
    "every_place_alike": Bug(
        "What is agreed for one place is forgotten on the way there.",
        swap(Plan, "at", lambda plan, place: plan),
        by="nobody is unheard for longer than agreed",
    ),
    "staff_quieten": Bug(
        "Somebody who is given more time counts as heard from.",
        swap(lateness, "_longer", _as_if_heard),
        by="only the person answers",
    ),
}
