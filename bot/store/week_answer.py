"""What each says of a week as it is kept, and its acts: asked, put off, said, read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.care import first_weeks as course
from bot.care import week_answer as care
from bot.care.circle import STAFF_ROLES, Role
from bot.care.first_weeks import FirstWeeks, State
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.sign import Voice
from bot.care.week_answer import HOW, Answer, Asked, Opened, Said, Shift
from bot.store import around, circle, first_weeks
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import first_weeks as weeks_table
from bot.store.schema import first_weeks_answer as table
from bot.store.tools import new_id, readable, seal, tools

WEEK = timedelta(weeks=1)

_ANSWER = select(table).where(table.c.id == bindparam("id"))
_ANSWERS = (
    select(table)
    .where(table.c.weeks == bindparam("weeks"))
    .order_by(table.c.week, table.c.asked_at, table.c.id)
)
_OPEN = (
    select(table, weeks_table.c.person)
    .join(weeks_table, weeks_table.c.id == table.c.weeks)
    .where(
        table.c.member == bindparam("member"),
        table.c.voice == Voice.STAFF.value,
        table.c.said == Said.NOT_HEARD.value,
        table.c.week == weeks_table.c.week,
        weeks_table.c.state == State.RUNNING.value,
    )
    .order_by(table.c.asked_at, table.c.id)
)

_UNREAD = (
    select(weeks_table.c.person, table.c.weeks, table.c.week)
    .join(weeks_table, weeks_table.c.id == table.c.weeks)
    .where(
        weeks_table.c.person.in_(bindparam("people", expanding=True)),
        table.c.read_at.is_(None),
        table.c.voice != Voice.STAFF.value,
        table.c.said.in_([said.value for said in HOW])
        | table.c.well.is_not(None)
        | table.c.different.is_not(None)
        | table.c.usual.is_not(None),
    )
    .order_by(weeks_table.c.started_at, table.c.week, table.c.id)
)


def unread(c: Connection, people: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """What was said of these people and waits to be read, the oldest first: each in which first
    weeks and of which week, also of those that were ended and begun anew."""
    found: dict[str, list[tuple[str, int]]] = {}
    for row in c.execute(_UNREAD, {"people": list(people)}):
        found.setdefault(row.person, []).append((row.weeks, row.week))
    return found


def answer(c: Connection, id: str, *, words: bool = True) -> Answer | None:
    row = c.execute(_ANSWER, {"id": id}).one_or_none()
    return None if row is None else _answer(c, row, words)


def answers(c: Connection, weeks: str, *, words: bool = True) -> list[Answer]:
    """All that was asked, by week; without `words` nothing is unsealed."""
    return [_answer(c, row, words) for row in c.execute(_ANSWERS, {"weeks": weeks})]


def waiting(c: Connection, staff: str, now: datetime) -> list[tuple[Answer, str]]:
    """What this member of staff has not said yet of this week, and of whom."""
    rows = c.execute(_OPEN, {"member": staff}).all()
    return [
        (_answer(c, row, words=False), row.person)
        for row in rows
        if around.works_for(c, staff, row.person, now)
    ]


def still_asked(c: Connection, id: str, now: datetime) -> bool:
    """Whether this question still stands: it may have waited, and things went on."""
    found = answer(c, id, words=False)
    weeks = None if found is None else first_weeks.first_weeks(c, found.weeks)
    if found is None or weeks is None or not _still(c, found, weeks, now):
        return False
    return care.still_asked(weeks, found)


# --- acts: whoever is asked, and staff who read -------------------------------------------


def later(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Ask me tomorrow`"""
    found = _own(c, id, by, now)
    weeks = None if found is None else first_weeks.first_weeks(c, found.weeks)
    outcome = Outcome()
    if found is not None and weeks is not None:
        outcome = care.later(weeks, found, now)
    return _done(c, outcome, cause, now)


def hear(
    c: Connection, id: str, said: Said, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """How the week was."""
    found = _own(c, id, by, now)
    if found is None:
        return _done(c, Outcome(), cause, now)
    return _done(c, care.hear(found, said, now, _opens(c, found.weeks, now)), cause, now)


def say(
    c: Connection,
    id: str,
    well: str | None,
    different: str | None,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    usual: str | None = None,
) -> Outcome:
    """What went well, what should be different, and how it usually is. A role that has ended
    meanwhile is enough."""
    found = answer(c, id)
    if found is None or found.to.member != by:
        return _done(c, Outcome(), cause, now)
    read_at = _opens(c, found.weeks, now)
    return _done(c, care.say(found, well, different, now, read_at, usual), cause, now)


def read(
    c: Connection, id: str, week: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """Staff have opened what was said of this week."""
    found = first_weeks.for_staff(c, id, by, now)
    said = [] if found is None else answers(c, id, words=False)
    outcome = care.read((one for one in said if one.week == week), by, now)
    return _done(c, outcome, cause, now)


# --- acts: time ---------------------------------------------------------------------------


def tick(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """It is Friday: everybody is asked, or the weeks are over."""
    weeks = first_weeks.first_weeks(c, id)
    if weeks is None or weeks.state is not State.RUNNING:
        return _done(c, Outcome(), cause, now)
    if circle.has_left(c, weeks.person):
        return _done(c, course.over(weeks, now), cause, now)
    if weeks.week >= course.WEEKS:
        return _done(c, course.over(weeks, now) + course.thanks(weeks), cause, now)
    asked = [(new_id(c), one) for one in _everybody(c, weeks, now)]
    return _done(c, care.ask(weeks, asked, first_weeks.friday(c, id, now), now), cause, now)


def ask_again(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """A day has passed since somebody put it off."""
    found = answer(c, id, words=False)
    weeks = None if found is None else first_weeks.first_weeks(c, found.weeks)
    outcome = Outcome()
    if found is not None and weeks is not None and _still(c, found, weeks, now):
        outcome = care.ask_again(weeks, found, now)
    return _done(c, outcome, cause, now)


def remind(
    c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """The service opens: what nobody has read yet?"""
    weeks = first_weeks.first_weeks(c, id)
    if weeks is None or circle.has_left(c, weeks.person):
        return _done(c, Outcome(), cause, now)
    unread = [one for one in answers(c, id, words=False) if one.to_read]
    staff = around.keepers(c, weeks.person, now)
    if care.waits_long(unread, now):
        managers = around.staff_of(c, around.team_of(c, weeks.person), Role.MANAGER)
        here = (one.id for one in managers if one.reachable and one.id != weeks.person)
        staff = list(dict.fromkeys((*staff, *here)))
    outcome = care.remind(weeks, len(unread), staff, _opens(c, id, now), now)
    return _done(c, outcome, cause, now)


# --- what the acts share ------------------------------------------------------------------


def _opens(c: Connection, id: str, now: datetime) -> datetime:
    """When staff are asked next to read what was said."""
    return tools(c).hours.opens_after(now - course.spread(id)) + course.spread(id)


def _everybody(c: Connection, weeks: FirstWeeks, now: datetime) -> list[Asked]:
    """Who is asked this week, each once. Whether somebody around the person is asked hangs on the
    person's word to these questions alone: that they come, or do not, tells of nothing else."""
    found = [Asked(weeks.person, Voice.PERSON)]
    if weeks.around:
        found += [Asked(m.member, Voice.CARER, m.id) for m in around.circle_of(c, weeks.person)]
    found += _staff(c, weeks.person, now)
    each = {one.member: one for one in reversed(found)}  # the first of several roles stands
    return [one for one in found if each[one.member] is one and one.member not in weeks.no_more]


def _staff(c: Connection, person: str, now: datetime) -> list[Asked]:
    """Who was on call this week, each by their shift, and the key worker; else whoever keeps."""
    zone, team = tools(c).hours.zone, around.team_of(c, person)
    begins: dict[str, list[datetime]] = {}
    for shift in around.shifts(c, team, now - WEEK):
        if shift.starts_at <= now:
            begins.setdefault(shift.member, []).append(shift.starts_at)
    for one in around.key_workers(c, person):
        begins.setdefault(one.id, [])
    if not begins:
        begins = {one: [] for one in around.keepers(c, person, now)}
    return [
        Asked(one, Voice.STAFF, None, care.shift_of(times, zone))
        for one, times in begins.items()
        if around.works_for(c, one, person, now)
    ]


def _own(c: Connection, id: str, by: str, now: datetime) -> Answer | None:
    """What this member was asked, as long as they are who they were then."""
    found = answer(c, id)
    if found is None or found.to.member != by:
        return None
    weeks = first_weeks.first_weeks(c, found.weeks)
    return found if weeks is not None and _still(c, found, weeks, now) else None


def _still(c: Connection, found: Answer, weeks: FirstWeeks, now: datetime) -> bool:
    if circle.has_left(c, weeks.person):
        return False
    match found.to.voice:
        case Voice.STAFF:
            return around.works_for(c, found.to.member, weeks.person, now)
        case Voice.CARER:
            place = None if found.to.acting is None else circle.membership(c, found.to.acting)
            return place is not None and place.until is None
    return True


def role_of(c: Connection, found: Answer) -> str | None:
    """The membership in which somebody answers; None when they are here no more."""
    if found.to.acting is not None:
        return found.to.acting
    held = circle.memberships(c, found.to.member)
    staff = found.to.voice is Voice.STAFF
    fits: Sequence[str] = [m.id for m in held if (m.role in STAFF_ROLES) is staff and not m.person]
    return next(iter(fits), None)


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome


# --- rows ---------------------------------------------------------------------------------


def keep_answer(c: Connection, kept: Answer) -> None:
    def sealed(words: str | None) -> bytes | None:
        return None if words is None else seal(c, kept.to.member, words)

    keep_row(
        c,
        table,
        id=kept.id,
        weeks=kept.weeks,
        week=kept.week,
        member=kept.to.member,
        acting=kept.to.acting,
        voice=kept.to.voice.value,
        shift=None if kept.to.shift is None else kept.to.shift.value,
        asked_at=kept.asked_at,
        said=kept.said.value,
        well=sealed(kept.well),
        different=sealed(kept.different),
        usual=sealed(kept.usual),
        answered_at=kept.answered_at,
        read_at=kept.read_at,
    )


def keep_opened(c: Connection, kept: Opened) -> None:
    these = table.c.id.in_(kept.answers)
    c.execute(update(table).where(these).values(read_at=kept.at))


KEEP[Answer] = keep_answer
KEEP[Opened] = keep_opened


def _answer(c: Connection, row: Any, words: bool) -> Answer:
    def opened(sealed: bytes | None) -> str | None:
        return None if sealed is None or not words else readable(c, row.member, sealed)

    shift = None if row.shift is None else Shift(row.shift)
    return Answer(
        id=row.id,
        weeks=row.weeks,
        week=row.week,
        to=Asked(row.member, Voice(row.voice), row.acting, shift),
        asked_at=row.asked_at,
        said=Said(row.said),
        well=opened(row.well),
        different=opened(row.different),
        usual=opened(row.usual),
        answered_at=row.answered_at,
        read_at=row.read_at,
        spoke=any(one is not None for one in (row.well, row.different, row.usual)),
    )
