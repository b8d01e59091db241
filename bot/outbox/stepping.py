"""A step of support in plain words: why, from where, to where."""

from collections.abc import Mapping

from bot.care.stepping import Change, Why, changes, towards
from bot.care.terms import Support
from bot.care.text import Text
from bot.i18n import Param
from bot.store import Connection, stepping
from bot.store import plan as plans

SUPPORT: Mapping[Support, Text] = {
    Support.TOGETHER: Text("terms", "together"),
    Support.SHADOWED: Text("terms", "shadowed"),
    Support.ROUTE: Text("terms", "route"),
    Support.CHECK_INS: Text("terms", "check_ins"),
    Support.ALONE: Text("terms", "alone"),
}

WHY: Mapping[Why, Text] = {
    Why.MISSED: Text("stepping", "why_missed"),
    Why.LOW: Text("stepping", "why_low"),
    Why.WORRIED: Text("stepping", "why_worried"),
    Why.HEARD: Text("stepping", "why_heard"),
    Why.ASKED: Text("stepping", "why_asked"),
}
"""Said to the person."""

BECAUSE: Mapping[Why, Text] = {
    Why.MISSED: Text("stepping", "because_missed"),
    Why.LOW: Text("stepping", "because_low"),
    Why.WORRIED: Text("stepping", "because_worried"),
    Why.HEARD: Text("stepping", "because_heard"),
    Why.ASKED: Text("stepping", "because_asked"),
}
"""Said to their team."""

CHANGES: Mapping[Change, Text] = {
    Change.ONLY_BACK: Text("stepping", "only_back"),
    Change.ASKS_AGAIN: Text("stepping", "asks_again"),
    Change.SOMEBODY: Text("stepping", "somebody_there"),
    Change.NOBODY: Text("stepping", "nobody_there"),
    Change.SAME: Text("stepping", "asks_the_same"),
}


def fill(c: Connection, id: str) -> dict[str, Param]:
    """A step of support: why, from where, to where, and what it changes."""
    found = stepping.proposal(c, id)
    plan = None if found is None else plans.plan(c, found.plan)
    if found is None or plan is None:
        return {}
    then = towards(plan.terms.support, found.way) or plan.terms.support
    return {
        "why": WHY[found.why],
        "because": BECAUSE[found.why],
        "now": SUPPORT[plan.terms.support],
        "then": SUPPORT[then],
        "changes": CHANGES[changes(plan.terms, found.way)],
    }
