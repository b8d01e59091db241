"""Writing a plan for outings together: what staff still write on, and what others think of it.

What is being written on is nobody's plan yet. It is sent to the person when it says enough, and
from then on it stays as they have read it; only views are added to it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic
from bot.care.plan import Plan, PlanState, Rung, RungKind, draft
from bot.care.terms import ACCOMPANIED, Pattern, View, patterns
from bot.care.text import Text

PAGE = Text("terms", "page")

WANTED = Text("view", "wanted")
WANTED_PLAN = Text("view", "wanted_plan")
"""Somebody around the person is asked what they think: of a plan they may know of, or read."""

ASKS = {3: WANTED_PLAN, 1: WANTED}
"""The question by how much the person shares of going out, the most first."""

PART_STOPPED = Text("terms", "part_stopped")

ON_LADDER = Text("plan", "on_ladder")
"""The person has agreed that this one around them is asked, too, when something goes wrong."""

STAFF_KINDS = (RungKind.KEY_WORKER, RungKind.ON_CALL, RungKind.MANAGER)
"""Who of staff can be on the ladder of an outing."""

OPEN = (PlanState.DRAFT, PlanState.AGREED)
"""A plan of which the person knows: views can be added to it."""


# --- written on ---------------------------------------------------------------------------


def copied(plan: Plan, id: str, version: int, by: str, now: datetime) -> Plan:
    """The next version, to be written on. Whom the person asked about this one is not carried."""
    return replace(
        plan,
        id=id,
        version=version,
        state=PlanState.PREPARING,
        drafted_by=by,
        drafted_at=now,
        agreed_at=None,
        terms=replace(plan.terms, asked=()),
    )


def renewed(before: Plan, said: Plan) -> Plan:
    """What the short form says, with all that it does not say as it was agreed before."""
    copy = copied(before, said.id, said.version, said.drafted_by, said.drafted_at)
    return _in_itself(
        replace(
            copy,
            state=said.state,
            places=said.places,
            longest=said.longest,
            rungs=said.rungs,
            what_to_do=said.what_to_do,
        )
    )


def _in_itself(plan: Plan) -> Plan:
    """Without what speaks of a rung or a place that is no longer in it."""
    last = len(plan.rungs) - 1
    names = {place.name.casefold() for place in plan.places}
    known = tuple(one for one in plan.terms.at_places if one.place.casefold() in names)
    terms = replace(plan.terms, call_from=min(plan.terms.call_from, last), at_places=known)
    return replace(plan, terms=terms)


def prepare(plan: Plan, earlier: Plan | None) -> Outcome:
    """Staff begin to say more; what was being written before gives way."""
    before = () if earlier is None else (replace(earlier, state=PlanState.REPLACED),)
    return Outcome(said=page(plan), records=(*before, plan), logs=(_log("plan_begun", plan),))


def write(before: Plan, changed: Plan, by: str) -> Outcome:
    """One thing is said anew. A ladder that does not begin with staff is refused kindly."""
    if before.state is not PlanState.PREPARING:
        return Outcome(said=Message(Text("plan", "not_open")))
    if not stands(changed.rungs):
        return Outcome(said=Message(Text("terms", "staff_first"), {"plan": before.id}))
    changed = _in_itself(changed)
    if changed == before:
        return Outcome(said=page(before))
    return Outcome(
        said=page(changed), records=(changed,), logs=(_log("plan_written", changed, by),)
    )


def page(plan: Plan) -> Message:
    return Message(PAGE, {"plan": plan.id, "person": plan.person})


def after_police(plan: Plan) -> tuple[Rung, int] | None:
    """The last of staff, and after how many minutes they are asked, where the police would be told
    before that; None where they would not."""
    after, last = plan.grace, (plan.rungs[0], plan.grace)
    for rung in plan.rungs:
        if rung.member is None:
            last = rung, after
        after += rung.wait
    return last if last[1] > plan.police_after else None


def lacks(plan: Plan) -> Text | None:
    """What has to be said before the person is asked to read it; None: nothing."""
    terms = plan.terms
    if terms.pattern is Pattern.POINTS and not terms.points:
        return Text("terms", "lacks_points")
    restricts = patterns(terms) != {Pattern.BACK_BY} or terms.support in ACCOMPANIED
    if restricts and not terms.less_restrictive:
        return Text("terms", "lacks_less")
    return None


def send(plan: Plan, earlier: Plan | None) -> Outcome:
    """The person is asked to read it, in the place of an earlier one they have not answered."""
    if plan.state is not PlanState.PREPARING:
        return Outcome(said=Message(Text("plan", "not_open")))
    missing = lacks(plan)
    if missing is not None:
        return Outcome(said=Message(missing, {"plan": plan.id}))
    return draft(replace(plan, state=PlanState.DRAFT), earlier)


# --- the ladder ---------------------------------------------------------------------------


def stands(rungs: Sequence[Rung]) -> bool:
    """Whether staff are asked first: an outing never rests on supporters alone."""
    return bool(rungs) and rungs[0].member is None


def missing(rungs: Sequence[Rung]) -> tuple[RungKind, ...]:
    """Who of staff is not on the ladder."""
    on_it = {rung.kind for rung in rungs}
    return tuple(kind for kind in STAFF_KINDS if kind not in on_it)


def waiting(rungs: Sequence[Rung], at: int, wait: int) -> tuple[Rung, ...]:
    """With so many minutes for the rung at this place until the next one is told."""
    return tuple(replace(rung, wait=wait) if n == at else rung for n, rung in enumerate(rungs))


def sooner(rungs: Sequence[Rung], at: int) -> tuple[Rung, ...]:
    """With the rung at this place one place further up."""
    if at == 0:
        return tuple(rungs)
    return (*rungs[: at - 1], rungs[at], rungs[at - 1], *rungs[at + 1 :])


def without(rungs: Sequence[Rung], at: int) -> tuple[Rung, ...]:
    return (*rungs[:at], *rungs[at + 1 :])


def newly_asked(agreed: Plan, before: Plan | None) -> list[str]:
    """Through which places (memberships) a supporter is on this ladder, and was not before."""
    known = set() if before is None else {rung.acting for rung in before.rungs}
    places = (rung.acting for rung in agreed.rungs if rung.acting not in known)
    return [place for place in dict.fromkeys(places) if place is not None]


def not_me(plan: Plan, by: str, keepers: Sequence[str]) -> Outcome:
    """A supporter on the ladder would rather not be: the person and their team hear it, who alone
    change the plan."""
    if all(rung.member != by for rung in plan.rungs):
        return Outcome()
    key = f"{plan.id}:not_me:{by}"
    own = Message(Text("plan", "not_me_person"), {"carer": by, "plan": plan.id})
    theirs = Message(Text("plan", "not_me_team"), {"carer": by, "person": plan.person})
    about, own_about = (About(plan.person, Topic.JOURNEYS, level) for level in (2, 3))
    return Outcome(
        said=Message(Text("plan", "not_me_said")),
        tells=(
            Tell(plan.person, own, Lane.REPLY, own_about, key),
            *(Tell(to, theirs, Lane.REPLY, about, f"{key}:{to}") for to in keepers),
        ),
        logs=(_log("rung_unwanted", plan, by),),
    )


# --- views --------------------------------------------------------------------------------


def ask(plan: Plan, place: str, level: int | None, carer: str, by: str) -> Outcome:
    """The person asks somebody around them. `level`: how much of going out they share with them;
    None: nothing, and nobody is asked. The store adds the question itself."""
    if by != plan.person:
        return Outcome()
    if plan.state not in OPEN:
        return Outcome(said=Message(Text("plan", "not_open")))
    of = {"carer": carer, "place": place, "plan": plan.id}
    if level is None:
        return Outcome(said=Message(Text("view", "not_shared"), of))
    if place in plan.terms.asked:
        return Outcome(said=Message(Text("view", "asked_already"), of))
    asked = replace(plan, terms=replace(plan.terms, asked=(*plan.terms.asked, place)))
    return Outcome(
        said=Message(Text("view", "asked"), of),
        records=(asked,),
        logs=(Log("view_asked", plan.person, by, {"plan": plan.id, "to": carer}),),
    )


def think(plan: Plan, view: View, besides: Sequence[Plan] = ()) -> Outcome:
    """What somebody thinks, in their own words, in the place of what they said before. It stands
    `besides` in those that may outlive this one."""
    if plan.state not in (PlanState.PREPARING, *OPEN):
        return Outcome(said=Message(Text("plan", "not_open")))
    heard = tuple(_heard(one, view) for one in (plan, *besides))
    kept = Outcome(records=heard, logs=(_log("plan_view", plan, view.by),))
    if plan.state is PlanState.PREPARING:
        return replace(kept, said=page(plan))
    told = tuple(
        Tell(to, message, Lane.REPLY, About(plan.person, Topic.JOURNEYS, level))
        for to, level, message in (
            (plan.person, 3, Message(Text("view", "heard"), {"member": view.by, "plan": plan.id})),
            (
                plan.drafted_by,
                2,
                Message(
                    Text("view", "heard_staff"),
                    {"member": view.by, "person": plan.person, "plan": plan.id},
                ),
            ),
        )
        if to != view.by
    )
    said = Message(Text("view", "thank_you"), {"plan": plan.id})
    if view.by != plan.person:
        said = Message(Text("view", "thanks"))
    return replace(kept, said=said, tells=told)


def _heard(plan: Plan, view: View) -> Plan:
    others = tuple(one for one in plan.terms.views if one.by != view.by)
    return replace(plan, terms=replace(plan.terms, views=(*others, view)))


def _log(kind: str, plan: Plan, actor: str | None = None) -> Log:
    by = plan.drafted_by if actor is None else actor
    return Log(kind, plan.person, by, {"plan": plan.id, "version": plan.version})
