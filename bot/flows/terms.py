"""Saying more in a plan for outings: one short talk for each thing."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.care.plan import Place, Plan
from bot.care.terms import Pattern, SafePlace, Support, at_step
from bot.care.text import Text
from bot.flows.at_place import AT_PLACE
from bot.flows.flow import Choice, Conversation, Offered, Route, Step
from bot.flows.plan import read_advice, read_longest, read_places
from bot.flows.profile import read_number
from bot.flows.saying import (
    Change,
    Facts,
    by_pattern,
    points,
    read_line,
    read_minutes,
    read_name,
    read_spans,
    read_spot,
    skips,
    spans,
    stretches,
    talk,
    with_terms,
    written,
)
from bot.outbox.plan import COUNTS
from bot.store.flow import Talk

MOST_SAFE_PLACES = 6

# --- where and how long -------------------------------------------------------------------

SAME = "same places"
"""Nothing is written anew of where; no place is called that."""


def _basics(plan: Plan, talk: Talk, fresh: Callable[[], str]) -> Plan:
    """A place that keeps its name keeps its id."""
    before, said = {place.name: place for place in plan.places}, talk.answers["places"]
    names = list(before) if said == SAME else said.splitlines()
    places = tuple(before.get(name) or Place(fresh(), name) for name in names)
    return replace(plan, places=places, longest=int(talk.answers["longest"]))


BASICS = talk(
    "basics",
    {
        "places": Step(
            Text("plan", "places"),
            (Choice(SAME, Text("terms", "same_places"), "longest"),),
            reads="places",
            to="longest",
        ),
        "longest": Step(Text("plan", "longest"), offers="longest", reads="longest", to="kept"),
    },
    _basics,
    offers={"longest": spans(60, 120, 240)},
    readers={"places": read_places, "longest": read_longest},
)


# --- how much support ---------------------------------------------------------------------

STEPS: Mapping[Support, Text] = {
    Support.TOGETHER: Text("terms", "together"),
    Support.SHADOWED: Text("terms", "shadowed"),
    Support.ROUTE: Text("terms", "route"),
    Support.CHECK_INS: Text("terms", "check_ins"),
    Support.ALONE: Text("terms", "alone"),
}


def _support(plan: Plan, talk: Talk, _fresh: Callable[[], str]) -> Plan:
    said = talk.answers
    good = int(said["good"].removeprefix("after_"))
    return with_terms(replace(plan, terms=at_step(plan.terms, Support(said["support"]))), good=good)


SUPPORT = talk(
    "support",
    {
        "support": Step(
            Text("terms", "which_support"),
            tuple(Choice(one.value, label, "good") for one, label in STEPS.items()),
        ),
        "good": Step(
            Text("terms", "after_how_many"),
            (
                Choice("after_3", Text("terms", "after_3"), "kept"),
                Choice("after_5", Text("terms", "after_5"), "kept"),
                Choice("after_10", Text("terms", "after_10"), "kept"),
            ),
        ),
    },
    _support,
)


# --- how Kith asks ------------------------------------------------------------------------


def _asks(plan: Plan, talk: Talk, _fresh: Callable[[], str]) -> Plan:
    said = talk.answers
    pattern, grace = Pattern(said["pattern"]), int(said["grace"])
    times = int(said["nudges"])
    nudges = tuple(grace * n // times for n in range(times))
    asked = replace(plan, grace=grace, nudges=tuple(dict.fromkeys(nudges)))
    every = int(said.get("every", plan.terms.every))
    return with_terms(asked, pattern=pattern, every=every, points=points(talk))


ASKS = talk(
    "asks",
    {
        **by_pattern(Text("terms", "which_pattern"), "grace"),
        "grace": Step(Text("terms", "which_grace"), offers="grace", to="nudges"),
        "nudges": Step(
            Text("terms", "how_many_nudges"),
            tuple(Choice(str(n), COUNTS[n], "kept") for n in COUNTS),
        ),
    },
    _asks,
    offers={"every": spans(15, 20, 30, 60), "grace": spans(5, 10, 15, 20)},
    readers={"minutes": read_minutes, "spans": read_spans},
)


# --- delays, later, pauses ----------------------------------------------------------------


def _delays(plan: Plan, talk: Talk, fresh: Callable[[], str]) -> Plan:
    return with_terms(plan, stretches=stretches(talk, fresh))


DELAYS = talk(
    "delays",
    {
        "delays": Step(
            Text("terms", "which_delays"),
            (Choice("none", Text("terms", "no_delays"), "kept"),),
            reads="spans",
            to="kept",
        )
    },
    _delays,
    readers={"spans": read_spans},
)


def _later(plan: Plan, talk: Talk, _fresh: Callable[[], str]) -> Plan:
    said = talk.answers
    often = said.get("often", "any")
    changed = replace(plan, extra=int(said["extra"]))
    extends = None if often == "any" else int(often)
    return with_terms(changed, extends=extends, pause=int(said["pause"]))


LATER = talk(
    "later",
    {
        "extra": Step(Text("terms", "how_much_later"), offers="extra", to="is_there_more"),
        "often": Step(
            Text("terms", "how_often_later"),
            (
                Choice("any", Text("terms", "as_often"), "pause"),
                *(Choice(str(n), COUNTS[n], "pause") for n in COUNTS),
            ),
        ),
        "pause": Step(Text("terms", "how_long_pause"), offers="pause", to="kept"),
    },
    _later,
    offers={"extra": spans(0, 15, 30, 60), "pause": spans(0, 30, 60, 90)},
    routes={
        "is_there_more": Route(
            ("often", "pause"),
            lambda _facts, talk: "pause" if talk.answers["extra"] == "0" else "often",
        )
    },
)


# --- safe places --------------------------------------------------------------------------


def safe_places(facts: Facts, _talk: Talk) -> list[Offered]:
    """Those there are, to be taken out, and room for one more."""
    known = [
        Offered(one.id, Text("terms", "take_out"), {"name": one.name})
        for one in facts.terms.safe_places
    ]
    if len(known) < MOST_SAFE_PLACES:
        known.append(Offered("add", Text("terms", "add_safe")))
    return known


def _add_safe(plan: Plan, talk: Talk, fresh: Callable[[], str]) -> Plan:
    spot = [float(one) for one in written(talk, "spot").split()]
    latitude, longitude = spot or (None, None)
    place = SafePlace(
        fresh(),
        talk.answers["name"],
        written(talk, "address"),
        written(talk, "phone"),
        latitude,
        longitude,
    )
    return with_terms(plan, safe_places=(*plan.terms.safe_places, place))


def _drop_safe(plan: Plan, talk: Talk, _fresh: Callable[[], str]) -> Plan:
    kept = tuple(one for one in plan.terms.safe_places if one.id != talk.answers["safe"])
    return with_terms(plan, safe_places=kept)


SAFE = talk(
    "safe",
    {
        "safe": Step(Text("terms", "which_safe"), offers="safe", to="one_of_them"),
        "name": Step(Text("terms", "safe_name"), reads="name", to="address"),
        "address": Step(Text("terms", "safe_address"), skips("phone"), reads="name", to="phone"),
        "phone": Step(Text("terms", "safe_phone"), skips("spot"), reads="number", to="spot"),
        "spot": Step(Text("terms", "safe_spot"), skips("kept"), reads="spot", to="kept"),
    },
    {"kept": _add_safe, "dropped": _drop_safe},
    offers={"safe": safe_places},
    readers={"name": read_name, "number": read_number, "spot": read_spot},
    routes={
        "one_of_them": Route(
            ("name", "dropped"),
            lambda _facts, talk: "name" if talk.answers["safe"] == "add" else "dropped",
        )
    },
)


# --- if it is missed ----------------------------------------------------------------------

WORDS = {
    "upset": "when_upset",
    "lost": "when_lost",
    "usual": "usual_places",
    "medicine": "medicine",
    "photo": "photo",
}
"""What staff do when it is that; what a call to 101 or 999 may be told: by its step."""


def rungs_to_call(facts: Facts, _talk: Talk) -> list[Offered]:
    """From which of staff on the ladder it may be told."""
    staff = [n for n, rung in enumerate(facts.plan.rungs) if rung.member is None]
    return [Offered(str(n), Text("terms", "from_rung"), {"number": n + 1}) for n in staff]


def _said(step: str) -> Change:
    def change(plan: Plan, talk: Talk, _fresh: Callable[[], str]) -> Plan:
        said = talk.answers[step]
        match step:
            case "advice":
                return replace(plan, what_to_do=said)
            case "police":
                return replace(plan, police_after=int(said))
            case "step_up":
                return with_terms(plan, step_up=said == "at_once")
            case "call_from":
                return with_terms(plan, call_from=int(said))
        return with_terms(plan, **{WORDS[step]: written(talk, step)})

    return change


_MISSED = ("advice", "police", "step_up", *WORDS, "call_from")


def _words(asks: Text, step: str) -> Step:
    return Step(asks, skips(f"{step}_kept"), reads="line", to=f"{step}_kept")


MISSED = talk(
    "missed",
    {
        "what": Step(
            Text("terms", "what_if_missed"),
            (
                Choice("advice", Text("terms", "set_advice"), "advice"),
                Choice("upset", Text("terms", "set_upset"), "upset"),
                Choice("lost", Text("terms", "set_lost"), "lost"),
                Choice("police", Text("terms", "set_police"), "police"),
                Choice("step_up", Text("terms", "set_step_up"), "step_up"),
                Choice("usual", Text("terms", "set_usual"), "usual"),
                Choice("medicine", Text("terms", "set_medicine"), "medicine"),
                Choice("photo", Text("terms", "set_photo"), "photo"),
                Choice("call_from", Text("terms", "set_call_from"), "call_from"),
            ),
        ),
        "advice": Step(Text("plan", "advice"), reads="advice", to="advice_kept"),
        "police": Step(Text("terms", "how_long_police"), offers="police", to="police_kept"),
        "step_up": Step(
            Text("terms", "steps_up_when"),
            (
                Choice("at_once", Text("terms", "at_once"), "step_up_kept"),
                Choice("together", Text("terms", "talk_first"), "step_up_kept"),
            ),
        ),
        "upset": _words(Text("terms", "when_upset"), "upset"),
        "lost": _words(Text("terms", "when_lost"), "lost"),
        "usual": _words(Text("terms", "which_usual"), "usual"),
        "medicine": _words(Text("terms", "which_medicine"), "medicine"),
        "photo": _words(Text("terms", "which_photo"), "photo"),
        "call_from": Step(Text("terms", "which_rung_calls"), offers="rungs", to="call_from_kept"),
    },
    {f"{step}_kept": _said(step) for step in _MISSED},
    offers={"police": spans(30, 60, 90, 120), "rungs": rungs_to_call},
    readers={"advice": read_advice, "line": read_line},
)


# --- what would hold back less ------------------------------------------------------------


def _less(plan: Plan, talk: Talk, _fresh: Callable[[], str]) -> Plan:
    return with_terms(plan, less_restrictive=talk.answers["less"])


LESS = talk(
    "less",
    {"less": Step(Text("terms", "which_less"), reads="line", to="kept")},
    _less,
    readers={"line": read_line},
)


TALKS: Mapping[str, Conversation[Facts]] = {
    "basics": BASICS,
    "at_place": AT_PLACE,
    "support": SUPPORT,
    "asks": ASKS,
    "delays": DELAYS,
    "later": LATER,
    "safe": SAFE,
    "missed": MISSED,
    "less": LESS,
}
"""By the verb of their button on the page."""
