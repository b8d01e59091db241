"""Who has which review in their calendar, and its acts: taken, and looked at again."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from bot.care import morning
from bot.care import review_entry as care
from bot.care.outcome import NOBODY, Cause, Message, Outcome, Wake
from bot.care.review import DONE, FOR_STAFF, Coming, Invited, Item
from bot.care.review_entry import KIND, Entry
from bot.care.text import Text
from bot.store import circle, decision, schema, those, up
from bot.store import look as rounds
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import review_entry as table
from bot.store.tools import new_id, tools

_ENTRY = select(table).where(table.c.id == bindparam("id"))

NO_DAY = Message(Text("ics", "no_day"))
"""It is to be looked at now: no day to come is named."""


def take(
    c: Connection, kind: str, of: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """`Calendar file`, pressed by somebody of staff who may see this review."""
    found = up.thing(c, kind, of, now)
    if found is None or not _theirs(c, found, by, now):
        return Outcome()
    return _take(c, found, by, now, cause)


def take_next(c: Connection, round: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The same, of the next time of what whoever presses it has just done."""
    row = c.execute(
        select(schema.review).where(schema.review.c.id == round, schema.review.c.by == by)
    ).one_or_none()
    return Outcome() if row is None else take(c, row.kind, row.of, by, now, cause)


def take_mine(
    c: Connection, invited: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The same, pressed by the person who was invited and has said that they come."""
    asked = rounds.invited(c, invited)
    if asked is None or asked.person != by or asked.answer is not Coming.YES:
        return Outcome()
    found = up.thing(c, asked.kind, asked.of, now)
    if found is None or found.due_at != asked.due_at:
        return Outcome()
    return _take(c, found, by, now, cause)


def _take(c: Connection, found: Item, by: str, now: datetime, cause: Cause) -> Outcome:
    decision.lock(c, found.person)
    day, today = _day(c, found), now.astimezone(tools(c).hours.zone).date()
    if day < today:
        outcome = Outcome(said=NO_DAY)
    else:
        uid = _uid(c, found.person, found.kind, found.of)
        mine = (table.c.member == by, table.c.uid == uid)
        id = c.execute(select(table.c.id).where(*mine)).scalar_one_or_none() or new_id(c)
        of = (by, found.kind, found.of, found.person)
        fresh = Entry(id, *of, uid, _sequence(c, uid), day)
        outcome = care.take(fresh, morning.next_at(tools(c).hours, now))
    commit(c, outcome, cause, now)
    return outcome


def look_again(c: Connection, kind: str, of: str, now: datetime) -> tuple[Wake, ...]:
    """Something has become of a review: whoever has it in their calendar hears of it at once. Of
    all else that moves one they hear in the morning."""
    taken = select(table.c.id).where(table.c.kind == kind, table.c.of == of, ~table.c.gone)
    return tuple(Wake(KIND, id, now) for id in c.execute(taken).scalars())


def tick(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Is it still on the day that their calendar says?"""
    before = entry(c, id)
    outcome = Outcome()
    if before is not None:
        decision.lock(c, before.person)
        next_at = morning.next_at(tools(c).hours, now)
        day = _now_on(c, before, now)
        outcome = care.follow(before, day, _sequence(c, before.uid), next_at)
    commit(c, outcome, cause, now)
    return outcome


def _now_on(c: Connection, before: Entry, now: datetime) -> date | None:
    """None: this round is over, or not for them."""
    found = up.thing(c, before.kind, before.of, now)
    if found is None or circle.has_left(c, before.member):
        return None
    if _uid(c, found.person, found.kind, found.of) != before.uid:
        # What staff alone looked at in between is nothing to the person whose day it still is.
        return before.day if before.own and _day(c, found) == before.day else None
    if before.own:
        if found.kind in FOR_STAFF or _says_no(c, before):
            return None
        if found.hidden:  # staff alone know that it is up before its time
            return before.day
    elif not _theirs(c, found, before.member, now):
        return None
    return care.on(_day(c, found), before.day, now.astimezone(tools(c).hours.zone).date())


def _theirs(c: Connection, found: Item, by: str, now: datetime) -> bool:
    return found.may_see(by) and up.works_for(c, by, found.person, now)


def _says_no(c: Connection, before: Entry) -> bool:
    """What the person answered last about it."""
    asked = rounds.invitations(c, those.one(before.person)).values()
    about = [one for one in asked if (one.kind, one.of) == (before.kind, before.of)]
    last: Invited | None = max(about, key=lambda one: one.asked_at, default=None)
    return last is not None and last.answer in (Coming.NO, Coming.TALK)


def _day(c: Connection, found: Item) -> date:
    return (found.until or found.due_at).astimezone(tools(c).hours.zone).date()


def _uid(c: Connection, person: str, kind: str, of: str) -> str:
    """The same for everybody and each update, and another once it was looked at: what a calendar
    has taken out, some do not take again."""
    looks = rounds.rounds(c, person, kind, of, words=False)
    done = sum(one.came in DONE for one in looks)
    return sha256(f"{kind}.{of}.{done}".encode()).hexdigest()[:16]


def _sequence(c: Connection, uid: str) -> int:
    """Greater than that of any file of it, whoever has it."""
    last = c.execute(select(func.max(table.c.sequence)).where(table.c.uid == uid)).scalar()
    return 0 if last is None else int(last) + 1


# --- rows ---------------------------------------------------------------------------------


def entry(c: Connection, id: str) -> Entry | None:
    row = c.execute(_ENTRY, {"id": id}).one_or_none()
    return None if row is None else _entry(row)


def keep_entry(c: Connection, kept: Entry) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        member=kept.member,
        kind=kept.kind,
        of=kept.of,
        person=kept.person,
        uid=kept.uid,
        sequence=kept.sequence,
        day=kept.day.isoformat(),
        gone=kept.gone,
    )


KEEP[Entry] = keep_entry


def _entry(row: Any) -> Entry:
    day = date.fromisoformat(row.day)
    of = (row.id, row.member, row.kind, row.of, row.person, row.uid)
    return Entry(*of, row.sequence, day, row.gone)
