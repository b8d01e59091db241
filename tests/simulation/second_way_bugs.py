"""Faults planted in the second way out: see `bugs`."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, false

from bot.care import contact
from bot.outbox.fallback import Fallback, Said
from bot.store import fallback
from tests.simulation.planting import Bug, swap


def _nobody(planted: ExitStack) -> None:
    for name in ("_ANY_LATE", "_ALL_LATE"):
        swap(fallback, name, getattr(fallback, name).where(false()))(planted)


def _named(self: Fallback, row: Any, call: Any) -> Said:
    said = _words_of(self, row, call)
    return replace(said, body=f"{said.body} It is Sam.")


_words_of = Fallback._words_of


def _waits_for_days(planted: ExitStack) -> None:
    for name in ("look", "catch_up"):
        swap(fallback, name, partial(_with_days, getattr(fallback, name)))(planted)


def _with_days(fn: Any, c: Connection, owner: str, by: Any, _patience: Any, *more: Any) -> Any:
    return fn(c, owner, by, timedelta(days=9), *more)


BUGS: dict[str, Bug] = {
    "nobody_called": Bug(
        "What Telegram does not deliver goes no other way.",
        _nobody,
        by="what telegram gave up went another way",
    ),
    "call_names_somebody": Bug(
        "A call by another way says whom it is about.",
        swap(Fallback, "_words_of", _named),
        by="a call says nothing",
    ),
    "call_said_needless": Bug(
        "A call to an alert that stands is dropped, as if it were closed.",
        swap(contact, "needless", lambda alert, member: "closed"),
        by="a call is needless when it is",
    ),
    "call_said_held": Bug(
        "A call to an alert that nobody has is dropped, as if somebody had it.",
        swap(contact, "needless", lambda alert, member: "held"),
        by="a call is needless when it is",
    ),
    "slow_and_not_called": Bug(
        "What is slow to leave is waited for, however long.",
        _waits_for_days,
        by="what is slow goes another way",
    ),
}
