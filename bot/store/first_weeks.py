"""The first 12 weeks as they are kept, and their acts: begun, paused, ended, and who is asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from bot.care import first_weeks as care
from bot.care.first_weeks import FirstWeeks, State
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.sign import Voice
from bot.store import around, circle
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import first_weeks as table
from bot.store.schema import first_weeks_answer as answer_table
from bot.store.those import Whose
from bot.store.tools import new_id, tools

_ONE = select(table).where(table.c.id == bindparam("id"))
_NEWEST = (
    select(table)
    .where(table.c.person == bindparam("person"))
    .order_by(table.c.started_at.desc(), table.c.id)
    .limit(1)
)
_THEIRS = (
    select(table)
    .where(
        table.c.id.in_(
            select(answer_table.c.weeks).where(
                answer_table.c.member == bindparam("member"),
                answer_table.c.voice == Voice.CARER.value,
            )
        )
    )
    .order_by(table.c.started_at.desc(), table.c.id)
)


def first_weeks(c: Connection, id: str) -> FirstWeeks | None:
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _weeks(row)


def newest(c: Connection, person: str) -> FirstWeeks | None:
    """Those of this person that were started last, over or not."""
    row = c.execute(_NEWEST, {"person": person}).one_or_none()
    return None if row is None else _weeks(row)


def asked_around(c: Connection, member: str) -> list[FirstWeeks]:
    """Those in which somebody was asked who is around a person, the newest first."""
    return [_weeks(row) for row in c.execute(_THEIRS, {"member": member})]


def looks(c: Connection, whose: Whose, until: datetime) -> list[tuple[str, str, datetime]]:
    """What staff look at together after some weeks, of these people, due by `until`:
    id, person, when. What is paused is not forgotten by it."""
    found = [_weeks(row) for row in whose.read(c, _standing)]
    due = [(one.id, one.person, one.look_at(weeks)) for one in found for weeks in care.LOOKS]
    return [one for one in due if one[2] <= until]


def _standing(ids: Select[str]) -> Select[Any]:
    stand = [State.RUNNING.value, State.PAUSED.value, State.OVER.value]
    return (
        select(table)
        .where(table.c.person.in_(ids), table.c.state.in_(stand))
        .order_by(table.c.first_at, table.c.id)
    )


# --- acts: staff --------------------------------------------------------------------------


def start(c: Connection, person: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Start the first 12 weeks`"""
    if not works_for(c, by, person, now):
        return _done(c, Outcome(), cause, now)
    id = new_id(c)
    first = friday(c, id, now)
    fresh = FirstWeeks(id, person, State.RUNNING, by, now, first, first)
    return _done(c, care.start(fresh, newest(c, person)), cause, now)


def pause(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    found = for_staff(c, id, by, now)
    return _done(c, Outcome() if found is None else care.pause(found, by, now), cause, now)


def go_on(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    found = for_staff(c, id, by, now)
    outcome = Outcome() if found is None else care.go_on(found, by, friday(c, id, now))
    return _done(c, outcome, cause, now)


def stop(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    found = for_staff(c, id, by, now)
    return _done(c, Outcome() if found is None else care.stop(found, by, now), cause, now)


# --- acts: whoever is asked ---------------------------------------------------------------


def may_ask(
    c: Connection, id: str, yes: bool, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The person says whether those around them are asked too."""
    found = first_weeks(c, id)
    return _done(c, Outcome() if found is None else care.may_ask(found, yes, by), cause, now)


def no_more(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`No more questions`"""
    found = _asked(c, id, by)
    return _done(c, Outcome() if found is None else care.no_more(found, by), cause, now)


def ask_me(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Ask me again`"""
    found = _asked(c, id, by)
    return _done(c, Outcome() if found is None else care.ask_me(found, by), cause, now)


# --- what the acts share ------------------------------------------------------------------


def friday(c: Connection, id: str, now: datetime) -> datetime:
    return care.next_friday(now, id, tools(c).hours.zone)


def works_for(c: Connection, by: str, person: str, now: datetime) -> bool:
    try:
        return not circle.has_left(c, person) and around.works_for(c, by, person, now)
    except LookupError:  # nobody who is supported here
        return False


def for_staff(c: Connection, id: str, by: str, now: datetime) -> FirstWeeks | None:
    found = first_weeks(c, id)
    return found if found is not None and works_for(c, by, found.person, now) else None


def _asked(c: Connection, id: str, by: str) -> FirstWeeks | None:
    """Those in which this member is asked as the person, or as somebody around them: the newest,
    for an old button means those that run now too."""
    pressed = first_weeks(c, id)
    found = None if pressed is None else newest(c, pressed.person)
    if found is None:
        return None
    theirs = by == found.person or by in around.supporters(c, found.person)
    return found if theirs else None


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome


# --- rows ---------------------------------------------------------------------------------


def keep_weeks(c: Connection, kept: FirstWeeks) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        state=kept.state.value,
        started_by=kept.started_by,
        started_at=kept.started_at,
        first_at=kept.first_at,
        next_at=kept.next_at,
        week=kept.week,
        around=kept.around,
        no_more=sorted(kept.no_more),
        paused_at=kept.paused_at,
        ended_at=kept.ended_at,
    )


KEEP[FirstWeeks] = keep_weeks


def _weeks(row: Any) -> FirstWeeks:
    return FirstWeeks(
        id=row.id,
        person=row.person,
        state=State(row.state),
        started_by=row.started_by,
        started_at=row.started_at,
        first_at=row.first_at,
        next_at=row.next_at,
        week=row.week,
        around=row.around,
        no_more=frozenset(row.no_more),
        paused_at=row.paused_at,
        ended_at=row.ended_at,
    )
