"""When the person is next to be heard from, by the pattern of their plan.

A time of being back stands behind every check-in: none comes after it, so that whatever the
pattern is, somebody who is not home by then is asked.
"""

from datetime import datetime, timedelta

from bot.care.plan import Plan
from bot.care.terms import Pattern, Point
from bot.care.text import Text

Times = tuple[datetime, datetime | None]
"""When the next check-in is due, and the time to be back if that lies beyond it."""

AT_POINTS = {
    Text("journey", "set_off"): Text("pattern", "set_off"),
    Text("journey", "out_card"): Text("pattern", "out_card"),
    Text("journey", "ok"): Text("pattern", "ok"),
    Text("journey", "nudge"): Text("pattern", "nudge"),
    Text("journey", "nudge_again"): Text("pattern", "nudge_again"),
}
"""What is said instead to somebody on the way to a point."""


def next_point(plan: Plan, point: int) -> Point | None:
    """The point on the way the person comes to next, when they have been at so many."""
    terms = plan.terms
    if terms.pattern is not Pattern.POINTS or point >= len(terms.points):
        return None
    return terms.points[point]


def asks_on_the_way(plan: Plan, point: int) -> bool:
    """Whether the pattern asks for more than to be back."""
    return plan.terms.pattern is Pattern.EVERY or next_point(plan, point) is not None


def next_check_in(plan: Plan, point: int, back: datetime, now: datetime) -> Times:
    """From a moment at which all is well: on setting off, at a point, after a check-in."""
    if back <= now:
        return now + timedelta(minutes=plan.grace), None
    ahead = next_point(plan, point)
    if ahead is not None:
        due = now + timedelta(minutes=ahead.within)
    elif plan.terms.pattern is Pattern.EVERY:
        due = now + timedelta(minutes=plan.terms.every)
    else:
        due = back
    return between(due, back)


def after_ok(plan: Plan, point: int, back: datetime, now: datetime) -> Times:
    """After an OK to a check-in that was due: the next one; or, on the way to a point, grace
    anew, since they are not there yet."""
    if next_point(plan, point) is None:
        return next_check_in(plan, point, back, now)
    due = now + timedelta(minutes=plan.grace)
    return (due, back) if due < back else (due, None)


def later(
    plan: Plan, point: int, times: Times, back: datetime, minutes: int, now: datetime
) -> Times:
    """Back so many minutes later: the way to a point takes longer; another check-in that is still
    to come stays when it is."""
    due, back_before = times
    if next_point(plan, point) is not None:
        return between(max(due, now) + timedelta(minutes=minutes), back)
    if due > now and (back_before is not None or asks_on_the_way(plan, point)):
        return between(due, back)
    return next_check_in(plan, point, back, now)


def between(due: datetime, back: datetime) -> Times:
    """A check-in no later than the time to be back."""
    return (due, back) if due < back else (back, None)
