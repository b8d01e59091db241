"""Planned contact as it is kept, and its acts: agree, remind, in touch, the person's good news."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select

from bot.care import rhythm as care
from bot.care.circle import SUPPORTERS
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.rhythm import How, NoRhythm, Rhythm
from bot.store import around, circle, good_news
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_one
from bot.store.schema import rhythm as table

_ONE = select(table).where(table.c.supporter == bindparam("supporter"))


def rhythm(c: Connection, supporter: str) -> Rhythm | None:
    """What is planned with this supporter (a membership), as long as they are around."""
    row = c.execute(_ONE, {"supporter": supporter}).one_or_none()
    place = None if row is None else circle.membership(c, supporter)
    if row is None or place is None or place.until is not None or place.person is None:
        return None
    return Rhythm(
        supporter=supporter,
        member=place.member,
        person=place.person,
        weeks=row.weeks,
        next_at=row.next_at,
        set_by=row.set_by,
        asks=row.asks,
        last_at=row.last_at,
    )


# --- acts: staff --------------------------------------------------------------------------


def agree(
    c: Connection,
    supporter: str,
    weeks: int,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    asks: bool = False,
) -> Outcome:
    """From now on the team is in touch every so many weeks; 0: nothing is planned."""
    place = circle.membership(c, supporter)
    if place is None or place.until is not None or place.role not in SUPPORTERS:
        return Outcome()
    person = place.person
    if person is None or not around.works_for(c, by, person, now):
        return Outcome()
    if weeks == 0:
        outcome = care.end(supporter, place.member, person, by)
    else:
        next_at = now + timedelta(weeks=weeks)
        fresh = Rhythm(supporter, place.member, person, weeks, next_at, by, asks)
        outcome = care.agree(fresh, by)
    return _done(c, outcome, cause, now)


def phoned(
    c: Connection, supporter: str, mark: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """`Done by phone`"""
    found = _theirs(c, supporter, by, now)
    return Outcome() if found is None else _done(c, care.phoned(found, mark, by, now), cause, now)


def later(
    c: Connection, supporter: str, mark: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    found = _theirs(c, supporter, by, now)
    return Outcome() if found is None else _done(c, care.later(found, mark, now), cause, now)


def told(c: Connection, supporters: Iterable[str], by: str, now: datetime) -> Outcome:
    """Something has been told to these memberships, which is contact; the caller keeps it."""
    outcome = Outcome()
    for supporter in supporters:
        found = rhythm(c, supporter)
        if found is not None:
            outcome += care.contacted(found, How.TOLD, by, now)
    return outcome


def _theirs(c: Connection, supporter: str, by: str, now: datetime) -> Rhythm | None:
    found = rhythm(c, supporter)
    return found if found and around.works_for(c, by, found.person, now) else None


# --- acts: time ---------------------------------------------------------------------------


def due(
    c: Connection, supporter: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """It is time to be in touch."""
    found = rhythm(c, supporter)
    if found is None:
        return _done(c, care.over(supporter), cause, now)
    return _done(c, care.due(found, around.keepers(c, found.person, now), now), cause, now)


def soon(
    c: Connection, supporter: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The day before: the person is asked, if this supporter could hear what they write."""
    found = rhythm(c, supporter)
    place = None if found is None else circle.membership(c, supporter)
    if found is None or place is None or not found.asks:
        return _done(c, Outcome(), cause, now)
    heard = good_news.could_hear(c, place, found.person, now)
    return _done(c, Outcome() if heard is None else care.ask(found), cause, now)


# --- what the acts share ------------------------------------------------------------------


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome


def keep_rhythm(c: Connection, kept: Rhythm) -> None:
    values = {
        "weeks": kept.weeks,
        "next_at": kept.next_at,
        "last_at": kept.last_at,
        "set_by": kept.set_by,
        "asks": kept.asks,
    }
    keep_one(c, table, {"supporter": kept.supporter}, **values)


def forget_rhythm(c: Connection, gone: NoRhythm) -> None:
    c.execute(table.delete().where(table.c.supporter == gone.supporter))


KEEP[Rhythm] = keep_rhythm
KEEP[NoRhythm] = forget_rhythm
