"""Sessions as they are kept: the rows, and who may change one."""

import json
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.care import education as care
from bot.care.education import Change, Need, Repeats, Session, State, Subject
from bot.store import circle, schema
from bot.store.commit import KEEP
from bot.store.rows import keep_row
from bot.store.schema import Moment
from bot.store.tools import ERASED, SERVICE, readable, seal

table = schema.session

_ONE = select(table).where(table.c.id == bindparam("id"))
_LOCKED = _ONE.with_for_update()
_UID = select(table).where(table.c.uid == bindparam("uid")).with_for_update()
_STATE = (
    select(table)
    .where(table.c.state == bindparam("state"), table.c.starts_at > bindparam("now", type_=Moment))
    .order_by(table.c.starts_at, table.c.id)
)


def session(c: Connection, id: str) -> Session | None:
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _session(c, row)


def by_uid(c: Connection, uid: str) -> Session | None:
    """The one that a file calls so; locked until the transaction ends."""
    row = c.execute(_UID, {"uid": uid}).one_or_none()
    return None if row is None else _session(c, row)


def locked(c: Connection, id: str) -> Session | None:
    """One at a time decides about a session: until the end of this transaction."""
    row = c.execute(_LOCKED, {"id": id}).one_or_none()
    return None if row is None else _session(c, row)


def coming(c: Connection, now: datetime) -> list[Session]:
    """What can be booked, soonest first."""
    rows = c.execute(_STATE, {"state": State.PUBLISHED.value, "now": now})
    return [_session(c, row) for row in rows]


def announced(c: Connection, now: datetime) -> list[Session]:
    """What is to come, and what was to come until it was cancelled, soonest first."""
    rows = c.execute(_STATE, {"state": State.CANCELLED.value, "now": now})
    off = [one for one in map(partial(_session, c), rows) if one.version > 1]  # or never published
    return sorted((*coming(c, now), *off), key=lambda one: (one.starts_at, one.id))


def drafts(c: Connection, by: str, now: datetime) -> list[Session]:
    """What this member of staff can publish, soonest first."""
    held = circle.memberships(c, by)
    rows = c.execute(_STATE, {"state": State.DRAFT.value, "now": now})
    found = (_session(c, row) for row in rows)
    return [one for one in found if care.may_arrange(held, one)]


def arranges(c: Connection, by: str, this: Session) -> bool:
    """Whether this member may change it."""
    return care.may_arrange(circle.memberships(c, by), this)


# --- rows ---------------------------------------------------------------------------------


def _keep(c: Connection, kept: Session) -> None:
    words = {
        "title": kept.title,
        "place": kept.place,
        "room": kept.room,
        "notes": kept.notes,
        "facilitators": kept.facilitators,
        "changed": [one.value for one in kept.changed],
        "was_at": None if kept.was_at is None else kept.was_at.isoformat(),
    }
    keep_row(
        c,
        table,
        id=kept.id,
        uid=kept.uid,
        series=kept.series,
        team=kept.team,
        by=kept.by,
        subject=kept.subject.value,
        state=kept.state.value,
        starts_at=kept.starts_at,
        minutes=kept.minutes,
        repeats=kept.repeats.value,
        rule_day=kept.rule_day.isoformat(),
        places=kept.places,
        words=seal(c, SERVICE, json.dumps(words)),
        languages=list(kept.languages),
        meets=[one.value for one in kept.meets],
        version=kept.version,
        made_at=kept.made_at,
        changed_at=kept.changed_at or kept.made_at,
    )


def _session(c: Connection, row: Any) -> Session:
    sealed = readable(c, SERVICE, row.words)
    words: dict[str, Any] = {} if sealed == ERASED else json.loads(sealed)
    was_at = words.get("was_at")
    return Session(
        id=row.id,
        series=row.series,
        team=row.team,
        by=row.by,
        subject=Subject(row.subject),
        starts_at=row.starts_at,
        minutes=row.minutes,
        made_at=row.made_at,
        rule_day=date.fromisoformat(row.rule_day),
        title=words.get("title", ""),
        place=words.get("place", ""),
        room=words.get("room", ""),
        notes=words.get("notes", ""),
        facilitators=words.get("facilitators", ""),
        repeats=Repeats(row.repeats),
        places=row.places,
        languages=tuple(row.languages),
        meets=tuple(map(Need, row.meets)),
        state=State(row.state),
        version=row.version,
        changed_at=row.changed_at,
        changed=tuple(map(Change, words.get("changed", ()))),
        was_at=None if was_at is None else datetime.fromisoformat(was_at),
        uid=row.uid,
    )


KEEP[Session] = _keep
