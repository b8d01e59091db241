"""The next date of something that was looked at, for the calendar of whoever looked at it. The
file names nobody: a calendar is read over shoulders."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, func, select

from bot.care.outcome import NOBODY, Cause, Lane, Message, Outcome, Tell
from bot.care.text import Text
from bot.store import up
from bot.store.commit import commit
from bot.store.schema import review


@dataclass(frozen=True, slots=True)
class Next:
    """`name` is the same for each round of one thing, `rounds` how many there have been."""

    name: str
    rounds: int
    at: datetime
    said_at: datetime


def next_of(c: Connection, round: str) -> Next | None:
    """When it is looked at again after this round."""
    row = c.execute(select(review).where(review.c.id == round)).one_or_none()
    if row is None or row.next_at is None:
        return None
    same = (review.c.kind == row.kind, review.c.of == row.of, review.c.at <= row.at)
    count = c.execute(select(func.count()).select_from(review).where(*same)).scalar_one()
    name = sha256(f"{row.kind}.{row.of}".encode()).hexdigest()[:16]
    return Next(name, count, row.next_at, row.at)


def ask(c: Connection, round: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`For my calendar`, pressed by whoever has just done it."""
    row = c.execute(select(review).where(review.c.id == round)).one_or_none()
    outcome = Outcome()
    if row is not None and row.by == by and up.works_for(c, by, row.person, now):
        said = Message(Text("ics", "review"), {"review_entry": round})
        key = f"{round}:calendar"
        outcome = Outcome(tells=(Tell(by, said, Lane.REPLY, key=key),))
    commit(c, outcome, cause, now)
    return outcome
