"""Places at sessions as they are kept, and their acts. Staff get counts and needs, never who."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.care import booking as care
from bot.care.booking import Booking, Place
from bot.care.education import Need, Session, State
from bot.care.outcome import NOBODY, Cause, Message, Outcome
from bot.care.text import Text
from bot.i18n import EASY
from bot.store import circle, schema
from bot.store import session as sessions
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_one
from bot.store.schema import Moment, member
from bot.store.schema import booking as table
from bot.store.tools import ERASED, readable, seal

_LINE = (
    select(table, member.c.unreachable_since.is_(None).label("reachable"))
    .join(member, member.c.id == table.c.member)
    .where(table.c.session == bindparam("session"))
    .order_by(table.c.number)
)
_OF = (
    select(table)
    .join(schema.session, schema.session.c.id == table.c.session)
    .where(
        table.c.member == bindparam("member"),
        table.c.place != Place.GIVEN_BACK.value,
        schema.session.c.state == State.PUBLISHED.value,
        schema.session.c.starts_at > bindparam("now", type_=Moment),
    )
    .order_by(schema.session.c.starts_at, table.c.session)
)
_PLACE = select(table.c.place).where(
    table.c.session == bindparam("session"), table.c.member == bindparam("member")
)
_NEEDS = select(member.c.id, member.c.locale, member.c.needs)


def line(c: Connection, session: str) -> list[Booking]:
    """Everybody who ever booked this session, in the order in which they came."""
    return [
        replace(_booking(row), reachable=bool(row.reachable))
        for row in c.execute(_LINE, {"session": session})
    ]


def of(c: Connection, who: str, now: datetime) -> list[Booking]:
    """The places this member has, or waits for, soonest first."""
    return [_booking(row) for row in c.execute(_OF, {"member": who, "now": now})]


def place(c: Connection, session: str, who: str) -> Place | None:
    """What this member has of it; None: nothing, and never had."""
    found = c.execute(_PLACE, {"session": session, "member": who}).scalar_one_or_none()
    return None if found is None else Place(found)


def needs(c: Connection, who: str) -> tuple[Need, ...]:
    """What this member needs to come: as they said it, and Easy Read where they read that."""
    row = c.execute(_NEEDS.where(member.c.id == who)).one()
    return _needs(c, row)


def needed(c: Connection, session: str) -> Mapping[Need, int]:
    """What those who come need, as numbers: for staff."""
    coming = [one.member for one in line(c, session) if one.place is Place.BOOKED]
    rows = c.execute(_NEEDS.where(member.c.id.in_(coming)))
    return Counter(need for row in rows for need in _needs(c, row))


# --- acts ---------------------------------------------------------------------------------


def book(c: Connection, session: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Book`: a place, or one in the line."""
    this = sessions.locked(c, session)
    outcome = Outcome() if this is None else care.book(this, line(c, session), by, now)
    return _done(c, outcome, cause, now)


def give_back(
    c: Connection, session: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """`I can't come`"""
    this = sessions.locked(c, session)
    outcome = Outcome() if this is None else care.give_back(this, line(c, session), by, now)
    return _done(c, outcome, cause, now)


def moved_up(c: Connection, this: Session, now: datetime) -> Outcome:
    """What becomes of those who wait, now that there may be places."""
    return care.move_up(this, line(c, this.id), now)


def leave(c: Connection, who: str, now: datetime) -> None:
    """Whoever is here no more comes to nothing: others get their places."""
    if circle.memberships(c, who):
        return
    for held in of(c, who, now):
        give_back(c, held.session, who, now)
    c.execute(update(member).where(member.c.id == who).values(needs=None))


def say_needs(
    c: Connection, needs: Collection[Need], by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """What they need to come, for this session and every later one; sealed like their name."""
    kept = [need.value for need in Need if need in needs]
    sealed = seal(c, by, json.dumps(kept)) if kept else None
    c.execute(update(member).where(member.c.id == by).values(needs=sealed))
    return _done(c, Outcome(said=Message(Text("education", "needs_kept"))), cause, now)


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome


# --- rows ---------------------------------------------------------------------------------


def _keep(c: Connection, kept: Booking) -> None:
    values = {"place": kept.place.value, "number": kept.number, "at": kept.at}
    keep_one(c, table, {"session": kept.session, "member": kept.member}, **values)


def _booking(row: Any) -> Booking:
    return Booking(row.session, row.member, Place(row.place), row.number, row.at)


def _needs(c: Connection, row: Any) -> tuple[Need, ...]:
    sealed = ERASED if row.needs is None else readable(c, row.id, row.needs)
    said = set() if sealed == ERASED else set(map(Need, json.loads(sealed)))
    if row.locale == EASY:
        said.add(Need.EASY_READ)
    return tuple(need for need in Need if need in said)


KEEP[Booking] = _keep
