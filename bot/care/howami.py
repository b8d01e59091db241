"""How somebody who supports a person is: their own words, for nobody but them.

No number is judged and nobody is told. It is not in the ledger either, which others read.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.care.outcome import Message, Outcome
from bot.care.text import Text

NUMBERS = range(11)
"""From as bad as it can be to as good as it can be."""

LOW = 2
"""Up to here whoever says it is shown whom they can ring now."""

SAME = timedelta(minutes=15)
"""Said again within it, the later number stands: it was a slip, or another thought."""


@dataclass(frozen=True, slots=True)
class HowAmI:
    """How `member` was, 0 to 10, and what they wrote to it."""

    id: str
    member: str
    at: datetime
    number: int
    words: str | None = None


def say(before: HowAmI | None, fresh: HowAmI) -> Outcome:
    """A number is kept as soon as it is tapped. `before` is what they said last."""
    if fresh.number not in NUMBERS:
        return Outcome()
    if before is not None and abs(fresh.at - before.at) < SAME:
        return Outcome(records=(replace(before, number=fresh.number),))
    return Outcome(records=(fresh,))


def write(said: HowAmI, words: str | None) -> Outcome:
    """Words to a number; None: none. What was written to it before stays."""
    kept = Message(Text("howami", "kept"))
    return Outcome(said=kept, records=(said if words is None else replace(said, words=words),))
