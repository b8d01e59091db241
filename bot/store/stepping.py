"""Steps of support as they are kept, and the acts of those who propose one and say yes to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from bot.care import stepping as care
from bot.care.journey import Journey
from bot.care.location import SILENT
from bot.care.outcome import NOBODY, Cause, Outcome
from bot.care.plan import Plan
from bot.care.stepping import Next, Proposal, State, Way, Why
from bot.store import around, circle, decision, outings
from bot.store import escalation as escalations
from bot.store import plan as plans
from bot.store.commit import KEEP, commit
from bot.store.rows import keep_row
from bot.store.schema import plan as plan_table
from bot.store.schema import stepping as table
from bot.store.tools import new_id

_ONE = select(table).where(table.c.id == bindparam("id"))
_NEWEST = (
    select(table)
    .where(table.c.person == bindparam("person"))
    .order_by(table.c.at.desc(), table.c.id)
    .limit(1)
)
_TALKED_OF = select(func.max(table.c.at)).where(
    table.c.person == bindparam("person"), table.c.way == Way.MORE.value
)
_VERSION = select(func.max(plan_table.c.version)).where(plan_table.c.person == bindparam("person"))


def proposal(c: Connection, id: str) -> Proposal | None:
    row = c.execute(_ONE, {"id": id}).one_or_none()
    return None if row is None else _proposal(row)


def newest(c: Connection, person: str) -> Proposal | None:
    """The last step that was proposed, or made, for this person."""
    row = c.execute(_NEWEST, {"person": person}).one_or_none()
    return None if row is None else _proposal(row)


def may_suggest(c: Connection, person: str, by: str, now: datetime) -> bool:
    """Whether this member works for the person, and there is a plan to take a step from."""
    return _works_for(c, by, person, now) and plans.in_force(c, person) is not None


def may_step(c: Connection, person: str, by: str, now: datetime) -> bool:
    """The same, and there is a step with more support to be taken."""
    plan = plans.in_force(c, person)
    more = plan is not None and care.towards(plan.terms.support, Way.MORE) is not None
    return more and may_suggest(c, person, by, now)


# --- parts of other acts ------------------------------------------------------------------


def missed(c: Connection, journey: Journey, now: datetime) -> Outcome:
    """This outing has ended, and its check-in was missed: more support at once, where the plan
    that the person agreed to says so."""
    plan, before = plans.in_force(c, journey.person), newest(c, journey.person)
    if plan is None or not plan.terms.step_up:
        return Outcome()
    if before is not None and before.journey == journey.id:
        return Outcome()  # that is what was made of this one
    return _at_once(c, plan, Why.MISSED, now, journey=journey.id)


def look_back(c: Connection, journey: str, person: str, now: datetime) -> Outcome:
    """After an outing: is there a reason for more support, at once where the plan says so, or to
    talk about more, or about less?"""
    plan = plans.in_force(c, person)
    over = outings.over(c, person, now)
    ids = [one.journey for one in over]
    if plan is None or journey not in ids:
        return Outcome()
    until = over[: ids.index(journey) + 1]
    why = care.reason(until, c.execute(_TALKED_OF, {"person": person}).scalar_one())
    if why is not None and plan.terms.step_up:
        return _at_once(c, plan, why, now, journey=journey)
    if why is not None:
        return _propose(c, plan, Way.MORE, why, now, journey=journey)
    count = care.good(plan, until)
    if not count:
        return Outcome()
    return care.open_talk(plan, count, journey, around.keepers(c, person, now))


# --- acts ---------------------------------------------------------------------------------


def suggest(
    c: Connection,
    person: str,
    by: str,
    way: Way,
    now: datetime,
    cause: Cause = NOBODY,
    why: Why = Why.ASKED,
) -> Outcome:
    """One of the person's team suggests a step; of safety, at once where the plan says so."""
    if not _works_for(c, by, person, now):
        return Outcome()
    decision.lock(c, person)
    plan = plans.in_force(c, person)
    if plan is None or care.towards(plan.terms.support, way) is None:
        return Outcome()
    if why is Why.HEARD and escalations.lately(c, person, SILENT, now - care.UNSAID):
        return _done(c, care.not_here(person), cause, now)
    before = newest(c, person)
    if before is not None and before.way is way and care.stands(before, plan, now):
        return _done(c, _yes(c, before, plan, by, now), cause, now)
    if why is Why.HEARD and plan.terms.step_up:
        return _done(c, _at_once(c, plan, why, now, by=by), cause, now)
    return _done(c, _propose(c, plan, way, why, now, by=by), cause, now)


def would_talk(c: Connection, by: str, way: Way, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person would like to talk about less support, or about more."""
    if plans.in_force(c, by) is None or circle.has_left(c, by):
        return Outcome()
    return _done(c, care.would_talk(by, way, around.keepers(c, by, now), now), cause, now)


def yes(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Yes`, by the person or by one of their team."""
    found = _theirs(c, id, by, now)
    if found is None:
        return Outcome()
    plan = plans.in_force(c, found.person)
    return _done(c, _yes(c, found, plan, by, now), cause, now)


def no(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Not now`, by the person or by one of their team."""
    found = _theirs(c, id, by, now)
    if found is None:
        return Outcome()
    keepers = around.keepers(c, found.person, now)
    return _done(c, care.no(found, plans.in_force(c, found.person), by, keepers), cause, now)


def forgot(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`It was only forgotten`, by one of their team."""
    found = _theirs(c, id, by, now)
    if found is None:
        return Outcome()
    keepers = around.keepers(c, found.person, now)
    return _done(c, care.forgot(found, plans.in_force(c, found.person), by, keepers), cause, now)


def disagree(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person does not agree with a step that was made at once."""
    found = _theirs(c, id, by, now)
    if found is None:
        return Outcome()
    keepers = around.keepers(c, found.person, now)
    return _done(c, care.disagree(found, by, keepers, now), cause, now)


# --- what the acts share ------------------------------------------------------------------


def _theirs(c: Connection, id: str, by: str, now: datetime) -> Proposal | None:
    """This one, if it is put to whoever presses; as it stands now that nobody else can."""
    found = proposal(c, id)
    if found is None or circle.has_left(c, found.person):
        return None
    if by != found.person and not _works_for(c, by, found.person, now):
        return None
    decision.lock(c, found.person)
    return proposal(c, id)


def _works_for(c: Connection, by: str, person: str, now: datetime) -> bool:
    try:
        return not circle.has_left(c, person) and around.works_for(c, by, person, now)
    except LookupError:  # nobody who is supported here
        return False


def _yes(c: Connection, found: Proposal, plan: Plan | None, by: str, now: datetime) -> Outcome:
    keepers = around.keepers(c, found.person, now)
    return care.yes(found, plan, by, _next(c, found.person), keepers, now)


def _propose(
    c: Connection,
    plan: Plan,
    way: Way,
    why: Why,
    now: datetime,
    *,
    by: str | None = None,
    journey: str | None = None,
) -> Outcome:
    before = newest(c, plan.person)
    if care.towards(plan.terms.support, way) is None:
        return Outcome()
    if by is None and before is not None and before.way is way and care.stands(before, plan, now):
        return Outcome()  # what waits for an answer is asked once
    fresh = Proposal(new_id(c), plan.person, plan.id, way, why, now, journey, by)
    return care.propose(fresh, around.keepers(c, plan.person, now), before)


def _at_once(
    c: Connection,
    plan: Plan,
    why: Why,
    now: datetime,
    *,
    by: str | None = None,
    journey: str | None = None,
) -> Outcome:
    if care.towards(plan.terms.support, Way.MORE) is None:
        return Outcome()
    fresh = Proposal(new_id(c), plan.person, plan.id, Way.MORE, why, now, journey, by)
    keepers = [one for one in around.keepers(c, plan.person, now) if one != by]
    return care.at_once(fresh, plan, _next(c, plan.person), keepers, newest(c, plan.person))


def _next(c: Connection, person: str) -> Next:
    return Next(new_id(c), int(c.execute(_VERSION, {"person": person}).scalar_one() or 0) + 1)


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    commit(c, outcome, cause, now)
    return outcome


# --- rows ---------------------------------------------------------------------------------


def keep_proposal(c: Connection, kept: Proposal) -> None:
    keep_row(
        c,
        table,
        id=kept.id,
        person=kept.person,
        plan=kept.plan,
        way=kept.way.value,
        why=kept.why.value,
        at=kept.at,
        journey=kept.journey,
        by=kept.by,
        state=kept.state.value,
        person_at=kept.person_at,
        staff=kept.staff,
        staff_at=kept.staff_at,
        became=kept.became,
        disagreed_at=kept.disagreed_at,
        version=kept.version,
    )


def _proposal(row: Any) -> Proposal:
    return Proposal(
        id=row.id,
        person=row.person,
        plan=row.plan,
        way=Way(row.way),
        why=Why(row.why),
        at=row.at,
        journey=row.journey,
        by=row.by,
        state=State(row.state),
        person_at=row.person_at,
        staff=row.staff,
        staff_at=row.staff_at,
        became=row.became,
        disagreed_at=row.disagreed_at,
        version=row.version,
    )


KEEP[Proposal] = keep_proposal
