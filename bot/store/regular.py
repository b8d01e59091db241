"""Outings that come again, as they are kept, and their acts: thought of, agreed, asked, ended."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.care import by_phone
from bot.care import regular as care
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.regular import Regular
from bot.store import around, circle
from bot.store import journey as journeys
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import regular as table
from bot.store.tools import ERASED, new_id, readable, seal, tools

_ONE = select(table).where(table.c.id == bindparam("id"))
_OF = (
    select(table)
    .where(
        table.c.person == bindparam("person"),
        table.c.agreed_at.is_not(None),
        table.c.ended_at.is_(None),
    )
    .order_by(table.c.made_at, table.c.id)
)
_SUGGESTED = (
    select(table)
    .where(
        table.c.person == bindparam("person"),
        table.c.agreed_at.is_(None),
        table.c.ended_at.is_(None),
    )
    .order_by(table.c.made_at, table.c.id)
)


def regular(c: Connection, id: str) -> Regular | None:
    """One of them, or None when there is none of this id."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _regular(c, row)


def regulars(c: Connection, person: str) -> list[Regular]:
    """Those this person is asked about, the oldest first."""
    return [_regular(c, row) for row in c.execute(_OF, {"person": person})]


def suggested(c: Connection, person: str) -> list[Regular]:
    """Those that staff have thought of, and the person has not answered."""
    return [_regular(c, row) for row in c.execute(_SUGGESTED, {"person": person})]


# --- acts ---------------------------------------------------------------------------------


def plan(
    c: Connection,
    person: str,
    place: str,
    days: tuple[int, ...],
    at: time,
    back: time,
    holidays: bool,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """The person sets it; or staff of theirs think of it, and the person is asked."""
    if by != person and not around.works_for(c, by, person, now):
        return Outcome()
    id = new_id(c)
    fresh = Regular(id, person, place, days, at, back, holidays, by, now, next_at=now)
    if by == person:
        return _done(c, care.agree(fresh, by, tools(c).hours.zone, now), cause, now)
    return _done(c, care.suggest(fresh), cause, now)


def agree(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    found = regular(c, id)
    outcome = Outcome()
    if found is not None:
        outcome = care.agree(found, by, tools(c).hours.zone, now)
    return _done(c, outcome, cause, now)


def decline(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    found = regular(c, id)
    return _done(c, Outcome() if found is None else care.decline(found, by, now), cause, now)


def stop(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    found = regular(c, id)
    return _done(c, Outcome() if found is None else care.stop(found, by, now), cause, now)


def later(
    c: Connection, id: str, mark: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    found = regular(c, id)
    return _done(c, Outcome() if found is None else care.later(found, mark, by, now), cause, now)


def wait(
    c: Connection, id: str, mark: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    found = regular(c, id)
    return _done(c, Outcome() if found is None else care.wait(found, mark, by), cause, now)


def not_today(
    c: Connection, id: str, mark: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    found = regular(c, id)
    return _done(c, Outcome() if found is None else care.not_today(found, mark, by), cause, now)


# --- acts: time ---------------------------------------------------------------------------


def due(c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """An hour before one of them begins."""
    found = regular(c, id)
    outcome = Outcome()
    if found is not None and not circle.has_left(c, found.person):
        out = journeys.running(c, found.person) is not None
        outcome = _rung(c, found, care.due(found, out, tools(c).hours.zone, now), now)
    return _done(c, outcome, cause, now)


def again(
    c: Connection, key: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """They said "later": once more, if they have not set off meanwhile."""
    id, mark = key.split(":")
    found = regular(c, id)
    outcome = Outcome()
    if found is not None and journeys.running(c, found.person) is None:
        starts = datetime.fromtimestamp(int(mark), UTC)
        outcome = _rung(c, found, care.again(found, starts, tools(c).hours.zone, now), now)
    return _done(c, outcome, cause, now)


# --- what the acts share ------------------------------------------------------------------


def _rung(c: Connection, asked: Regular, outcome: Outcome, now: datetime) -> Outcome:
    """Whoever has no account is rung by their team, and asked."""
    if not outcome.tells or not circle.without_account(c, asked.person):
        return outcome
    keepers = around.keepers(c, asked.person, now)
    rings = (one for tell in outcome.tells for one in by_phone.ring(tell, keepers))
    return replace(outcome, tells=tuple(rings))


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome


def keep_regular(c: Connection, kept: Regular) -> None:
    words = {} if kept.place == ERASED else {"place": seal(c, kept.person, kept.place)}
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        **words,
        days=list(kept.days),
        at=kept.at.isoformat("minutes"),
        back=kept.back.isoformat("minutes"),
        holidays=kept.holidays,
        by=kept.by,
        made_at=kept.made_at,
        next_at=kept.next_at,
        agreed_at=kept.agreed_at,
        ended_at=kept.ended_at,
    )


def _regular(c: Connection, row: Any) -> Regular:
    return Regular(
        id=row.id,
        person=row.person,
        place=readable(c, row.person, row.place),
        days=tuple(row.days),
        at=time.fromisoformat(row.at),
        back=time.fromisoformat(row.back),
        holidays=row.holidays,
        by=row.by,
        made_at=row.made_at,
        next_at=row.next_at,
        agreed_at=row.agreed_at,
        ended_at=row.ended_at,
    )


KEEP[Regular] = keep_regular
