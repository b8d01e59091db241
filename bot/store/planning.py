"""The acts by which a plan for outings is written together, and views on it are heard."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.care import planning as care
from bot.care.agreement import Effect
from bot.care.circle import SUPPORTERS, Membership, Role
from bot.care.news import News
from bot.care.outcome import NOBODY, About, Cause, Outcome, Topic
from bot.care.plan import Plan, PlanState, Rung
from bot.care.terms import View
from bot.store import agreement, around, circle, news
from bot.store import plan as plans
from bot.store.commit import commit
from bot.store.tools import new_id

# --- written on ---------------------------------------------------------------------------


def prepare(
    c: Connection,
    person: str,
    by: str,
    places: tuple[str, ...],
    longest: int,
    rungs: tuple[Rung, ...],
    what_to_do: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """What the short form says, to be said more of before the person is asked."""
    fresh = plans.fresh(c, person, by, places, longest, rungs, what_to_do, now)
    if fresh is None:
        return Outcome()
    begun = replace(fresh, state=PlanState.PREPARING)
    return _done(c, care.prepare(begun, plans.being_written(c, person)), cause, now)


def change(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The next version of a plan, to be written on; or the one that is being written already."""
    found = _theirs(c, id, by, now)
    if found is None:
        return Outcome()
    begun = plans.being_written(c, found.person)
    if begun is not None:
        return _done(c, Outcome(said=care.page(begun)), cause, now)
    if found.state not in care.OPEN:
        return _done(c, care.write(found, found, by), cause, now)
    version = plans.next_version(c, found.person)
    copy = care.copied(found, new_id(c), version, by, now)
    gone = plans.strangers(c, found.person, copy.rungs)
    copy = replace(copy, rungs=tuple(rung for rung in copy.rungs if rung not in gone))
    return _done(c, care.prepare(copy, None), cause, now)


def write(
    c: Connection,
    id: str,
    changed: Callable[[Plan], Plan],
    by: str,
    now: datetime,
    cause: Cause = NOBODY,
) -> Outcome:
    """One thing of it is said anew, by staff of the person's team."""
    found = _theirs(c, id, by, now)
    if found is None:
        return Outcome()
    after = changed(found)
    there = {rung.member for rung in found.rungs}
    added = [rung for rung in after.rungs if rung.member not in there]
    if plans.strangers(c, found.person, added):
        return Outcome()
    return _done(c, care.write(found, after, by), cause, now)


def send(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person is asked to read it."""
    found = _theirs(c, id, by, now)
    if found is None:
        return Outcome()
    return _done(c, care.send(found, plans.draft_of(c, found.person)), cause, now)


def not_me(c: Connection, id: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """`Please not me`: who is on the ladder of the plan in force would rather not be."""
    found = plans.plan(c, id)
    plan = None if found is None else plans.in_force(c, found.person)
    if plan is None:
        return Outcome()
    keepers = around.keepers(c, plan.person, now)
    return _done(c, care.not_me(plan, by, keepers), cause, now)


def _theirs(c: Connection, id: str, by: str, now: datetime) -> Plan | None:
    """This plan, for staff of the person's team and nobody else."""
    found = plans.plan(c, id)
    if found is None or not around.works_for(c, by, found.person, now):
        return None
    return found


# --- views --------------------------------------------------------------------------------


def spoken_of(c: Connection, person: str) -> Plan | None:
    """The plan that the person reads: the one that waits for their answer, or that in force."""
    return plans.draft_of(c, person) or plans.in_force(c, person)


def ask(c: Connection, place: str, by: str, now: datetime, cause: Cause = NOBODY) -> Outcome:
    """The person asks one around them, through this place, what they think of their plan."""
    held, plan = circle.membership(c, place), spoken_of(c, by)
    if held is None or held.person != by or held.until or held.role not in SUPPORTERS:
        return Outcome()
    if plan is None:
        return Outcome()
    item = new_id(c)
    level = _shared(c, held, by, item, now)
    outcome = care.ask(plan, held.id, level, held.member, by)
    if level is not None and outcome.records:
        text, of = care.ASKS[level], {"plan": plan.id}
        asks = News(item, by, Topic.JOURNEYS, level, None, None, now, now, text=text, params=of)
        outcome = news.offer(c, asks, now, [held.id]) + outcome
    return _done(c, outcome, cause, now)


def _shared(c: Connection, held: Membership, person: str, item: str, now: datetime) -> int | None:
    """How much of going out the person lets them know, or is asked about; None: nothing."""
    for level in care.ASKS:
        about = About(person, Topic.JOURNEYS, level, held.id, item, now)
        if agreement.ask(c, held.member, about, now).effect is not Effect.WITHHOLD:
            return level
    return None


def think(
    c: Connection, id: str, words: str, by: str, now: datetime, cause: Cause = NOBODY
) -> Outcome:
    """What the person, staff, or somebody whom the person asked thinks of it. No gate is asked:
    to listen is never a breach. Said of an older one, it is kept with those that count now."""
    found = plans.plan(c, id)
    if found is None or speaks(c, found, by, now) is None:
        return Outcome()
    if found.state is PlanState.PREPARING:
        return _done(c, care.think(found, View(by, words)), cause, now)
    read = spoken_of(c, found.person) or found
    others = (plans.in_force(c, found.person), plans.being_written(c, found.person))
    besides = [one for one in others if one is not None and one.id != read.id]
    return _done(c, care.think(read, View(by, words), besides), cause, now)


def closed(c: Connection, plan: Plan) -> bool:
    """Whether nothing can be said of it any more, nor of one that has come in its place."""
    if plan.state is PlanState.REPLACED:
        return spoken_of(c, plan.person) is None
    return plan.state not in (PlanState.PREPARING, *care.OPEN)


def speaks(c: Connection, plan: Plan, by: str, now: datetime) -> Membership | None:
    """In which place this member may say what they think of the plan; None: in none."""
    held = circle.memberships(c, by)
    if by == plan.person:
        own = None if plan.state is PlanState.PREPARING else Role.PERSON
        return next((one for one in held if one.role is own), None)
    asked = next((one for one in held if one.id in plan.terms.asked), None)
    if asked is not None or not around.works_for(c, by, plan.person, now):
        return asked
    return next((one for one in held if one.person is None and one.role is not Role.PERSON), None)


def _done(c: Connection, outcome: Outcome, cause: Cause, now: datetime) -> Outcome:
    if outcome != Outcome():
        commit(c, outcome, cause, now)
    return outcome
