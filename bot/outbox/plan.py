"""A plan for outings in plain words, as the person reads it: one idea after the other."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from bot.care import planning
from bot.care.plan import Plan, PlanState, Rung, RungKind
from bot.care.terms import Pattern, PlaceTerms, Support, Terms
from bot.care.text import Text
from bot.i18n import Lines, Param
from bot.outbox import sign
from bot.store import Connection, circle
from bot.store import plan as plans

Line = tuple[Text, Mapping[str, Param]]

ON_A_PAGE = 2
"""Sentences on one page, for those who read one idea at a time."""

PAGE = Text("plan", "one_page")
NEW_PAGE = Text("plan", "one_new_page")
GONE_PAGE = Text("plan", "one_gone_page")
"""One page of it, of what is new in it, of what is not in it any more."""

OWN_STAFF = {**sign.ASKED, RungKind.KEY_WORKER: Text("plan", "your_key_worker")}
"""Those of staff on the ladder, as the person reads it."""

SUPPORT: Mapping[Support, Text] = {
    Support.TOGETHER: Text("terms", "goes_together"),
    Support.SHADOWED: Text("terms", "goes_shadowed"),
    Support.ROUTE: Text("terms", "goes_route"),
    Support.CHECK_INS: Text("terms", "goes_check_ins"),
    Support.ALONE: Text("terms", "goes_alone"),
}

BY_PHONE: Mapping[Text, Text] = {
    Text("terms", "goes_check_ins"): Text("terms", "rings_goes_check_ins"),
    Text("terms", "asks_back"): Text("terms", "rings_back"),
    Text("terms", "asks_every"): Text("terms", "rings_every"),
    Text("terms", "asks_point"): Text("terms", "rings_point"),
    Text("terms", "asks_first_point"): Text("terms", "rings_first_point"),
    Text("terms", "asks_again"): Text("terms", "rings_otherwise"),
    Text("terms", "at_back"): Text("terms", "rings_at_back"),
    Text("terms", "at_every"): Text("terms", "rings_at_every"),
    Text("terms", "at_point"): Text("terms", "rings_at_point"),
    Text("terms", "at_first_point"): Text("terms", "rings_at_first_point"),
    Text("terms", "rung"): Text("terms", "rings_rung"),
}
"""What says that Kith asks, and what is true of somebody to whom nothing can be written: they
ring, and where they do not, staff do."""

COUNTS = {
    1: Text("terms", "once"),
    2: Text("terms", "twice"),
    3: Text("terms", "three_times"),
}


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def fill(c: Connection, id: str) -> dict[str, Param]:
    """What the messages about a plan say of it."""
    plan = plans.plan(c, id)
    if plan is None:
        return {}
    return {
        "places": [place.name for place in plan.places],
        "longest": minutes(plan.longest),
        "advice": plan.what_to_do,
        "version": plan.version,
        "whole": Lines((*whole(c, plan, agreed_before(c, plan)).lines, *_to_staff(plan))),
    }


def _to_staff(plan: Plan) -> Iterator[Line]:
    """What only those read who write on it."""
    late = planning.after_police(plan) if plan.state is PlanState.PREPARING else None
    if late is not None:
        rung, after = late
        yield Text("terms", "police_first"), {"who": sign.ASKED[rung.kind], "after": minutes(after)}


def in_short(c: Connection, id: str) -> dict[str, Param]:
    """What somebody around the person may read of it, who is asked what they think."""
    said = fill(c, id)
    return {name: said[name] for name in ("places", "longest") if name in said}


def groups(c: Connection, plan: Plan) -> list[list[Line]]:
    """All of it, in lines of one sentence each; what belongs together stands together."""
    terms = plan.terms
    names = {rung.member: circle.name(c, rung.member) for rung in plan.rungs if rung.member}
    found: tuple[list[Line], ...] = (
        _where(plan),
        [(SUPPORT[terms.support], {})],
        list(_heard(plan)),
        list(_delays(terms)),
        *(list(_at_place(one)) for one in terms.at_places),
        list(_later(plan)),
        list(_ladder(plan.rungs, plan.grace)),
        list(also_asked(names, plan.rungs).lines),
        list(_missed(plan)),
        list(_told(plan)),
        list(_safe(terms)),
        list(_thought(c, terms)),
    )
    told = BY_PHONE if circle.without_account(c, plan.person) else {}
    return [[(told.get(text, text), of) for text, of in group] for group in found if group]


def agreed_before(c: Connection, plan: Plan) -> Plan | None:
    """The plan that one which is not agreed yet would take the place of."""
    waits = plan.state in (PlanState.PREPARING, PlanState.DRAFT)
    return plans.in_force(c, plan.person) if waits else None


def changes(c: Connection, plan: Plan, before: Plan | None) -> tuple[list[Line], list[Line]]:
    """The lines that are new in it, and those of the plan before that are not in it any more;
    nothing where most of it is new: then it is read from its beginning."""
    if before is None:
        return [], []
    now, then = ([line for group in groups(c, one) for line in group] for one in (plan, before))
    new, gone = [one for one in now if one not in then], [one for one in then if one not in now]
    return (new, gone) if 2 * len(new) <= len(now) else ([], [])


def whole(c: Connection, plan: Plan, before: Plan | None = None) -> Lines:
    """All of it, one line after the other; what has changed stands first."""
    new, gone = changes(c, plan, before)
    lines = [line for group in groups(c, plan) for line in group]
    if gone:
        lines = [(Text("plan", "gone"), {}), *gone, (Text("plan", "all"), {}), *lines]
    elif new:
        lines = [(Text("plan", "all"), {}), *lines]
    if new:
        lines = [(Text("plan", "new"), {}), *new, *lines]
    return Lines(tuple(lines))


def pages(c: Connection, plan: Plan, before: Plan | None = None) -> list[tuple[Text, list[Line]]]:
    """The same in short pages, each with its heading."""
    new, gone = changes(c, plan, before)
    parts = [(NEW_PAGE, new), (GONE_PAGE, gone), *((PAGE, group) for group in groups(c, plan))]
    return [
        (heading, lines[at : at + ON_A_PAGE])
        for heading, lines in parts
        for at in range(0, len(lines), ON_A_PAGE)
    ]


def _where(plan: Plan) -> list[Line]:
    return [
        (Text("terms", "places"), {"places": [place.name for place in plan.places]}),
        (Text("terms", "elsewhere"), {}),
        (Text("terms", "longest"), {"longest": minutes(plan.longest)}),
    ]


def _heard(plan: Plan) -> Iterator[Line]:
    terms = plan.terms
    match terms.pattern:
        case Pattern.BACK_BY:
            yield Text("terms", "asks_back"), {}
        case Pattern.EVERY:
            yield Text("terms", "asks_every"), {"every": minutes(terms.every)}
        case Pattern.POINTS:
            for n, point in enumerate(terms.points):
                text = Text("terms", "asks_point") if n else Text("terms", "asks_first_point")
                yield text, {"name": point.name, "within": minutes(point.within)}
    if len(plan.nudges) > 1:
        yield Text("terms", "asks_again"), {}


def _delays(terms: Terms) -> Iterator[Line]:
    for one in terms.stretches:
        yield Text("terms", "stretch"), {"name": one.name, "extra": minutes(one.extra)}


def _at_place(own: PlaceTerms) -> Iterator[Line]:
    """What is otherwise on the way to one place."""
    there: dict[str, Param] = {"place": own.place}
    if own.longest is not None:
        yield Text("terms", "at_longest"), {**there, "longest": minutes(own.longest)}
    match own.pattern:
        case Pattern.BACK_BY:
            yield Text("terms", "at_back"), there
        case Pattern.EVERY:
            yield Text("terms", "at_every"), {**there, "every": minutes(own.every)}
        case Pattern.POINTS:
            for n, point in enumerate(own.points):
                text = Text("terms", "at_point") if n else Text("terms", "at_first_point")
                yield text, {**there, "name": point.name, "within": minutes(point.within)}
    for one in own.stretches or ():
        yield Text("terms", "at_stretch"), {**there, "name": one.name, "extra": minutes(one.extra)}
    if own.stretches == ():
        yield Text("terms", "at_no_delays"), there


def _later(plan: Plan) -> Iterator[Line]:
    terms = plan.terms
    if plan.extra:
        yield Text("terms", "later"), {"extra": minutes(plan.extra)}
    if plan.extra and terms.extends in COUNTS:
        yield Text("terms", "later_often"), {"times": COUNTS[terms.extends]}
    if terms.pause:
        yield Text("terms", "pause"), {"pause": minutes(terms.pause)}


def _ladder(rungs: Sequence[Rung], grace: int) -> Iterator[Line]:
    """Each of staff, and after how long without an answer."""
    after = grace
    for rung in rungs:
        if rung.member is None:
            yield Text("terms", "rung"), {"after": minutes(after), "who": OWN_STAFF[rung.kind]}
        after += rung.wait


def also_asked(names: Mapping[str, str], rungs: Sequence[Rung], person: str | None = None) -> Lines:
    """A line for each supporter who is asked besides staff, and when; `names` by member.

    `person`: whose plan it is, where somebody else reads it.
    """
    called = sign.ASKED if person is not None else OWN_STAFF
    lines: list[Line] = []
    after = rungs[0].kind
    for place, rung in enumerate(rungs):
        if rung.member is None:
            after = rung.kind
            continue
        last = all(later.member is not None for later in rungs[place:])
        when = Text("plan", "asks_after_staff") if last else Text("plan", "asks_between")
        lines.append((when, {"carer": names[rung.member], "first": called[after]}))
        only: dict[str, Param] = {"carer": names[rung.member]}
        if person is None:
            lines.append((Text("plan", "while_you_share"), only))
        else:
            lines.append((Text("plan", "while_they_share"), {**only, "person": person}))
    return Lines(tuple(lines))


def _missed(plan: Plan) -> Iterator[Line]:
    yield Text("terms", "advice"), {"words": plan.what_to_do}
    if plan.terms.when_upset:
        yield Text("terms", "if_upset"), {"words": plan.terms.when_upset}
    if plan.terms.when_lost:
        yield Text("terms", "if_lost"), {"words": plan.terms.when_lost}
    yield Text("terms", "police"), {"after": minutes(plan.police_after)}
    if plan.terms.step_up:
        yield Text("terms", "steps_up"), {}


def _told(plan: Plan) -> Iterator[Line]:
    """What the police may be told, and who sees it for that."""
    terms = plan.terms
    said = {
        Text("terms", "told_places"): terms.usual_places,
        Text("terms", "told_medicine"): terms.medicine,
        Text("terms", "told_photo"): terms.photo,
    }
    for text, words in said.items():
        if words:
            yield text, {"words": words}
    staff = [rung for rung in plan.rungs[terms.call_from :] if rung.member is None]
    if staff and any(said.values()):
        yield Text("terms", "told_from"), {"who": OWN_STAFF[staff[0].kind]}


def _safe(terms: Terms) -> Iterator[Line]:
    for one in terms.safe_places:
        where = ", ".join(filter(None, (one.name, one.address, one.phone)))
        yield Text("terms", "safe"), {"where": where}


def _thought(c: Connection, terms: Terms) -> Iterator[Line]:
    yield Text("terms", "good"), {"good": terms.good}
    if terms.less_restrictive:
        yield Text("terms", "less"), {"words": terms.less_restrictive}
    for view in terms.views:
        yield Text("view", "line"), {"name": circle.name(c, view.by), "words": view.words}
