"""The moments at which an agreement is to be looked at again."""

from datetime import datetime

from sqlalchemy import Connection

from bot.care import review as care
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.store import agreement as agreements
from bot.store import around, circle
from bot.store.commit import commit


def tick(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Remind the person and their key worker, as far as it is in force still."""
    found = agreements.agreement(c, id)
    place = None if found is None else circle.membership(c, found.supporter)
    outcome = Outcome()
    if found is not None and place is not None and place.until is None:
        keepers = around.keepers(c, found.person, now)
        staff = [one for one in keepers if one != place.member]
        outcome = care.due(found, place.member, staff, now)
    commit(c, outcome, cause, now)
    return outcome
