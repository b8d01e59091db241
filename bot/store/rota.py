"""The rota's acts: plan a shift, take it back, and look for gaps when the moment has come."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from bot.care import rota as care
from bot.care.circle import Role, Shift
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.store import around, circle, handover, schema
from bot.store.commit import commit
from bot.store.tools import new_id

_ANY = select(schema.shift.c.id).where(schema.shift.c.team == bindparam("team")).limit(1)


def plan(
    c: Connection,
    team: str,
    member: str,
    starts_at: datetime,
    ends_at: datetime,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """Put a member of staff on call, if `by` manages the team."""
    fresh = Shift(new_id(c), team, member, starts_at, ends_at)
    why_not = care.may_plan(circle.memberships(c, by), circle.memberships(c, member), fresh, now)
    outcome = care.plan(fresh, by, why_not, now)
    commit(c, outcome, cause, now)
    return outcome


def shift(c: Connection, id: str) -> Shift | None:
    table = schema.shift
    row = c.execute(select(table).where(table.c.id == id)).one_or_none()
    if row is None:
        return None
    return Shift(row.id, row.team, row.member, row.starts_at, row.ends_at)


def cancel(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """Take a shift back, if `by` manages the team; one that runs ends now."""
    found = shift(c, id)
    if found is None:
        return Outcome()
    why_not = care.may_cancel(circle.memberships(c, by), found, now)
    outcome = care.cancel(found, by, why_not, now)
    commit(c, outcome, cause, now)
    return outcome


def tick(
    c: Connection, team: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """A deadline of kind "rota" is due: warn of gaps, look at what is to be handed over, and set
    when to look again."""
    managers = [m.id for m in around.staff_of(c, team, Role.MANAGER)]
    outcome = care.look(team, around.shifts(c, team, now), managers, _ever(c, team), now)
    outcome += handover.again(c, team, now)
    commit(c, outcome, cause, now)
    return outcome


def _ever(c: Connection, team: str) -> bool:
    """Whether this team ever had a shift: one that never had uses no rota."""
    return c.execute(_ANY, {"team": team}).first() is not None
