"""Who is told and when: the ladder of a plan for outings, one rung at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.care import planning as care
from bot.care.outcome import Cause, Outcome
from bot.care.plan import Plan, Rung, RungKind, with_supporter
from bot.care.text import Text
from bot.flows.flow import Choice, Conversation, Flow, Offered, Route, Step, acting
from bot.flows.saying import PLAN, STOPPED, stopped
from bot.i18n import Param
from bot.outbox import sign
from bot.store import Connection, around, circle, planning
from bot.store import plan as plans
from bot.store.flow import Talk

WAITS = (5, 10, 15, 20)
"""Minutes until the next one is told."""

WAIT = 10
"""Minutes of a rung that is new."""

_KIND, _AT = "add_", "rung_"
"""How the buttons begin that add somebody, and that name one who is on it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """`names` of the supporters on it, by member; `others` could be asked too: by membership,
    the member and the name."""

    by: str
    plan: Plan
    person: str
    names: Mapping[str, str]
    others: Mapping[str, tuple[str, str]]


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    plan = plans.plan(c, talk.answers[PLAN])
    assert plan is not None  # versions are kept for ever
    on_it = {rung.member for rung in plan.rungs if rung.member is not None}
    others = {
        place.id: (place.member, circle.name(c, place.member))
        for place in around.circle_of(c, plan.person)
        if place.member not in on_it and not around.works_for(c, place.member, plan.person, now)
    }
    names = {member: circle.name(c, member) for member in on_it}
    return Facts(acting(c, talk), plan, circle.name(c, plan.person), names, others)


def rungs(facts: Facts, _talk: Talk) -> list[Offered]:
    """Those on the ladder, in their order, then who else of staff could be."""
    found = [
        Offered(
            f"{_AT}{n}",
            Text("terms", "one_rung"),
            {"number": n + 1, "who": _who(facts, rung), "wait": timedelta(minutes=rung.wait)},
        )
        for n, rung in enumerate(facts.plan.rungs)
    ]
    for kind in care.missing(facts.plan.rungs):
        found.append(
            Offered(f"{_KIND}{kind}", Text("terms", "add_rung"), {"who": sign.ASKED[kind]})
        )
    if facts.others:
        found.append(Offered("supporter", Text("plan", "add_supporter")))
    return found


def _who(facts: Facts, rung: Rung) -> Param:
    return sign.ASKED[rung.kind] if rung.member is None else facts.names[rung.member]


def supporters(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(place, name) for place, (_, name) in facts.others.items()]


def turns(facts: Facts, _talk: Talk) -> list[Offered]:
    """After whom a supporter is told."""
    return [
        Offered(str(n + 1), Text("terms", "after_rung"), {"who": _who(facts, rung)})
        for n, rung in enumerate(facts.plan.rungs)
    ]


def waits(_facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(str(n), Text("terms", "span"), {"span": timedelta(minutes=n)}) for n in WAITS]


def _which(_facts: Facts, talk: Talk) -> str:
    said = talk.answers["rungs"]
    if said == "supporter":
        return "who"
    return "added" if said.startswith(_KIND) else "one"


def _params(facts: Facts, talk: Talk) -> Mapping[str, Param]:
    params: dict[str, Param] = {"person": facts.person}
    said = talk.answers.get("rungs", "")
    if said.startswith(_AT) and _at(talk) < len(facts.plan.rungs):
        params["who"] = _who(facts, facts.plan.rungs[_at(talk)])
    if "who" in talk.answers and talk.answers["who"] in facts.others:
        params["who"] = facts.others[talk.answers["who"]][1]
    return params


def _at(talk: Talk) -> int:
    return int(talk.answers["rungs"].removeprefix(_AT))


Change = Callable[[tuple[Rung, ...], Talk, Facts], tuple[Rung, ...]]


def _add(now: tuple[Rung, ...], talk: Talk, _facts: Facts) -> tuple[Rung, ...]:
    kind = RungKind(talk.answers["rungs"].removeprefix(_KIND))
    return now if kind in {rung.kind for rung in now} else (*now, Rung(kind, WAIT))


def _supporter(now: tuple[Rung, ...], talk: Talk, facts: Facts) -> tuple[Rung, ...]:
    place = talk.answers["who"]
    if place not in facts.others:
        return now
    rung = Rung(RungKind.SUPPORTER, int(talk.answers["wait"]), facts.others[place][0], place)
    return with_supporter(now, rung, int(talk.answers["turn"]))


CHANGES: Mapping[str, Change] = {
    "added": _add,
    "told": _supporter,
    "waited": lambda now, talk, _: care.waiting(now, _at(talk), int(talk.answers["minutes"])),
    "sooner": lambda now, talk, _: care.sooner(now, _at(talk)),
    "out": lambda now, talk, _: care.without(now, _at(talk)),
}


def _end(change: Change) -> Callable[[Connection, Talk, Facts, datetime, Cause], Outcome]:
    def act(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
        def changed(plan: Plan) -> Plan:
            after = change(plan.rungs, talk, facts)
            return replace(plan, rungs=after)

        return planning.write(c, facts.plan.id, changed, facts.by, now, cause)

    return act


FLOW: Flow[Facts] = Flow(
    name="plan_ladder",
    start="rungs",
    steps={
        "rungs": Step(Text("terms", "which_rung"), offers="rungs", to="which"),
        "one": Step(
            Text("terms", "what_of_rung"),
            (
                Choice("wait", Text("terms", "change_wait"), "minutes"),
                Choice("sooner", Text("terms", "one_up"), "sooner"),
                Choice("out", Text("terms", "off_ladder"), "out"),
            ),
        ),
        "minutes": Step(Text("terms", "how_long_wait"), offers="waits", to="waited"),
        "who": Step(Text("plan", "supporter"), offers="supporters", to="turn"),
        "turn": Step(Text("terms", "after_whom"), offers="turns", to="wait"),
        "wait": Step(Text("terms", "how_long_wait"), offers="waits", to="told"),
        **{end: Step(ends=end) for end in (*CHANGES, STOPPED)},
    },
    offers={"rungs": rungs, "supporters": supporters, "turns": turns, "waits": waits},
    routes={"which": Route(("one", "who", "added"), _which)},
    stop=STOPPED,
)

ENDS = {STOPPED: stopped, **{end: _end(one) for end, one in CHANGES.items()}}

LADDER = Conversation(FLOW, _facts, ENDS, _params)
"""The order in which staff are told, how long each has, and who of those around besides."""
