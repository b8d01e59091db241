"""What must hold of messages, whatever happens: see `invariants`."""

import json

from bot.outbox import gate
from tests.simulation import sharing, whereabouts
from tests.simulation.database import PLACES, SECOND, STAFF
from tests.simulation.telegram import Send, Shown
from tests.simulation.watch import Commit, Row, Watch

GONE = {"blocked", "deactivated", "never_started", "chat_not_found", "forbidden"}
"""Why a safety message may fail for good: its reader cannot be reached."""

PATIENCE = 5
"""After so many tries a message lets later ones go first."""

MARK = "You may have had this message already"


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


def nobody_hears_without_a_reason(watch: Watch, send: Send) -> str | None:
    """Words about Sam reach Sam, and staff who work in Sam's team; for those around Sam see
    `sharing`."""
    name = watch.world.people.name(send.shown.chat)
    row = watch.rows.get(send.row or "")
    if row is not None and row.about is not None and name not in ("Sam", *STAFF, *sharing.AROUND):
        return f"{name} got {row.text}, and nothing has been agreed"
    if name == "Sam" or not _speaks_of_sam(send.shown):
        return None
    if name not in STAFF:
        return f"{name} read {send.text!r}"
    left = watch.left_at.get(watch.member(send.shown.chat))
    patience = 2.0 if row is not None else 60.0
    if left is not None and max(left, send.kith.still_until) + patience < send.asked_at:
        return f"{name} has left and read {send.text!r}"
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
    offset = watch.moment() - watch.world.loop.time() * SECOND
    for other in watch.rows.values():
        waits = claimed - (other.not_before - offset) / SECOND
        could = other.lane == 0 and other.state == "waiting" and other.attempts == 0
        if could and waits > 5 and not _busy(watch, other, claimed):
            return f"{row.id} lane {row.lane} went while {other.id} waited {waits:.1f} s"
    return None


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
