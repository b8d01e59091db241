"""One thing of a plan for outings said anew: a short talk that returns to the page of the plan."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.care.outcome import Cause, Message, Outcome
from bot.care.plan import Plan, PlanState
from bot.care.planning import PART_STOPPED
from bot.care.terms import Pattern, Point, Stretch, Terms
from bot.care.text import Text
from bot.flows.flow import (
    Choice,
    Conversation,
    Flow,
    Located,
    Offer,
    Offered,
    Read,
    Route,
    Step,
    Wrote,
    acting,
)
from bot.flows.journey import LONGEST_PLACE
from bot.flows.plan import LONGEST_ADVICE
from bot.flows.reading import short
from bot.i18n import Param
from bot.store import Connection, circle, planning
from bot.store import plan as plans
from bot.store.commit import commit
from bot.store.flow import Talk
from bot.store.tools import new_id

PLAN = "of_plan"
"""The answer these talks begin with: which plan is written on."""

STOPPED = "stopped"
"""The step that `Stop` leads to."""

MOST_POINTS = 6
LONGEST_NAME = 40
"""Characters: the name of a point or a stretch stands on a button."""

LONGEST_SPAN = 240

LINE = re.compile(r"(?P<name>.*?\S)[\s,:-]+(?P<minutes>\d{1,3})\s*(?:m|min|mins|minutes)?\.?", re.I)
MINUTES = re.compile(r"(\d{1,3})\s*(?:m|min|mins|minutes)?\.?", re.I)


@dataclass(frozen=True, slots=True)
class Facts:
    """Who writes on which plan, and what the person is called."""

    by: str
    plan: Plan
    person: str

    @property
    def terms(self) -> Terms:
        return self.plan.terms


def facts_of(c: Connection, talk: Talk, _now: datetime) -> Facts:
    plan = plans.plan(c, talk.answers[PLAN])
    assert plan is not None  # versions are kept for ever
    return Facts(acting(c, talk), plan, circle.name(c, plan.person))


def params_of(facts: Facts, _talk: Talk) -> Mapping[str, Param]:
    return {"person": facts.person}


Change = Callable[[Plan, Talk, Callable[[], str]], Plan]
"""What the answers make of the plan; the last gives new ids."""


def talk(
    name: str,
    steps: Mapping[str, Step],
    change: Change | Mapping[str, Change],
    *,
    offers: Mapping[str, Offer[Facts]] | None = None,
    readers: Mapping[str, Read[Facts]] | None = None,
    routes: Mapping[str, Route[Facts]] | None = None,
    params: Callable[[Facts, Talk], Mapping[str, Param]] = params_of,
) -> Conversation[Facts]:
    """A talk that changes one thing of the plan and returns to its page."""
    changes = change if isinstance(change, Mapping) else {"kept": change}
    ending = {end: Step(ends=end) for end in (*changes, STOPPED)}
    flow: Flow[Facts] = Flow(
        name=f"plan_{name}",
        start=next(iter(steps)),
        steps={**steps, **ending},
        offers=offers or {},
        readers=readers or {},
        routes=routes or {},
        stop=STOPPED,
    )
    ends = {STOPPED: stopped, **{end: _writes(one) for end, one in changes.items()}}
    return Conversation(flow, facts_of, ends, params)


def stopped(c: Connection, talk: Talk, _facts: object, now: datetime, cause: Cause) -> Outcome:
    """`Stop` in one part of a plan: the rest of what is being written is kept."""
    plan = plans.plan(c, talk.answers[PLAN])
    said = Message(Text("general", "stopped"))
    if plan is not None and plan.state is PlanState.PREPARING:
        said = Message(PART_STOPPED, {"plan": plan.id})
    outcome = Outcome(said=said)
    commit(c, outcome, cause, now)
    return outcome


def _writes(change: Change) -> Callable[[Connection, Talk, Facts, datetime, Cause], Outcome]:
    def act(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
        def changed(plan: Plan) -> Plan:
            return change(plan, talk, lambda: new_id(c))

        return planning.write(c, facts.plan.id, changed, facts.by, now, cause)

    return act


def with_terms(plan: Plan, **changes: Any) -> Plan:
    return replace(plan, terms=replace(plan.terms, **changes))


# --- what is offered and read -------------------------------------------------------------


def spans(*numbers: int) -> Offer[Facts]:
    """Buttons of so many minutes; 0 says that there is none."""

    def offer(_facts: Facts, _talk: Talk) -> list[Offered]:
        return [
            Offered(str(n), Text("terms", "span"), {"span": timedelta(minutes=n)})
            if n
            else Offered("0", Text("terms", "none"))
            for n in numbers
        ]

    return offer


def by_pattern(asks: Text, to: str) -> dict[str, Step]:
    """When the person is to be heard from, and how often or at which points; then `to`. Needs the
    offer `every` and the readers `minutes` and `spans`."""
    return {
        "pattern": Step(
            asks,
            (
                Choice(Pattern.BACK_BY.value, Text("terms", "back_by"), to),
                Choice(Pattern.EVERY.value, Text("terms", "every"), "every"),
                Choice(Pattern.POINTS.value, Text("terms", "points"), "points"),
            ),
        ),
        "every": Step(Text("terms", "how_often"), offers="every", reads="minutes", to=to),
        "points": Step(Text("terms", "which_points"), reads="spans", to=to),
    }


def stretches(talk: Talk, fresh: Callable[[], str]) -> tuple[Stretch, ...]:
    """The parts of the way that were said to be slow."""
    said = talk.answers["delays"]
    return tuple(Stretch(fresh(), *one) for one in ([] if said == "none" else spoken(said)))


def points(talk: Talk) -> tuple[Point, ...]:
    """The points on the way that were written, if they were asked for."""
    return tuple(Point(*one) for one in spoken(talk.answers.get("points", "")))


def read_minutes(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    found = None if isinstance(said, Located) else MINUTES.fullmatch(said.text.strip())
    if found is None or not 0 < int(found[1]) <= LONGEST_SPAN:
        return Text("terms", "no_minutes")
    return str(int(found[1]))


def read_spans(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    """Names with their minutes, one a line: "On the bus 20"; kept as "20 On the bus"."""
    if isinstance(said, Located):
        return Text("terms", "lines_unclear")
    lines = [line.strip() for line in said.text.splitlines() if line.strip()]
    kept: list[str] = []
    for line in lines:
        found = LINE.fullmatch(line)
        name = "" if found is None else " ".join(found["name"].split())
        if found is None or len(name) > LONGEST_NAME:
            return Text("terms", "lines_unclear")
        if not 0 < int(found["minutes"]) <= LONGEST_SPAN:
            return Text("terms", "lines_unclear")
        kept.append(f"{int(found['minutes'])} {name}")
    names = {line.split(" ", 1)[1].casefold() for line in kept}
    if not 0 < len(kept) <= MOST_POINTS or len(names) < len(kept):
        return Text("terms", "lines_unclear")
    return "\n".join(kept)


def spoken(answer: str) -> list[tuple[str, int]]:
    """The reverse: each name and its minutes."""
    found = (line.split(" ", 1) for line in answer.splitlines())
    return [(name, int(minutes)) for minutes, name in found]


def read_name(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    return short(said, LONGEST_PLACE) or Text("terms", "short_name")


def read_line(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    return short(said, LONGEST_ADVICE) or Text("plan", "advice_too_long")


def read_spot(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    if isinstance(said, Located):
        return f"{said.latitude} {said.longitude}"
    return Text("terms", "send_a_place")


SKIP = Text("terms", "skip")


def skips(to: str) -> tuple[Choice, ...]:
    return (Choice("skip", SKIP, to),)


def written(talk: Talk, step: str) -> str:
    """What was written at a step, nothing where it was skipped."""
    said = talk.answers.get(step, "skip")
    return "" if said == "skip" else said
