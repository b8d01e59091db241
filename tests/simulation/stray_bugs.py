"""Faults planted in what becomes of stray taps, and of what is in hand: see `bugs`."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from bot.care import lateness
from bot.care.outcome import Outcome
from bot.store import around, commit, outbox, schema
from tests.simulation.planting import Bug, swap


def _close_whatever(c: Connection, id: int, owner: str) -> None:
    this = schema.inbox.c["update"] == id
    c.execute(update(schema.inbox).where(this).values(state="done", body=None, owner=owner))


def _any_mark(journey: Any, back: datetime, minutes: int, mark: int, now: datetime) -> Outcome:
    return _until(journey, back, minutes, journey.mark, now)


_until = lateness._until


def _lapse_at_once(c: Connection, owner: str, now: datetime) -> frozenset[str]:
    sending = select(schema.outbox.c.id).where(schema.outbox.c.state == "sending")
    return frozenset(c.execute(sending).scalars())


BUGS: dict[str, Bug] = {
    "handled_twice": Bug(
        "Of two processes with one update in hand, both carry it out.",
        swap(commit, "_close", _close_whatever),
        by="an update has its effect once",
    ),
    "stale_button_honoured": Bug(
        "A button made for an earlier time moves the one that stands.",
        swap(lateness, "_until", _any_mark),
        by="an old button moves no time",
    ),
    "anybody_answers": Bug(
        "A button of an alert works for whoever presses it.",
        swap(around, "works_for", lambda c, staff, person, now: staff != person),
        by="only the team answers",
    ),
    "lease_ignored": Bug(
        "A claim is taken from a process that is still at it.",
        swap(outbox, "_lost", _lapse_at_once),
        by="a message is claimed by one",
    ),
}
