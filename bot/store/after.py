"""After an outing, as it is kept: what the person said, and how worried those around them are."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.care import after as care
from bot.care.after import AGAIN, Afterwards, Asked
from bot.care.agreement import Effect
from bot.care.circle import SUPPORTERS, Membership, Role
from bot.care.journey import Journey, State
from bot.care.outcome import NOBODY, About, Cause, Outcome, Topic, Wake
from bot.care.outings import Went, went
from bot.store import agreement, around, circle, escalation, noticing, stepping
from bot.store import journey as journeys
from bot.store import plan as plans
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import Moment, afterwards, journey, worry
from bot.store.tools import insert, new_id, readable, seal, tools

_SAID = select(afterwards).where(afterwards.c.journey == bindparam("journey"))
_WHOSE = select(journey.c.person, journey.c.state).where(journey.c.id == bindparam("id"))
_ASKED = select(worry).where(worry.c.id == bindparam("id"))
_LATELY = (
    select(worry.c.id)
    .where(
        worry.c.supporter == bindparam("supporter"),
        (worry.c.asked_at > bindparam("since", type_=Moment)) | worry.c.no_more,
    )
    .limit(1)
)


def said(c: Connection, journey: str) -> Afterwards | None:
    """What the person said after this outing, with their words."""
    row = c.execute(_SAID, {"journey": journey}).one_or_none()
    if row is None:
        return None
    words = None if row.words is None else readable(c, row.person, row.words)
    return Afterwards(row.journey, row.person, row.at, row.worried, row.shown, words)


def place_of(c: Connection, id: str) -> Membership | None:
    """In which place somebody was asked this, while it stands."""
    row = c.execute(_ASKED, {"id": id}).one_or_none()
    return None if row is None else _place(c, row.supporter)


# --- parts of other acts ------------------------------------------------------------------


def ended(c: Connection, journey: Journey, now: datetime) -> Outcome:
    """An outing that is over is looked back at the next time that the service opens, and at once
    where the plan says so. Of alerts only the one that it names itself is looked at."""
    if journey.ended_at != now:
        return Outcome()
    alert = None if journey.escalation is None else escalation.escalation(c, journey.escalation)
    look_back = Outcome(wakes=(Wake(care.KIND, journey.id, tools(c).hours.opens_after(now)),))
    if went(None if alert is None else alert.cause, late=journey.late) is not Went.MISSED:
        return look_back
    return look_back + stepping.missed(c, journey, now)


# --- acts: the person ---------------------------------------------------------------------


def nothing(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`No`, nothing was worrying."""
    if not _own(c, id, by) or said(c, id) is not None:
        return Outcome()
    return _done(c, care.nothing(id, by, now), cause, now)


def worrying(c: Connection, id: str, by: str, now: datetime) -> bool:
    """`Yes`, kept at once; whether they may now be asked what it was. The talk ends the update."""
    if not _own(c, id, by):
        return False
    before = said(c, id)
    if before is None or not before.worried:
        commit(c, care.worrying(id, by, now), NOBODY, now)
        return True
    return before.words is None


def say(
    c: Connection,
    id: str,
    words: str,
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
    *,
    shown: bool,
) -> Outcome:
    """What it was, kept for them, or `shown` to their team like anything else they notice."""
    before, held = said(c, id), _role(c, by)
    if before is None or before.person != by or held is None:
        return Outcome()
    outcome = care.say(before, words, now, shown=shown)
    commit(c, outcome, NOBODY if shown else cause, now)
    if shown:
        noticing.notice(c, held, by, None, 0, 0, words, now, cause)
    return outcome


def would_talk(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """They would rather talk about it."""
    before = said(c, id)
    if before is None or before.person != by:
        return Outcome()
    return _done(c, care.would_talk(before, around.keepers(c, by, now), now), cause, now)


# --- acts: those around -------------------------------------------------------------------


def rate(
    c: Connection, id: str, worry: int, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """How worried they are: what comes in is asked of no gate."""
    found = _asked(c, id, by)
    if found is None or found.no_more or not 1 <= worry <= care.MOST:
        return Outcome()
    return _done(c, care.rate(found, worry, by, now), cause, now)


def no_more(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Do not ask me again`"""
    found = _asked(c, id, by)
    if found is None or found.no_more:
        return Outcome()
    return _done(c, care.no_more(found, by, now), cause, now)


# --- acts: time ---------------------------------------------------------------------------


def due(c: Connection, id: str, _due_at: datetime, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The service opens: those around are asked, and a step of support may be proposed."""
    row = c.execute(_WHOSE, {"id": id}).one_or_none()
    if row is None or circle.has_left(c, row.person):
        return _done(c, Outcome(), cause, now)
    outcome = stepping.look_back(c, id, row.person, now)
    for place in _to_ask(c, row.person, now):
        outcome += care.ask(Asked(new_id(c), place.id, row.person, now), place.member)
    return _done(c, outcome, cause, now)


def _to_ask(c: Connection, person: str, now: datetime) -> list[Membership]:
    """Those on the ladder of the plan who may hear of outings, and were not asked lately."""
    plan = plans.in_force(c, person)
    rungs = () if plan is None else plan.rungs
    places = (_place(c, rung.acting) for rung in rungs if rung.acting is not None)
    found = {place.id: place for place in places if place is not None}
    return [place for place in found.values() if _may_ask(c, person, place, now)]


def _may_ask(c: Connection, person: str, place: Membership, now: datetime) -> bool:
    asked = {"supporter": place.id, "since": now - AGAIN}
    if c.execute(_LATELY, asked).first() is not None:
        return False
    about = About(person, Topic.JOURNEYS, 1, place.id)
    return agreement.ask(c, place.member, about, now).effect is Effect.SHARE


# --- what the acts share ------------------------------------------------------------------


def _own(c: Connection, id: str, by: str) -> bool:
    """Whether this outing is theirs, and over, or seen to by staff."""
    row = c.execute(_WHOSE, {"id": id}).one_or_none()
    return row is not None and row.person == by and State(row.state) not in _STILL_OUT


_STILL_OUT = (State.OUT, State.NUDGED)


def _role(c: Connection, person: str) -> Membership | None:
    return next((m for m in circle.memberships(c, person) if m.role is Role.PERSON), None)


def _place(c: Connection, id: str) -> Membership | None:
    """A place around somebody, while it stands."""
    place = circle.membership(c, id)
    if place is None or place.until is not None or place.role not in SUPPORTERS:
        return None
    return place


def _asked(c: Connection, id: str, by: str) -> Asked | None:
    row = c.execute(_ASKED, {"id": id}).one_or_none()
    place = None if row is None else _place(c, row.supporter)
    if row is None or place is None or place.member != by:
        return None
    return _of_row(row)


def _of_row(row: Any) -> Asked:
    return Asked(
        id=row.id,
        supporter=row.supporter,
        person=row.person,
        asked_at=row.asked_at,
        worry=row.worry,
        answered_at=row.answered_at,
        no_more=row.no_more,
    )


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome


# --- rows ---------------------------------------------------------------------------------


def keep_said(c: Connection, kept: Afterwards) -> None:
    values = {
        "person": kept.person,
        "at": kept.at,
        "worried": kept.worried,
        "shown": kept.shown,
        "words": None if kept.words is None else seal(c, kept.person, kept.words),
    }
    row = insert(c, afterwards).values(journey=kept.journey, **values)
    c.execute(row.on_conflict_do_update(index_elements=["journey"], set_=values))


def keep_asked(c: Connection, kept: Asked) -> None:
    keep_row(
        c,
        worry,
        id=kept.id,
        supporter=kept.supporter,
        person=kept.person,
        asked_at=kept.asked_at,
        worry=kept.worry,
        answered_at=kept.answered_at,
        no_more=kept.no_more,
    )


KEEP[Afterwards] = keep_said
KEEP[Asked] = keep_asked
journeys.FOLLOWS.append(ended)
