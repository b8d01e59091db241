"""How far the team is with what was noticed, and the acts of those who read it.

It knows whose an observation is and since when it waits, never its words.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.care import digest as care
from bot.care.digest import Noticed
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.sign import Observation
from bot.store import around
from bot.store import observation as observations
from bot.store import sign as plans
from bot.store.commit import KEEP, commit
from bot.store.schema import deadline
from bot.store.schema import observation as table
from bot.store.tools import tools

MOST = 10
"""So many are shown at once, the oldest first; whoever has read them is shown the next."""

_THESE = (
    select(table)
    .where(table.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(table.c.at, table.c.id)
)
_WAITING = (
    select(table)
    .where(
        table.c.person == bindparam("person"),
        table.c.finished_at.is_(None),
        table.c.withdrawn_at.is_(None),
    )
    .order_by(table.c.at, table.c.id)
)
_UNREAD = _WAITING.where(table.c.read_at.is_(None))
_STANDS = select(deadline.c.due_at).where(
    deadline.c.kind == care.KIND, deadline.c.key == bindparam("person")
)
_HELD = select(deadline.c.due_at).where(
    deadline.c.kind == care.RECEIPT, deadline.c.key == bindparam("id")
)


def noticed(c: Connection, ids: Sequence[str]) -> list[Noticed]:
    """These observations, the oldest first."""
    return [_noticed(row) for row in c.execute(_THESE, {"ids": list(ids)})]


def unread(c: Connection, person: str) -> list[Noticed]:
    """What was noticed about this person and nobody has read, the oldest first."""
    return [_noticed(row) for row in c.execute(_UNREAD, {"person": person})]


def queue(c: Connection, observation: Observation, now: datetime, asked: bool = False) -> Outcome:
    """It waits for the next digest, and for somebody to read it in time; good things, too.

    A part of the act of noticing, whatever else follows from it: what this answers is kept by the
    caller. `asked`: staff are asked because of it already, so the digest of the next day will do.
    """
    hours = tools(c).hours
    fresh = Noticed(observation.id, observation.person, observation.by, observation.at)
    stands = c.execute(_STANDS, {"person": observation.person}).scalar_one_or_none()
    at = hours.opens_after(now) if asked else care.told_at(hours, now)
    soonest = at if stands is None else min(at, stands)  # one that is due has yet to be told
    return care.queue(fresh, soonest, care.read_by(hours, now))


# --- acts: time ---------------------------------------------------------------------------


def tick(
    c: Connection, person: str, due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The key worker hears how many wait, or whoever is there instead."""
    keepers = around.keepers(c, person, now)
    outcome = care.tell(person, unread(c, person), keepers, due_at)
    commit(c, outcome, cause, now)
    return outcome


def receipts(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Whoever noticed it hears now what was held."""
    found = next(iter(noticed(c, [id])), None)
    outcome = Outcome() if found is None else care.receipts(found, now)
    commit(c, outcome, cause, now)
    return outcome


# --- acts: staff --------------------------------------------------------------------------


def look(c: Connection, person: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """What waits about this person, each with its words; what nobody has read comes first."""
    try:
        if not around.works_for(c, by, person, now):
            return Outcome()
    except LookupError:  # nobody who is supported here
        return Outcome()
    waiting = [_noticed(row) for row in c.execute(_WAITING, {"person": person})]
    waiting.sort(key=lambda one: not one.unread)
    outcome = care.look(person, waiting[:MOST], by, f"{now:%Y%m%d%H%M%S}")
    commit(c, outcome, cause, now)
    return outcome


def mark_read(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Read`, on one of them."""
    found = _for_staff(c, id, by, now)
    outcome = Outcome() if found is None else read(c, found, by, now)
    commit(c, outcome, cause, now)
    return outcome


def finish(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`We have finished with this`."""
    found = _for_staff(c, id, by, now)
    outcome = Outcome() if found is None else finished(c, found, by, now)
    commit(c, outcome, cause, now)
    return outcome


def rest(
    c: Connection, id: str, part: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """`Show the rest` of long words."""
    found = _for_staff(c, id, by, now)
    turn = f"{now:%Y%m%d%H%M%S}"
    outcome = Outcome() if found is None else care.rest(found, part, by, turn)
    commit(c, outcome, cause, now)
    return outcome


def read(c: Connection, one: Noticed, by: str, now: datetime) -> Outcome:
    """A part of an act: this one has been read."""
    again_at = tools(c).hours.opens_after(now)
    if _knows_why(c, one, now):
        return care.read(one, by, now, again_at)
    return care.read(one, by, now, again_at, _held(c, now), timed=False)


def finished(c: Connection, one: Noticed, by: str, now: datetime) -> Outcome:
    """A part of an act: the team has finished with this one."""
    held = c.execute(_HELD, {"id": one.id}).scalar_one_or_none()  # that it was read comes first
    if held is None and not expected(c, one):
        held = _held(c, now)
    return care.finish(one, by, now, held)


def knows_when(c: Connection, id: str) -> bool | None:
    """Whether its writer may know when it was read; None: not yet that it was."""
    (one,) = noticed(c, [id])
    if one.read_at is None or c.execute(_HELD, {"id": id}).first() is not None:
        return None
    return _knows_why(c, one, one.read_at)


def may_be_read(c: Connection, now: datetime) -> bool:
    """Whether staff may have read something without its writer having heard so yet."""
    hours = tools(c).hours
    return not (hours.is_open(now) and hours.is_open(now - care.GATHER))


def _held(c: Connection, now: datetime) -> datetime | None:
    """When a writer may know that staff have looked at something now; None: at once.

    Outside the service's hours nobody looks without a reason, and that is not for its writer to
    know when somebody else has given it. So they hear a little after it opens, and not when: just
    as of what is read then.
    """
    hours = tools(c).hours
    return None if hours.is_open(now) else hours.opens_after(now) + care.GATHER


def _knows_why(c: Connection, one: Noticed, now: datetime) -> bool:
    """Whether its writer may know that it was read at this moment: staff are at work, are asked
    to read it for its own sake since it is overdue, or are asked because of what they said."""
    hours = tools(c).hours
    if care.read_by(hours, one.at) <= now:
        return True
    at_work = hours.is_open(now) and not care.early(hours, one.at, now)
    return at_work or expected(c, one)


def expected(c: Connection, one: Noticed) -> bool:
    """Whether its writer knows why staff are asked because of it."""
    seen = observations.observation(c, one.id)
    if seen is None:
        return True
    plan = plans.active(c, one.person)
    longest = max((each.days for each in plan.thresholds), default=1) if plan is not None else 1
    since = one.at - timedelta(days=longest + 2)
    known = observations.of(c, one.person, since, words=False)
    return care.expected(plan, known, seen, tools(c).hours.zone)


def _for_staff(c: Connection, id: str, by: str, now: datetime) -> Noticed | None:
    found = next(iter(noticed(c, [id])), None)
    return found if found is not None and around.works_for(c, by, found.person, now) else None


# --- rows ---------------------------------------------------------------------------------


def keep_noticed(c: Connection, kept: Noticed) -> None:
    """Who read it and who finished with it; the observation itself is kept by its own subject."""
    c.execute(
        update(table)
        .where(table.c.id == kept.id)
        .values(
            read_by=kept.read_by,
            read_at=kept.read_at,
            finished_by=kept.finished_by,
            finished_at=kept.finished_at,
        )
    )


def _noticed(row: Any) -> Noticed:
    return Noticed(
        id=row.id,
        person=row.person,
        by=row.by,
        at=row.at,
        sign=row.sign,
        since=row.since,
        gone=row.withdrawn_at is not None,
        read_by=row.read_by,
        read_at=row.read_at,
        finished_by=row.finished_by,
        finished_at=row.finished_at,
    )


KEEP[Noticed] = keep_noticed
