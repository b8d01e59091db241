"""The moments at which an agreement is to be looked at again."""

from datetime import datetime

from sqlalchemy import Connection

from bot.care import lapsing as care
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.store import agreement as agreements
from bot.store import circle
from bot.store.commit import commit


def tick(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Remind the person, as far as it is in force still."""
    found = agreements.agreement(c, id)
    place = None if found is None else circle.membership(c, found.supporter)
    outcome = Outcome()
    if found is not None and place is not None and place.until is None:
        outcome = care.due(found, now)
    commit(c, outcome, cause, now)
    return outcome
