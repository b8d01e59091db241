"""Cover on the rota as it is kept, and its acts: asked for, taken, withdrawn, still nobody's."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.care import cover as care
from bot.care.circle import Role, Shift
from bot.care.cover import Cover, State
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.store import around, circle, rota
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import cover as table
from bot.store.schema import shift as shifts
from bot.store.tools import new_id

# Locked: the first who says yes has it, on whichever replica.
_ONE = select(table).where(table.c.id == bindparam("id")).with_for_update()
_OPEN = select(table).where(table.c.shift == bindparam("shift"), table.c.state == State.OPEN.value)
_MINE = (
    select(shifts.c.id)
    .where(shifts.c.member == bindparam("member"), shifts.c.ends_at > bindparam("now"))
    .order_by(shifts.c.starts_at, shifts.c.id)
)


def cover(c: Connection, id: str) -> Cover | None:
    """One of them, or None when there is none of this id."""
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _cover(row)


def asked_for(c: Connection, shift: str) -> Cover | None:
    """What is open about this shift, if anything."""
    row = c.execute(_OPEN, {"shift": shift}).first()
    return None if row is None else _cover(row)


def shifts_of(c: Connection, member: str, now: datetime) -> list[Shift]:
    """This member's shifts that are not over, in order."""
    ids = c.execute(_MINE, {"member": member, "now": now}).scalars().all()
    return [one for one in (rota.shift(c, id) for id in ids) if one is not None]


def to_swap(c: Connection, shift: Shift, now: datetime) -> list[Shift]:
    """The shifts of colleagues that could be had for this one: those that have not begun."""
    return [
        other
        for other in around.shifts(c, shift.team, now)
        if other.member != shift.member and other.starts_at > now
    ]


# --- acts ---------------------------------------------------------------------------------


def ask(
    c: Connection,
    shift: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    other: str | None = None,
) -> Outcome:
    """`Cover me`; with the shift `other`, `Swap`."""
    found = rota.shift(c, shift)
    wanted = None if other is None else rota.shift(c, other)
    if found is None or (other is not None and wanted is None):
        return Outcome()
    open_ = asked_for(c, shift)
    before = Outcome() if open_ is None else care.withdraw(open_, by)
    fresh = Cover(new_id(c), shift, by, now, other)
    colleagues = [m.id for m in around.staff_of(c, found.team) if m.reachable]
    outcome = care.ask(fresh, found, wanted, colleagues, now)
    if outcome.records:
        outcome = before + outcome
    return _done(c, outcome, cause, now)


def take(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Yes, I can`"""
    found = cover(c, id)
    theirs = None if found is None else rota.shift(c, found.shift)
    if found is None or theirs is None:
        return Outcome()
    other = None if found.other is None else rota.shift(c, found.other)
    if found.other is not None and other is None:
        return Outcome()
    staff = circle.memberships(c, by)
    managers = _managers(c, theirs.team)
    outcome = care.take(found, theirs, other, by, staff, managers, new_id(c), now)
    return _done(c, outcome, cause, now)


def withdraw(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`I can do it after all`"""
    found = cover(c, id)
    return _done(c, Outcome() if found is None else care.withdraw(found, by), cause, now)


def tick(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Nobody may have said yes."""
    found = cover(c, id)
    outcome = Outcome()
    if found is not None:
        shift = rota.shift(c, found.shift)
        managers = () if shift is None else _managers(c, shift.team)
        outcome = care.tick(found, shift, managers, now)
    return _done(c, outcome, cause, now)


# --- what the acts share ------------------------------------------------------------------


def _managers(c: Connection, team: str) -> list[str]:
    return [m.id for m in around.staff_of(c, team, Role.MANAGER)]


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome


def keep_cover(c: Connection, kept: Cover) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        shift=kept.shift,
        other=kept.other,
        by=kept.by,
        asked_at=kept.asked_at,
        state=kept.state.value,
        taken_by=kept.taken_by,
        taken_at=kept.taken_at,
    )


def _cover(row: Any) -> Cover:
    return Cover(
        id=row.id,
        shift=row.shift,
        by=row.by,
        asked_at=row.asked_at,
        other=row.other,
        state=State(row.state),
        taken_by=row.taken_by,
        taken_at=row.taken_at,
    )


KEEP[Cover] = keep_cover
