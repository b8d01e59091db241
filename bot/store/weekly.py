"""The weekly question as it is kept, and its acts: wanted, asked, answered, not wanted any more."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from bot.care import weekly as care
from bot.care.circle import SUPPORTERS, Membership
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.weekly import Answer, Asked, NoWeekly, Weekly
from bot.store import circle
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_one, keep_row
from bot.store.schema import Moment, membership, weekly_answer
from bot.store.schema import weekly as table
from bot.store.tools import new_id, tools

_ONE = select(table).where(table.c.supporter == bindparam("supporter"))
_ASKED = select(weekly_answer).where(weekly_answer.c.id == bindparam("id"))
_ANSWERS = (
    select(weekly_answer)
    .join(membership, membership.c.id == weekly_answer.c.supporter)
    .where(
        membership.c.person == bindparam("person"),
        weekly_answer.c.asked_at >= bindparam("since", type_=Moment),
    )
    .order_by(weekly_answer.c.asked_at, weekly_answer.c.id)
)


def weekly(c: Connection, supporter: str) -> Weekly | None:
    """That this supporter (a membership) is asked, as long as they are around."""
    row = c.execute(_ONE, {"supporter": supporter}).one_or_none()
    place = None if row is None else _place(c, supporter)
    if row is None or place is None or place.person is None:
        return None
    return Weekly(supporter, place.member, place.person, row.next_at)


def asked_of(c: Connection, id: str) -> Membership | None:
    """In which place somebody was asked this, while it stands."""
    row = c.execute(_ASKED, {"id": id}).one_or_none()
    return None if row is None else _place(c, row.supporter)


def answers(c: Connection, person: str, since: datetime) -> list[Asked]:
    """What was asked about this person since then, and what was heard, oldest first."""
    return [
        Asked(row.id, row.supporter, row.asked_at, Answer(row.answer), row.answered_at)
        for row in c.execute(_ANSWERS, {"person": person, "since": since})
    ]


# --- acts ---------------------------------------------------------------------------------


def start(c: Connection, supporter: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Ask me each week`"""
    place = _place(c, supporter)
    if place is None or place.member != by or place.person is None:
        return Outcome()
    next_at = care.in_a_week(now, tools(c).hours.zone)
    return _done(c, care.start(Weekly(supporter, by, place.person, next_at)), cause, now)


def stop(c: Connection, supporter: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Stop asking`"""
    found = weekly(c, supporter)
    theirs = found is not None and found.member == by
    return _done(c, care.stop(found) if found and theirs else Outcome(), cause, now)


def hear(
    c: Connection, id: str, answer: Answer, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """One of the answers to one week's question."""
    row = c.execute(_ASKED, {"id": id}).one_or_none()
    place = asked_of(c, id)
    if row is None or place is None or place.member != by:
        return Outcome()
    asked = Asked(row.id, row.supporter, row.asked_at, Answer(row.answer), row.answered_at)
    return _done(c, care.hear(asked, answer, by, now), cause, now)


def due(
    c: Connection, supporter: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """It is time to ask."""
    found = weekly(c, supporter)
    if found is None:
        return _done(c, care.over(supporter), cause, now)
    next_at = care.in_a_week(now, tools(c).hours.zone)
    return _done(c, care.ask(found, new_id(c), next_at, now), cause, now)


# --- what the acts share ------------------------------------------------------------------


def _place(c: Connection, supporter: str) -> Membership | None:
    """Their place around the person, while it stands."""
    place = circle.membership(c, supporter)
    if place is None or place.until is not None or place.role not in SUPPORTERS:
        return None
    return place


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome


def keep_weekly(c: Connection, kept: Weekly) -> None:
    keep_one(c, table, {"supporter": kept.supporter}, next_at=kept.next_at)


def forget_weekly(c: Connection, gone: NoWeekly) -> None:
    c.execute(table.delete().where(table.c.supporter == gone.supporter))


def keep_asked(c: Connection, kept: Asked) -> None:
    keep_row(
        c,
        weekly_answer,
        id=kept.id,
        supporter=kept.supporter,
        asked_at=kept.asked_at,
        answer=kept.answer.value,
        answered_at=kept.answered_at,
    )


KEEP[Weekly] = keep_weekly
KEEP[NoWeekly] = forget_weekly
KEEP[Asked] = keep_asked
