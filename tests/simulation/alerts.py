"""What must hold of alerts, whatever happens: see `invariants`."""

import json

from tests.simulation import noticed
from tests.simulation.database import MINUTE, PHONES, STAFF
from tests.simulation.telegram import Send
from tests.simulation.watch import Alert, Commit, Watch, facts_of, kinds_of

SILENCE = 240.0
"""Steady seconds, with a way to Telegram, within which somebody has an alert on their phone."""

SILENT = ("duress", "duress_now")

PASSED_OVER = 10 * MINUTE
"""So long a silent alert passes over whom its own message did not reach, for it marks nobody as
out of reach."""


def an_open_alert_moves_on_by_itself(watch: Watch, commit: Commit) -> str | None:
    """An alert that is not closed has a deadline: its own. One that is held has a holder."""
    for alert in watch.alerts.values():
        due = watch.deadlines.get(("escalation", alert.id))
        if alert.state == "closed":
            if due is not None:
                return f"{alert.id} is closed and due"
        elif due is None or due != alert.due_at:
            return f"{alert.id} is {alert.state} and has no deadline, or another's"
        elif alert.state == "held" and alert.holder is None:
            return f"{alert.id} is held by nobody"
    return None


def closed_stays_closed(watch: Watch, commit: Commit) -> str | None:
    """Nothing happens to an alert any more once a human has closed it."""
    for before, after in commit.alerts:
        if before is not None and before.state == "closed":
            return f"{after.id} was closed and is {after.state}, rung {after.rung}"
    return None


def a_held_alert_has_one_holder(watch: Watch, commit: Commit) -> str | None:
    """It passes through nobody's hands before it is somebody else's; or they take over all that
    its holder had."""
    over = {(facts["from"], facts["to"]) for facts in facts_of(commit, "outing_handed_over")}
    for before, after in commit.alerts:
        if before and (before.holder, after.holder) in over:
            continue
        if before and before.holder and after.holder and before.holder != after.holder:
            return f"{after.id} went from {before.holder} to {after.holder}"
    return None


def the_clock_of_an_alert_is_its_own(watch: Watch, commit: Commit) -> str | None:
    """When it moves on changes by an act only, and never because a message was sent."""
    for before, after in commit.alerts:
        if before and before.version == after.version and _put_off(before, after):
            return f"{after.id} was put off by {commit.what}"
    return None


def _put_off(before: Alert, after: Alert) -> bool:
    """Sooner it may be: a clock that was set back takes what waits for it along."""
    return before.due_at is not None and (after.due_at is None or after.due_at > before.due_at)


def the_ladder_is_climbed_in_order(watch: Watch, commit: Commit) -> str | None:
    """A rung is told after the wait of the one before, unless that one passed it on or could not
    be reached; a rung is passed over only when nobody on it can be told."""
    for before, after in commit.alerts:
        kinds = kinds_of(commit, after.id)
        first = -1 if before is None else before.place
        if after.cause == "emergency" or after.place <= first:
            continue
        asked = {before.current, before.holder} if before else set()
        for place in range(first + 1, after.place):
            rung = place % len(after.ladder)
            free = [m for m in _on_rung(watch, after, rung, commit) if m not in asked]
            if free:
                return f"{after.id}: rung {rung} was passed over, and {free} could be told"
        if before is None or asked == {None} or before.id in watch.hurried:
            continue  # nobody has been asked, or a call for help makes haste
        if kinds & {"escalation_passed_on", "rung_unreachable", "escalation_raised"}:
            continue
        if any(kind in ("drill_answered", "drill_ended") for kind, _ in commit.logs):
            continue  # a practice goes on to the next at once, and ends with its round
        since = watch.told_at.get(after.id, 0)
        if "escalation_silent" in kinds:
            since = max(since, watch.asked_at.get(after.id, 0))
        waited, wait = (commit.at - since) / MINUTE, before.ladder[before.rung][1]
        if after.cause == "duress_now":  # all were told at once: the first wait is everybody's
            wait = min(wait, before.ladder[0][1])
        if waited < wait - 0.02 and not watch.world.faults.stepped:
            return f"{after.id}: rung {after.rung} was told after {waited:.2f} minutes"
    return None


def only_the_team_answers(watch: Watch, commit: Commit) -> str | None:
    """A button of an alert does nothing for anybody else, wherever they have it from."""
    update = None if commit.cause is None else commit.cause.update
    query = watch.world.telegram.made.get(update or 0, {}).get("callback_query")
    if query is None or not query["data"].startswith("escalation:") or not commit.alerts:
        return None
    name = watch.world.people.name(query["from"]["id"])
    return None if name in STAFF else f"{name} pressed {query['data']}"


def whoever_cannot_be_reached_is_passed_by(watch: Watch, commit: Commit) -> str | None:
    """An alert does not wait on somebody who cannot be told of it."""
    for before, row in commit.rows:
        if row.state != "failed" or row.lane != 0 or (before and before.state == "failed"):
            continue
        alert = watch.alerts.get(str(json.loads(row.params).get("escalation")))
        if alert and alert.state != "closed" and row.member in (alert.current, alert.holder):
            return f"{alert.id} waits on {row.member}"
    return None


def nobody_is_asked_about_what_is_closed(watch: Watch, send: Send) -> str | None:
    """Once an alert is closed, no message goes out that asks somebody to take it."""
    for _, data in send.shown.buttons if send.row else ():
        id = data.split(":")[2]
        closed = watch.closed_at.get(id)
        if closed is None or not data.startswith("escalation:take"):
            continue
        if max(closed, send.kith.still_until) + 2 < send.asked_at:
            return f"{send.row} asks about {id}"
    return None


def somebody_has_heard(watch: Watch, now: float) -> str | None:
    """An alert that stands is on the phone of somebody who can be reached."""
    telegram = watch.world.telegram
    if watch.steady < 10 or not watch.world.faults.telegram_up:
        return None
    for alert in watch.alerts.values():
        apart = noticed.kept_from(watch, alert)
        here = [n for n in STAFF if n not in watch.world.people.gone]
        phones = [telegram.chats[PHONES[n]] for n in here if watch.world.people.ids[n] not in apart]
        open_ = [chat for chat in phones if not chat.blocked]
        told = any(f":{alert.id}:" in d for c in open_ for m in c.messages for _, d in m.buttons)
        # All who lead are kept from it: the rest of the team is asked, and again every ten minutes.
        by_and_by = alert.cause == "concern" and alert.current is None
        if alert.state == "closed" or told or not open_ or by_and_by:
            watch.quiet[alert.id] = 0
            continue
        watch.quiet[alert.id] += 5
        if watch.quiet[alert.id] > SILENCE:
            return f"nobody who can be reached has heard of {alert.id}"
    return None


def _on_rung(watch: Watch, alert: Alert, rung: int, commit: Commit) -> list[str]:
    """Whoever on this rung could be told now, the first of them; asked of the tables anew."""
    kind, now = alert.ladder[rung][0], commit.at
    found: list[str]
    if kind == "key_worker":
        found = [r[0] for r in watch.cells(KEY_WORKERS, watch.world.people.ids["Sam"])]
    elif kind == "on_call":
        found = _on_call(watch, now)
        since = watch.decided_at(commit)
        if not found and since < now and watch.cells(ON_CALL, now, since):
            return []  # whoever stood still may have looked at the clock while it ran
        found = found or [r[0] for r in watch.cells(HOLDING, "on_call_lead")]
    else:
        found = [r[0] for r in watch.cells(HOLDING, kind)]
    reached = {r[0] for r in watch.cells(REACHED)} - noticed.kept_from(watch, alert)
    if alert.cause in SILENT:
        reached -= {r[0] for r in watch.cells(UNHEARD, alert.id, now - PASSED_OVER)}
    return [member for member in found if member in reached][:1]


def _on_call(watch: Watch, at: int) -> list[str]:
    return [r[0] for r in watch.cells(ON_CALL, at, at)]


UNHEARD = """SELECT member FROM (
    SELECT member, state, max(number) FROM outbox
    WHERE json_extract(params, '$.escalation') = ? AND created_at > ?
    AND state IN ('sent', 'failed') GROUP BY member
) WHERE state = 'failed'"""

KEY_WORKERS = "SELECT staff FROM support WHERE person = ? AND key_worker AND until IS NULL"

ON_CALL = """SELECT member FROM shift WHERE starts_at <= ? AND ends_at > ?
ORDER BY starts_at DESC, id DESC"""

HOLDING = "SELECT member FROM membership WHERE role = ? AND until IS NULL ORDER BY since"

REACHED = "SELECT id FROM member WHERE unreachable_since IS NULL AND left_at IS NULL"
