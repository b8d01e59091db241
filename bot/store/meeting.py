"""The team's next meeting about each early-warning plan, and its act."""

from datetime import date, datetime

from sqlalchemy import Connection, delete, select

from bot.care import meeting as care
from bot.care.meeting import Meeting
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.review import Kind
from bot.store import decision, review_entry, sign, up
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_one
from bot.store.schema import team_meeting as table
from bot.store.tools import tools


def meeting(c: Connection, person: str) -> Meeting | None:
    """The next one; it may be over, as long as nobody has looked at the plan."""
    row = c.execute(select(table).where(table.c.person == person)).one_or_none()
    return None if row is None else Meeting(row.person, row.at, row.by, row.said_at)


def plan(
    c: Connection,
    person: str,
    day: date | None,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """Staff say when it is; None: there is none. Whoever has the review in their calendar hears."""
    active = sign.active(c, person)
    zone = tools(c).hours.zone
    if active is None or by == person or not up.works_for(c, by, person, now):
        return Outcome()
    if day is not None and day < now.astimezone(zone).date():
        return Outcome()
    decision.lock(c, person)
    at = None if day is None else care.begins(day, zone)
    outcome = care.keep(Meeting(person, at, by, now))
    moved = Outcome(wakes=review_entry.look_again(c, Kind.SIGN_PLAN, active.id, now))
    commit(c, outcome + moved, cause, now)
    return outcome


def keep_meeting(c: Connection, kept: Meeting) -> None:
    if kept.at is None:
        c.execute(delete(table).where(table.c.person == kept.person))
    else:
        keep_one(c, table, {"person": kept.person}, at=kept.at, by=kept.by, said_at=kept.said_at)


KEEP[Meeting] = keep_meeting
