"""Faults planted in steps of support: see `bugs`."""

from dataclasses import replace
from typing import Any

from bot.care import stepping
from bot.care.outcome import Outcome
from bot.care.plan import Plan, PlanState
from bot.care.stepping import Proposal
from tests.simulation.planting import Bug, swap


def _alone(said: Proposal, plan: Any, by: str, following: Any, keepers: Any, now: Any) -> Outcome:
    if stepping._over(said, plan) is not None:
        return _yes(said, plan, by, following, keepers, now)
    return _step(said, plan, following, now)


_yes = stepping.yes


_step = stepping._step


def _beside(*args: Any) -> Outcome:
    outcome = _step(*args)
    stands = (
        record
        for record in outcome.records
        if not (isinstance(record, Plan) and record.state is PlanState.REPLACED)
    )
    return replace(outcome, records=tuple(stands))


BUGS: dict[str, Bug] = {
    "step_by_one": Bug(
        "A step is taken when one says yes.",
        swap(stepping, "yes", _alone),
        by="a step is taken by both",
    ),
    "plan_beside_plan": Bug(
        "The plan before a step stays in force beside it.",
        swap(stepping, "_step", _beside),
        by="one plan is in force",
    ),
}
