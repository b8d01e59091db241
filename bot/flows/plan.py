"""Drafting a plan for outings, in its short form: the person reads it back and agrees."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.care.circle import Membership
from bot.care.outcome import Cause, Message, Outcome
from bot.care.plan import LADDERS, Plan, PlanState, Rung, RungKind, with_supporter
from bot.care.planning import page
from bot.care.text import Text
from bot.flows.flow import (
    STOP,
    Choice,
    Conversation,
    Flow,
    Located,
    Offered,
    Route,
    Step,
    Wrote,
    acting,
)
from bot.flows.journey import LONGEST_PLACE
from bot.flows.reading import length
from bot.i18n import Lines, Param
from bot.outbox.plan import also_asked
from bot.store import Connection, around, circle, planning
from bot.store import ladder as ladders
from bot.store import plan as plans
from bot.store.commit import commit
from bot.store.flow import Talk

MOST_PLACES = 8
"""More buttons than that are no help when setting off."""

LONGEST_ADVICE = 500
"""Characters of what to do: it is read in an alert, in the middle of something else."""

SHORTEST_OUTING, LONGEST_OUTING = 10, 24 * 60
"""Minutes. A bare "2" is too short to be meant: it is asked again."""


@dataclass(frozen=True, slots=True)
class Facts:
    staff: str
    people: tuple[tuple[str, str], ...]
    """Those this member supports: id and name."""
    supporters: tuple[Membership, ...] = ()
    """Those around whom the plan is for, who could be asked besides staff."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Of these, by membership."""
    tried: bool = True
    """Whether anybody on the ladder that was picked is known to hear an alert."""
    there: Mapping[str, tuple[Plan, ...]] = field(default_factory=dict)
    """By person: what staff write on already, what waits for an answer, what is in force."""


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    staff = acting(c, talk)
    people = tuple((person.id, person.name) for person in around.people_supported(c, staff))
    who, ladder = talk.answers.get("who"), talk.answers.get("ladder")
    if who is None or who not in dict(people):
        return Facts(staff, people, there={id: _there(c, id) for id, _ in people})
    places = [m for m in around.circle_of(c, who) if not around.works_for(c, m.member, who, now)]
    names = {place.id: circle.name(c, place.member) for place in places}
    tried = ladder is None or ladders.tried(c, who, LADDERS[ladder], now)
    return Facts(staff, people, tuple(places), names, tried, {who: _there(c, who)})


def _there(c: Connection, person: str) -> tuple[Plan, ...]:
    found = (of(c, person) for of in (plans.being_written, plans.draft_of, plans.in_force))
    return tuple(plan for plan in found if plan is not None)


def people(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in facts.people]


def supporters(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in facts.names.items()]


THERE = {
    PlanState.PREPARING: Text("plan", "go_on"),
    PlanState.DRAFT: Text("plan", "see_draft"),
    PlanState.AGREED: Text("plan", "see_it"),
}


def there_already(facts: Facts, talk: Talk) -> list[Offered]:
    """Instead of a new plan: one that there is already."""
    found = facts.there.get(talk.answers["who"], ())
    return [Offered(plan.id, THERE[plan.state]) for plan in found]


def _picked(facts: Facts, talk: Talk) -> Plan | None:
    """By its id, which nobody writes for a place."""
    found = facts.there.get(talk.answers["who"], ())
    return next((plan for plan in found if plan.id == talk.answers["places"]), None)


def _supporters_before(facts: Facts, talk: Talk) -> Iterator[Rung]:
    known = {place.id for place in facts.supporters}
    for plan in facts.there.get(talk.answers["who"], ()):
        if plan.state is PlanState.AGREED:
            yield from (rung for rung in plan.rungs if rung.acting in known)


def _rungs(facts: Facts, talk: Talk) -> tuple[Rung, ...]:
    """The ladder that was picked, with the supporter who is asked besides, if one is; where nothing
    was said of that, with those of the plan in force."""
    rungs: tuple[Rung, ...] = LADDERS[talk.answers["ladder"]]
    if "supporter" not in talk.answers:
        return (*rungs, *_supporters_before(facts, talk))
    chosen = [one for one in facts.supporters if one.id == talk.answers.get("supporter")]
    for one in chosen:
        rung = Rung(RungKind.SUPPORTER, rungs[-1].wait, one.member, one.id)
        rungs = with_supporter(
            rungs, rung, 1 if talk.answers.get("turn") == "first" else len(rungs)
        )
    return rungs


def read_places(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    """Names of places, one a line or between commas."""
    if isinstance(said, Located):
        return Text("plan", "places_in_words")
    lines = said.text.replace(",", "\n").splitlines()
    names = list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))
    if not names or len(names) > MOST_PLACES or max(map(len, names)) > LONGEST_PLACE:
        return Text("plan", "places_do_not_fit")
    return "\n".join(names)


def read_longest(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    found = None if isinstance(said, Located) else length(said.text)
    fits = found is not None and SHORTEST_OUTING <= found <= LONGEST_OUTING
    return str(found) if fits else Text("terms", "no_length")


def read_advice(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    if isinstance(said, Located) or len(said.text) > LONGEST_ADVICE:
        return Text("plan", "advice_too_long")
    return said.text


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    names = dict(facts.people)
    params: dict[str, Param] = {
        "person": names.get(talk.answers.get("who", ""), ""),
        "carer": facts.names.get(talk.answers.get("supporter", ""), ""),
    }
    if talk.step in ("ready", "ready_too", "sent"):
        params |= {
            "places": talk.answers["places"].splitlines(),
            "longest": timedelta(minutes=int(talk.answers["longest"])),
            "advice": talk.answers["advice"],
            "also": _also(facts, talk),
            "warning": "" if facts.tried else Text("plan", "untried"),
        }
    return params


def _also(facts: Facts, talk: Talk) -> Lines:
    names = {one.member: facts.names[one.id] for one in facts.supporters}
    whose = dict(facts.people)[talk.answers["who"]]
    return also_asked(names, _rungs(facts, talk), whose)


def _draft(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return _written(plans.draft, c, talk, facts, now, cause)


def _prepare(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return _written(planning.prepare, c, talk, facts, now, cause)


def _see(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    plan = _picked(facts, talk)
    assert plan is not None  # the button stands only where there is one
    of = {"plan": plan.id, "person": plan.person}
    stands = Message(Text("plan", "stands"), of)
    outcome = Outcome(said=page(plan) if plan.state is PlanState.PREPARING else stands)
    commit(c, outcome, cause, now)
    return outcome


def _written(
    act: Callable[..., Outcome],
    c: Connection,
    talk: Talk,
    facts: Facts,
    now: datetime,
    cause: Cause,
) -> Outcome:
    return act(
        c,
        person=talk.answers["who"],
        by=facts.staff,
        places=tuple(talk.answers["places"].splitlines()),
        longest=int(talk.answers["longest"]),
        rungs=_rungs(facts, talk),
        what_to_do=talk.answers["advice"],
        now=now,
        cause=cause,
    )


_READY = (
    Choice("send", Text("plan", "send"), "sent"),
    Choice("more", Text("plan", "say_more"), "more"),
    Choice("change", Text("plan", "change"), "places"),
    Choice("not_now", Text("plan", "not_now"), "not_now"),
)

FLOW: Flow[Facts] = Flow(
    name="plan",
    start="who",
    steps={
        "who": Step(Text("plan", "who"), offers="people", to="places"),
        "places": Step(
            Text("plan", "places"), offers="there_already", reads="places", to="after_places"
        ),
        "longest": Step(
            Text("plan", "longest"),
            (
                Choice("60", Text("plan", "one_hour"), "ladder"),
                Choice("120", Text("plan", "two_hours"), "ladder"),
                Choice("240", Text("plan", "four_hours"), "ladder"),
            ),
            reads="longest",
            to="ladder",
        ),
        "ladder": Step(
            Text("plan", "ladder"),
            (
                Choice("key_worker", Text("plan", "ladder_key_worker"), "advice"),
                Choice("on_call", Text("plan", "ladder_on_call"), "advice"),
            ),
        ),
        "advice": Step(Text("plan", "advice"), reads="advice", to="ready"),
        "ready": Step(
            Text("plan", "ready"),
            (*_READY, Choice("supporter", Text("plan", "add_supporter"), "supporter")),
        ),
        "supporter": Step(
            Text("plan", "supporter"),
            (Choice("nobody", Text("plan", "only_staff"), "ready"),),
            offers="supporters",
            to="turn",
        ),
        "turn": Step(
            Text("plan", "turn"),
            (
                Choice("last", Text("plan", "after_staff"), "ready_too"),
                Choice("first", Text("plan", "after_first"), "ready_too"),
            ),
        ),
        "ready_too": Step(Text("plan", "ready"), _READY),
        "sent": Step(Text("plan", "sent"), ends="draft"),
        "more": Step(ends="prepare"),
        "seen": Step(ends="see"),
        "not_now": Step(Text("plan", "not_now_said"), ends=STOP),
    },
    offers={"people": people, "supporters": supporters, "there_already": there_already},
    readers={"places": read_places, "longest": read_longest, "advice": read_advice},
    routes={
        "after_places": Route(
            ("longest", "seen"), lambda facts, talk: "seen" if _picked(facts, talk) else "longest"
        )
    },
)

ENDS = {"draft": _draft, "prepare": _prepare, "see": _see}

CONVERSATION = Conversation(FLOW, _facts, ENDS, _params)
"""The talk behind `/plan_outings`."""
