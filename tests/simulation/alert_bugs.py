"""Faults planted in check-ins and alerts: see `bugs`."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, update

from bot.care import escalation as alerts
from bot.care import ladder
from bot.care.escalation import Escalation
from bot.care.ladder import Around
from bot.care.outcome import Lane, Outcome, Wake
from bot.store import heartbeat, journey, outbox, schema
from tests.simulation.planting import Bug, swap


def _skip_after_an_outage(escalation: Escalation, around: Around, now: datetime) -> Outcome:
    due = escalation.due_at
    if due is not None and now - due > timedelta(seconds=30) and escalation.state == "open":
        escalation = replace(escalation, rung=(escalation.rung + 1) % len(escalation.rungs))
    return _tick(escalation, around, now)


_tick = ladder.tick


def _take_over(escalation: Escalation, by: str, *more: Any) -> Outcome:
    if escalation.state is alerts.State.HELD:
        escalation = replace(escalation, holder=None, state=alerts.State.OPEN)
    return _take(escalation, by, *more)


_take = alerts.take


def _close_but_wake(*args: Any) -> Outcome:
    outcome = _close(*args)
    closed = [r for r in outcome.records if isinstance(r, Escalation)]
    again = tuple(Wake(alerts.KIND, r.id, args[-1] + timedelta(minutes=1)) for r in closed)
    return replace(outcome, wakes=again)


_close = alerts.close


def _climb_though_closed(escalation: Escalation, around: Around, now: datetime) -> Outcome:
    state = alerts.State.OPEN if escalation.closed_at else escalation.state
    return _tick(replace(escalation, state=state, due_at=escalation.due_at or now), around, now)


def _stay_closed_by_name(planted: ExitStack) -> None:
    swap(alerts, "close", _close_but_wake)(planted)
    swap(ladder, "tick", _climb_though_closed)(planted)


def _take_and_sleep(escalation: Escalation, *more: Any) -> Outcome:
    outcome = _take(escalation, *more)
    records = tuple(
        replace(r, due_at=None) if isinstance(r, Escalation) else r for r in outcome.records
    )
    wakes = (Wake(alerts.KIND, escalation.id, None),)
    return replace(outcome, records=records, wakes=wakes)


def _take_whatever(escalation: Escalation, by: str, *more: Any) -> Outcome:
    if escalation.state is not alerts.State.CLOSED:
        return _take(escalation, by, *more)
    return Outcome(records=(replace(escalation, holder=by, version=escalation.version + 1),))


def _sent_and_put_off(c: Connection, row: Any, message: int, now: datetime, *more: Any) -> None:
    _sent(c, row, message, now, *more)
    alert = row.params.get("escalation")
    this = schema.escalation.c.id == alert, schema.escalation.c.state == "open"
    later = {"due_at": now + timedelta(minutes=1)}
    if (
        row.lane is Lane.SAFETY
        and c.execute(update(schema.escalation).where(*this).values(**later)).rowcount
    ):
        c.execute(update(schema.deadline).where(schema.deadline.c.key == alert).values(**later))


_sent = outbox.sent


BUGS: dict[str, Bug] = {
    "rung_skipped_after_an_outage": Bug(
        "An alert that was not looked after in time leaves a rung out.",
        swap(ladder, "tick", _skip_after_an_outage),
        by="the ladder is climbed in order",
    ),
    "two_holders": Bug(
        "Whoever presses takes an alert away from its holder.",
        swap(alerts, "take", _take_over),
        by="a held alert has one holder",
    ),
    "closed_climbs_again": Bug(
        "A closed alert keeps its deadline and goes on climbing.",
        _stay_closed_by_name,
        by="an open alert moves on by itself",
    ),
    "held_and_forgotten": Bug(
        "An alert that somebody has taken is never asked about again.",
        swap(alerts, "take", _take_and_sleep),
        by="an open alert moves on by itself",
    ),
    "counted_against_the_person": Bug(
        "A check-in missed while Kith was off is the person's.",
        swap(heartbeat, "last_off", lambda c: None),
        by="time off is not counted against anybody",
    ),
    "asked_after_an_answer": Bug(
        "Somebody is asked whether they are OK who has said so since.",
        swap(journey, "heard_since", lambda c, id, since: False),
        by="nobody is asked who has answered",
    ),
    "clock_runs_from_the_send": Bug(
        "The next rung waits from the moment a message was sent.",
        swap(outbox, "sent", _sent_and_put_off),
        by="the clock of an alert is its own",
    ),
    "closed_and_taken": Bug(
        "Whoever presses an old button of an alert that is closed has it.",
        swap(alerts, "take", _take_whatever),
        by="closed stays closed",
    ),
}
