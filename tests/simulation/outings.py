"""What must hold of outings, whatever happens: see `invariants`."""

import json
import math

from bot.care.text import Text
from bot.store import outbox
from tests.simulation import on_the_way
from tests.simulation.database import GRACE, MINUTE, SECOND
from tests.simulation.telegram import Send
from tests.simulation.watch import Commit, Watch


def whoever_is_out_is_waited_for(watch: Watch, commit: Commit) -> str | None:
    """An outing that runs has a deadline, or an alert that is not closed."""
    for outing in watch.outings.values():
        if outing.ended_at is not None:
            continue
        if outing.state in ("out", "nudged"):
            if ("journey", outing.id) not in watch.deadlines:
                return f"{outing.id} is {outing.state} and has no deadline"
        else:
            alert = watch.alerts.get(outing.escalation or "")
            if alert is None or alert.state == "closed":
                return f"{outing.id} is {outing.state} and no alert stands"
    return None


def an_old_button_moves_no_time(watch: Watch, commit: Commit) -> str | None:
    """A button that was made for another time than the one that stands moves nothing."""
    update = None if commit.cause is None else commit.cause.update
    query = watch.world.telegram.made.get(update or 0, {}).get("callback_query")
    if query is None or not query["data"].startswith(("journey:later_", "journey:home_")):
        return None
    _, _, id, mark = query["data"].split(":")
    for before, after in commit.outings:
        if before is None or after.id != id or on_the_way.moved(before) // SECOND == int(mark):
            continue
        put_off = after.due_at - max(before.due_at, commit.at)
        stood = before.due_at, on_the_way.moved(before)  # with no battery, that is asked next
        if after.due_at not in stood and put_off > (GRACE + 1) * MINUTE:
            return f"{id} was put off by {put_off / MINUTE:.0f} minutes"
    return None


def time_off_is_not_counted_against_anybody(watch: Watch, commit: Commit) -> str | None:
    """Nobody misses a check-in at a moment when no Kith ran."""
    for kind, facts in commit.logs:
        if kind != "journey_missed" or watch.world.faults.stepped:
            continue
        outing = watch.outings[facts["journey"]]
        over = outing.due_at + (GRACE + outing.slack) * MINUTE
        for since, until in watch.off:
            if until and until - since >= MINUTE and since <= over <= until:
                return f"{outing.id} was due while nobody ran"
    return None


def nobody_is_asked_who_has_answered(watch: Watch, send: Send) -> str | None:
    """Once they were heard, or are back, nobody is asked what they were asked before it."""
    row = watch.rows.get(send.row or "")
    if row is None or Text(*row.text.split(".", 1)) not in outbox.QUESTIONS:
        return None
    outing = watch.outings[json.loads(row.params)["journey"]]
    since = max(watch.heard_at.get(outing.id, math.inf), send.kith.still_until)
    if (outing.heard_at or 0) > row.created_at and since + 2 < send.asked_at:
        return f"{send.row} asks, and they were heard at {since:.0f}"
    return None
