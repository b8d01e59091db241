"""Words to the team as they are kept, and the act of writing them."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from bot.care import heard as care
from bot.care.heard import Heard
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.store import around, circle
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import heard as table
from bot.store.tools import new_id, readable, seal

_ONE = select(table).where(table.c.id == bindparam("id"))


def heard(c: Connection, id: str) -> Heard | None:
    """What somebody wrote to the team, or None when there is nothing of this id."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    if row is None:
        return None
    words = readable(c, row.member, row.words)
    return Heard(row.id, row.member, row.person, words, row.at, row.read_by, row.read_at)


def reply(
    c: Connection, person: str, words: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Somebody around the person writes to the team: never gated, never refused."""
    if person not in {held.person for held in circle.memberships(c, by)}:
        return Outcome()
    said = Heard(new_id(c), by, person, words, now)
    outcome = care.hear(said, around.keepers(c, person, now))
    commit(c, outcome, cause, now)
    return outcome


def mark_read(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Read`: staff of the person say that they have read it."""
    found = heard(c, id)
    if found is None or not around.works_for(c, by, found.person, now):
        return Outcome()
    places = circle.memberships(c, found.member)
    here = any(held.person == found.person for held in places)
    outcome = care.read(found, by, here, now)
    commit(c, outcome, cause, now)
    return outcome


def keep_heard(c: Connection, kept: Heard) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        member=kept.member,
        person=kept.person,
        words=seal(c, kept.member, kept.words),
        at=kept.at,
        read_by=kept.read_by,
        read_at=kept.read_at,
    )


KEEP[Heard] = keep_heard
