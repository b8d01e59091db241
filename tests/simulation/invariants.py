"""What must hold, whatever happens: a function each, which answers None or says what is wrong.

A new capability joins here: write a function with a sentence for a docstring and put it into the
list of the event it is asked at.
"""

import json
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.care.text import Text
from bot.outbox import gate
from bot.store import ledger, outbox
from tests.simulation import (
    handing_over,
    limits,
    noticed,
    on_the_way,
    quietly,
    second_way,
    sessions,
    sharing,
    steps,
    whereabouts,
)
from tests.simulation.database import GRACE, PHONES, PLACES
from tests.simulation.telegram import Send, Shown
from tests.simulation.watch import SECOND, Alert, Commit, Row, Watch, facts_of, kinds_of, micro

if TYPE_CHECKING:
    from tests.simulation.world import World

MINUTE = 60 * SECOND
TEAM = ("Jo", "Dev", "Priya", "Mina")

LATE = 40.0
"""Seconds of steady running within which what is due is done; a silent leader takes half of it."""

SILENCE = 240.0
"""Steady seconds, with a way to Telegram, within which somebody has an alert on their phone."""

GONE = {"blocked", "deactivated", "never_started", "chat_not_found", "forbidden"}
"""Why a safety message may fail for good: its reader cannot be reached."""

PATIENCE = 5
"""After so many tries a message lets later ones go first."""

MARK = "You may have had this message already"

Check = Callable[[Watch, Any], str | None]


# --- after each commit ----------------------------------------------------------------------


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
        waited = (commit.at - since) / MINUTE
        if waited < before.ladder[before.rung][1] - 0.02 and not watch.world.faults.stepped:
            return f"{after.id}: rung {after.rung} was told after {waited:.2f} minutes"
    return None


def an_update_has_its_effect_once(watch: Watch, commit: Commit) -> str | None:
    """However often it comes, and however many processes have it in hand."""
    if commit.kith is None or commit.cause is None or commit.cause.update is None:
        return None
    update = commit.cause.update
    before = watch.effects.setdefault(update, f"{commit.kith.name} {commit.what}")
    now = f"{commit.kith.name} {commit.what}"
    return None if before == now else f"update {update}: {before}, then {now}"


def a_chat_is_heard_in_order(watch: Watch, commit: Commit) -> str | None:
    """No update ends before an earlier one of its chat has."""
    for update in commit.ended:
        chat = watch.inbox[update][0]
        for other, (where, state) in watch.inbox.items():
            if where == chat and other < update and state == "open":
                return f"update {update} ended before {other}"
    return None


def what_was_pressed_is_done(watch: Watch, commit: Commit) -> str | None:
    """When an update has ended, what it asked for stands."""
    for update in commit.ended:
        query = watch.world.telegram.made[update].get("callback_query")
        if query is None:
            continue
        subject, verb, id, *_ = query["data"].split(":")
        by = watch.member(query["from"]["id"])
        if subject == "escalation" and id in watch.alerts:
            wrong = _alert_pressed(watch, commit, verb, id, by)
        elif subject == "journey" and id in watch.outings and by == watch.world.people.ids["Sam"]:
            wrong = _outing_pressed(watch, verb, id, update)
        else:
            wrong = None
        if wrong is not None:
            return f"update {update}, {verb}: {wrong}"
    return None


def _alert_pressed(watch: Watch, commit: Commit, verb: str, id: str, by: str) -> str | None:
    alert = watch.alerts[id]
    before = next((b for b, a in commit.alerts if a.id == id), alert)
    team = {watch.world.people.ids[name] for name in TEAM} - watch.left_at.keys()
    if by not in team or by in noticed.kept_from(watch, alert):
        return None
    if verb == "take" and alert.state != "closed" and alert.holder is None:
        return "nobody has taken it"
    ends = noticed.ENDS.get(alert.cause, ("safe", "needed"))
    # What nobody had read, by this press; a concern has a button of its own for it.
    read_first = "observation" in commit.tables or alert.cause == "concern"
    if verb in ends and before and before.holder == by and alert.state != "closed":
        return None if read_first else "it is not closed"
    return None


SPEAKS = ("ok", "late", "home", "help", "emergency", "longer", "at", "slow_here", "phone")


def _outing_pressed(watch: Watch, verb: str, id: str, update: int) -> str | None:
    outing = watch.outings[id]
    if outing.state == "home":
        return None
    if verb in ("help", "emergency") and outing.state != "help":
        return f"it is {outing.state}"
    if verb == "home" and outing.state not in ("answered", "help"):
        return f"it is {outing.state}"
    since = micro(watch.world.telegram.made_at[update])
    speaks = verb.startswith(SPEAKS)
    if speaks and (outing.heard_at or 0) < since and not watch.world.faults.stepped:
        return "they have not been heard"
    return None


def only_the_team_answers(watch: Watch, commit: Commit) -> str | None:
    """A button of an alert does nothing for anybody else, wherever they have it from."""
    update = None if commit.cause is None else commit.cause.update
    query = watch.world.telegram.made.get(update or 0, {}).get("callback_query")
    if query is None or not query["data"].startswith("escalation:") or not commit.alerts:
        return None
    name = watch.world.people.name(query["from"]["id"])
    return None if name in TEAM else f"{name} pressed {query['data']}"


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


def nothing_is_set_aside(watch: Watch, commit: Commit) -> str | None:
    """No update and no deadline is beyond handling."""
    parked = [u for u in commit.ended if watch.inbox[u][1] == "parked"]
    if parked or any(kind == "deadline_parked" for kind, _ in commit.logs):
        return f"{parked or 'a deadline'}, by {commit.what}"
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


def whoever_cannot_be_reached_is_passed_by(watch: Watch, commit: Commit) -> str | None:
    """An alert does not wait on somebody who cannot be told of it."""
    for before, row in commit.rows:
        if row.state != "failed" or row.lane != 0 or (before and before.state == "failed"):
            continue
        alert = watch.alerts.get(str(json.loads(row.params).get("escalation")))
        if alert and alert.state != "closed" and row.member in (alert.current, alert.holder):
            return f"{alert.id} waits on {row.member}"
    return None


def a_safety_message_is_not_given_up(watch: Watch, commit: Commit) -> str | None:
    """It fails only because its reader cannot be reached, and is withheld only from those it is
    no longer for, or when what it asks for is done."""
    for _, row in commit.rows:
        if row.lane != 0 or row.live or row.state == "sent":
            continue
        if row.state == "failed" and row.reason not in GONE:
            return f"{row.id} {row.text} failed: {row.reason}"
        alert = watch.alerts.get(str(json.loads(row.params).get("escalation")))
        closed = alert is not None and alert.state == "closed"
        if row.reason == gate.SAID:
            if not any(_says_it(other, row) for other in watch.rows.values()):
                return f"{row.id} {row.text} was withheld, and nothing else says it"
            continue
        if row.reason == gate.ANSWERED:
            outing = watch.outings[json.loads(row.params)["journey"]]
            if outing.ended_at is None and (outing.heard_at or 0) <= row.created_at:
                return f"{row.id} {row.text} was withheld, and they have not answered"
            continue
        closed = closed or whereabouts.nobody_asks_any_more(watch, row)
        if row.state == "withheld" and row.member not in watch.left_at and not closed:
            return f"{row.id} {row.text} was withheld: {row.reason}"
    return None


def a_message_is_claimed_by_one(watch: Watch, commit: Commit) -> str | None:
    """What was sent is not claimed again, and nobody takes a claim whose lease still runs."""
    for before, row in commit.rows:
        if before is None or commit.kith is None:
            continue
        if not before.live and row.live:
            return f"{row.id} was {before.state} and is {row.state}"
        if before.state == "sending" and row.state == "waiting" and row.owner is None:
            mine = before.owner == commit.kith.name or watch.world.alone
            if not mine and (before.lease_until or 0) > commit.at:
                return f"{row.id} was taken from {before.owner} before its lease ran out"
    return None


# --- when Telegram takes a message ----------------------------------------------------------


def nobody_hears_without_a_reason(watch: Watch, send: Send) -> str | None:
    """Words about Sam reach Sam, and staff who work in Sam's team; for those around Sam see
    `sharing`."""
    name = watch.world.people.name(send.shown.chat)
    row = watch.rows.get(send.row or "")
    if row is not None and row.about is not None and name not in ("Sam", *TEAM, *sharing.AROUND):
        return f"{name} got {row.text}, and nothing has been agreed"
    if name == "Sam" or not _speaks_of_sam(send.shown):
        return None
    if name not in TEAM:
        return f"{name} read {send.text!r}"
    left = watch.left_at.get(watch.member(send.shown.chat))
    patience = 2.0 if row is not None else 60.0
    if left is not None and max(left, send.kith.still_until) + patience < send.asked_at:
        return f"{name} has left and read {send.text!r}"
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


def a_repeat_says_so(watch: Watch, send: Send) -> str | None:
    """Of two tries that both arrived, the later says that it may be a repeat; a broadcast has no
    second try."""
    if send.row is None:
        return None
    row, earlier = watch.rows[send.row], watch.sends.get(send.row, [])
    if earlier and row.lane == 4:
        return f"the broadcast {row.id} went twice"
    tries = sorted([*earlier, send], key=lambda each: each.attempt)
    for later in tries[1:]:
        if MARK not in later.text:
            return f"{row.id} {row.text} went {len(tries)} times, and does not say so"
    return None


def messages_keep_their_order(watch: Watch, send: Send) -> str | None:
    """To one member, by one lane: nothing goes before what was written earlier and still tries."""
    row = watch.rows.get(send.row or "")
    if row is None or send.row in watch.sends or send.late:
        return None
    for other in watch.rows.values():
        tries = other.live and other.attempts <= PATIENCE and other.id not in watch.sends
        if tries and _before(other, row):
            return f"{row.id} {row.text} went before {other.id} {other.text}"
    return None


def safety_goes_first(watch: Watch, send: Send) -> str | None:
    """No other message goes while one of the safety lane could, and waits."""
    row = watch.rows.get(send.row or "")
    if row is None or row.lane == 0 or send.late:
        return None
    if watch.world.faults.odds.too_many or watch.world.faults.stepped:
        return None
    claimed = watch.claims[row.id][-1][2]
    if watch.steady < 5:
        return None
    offset = micro_of(watch) - watch.world.loop.time() * SECOND
    for other in watch.rows.values():
        waits = claimed - (other.not_before - offset) / SECOND
        could = other.lane == 0 and other.state == "waiting" and other.attempts == 0
        if could and waits > 5 and not _busy(watch, other, claimed):
            return f"{row.id} lane {row.lane} went while {other.id} waited {waits:.1f} s"
    return None


# --- now and then ---------------------------------------------------------------------------


def what_is_due_is_done(watch: Watch, now: float) -> str | None:
    """No deadline stays due while some process runs."""
    if watch.steady < LATE:
        return None
    moment = micro_of(watch)
    for (kind, key), due in watch.deadlines.items():
        if due < moment - LATE * SECOND:
            return f"{kind} {key} is {(moment - due) / SECOND:.0f} s late"
    return None


def somebody_has_heard(watch: Watch, now: float) -> str | None:
    """An alert that stands is on the phone of somebody who can be reached."""
    telegram = watch.world.telegram
    if watch.steady < 10 or not watch.world.faults.telegram_up:
        return None
    for alert in watch.alerts.values():
        apart = noticed.kept_from(watch, alert)
        here = [n for n in TEAM if n not in watch.world.people.gone]
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


# --- at the end -----------------------------------------------------------------------------


def the_ledger_holds(watch: Watch, _: None) -> str | None:
    """Its chain verifies."""
    watch.world.act(ledger.seal_new)
    findings = watch.world.look(ledger.verify)
    return next((found.sentence for found in findings if not found.ok), None)


def everything_arrived(watch: Watch, _: None) -> str | None:
    """Every update that Telegram had is handled, and every message told or known not to be."""
    missing = [u for u in watch.world.telegram.made if watch.inbox.get(u, (0, ""))[1] != "done"]
    return f"updates {missing}" if missing else None


COMMITTED: tuple[Check, ...] = (
    an_open_alert_moves_on_by_itself,
    whereabouts.where_somebody_is_goes_with_the_outing,
    quietly.a_word_calls_somebody,
    handing_over.an_outing_under_way_is_somebodys,
    on_the_way.nobody_is_unheard_for_longer_than_agreed,
    on_the_way.a_stretch_is_slow_once,
    second_way.a_call_is_needless_when_it_is,
    on_the_way.only_the_person_answers,
    handing_over.nobody_is_asked_twice_at_once,
    handing_over.no_alert_stays_with_who_has_gone_off,
    whoever_is_out_is_waited_for,
    closed_stays_closed,
    a_held_alert_has_one_holder,
    the_clock_of_an_alert_is_its_own,
    the_ladder_is_climbed_in_order,
    an_update_has_its_effect_once,
    a_chat_is_heard_in_order,
    what_was_pressed_is_done,
    only_the_team_answers,
    an_old_button_moves_no_time,
    nothing_is_set_aside,
    time_off_is_not_counted_against_anybody,
    whoever_cannot_be_reached_is_passed_by,
    a_safety_message_is_not_given_up,
    a_message_is_claimed_by_one,
    sharing.nothing_waits_where_nothing_is_shared,
    sharing.a_yes_is_a_press_of_sams,
    sharing.what_sam_stopped_has_ended,
    limits.what_is_held_does_not_widen,
    limits.a_switch_is_turned_by_two,
    limits.a_glass_is_for_one,
    limits.a_switch_ends_by_itself,
    noticed.nothing_that_was_said_is_lost,
    noticed.what_the_plan_says_is_asked,
    noticed.a_receipt_tells_of_nobody_else,
    sessions.nobody_comes_without_a_place,
    sessions.whoever_waits_first_is_next,
    noticed.nothing_unread_is_closed_with_its_alert,
    steps.a_step_is_taken_by_both,
    steps.one_plan_is_in_force,
)
SENT: tuple[Check, ...] = (
    nobody_hears_without_a_reason,
    nobody_is_asked_about_what_is_closed,
    nobody_is_asked_who_has_answered,
    a_repeat_says_so,
    whereabouts.it_is_shown_to_those_who_are_asked,
    quietly.no_word_is_repeated,
    quietly.practice_says_so_and_nothing_else_does,
    messages_keep_their_order,
    safety_goes_first,
    sharing.nobody_is_told_without_a_yes,
    sharing.a_call_says_nothing,
    noticed.nobody_learns_what_another_said,
    noticed.a_concern_reaches_nobody_it_is_about,
)
LOOKED: tuple[Check, ...] = (
    what_is_due_is_done,
    somebody_has_heard,
    second_way.what_is_slow_goes_another_way,
)
RESTED: tuple[Check, ...] = (
    the_ledger_holds,
    second_way.what_telegram_gave_up_went_another_way,
    everything_arrived,
    whereabouts.nothing_of_it_is_left,
    sharing.what_was_told_is_written_down,
    sharing.what_was_withdrawn_is_taken_away,
    noticed.whoever_spoke_up_hears_of_it,
    noticed.sam_reads_nothing_of_it,
    sessions.everybody_hears_of_a_date_once,
)


def unrest(world: "World") -> str | None:
    """What is still to be done, if anything is."""
    watch = world.watch
    if world.telegram.undelivered:
        return f"{world.telegram.undelivered} updates on their way"
    open_ = [update for update, (_, state) in watch.inbox.items() if state == "open"]
    if open_:
        return f"open updates {open_}"
    live = [f"{row.id} {row.text} {row.state}" for row in watch.rows.values() if row.live]
    if live:
        return f"messages {live}"
    out = [f"{o.id} {o.state}" for o in watch.outings.values() if o.ended_at is None]
    alerts = [
        f"{a.id} {a.state}"
        for a in watch.alerts.values()
        if a.state != "closed" and not noticed.nobody_is_left(watch, a)
    ]
    if out or alerts:
        return f"outings {out}, alerts {alerts}"
    return noticed.unfinished(watch) or sessions.untold(watch) or second_way.unmade(watch)


def micro_of(watch: Watch) -> int:
    return micro(watch.world.moment())


def _before(other: Row, row: Row) -> bool:
    """Written earlier, by the same lane, for the same reader."""
    return (other.member, other.lane) == (row.member, row.lane) and other.number < row.number


def _says_it(other: Row, row: Row) -> bool:
    """The same reader hears of the same alert or outing by another message."""
    if (
        other.id == row.id
        or other.member != row.member
        or not (other.live or other.state == "sent")
    ):
        return False
    mine, theirs = json.loads(row.params), json.loads(other.params)
    return any(mine.get(key) == theirs.get(key, 0) for key in ("escalation", "journey"))


def _busy(watch: Watch, row: Row, at: float) -> bool:
    """Its reader has just been sent something else by the safety lane: one a second is the most."""
    for other in watch.rows.values():
        if (other.member, other.lane) == (row.member, row.lane) and other.id != row.id:
            claims = watch.claims.get(other.id, [])
            if (claims and claims[-1][2] > at - 3) or (other.live and _before(other, row)):
                return True
    return False


def _speaks_of_sam(shown: Shown) -> bool:
    words = any(place in shown.text for place in PLACES) or "07700 900101" in shown.text
    return words or any(data.startswith(("escalation:", "journey:")) for _, data in shown.buttons)


def _on_rung(watch: Watch, alert: Alert, rung: int, commit: Commit) -> list[str]:
    """Whoever on this rung could be told now, the first of them; asked of the tables anew."""
    kind, now = alert.ladder[rung][0], commit.at
    found: list[str]
    if kind == "key_worker":
        found = [r[0] for r in watch.cells(KEY_WORKERS, watch.world.people.ids["Sam"])]
    elif kind == "on_call":
        found = _on_call(watch, now)
        if found and not all(found[0] in _on_call(watch, now + by) for by in (-SKEW, SKEW)):
            return []  # by another clock it may not have begun, or be over
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


SKEW = 300 * 1_000_000
"""By so much the clocks of two replicas may differ: microseconds."""

SILENT = ("duress", "duress_now")

PASSED_OVER = 10 * 60 * 1_000_000
"""So long a silent alert passes over whom its own message did not reach, for it marks nobody as
out of reach: microseconds."""

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
