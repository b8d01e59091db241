"""What is said after a session as it is kept, and the acts: asked, answered, followed up."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.care import feedback as care
from bot.care.booking import Place
from bot.care.education import Session, State, may_arrange
from bot.care.feedback import AT_ONCE, Answer, Asked, Feedback, Followed, Themes
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.store import circle, education, schema, session
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_one, keep_row
from bot.store.schema import Moment, booking, followed
from bot.store.schema import feedback as table
from bot.store.tools import ERASED, SERVICE, new_id, readable, seal

LATELY = timedelta(days=180)
"""So long after a session staff look at what was said of it."""

_OF = select(table).where(table.c.session == bindparam("of"))
_ONE = _OF.where(table.c.member == bindparam("by")).with_for_update()
_NOT_ASKED = (
    select(booking.c.member)
    .join(
        table,
        (table.c.session == booking.c.session) & (table.c.member == booking.c.member),
        isouter=True,
    )
    .where(
        booking.c.session == bindparam("of"),
        booking.c.place == Place.BOOKED.value,
        table.c.member.is_(None),
    )
    .order_by(booking.c.member)
    .limit(AT_ONCE + 1)
)
_OVER = (
    select(schema.session.c.id)
    .where(
        schema.session.c.state == State.OVER.value,
        schema.session.c.starts_at > bindparam("since", type_=Moment),
    )
    .order_by(schema.session.c.starts_at.desc(), schema.session.c.id)
)
_FOLLOWED = select(followed).where(followed.c.id == bindparam("id"))
_NOT_TOLD = (
    select(table.c.member)
    .where(
        table.c.session == bindparam("of"),
        table.c.came.is_(True),
        table.c.member > bindparam("after"),
    )
    .order_by(table.c.member)
    .limit(AT_ONCE + 1)
)


def feedback(c: Connection, session: str, member: str) -> Feedback | None:
    """What this member says; None for whoever was not asked."""
    row = c.execute(_ONE, {"of": session, "by": member}).one_or_none()
    return None if row is None else _feedback(c, row)


def themes(c: Connection, session: str) -> Themes:
    """What was said of this session."""
    return care.themes(_feedback(c, row) for row in c.execute(_OF, {"of": session}))


def of(c: Connection, id: str) -> Followed | None:
    """What was written to those who came."""
    row = c.execute(_FOLLOWED, {"id": id}).one_or_none()
    if row is None:
        return None
    words = readable(c, SERVICE, row.words)
    said, done = (ERASED, ERASED) if words == ERASED else json.loads(words)
    return Followed(row.id, row.session, row.by, row.at, said, done, row.told)


def lately(c: Connection, by: str, now: datetime) -> list[Session]:
    """The sessions of which this member of staff reads what was said, the newest first."""
    held = circle.memberships(c, by)
    rows = c.execute(_OVER, {"since": now - LATELY}).scalars().all()
    found = (session.session(c, id) for id in rows)
    return [one for one in found if one is not None and may_arrange(held, one)]


def reads(c: Connection, id: str, by: str) -> Session | None:
    """This session, if this member of staff may read what was said of it."""
    found = session.session(c, id)
    return found if found is not None and session.arranges(c, by, found) else None


# --- acts: time ---------------------------------------------------------------------------


def over(_c: Connection, this: Session, _now: datetime) -> Outcome:
    """It has taken place: in a while those who had a place are asked."""
    return Outcome(wakes=(care.wake(this.id, this.ends_at),))


def due(c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The next few are asked."""
    found = c.execute(_NOT_ASKED, {"of": id}).scalars().all()
    outcome = Outcome()
    if found:
        outcome = care.ask(id, found[:AT_ONCE], len(found) > AT_ONCE, now)
    return _done(c, outcome, cause, now)


def tell(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The next few of those who came are told what came of it."""
    this = of(c, id)
    if this is None:
        return _done(c, Outcome(), cause, now)
    found = c.execute(_NOT_TOLD, {"of": this.session, "after": this.told}).scalars().all()
    more = len(found) > AT_ONCE
    return _done(c, care.tell(this, found[:AT_ONCE], more, now), cause, now)


# --- acts: those who came, and staff ------------------------------------------------------


def rate(
    c: Connection, session: str, useful: Answer, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Whether it was useful."""
    found = feedback(c, session, by)
    return _done(c, Outcome() if found is None else care.rate(found, useful), cause, now)


def away(c: Connection, session: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`I was not there`"""
    found = feedback(c, session, by)
    return _done(c, Outcome() if found is None else care.away(found), cause, now)


def say(
    c: Connection,
    session: str,
    answers: Mapping[Asked, Answer],
    words: str | None,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """The rest of it."""
    found = feedback(c, session, by)
    return _done(c, Outcome() if found is None else care.say(found, answers, words), cause, now)


def follow(
    c: Connection, id: str, said: str, done: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """`You said, we did`"""
    if reads(c, id, by) is None:
        return _done(c, Outcome(), cause, now)
    this = Followed(new_id(c), id, by, now, said, done)
    return _done(c, care.follow(this), cause, now)


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome


# --- how records are kept -----------------------------------------------------------------


def keep_feedback(c: Connection, kept: Feedback) -> None:
    values = {
        "asked_at": kept.asked_at,
        "came": kept.came,
        **{asked.value: _value(kept.answers.get(asked)) for asked in Asked},
        "words": None if kept.words is None else seal(c, kept.member, kept.words),
    }
    keep_one(c, table, {"session": kept.session, "member": kept.member}, **values)


def keep_followed(c: Connection, kept: Followed) -> None:
    keep_row(
        c,
        followed,
        id=kept.id,
        session=kept.session,
        by=kept.by,
        at=kept.at,
        words=seal(c, SERVICE, json.dumps([kept.said, kept.done])),
        told=kept.told,
    )


def _value(answer: Answer | None) -> str | None:
    return None if answer is None else answer.value


def _still(words: str) -> str | None:
    """Nobody reads what its writer has taken with them."""
    return None if words == ERASED else words


def _feedback(c: Connection, row: Any) -> Feedback:
    said = {asked: getattr(row, asked.value) for asked in Asked}
    return Feedback(
        session=row.session,
        member=row.member,
        asked_at=row.asked_at,
        came=row.came,
        answers={asked: Answer(answer) for asked, answer in said.items() if answer is not None},
        words=None if row.words is None else _still(readable(c, row.member, row.words)),
    )


KEEP[Feedback] = keep_feedback
KEEP[Followed] = keep_followed
education.AFTER.append(over)
