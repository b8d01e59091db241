"""Switches as they are kept, and the acts: asked for, confirmed, declined, ended, over."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.care import switching as care
from bot.care.agreement import Situation
from bot.care.circle import Role
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.switching import Switching
from bot.store import around, circle, escalation, schema
from bot.store.commit import KEEP, commit
from bot.store.decision import lock
from bot.store.rows import keep_row
from bot.store.tools import new_id

table = schema.switch


def switch(c: Connection, id: str) -> Switching | None:
    """One of them, or None when there is none of this id."""
    row = c.execute(select(table).where(table.c.id == id)).one_or_none()
    return None if row is None else _switching(row)


def standing(c: Connection, person: str, now: datetime) -> list[Switching]:
    """What is on, or waits to be confirmed, the oldest first."""
    rows = c.execute(
        select(table)
        .where(table.c.person == person, table.c.ended_at.is_(None))
        .order_by(table.c.asked_at, table.c.id)
    )
    found = [_switching(row) for row in rows]
    return [one for one in found if one.on(now) or one.waits(now)]


def ask(
    c: Connection,
    person: str,
    situation: Situation,
    length: timedelta,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    told: bool,
) -> Outcome:
    """One member of staff asks; `told`: they have told the person face to face."""
    lock(c, person)
    if not around.works_for(c, by, person, now):
        return Outcome()
    fresh = Switching(
        id=new_id(c),
        person=person,
        situation=situation,
        asked_by=by,
        asked_at=now,
        until=now + length,
        told_by=by if told else None,
    )
    outcome = care.ask(fresh, standing(c, person, now), _colleagues(c, person, by, now), now)
    commit(c, outcome, cause, now)
    return outcome


def confirm(
    c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY, *, told: bool = False
) -> Outcome:
    """Another member of staff confirms it; `told`: they have told the person face to face."""
    kept = _theirs(c, id, by, now)
    if kept is None:
        return Outcome()
    return _did(c, kept, care.confirm(kept, by, now, told=told), cause, now)


def decline(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """It does not begin."""
    kept = _theirs(c, id, by, now)
    return Outcome() if kept is None else _did(c, kept, care.decline(kept, by, now), cause, now)


def end(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """It is over before its time."""
    kept = _theirs(c, id, by, now)
    if kept is None:
        return Outcome()
    return _did(c, kept, care.end(kept, _then(c, kept, now), by, now), cause, now)


def over(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Its time has passed, or the time in which somebody might have confirmed it."""
    kept = switch(c, id)
    if kept is None or circle.has_left(c, kept.person):
        commit(c, Outcome(), cause, now)
        return Outcome()
    outcome = care.over(kept, _then(c, kept, now), around.keepers(c, kept.person, now), now)
    commit(c, outcome, cause, now)
    return outcome + escalation.fewer(c, kept.person, now)


def _theirs(c: Connection, id: str, by: str, now: datetime) -> Switching | None:
    """The switch, if `by` works for the person it is about."""
    kept = switch(c, id)
    if kept is None or not around.works_for(c, by, kept.person, now):
        return None
    lock(c, kept.person)
    return switch(c, id)


def _then(c: Connection, ending: Switching, now: datetime) -> Situation:
    """What holds when this one is over: the gravest that is still on, or else the everyday."""
    on = {one.situation for one in standing(c, ending.person, now) if one.on(now)}
    grave = (Situation.EMERGENCY, Situation.UNWELL)
    left = (one for one in grave if one in on and one is not ending.situation)
    return next(left, Situation.EVERYDAY)


def _did(c: Connection, kept: Switching, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    """A stray tap is nothing to keep."""
    if outcome == Outcome():
        return outcome
    commit(c, outcome, cause, now)
    return outcome + escalation.fewer(c, kept.person, now)


def _colleagues(c: Connection, person: str, by: str, now: datetime) -> list[str]:
    """Who may confirm it: those nearest to the person; all staff of the team if there is nobody."""
    team = around.team_of(c, person)
    near = (
        *around.key_workers(c, person),
        *around.on_call(c, team, now),
        *around.staff_of(c, team, Role.MANAGER),
    )
    for group in (near, around.staff_of(c, team)):
        found = dict.fromkeys(m.id for m in group if m.reachable and m.id not in (by, person))
        if found:
            return list(found)
    return []


def _keep(c: Connection, kept: Switching) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        situation=kept.situation.value,
        asked_by=kept.asked_by,
        asked_at=kept.asked_at,
        told_by=kept.told_by,
        second=kept.second,
        since=kept.since,
        until=kept.until,
        ended_at=kept.ended_at,
        ended_by=kept.ended_by,
    )


def _switching(row: Any) -> Switching:
    return Switching(
        id=row.id,
        person=row.person,
        situation=Situation(row.situation),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        until=row.until,
        told_by=row.told_by,
        second=row.second,
        since=row.since,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )


KEEP[Switching] = _keep
