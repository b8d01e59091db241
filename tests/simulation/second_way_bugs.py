"""Faults planted in the second way out: see `bugs`."""

from dataclasses import replace
from typing import Any

from sqlalchemy import false

from bot.care import contact
from bot.outbox.fallback import Fallback, Said
from bot.store import fallback
from tests.simulation.planting import Bug, swap


def _nobody(*asked: Any) -> Any:
    return _late(*asked).where(false())


def _named(self: Fallback, row: Any, call: Any) -> Said:
    said = _words_of(self, row, call)
    return replace(said, body=f"{said.body} It is Sam.")


_late = fallback._late
_words_of = Fallback._words_of

BUGS: dict[str, Bug] = {
    "nobody_called": Bug(
        "What Telegram does not deliver goes no other way.", swap(fallback, "_late", _nobody)
    ),
    "call_names_somebody": Bug(
        "A call by another way says whom it is about.", swap(Fallback, "_words_of", _named)
    ),
    "call_said_needless": Bug(
        "A call to an alert that stands is dropped, as if it were closed.",
        swap(contact, "needless", lambda alert, member: "closed"),
    ),
}
