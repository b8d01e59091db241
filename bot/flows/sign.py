"""Writing the early-warning plan: a card, a change of one, when staff are asked, what is done."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.care.circle import SUPPORTERS
from bot.care.outcome import Cause, Message, Outcome, Value
from bot.care.plan import Rung, RungKind
from bot.care.sign import Response, Sign, SignPlan, Stage, Template, Threshold, Voice
from bot.care.text import Text
from bot.flows.flow import (
    Choice,
    Conversation,
    Flow,
    Located,
    Offered,
    Route,
    Step,
    Wrote,
)
from bot.flows.reading import short
from bot.i18n import Lines, Param, Phrase
from bot.outbox import sign as words
from bot.store import Connection, circle, profile, sign_plan
from bot.store.flow import Talk
from bot.store.tools import new_id

PERSON = "about"
"""The answer that the button gives: whose plan it is."""

LONGEST_NAME = 60
LONGEST = 200
"""Characters of each line of a card: twenty cards are read on a small screen."""

EMOJI = ("🌙", "📵", "💬", "🚪", "🍽", "🎵", "🌱", "☀️")

NOBODY_ELSE = {
    "all": frozenset(Voice),
    "person": frozenset({Voice.PERSON}),
    "carer": frozenset({Voice.CARER}),
    "staff": frozenset({Voice.STAFF}),
}
"""Who may notice a sign, by the button's id."""

_SKIP = Text("sign", "skip")
_SAVE, _CHANGE = Text("sign", "save"), Text("sign", "change")


@dataclass(frozen=True, slots=True)
class Facts:
    """Whose plan, who writes, and what is being written on. `outside`: they may only suggest."""

    by: str
    person: str
    name: str
    outside: bool
    plan: SignPlan | None
    now: datetime

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        return () if self.plan is None else self.plan.thresholds


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    assert talk.membership is not None  # such a talk is begun in a role
    held = circle.membership(c, talk.membership)
    assert held is not None  # a foreign key says so
    person = talk.answers[PERSON]
    if held.role in SUPPORTERS:
        return Facts(held.member, person, profile.called(c, person), True, None, now)
    writes = sign_plan.writes(c, person, held.member, now)  # asked again: a shift ends
    plan = None if writes is None else sign_plan.current(c, person)
    return Facts(held.member, person, circle.name(c, person), False, plan, now)


def read_name(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text | Phrase:
    """A few words on one line: they stand on a button."""
    name = short(said, LONGEST_NAME)
    return name or Phrase(Text("sign", "short_name"), {"longest": LONGEST_NAME})


def read_line(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text | Phrase:
    line = short(said, LONGEST)
    return line or Phrase(Text("sign", "short_line"), {"longest": LONGEST})


def read_emoji(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text | Phrase:
    return short(said, 8) or Text("sign", "one_emoji")


def emoji(_facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(one, one) for one in EMOJI]


def _said(talk: Talk, step: str) -> str:
    """What was written at a step, nothing where it was skipped."""
    said = talk.answers.get(step, "skip")
    return "" if said == "skip" else said


def _stages(to: str, *, good: bool = True) -> tuple[Choice, ...]:
    early = (
        Choice("early", Text("sign", "stage_early"), to),
        Choice("middle", Text("sign", "stage_middle"), to),
        Choice("late", Text("sign", "stage_late"), to),
    )
    return (*early, Choice("good", Text("sign", "stage_good"), to)) if good else early


def _noticed(to: str) -> tuple[Choice, ...]:
    return (
        Choice("all", Text("sign", "anybody"), to),
        Choice("person", Text("sign", "voice_person"), to),
        Choice("carer", Text("sign", "voice_carer"), to),
        Choice("staff", Text("sign", "voice_staff"), to),
    )


# --- a card -------------------------------------------------------------------------------


def _card(facts: Facts, talk: Talk, id: str = "") -> Sign:
    return Sign(
        id=id,
        stage=Stage(talk.answers["stage"]),
        name=talk.answers["name"],
        by=facts.by,
        at=facts.now,
        emoji=_said(talk, "emoji"),
        looks_like=_said(talk, "looks_like"),
        usual=_said(talk, "usual"),
        helps=_said(talk, "helps"),
        does_not=_said(talk, "does_not"),
        tell_whom=_said(talk, "tell_whom"),
        noticed_by=NOBODY_ELSE[talk.answers.get("noticed_by", "all")],
    )


def _card_params(facts: Facts, talk: Talk) -> dict[str, Param]:
    params: dict[str, Param] = {"person": facts.name, "name": talk.answers.get("name", "")}
    if "stage" in talk.answers:
        lines = tuple(words.card(_card(facts, talk), "", facts.name))[:-1]  # who wrote it is clear
        params["card"] = Lines(lines)
    return params


def _save_card(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    act = sign_plan.suggest if facts.outside else sign_plan.add_card
    return act(c, facts.person, _card(facts, talk, new_id(c)), facts.by, now, cause)


def _line(asks: Text, to: str) -> Step:
    return Step(asks, (Choice("skip", _SKIP, to),), reads="line", to=to)


CARD_FLOW: Flow[Facts] = Flow(
    name="sign",
    start="name",
    steps={
        "name": Step(Text("sign", "what_sign"), reads="name", to="stage"),
        "stage": Step(Text("sign", "which_stage"), _stages("helps")),
        "helps": _line(Text("sign", "what_helps"), "ready"),
        "ready": Step(
            Text("sign", "card_ready"),
            (
                Choice("save", _SAVE, "saved"),
                Choice("more", Text("sign", "more"), "emoji"),
                Choice("change", _CHANGE, "name"),
            ),
        ),
        "emoji": Step(
            Text("sign", "which_emoji"),
            (Choice("skip", _SKIP, "looks_like"),),
            offers="emoji",
            reads="emoji",
            to="looks_like",
        ),
        "looks_like": _line(Text("sign", "what_looks_like"), "usual"),
        "usual": _line(Text("sign", "what_usual"), "does_not"),
        "does_not": _line(Text("sign", "what_does_not"), "tell_whom"),
        "tell_whom": _line(Text("sign", "whom_to_tell"), "noticed_by"),
        "noticed_by": Step(Text("sign", "who_notices"), _noticed("ready_too")),
        "ready_too": Step(
            Text("sign", "card_ready"),
            (Choice("save", _SAVE, "saved"), Choice("change", _CHANGE, "name")),
        ),
        "saved": Step(ends="save"),
    },
    offers={"emoji": emoji},
    readers={"name": read_name, "line": read_line, "emoji": read_emoji},
)

CARD = Conversation(CARD_FLOW, _facts, {"save": _save_card}, _card_params)
"""One card for the plan."""


# --- a change of one ----------------------------------------------------------------------


def cards(facts: Facts, _talk: Talk) -> list[Offered]:
    signs = () if facts.plan is None else facts.plan.signs
    return [Offered(one.id, words.name(one)) for one in signs]


def _chosen(facts: Facts, talk: Talk) -> Sign | None:
    return None if facts.plan is None else facts.plan.sign(talk.answers.get("which"))


def _change_params(facts: Facts, talk: Talk) -> dict[str, Param]:
    params: dict[str, Param] = {"person": facts.name}
    chosen = _chosen(facts, talk)
    if chosen is not None:
        lines = tuple(words.card(chosen, "", facts.name))[:-1]
        params |= {"card": Lines(lines), "name": words.name(chosen)}
        if talk.step == "line":
            params["now"] = Lines((words.line(chosen, talk.answers["what"], facts.name),))
    return params


def _change(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    """Whoever changes a card has written it: the version before says who wrote what was there."""
    chosen = _chosen(facts, talk)
    if chosen is None:
        return Outcome()
    changed = replace(chosen, by=facts.by, at=now)
    match talk.answers["what"]:
        case "stage":
            changed = replace(changed, stage=Stage(talk.answers["stage"]))
        case "noticed_by":
            changed = replace(changed, noticed_by=NOBODY_ELSE[talk.answers["noticed_by"]])
        case "name":
            changed = replace(changed, name=talk.answers["name"])
        case "emoji":
            changed = replace(changed, emoji=_said(talk, "emoji"))
        case "looks_like":
            changed = replace(changed, looks_like=_said(talk, "line"))
        case "usual":
            changed = replace(changed, usual=_said(talk, "line"))
        case "helps":
            changed = replace(changed, helps=_said(talk, "line"))
        case "does_not":
            changed = replace(changed, does_not=_said(talk, "line"))
        case "tell_whom":
            changed = replace(changed, tell_whom=_said(talk, "line"))
    return sign_plan.add_card(c, facts.person, changed, facts.by, now, cause)


def _take_out(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return sign_plan.take_out(c, facts.person, talk.answers["which"], facts.by, now, cause)


CHANGE_FLOW: Flow[Facts] = Flow(
    name="sign_change",
    start="which",
    steps={
        "which": Step(Text("sign", "which_card"), offers="cards", to="what"),
        "what": Step(
            Text("sign", "what_changes"),
            (
                Choice("name", Text("sign", "its_name"), "name"),
                Choice("stage", Text("sign", "its_stage"), "stage"),
                Choice("emoji", Text("sign", "its_emoji"), "emoji"),
                Choice("looks_like", Text("sign", "its_looks"), "line"),
                Choice("usual", Text("sign", "its_usual"), "line"),
                Choice("helps", Text("sign", "its_helps"), "line"),
                Choice("does_not", Text("sign", "its_does_not"), "line"),
                Choice("tell_whom", Text("sign", "its_tell_whom"), "line"),
                Choice("noticed_by", Text("sign", "its_noticed_by"), "noticed_by"),
                Choice("take_out", Text("sign", "take_out"), "sure"),
            ),
        ),
        "name": Step(Text("sign", "what_sign"), reads="name", to="saved"),
        "stage": Step(Text("sign", "which_stage"), _stages("saved")),
        "emoji": Step(
            Text("sign", "which_emoji"),
            (Choice("skip", Text("sign", "nothing"), "saved"),),
            offers="emoji",
            reads="emoji",
            to="saved",
        ),
        "line": Step(
            Text("sign", "which_words"),
            (Choice("skip", Text("sign", "nothing"), "saved"),),
            reads="line",
            to="saved",
        ),
        "noticed_by": Step(Text("sign", "who_notices"), _noticed("saved")),
        "sure": Step(
            Text("sign", "take_out_sure"), (Choice("yes", Text("sign", "take_out"), "taken_out"),)
        ),
        "saved": Step(ends="change"),
        "taken_out": Step(ends="take_out"),
    },
    offers={"cards": cards, "emoji": emoji},
    readers={"name": read_name, "line": read_line, "emoji": read_emoji},
)

CHANGE = Conversation(
    CHANGE_FLOW, _facts, {"change": _change, "take_out": _take_out}, _change_params
)
"""One line of a card anew, or the card taken out."""


# --- when staff are asked -----------------------------------------------------------------

TWO_PEOPLE_WITHIN = 7
"""Days within which two people notice the same sign."""


OFFERS = {
    Template.ANY_LATE: Text("sign", "offer_any_late"),
    Template.DIFFERENT_IN_DAYS: Text("sign", "offer_different"),
    Template.SAME_DAYS_RUNNING: Text("sign", "offer_running"),
    Template.TWO_PEOPLE: Text("sign", "offer_two_people"),
}

ONCE = (Template.ANY_LATE, Template.TWO_PEOPLE)
"""Nothing is chosen in them: one is enough."""


def sentences(facts: Facts, _talk: Talk) -> list[Offered]:
    """Each sentence of the plan, to be taken out; then what may be added."""
    stand = [
        Offered(one.id, Text("sign", "sentence_out"), {"words": Phrase(*words.sentence(one))})
        for one in facts.thresholds
    ]
    there = {one.template for one in facts.thresholds if one.template in ONCE}
    fresh = [Offered(one.value, label) for one, label in OFFERS.items() if one not in there]
    return [*stand, *fresh]


def _of_what(_facts: Facts, talk: Talk) -> str:
    """One that stands is taken out only after a question; one that is added has its numbers."""
    match talk.answers["what"]:
        case Template.DIFFERENT_IN_DAYS:
            return "count"
        case Template.SAME_DAYS_RUNNING:
            return "running"
        case Template.ANY_LATE | Template.TWO_PEOPLE:
            return "ready"
    return "sure"


def _numbers(talk: Talk) -> tuple[Template, int, int]:
    """The sentence that was chosen: its template, its count, its days."""
    template = Template(talk.answers["what"])
    match template:
        case Template.DIFFERENT_IN_DAYS:
            return template, int(talk.answers["count"]), int(talk.answers["days"])
        case Template.SAME_DAYS_RUNNING:
            return template, 1, int(talk.answers["running"])
        case Template.TWO_PEOPLE:
            return template, 2, TWO_PEOPLE_WITHIN
        case Template.ANY_LATE:
            return template, 1, 1


def _threshold_params(facts: Facts, talk: Talk) -> dict[str, Param]:
    params: dict[str, Param] = {"person": facts.name}
    if talk.step == "ready":
        template, count, days = _numbers(talk)
        line = words.sentence(Threshold("", template, facts.by, count, days))
        params["words"] = Lines((line,))
    if talk.step == "sure":
        params["words"] = Lines(
            tuple(words.sentence(one) for one in facts.thresholds if one.id == talk.answers["what"])
        )
    return params


def _add(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return sign_plan.add_threshold(c, facts.person, *_numbers(talk), facts.by, now, cause)


def _drop(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    id = talk.answers["what"]
    gone = next((one for one in facts.thresholds if one.id == id), None)
    if gone is None:
        return Outcome()
    outcome = sign_plan.drop_threshold(c, facts.person, id, facts.by, now, cause)
    if outcome.said is None:
        return outcome
    of: dict[str, Value] = {"person": facts.person, "sentence": words.code(gone)}
    return replace(outcome, said=Message(Text("sign", "dropped"), of))


THRESHOLD_FLOW: Flow[Facts] = Flow(
    name="sign_threshold",
    start="what",
    steps={
        "what": Step(Text("sign", "which_sentence"), offers="sentences", to="of_what"),
        "sure": Step(
            Text("sign", "sentence_out_sure"),
            (
                Choice("yes", Text("sign", "take_out"), "dropped"),
                Choice("keep", Text("sign", "keep_it"), "what"),
            ),
        ),
        "count": Step(
            Text("sign", "how_many"),
            (
                Choice("2", Text("sign", "two"), "days"),
                Choice("3", Text("sign", "three"), "days"),
                Choice("4", Text("sign", "four"), "days"),
            ),
        ),
        "days": Step(
            Text("sign", "within_how_many_days"),
            (
                Choice("3", Text("sign", "three_days"), "ready"),
                Choice("7", Text("sign", "seven_days"), "ready"),
                Choice("14", Text("sign", "fourteen_days"), "ready"),
            ),
        ),
        "running": Step(
            Text("sign", "how_many_running"),
            (
                Choice("2", Text("sign", "two_days"), "ready"),
                Choice("3", Text("sign", "three_days"), "ready"),
                Choice("5", Text("sign", "five_days"), "ready"),
                Choice("7", Text("sign", "seven_days"), "ready"),
            ),
        ),
        "ready": Step(
            Text("sign", "sentence_ready"),
            (Choice("save", _SAVE, "saved"), Choice("change", _CHANGE, "what")),
        ),
        "saved": Step(ends="add"),
        "dropped": Step(ends="drop"),
    },
    offers={"sentences": sentences},
    routes={"of_what": Route(("ready", "count", "running", "sure"), _of_what)},
)

THRESHOLD = Conversation(THRESHOLD_FLOW, _facts, {"add": _add, "drop": _drop}, _threshold_params)
"""When staff are asked at once: sentences chosen, and read back."""


# --- what is done at a stage --------------------------------------------------------------

_ORDERS = {
    "key_worker": (RungKind.KEY_WORKER, RungKind.ON_CALL, RungKind.MANAGER),
    "on_call": (RungKind.ON_CALL, RungKind.KEY_WORKER, RungKind.MANAGER),
}


def _agreed(facts: Facts, talk: Talk) -> str:
    """What the plan says so far about this stage."""
    plan = facts.plan
    return "" if plan is None else plan.response(Stage(talk.answers["stage"])).what_we_do


def doing(facts: Facts, talk: Talk) -> list[Offered]:
    """Words that were agreed are kept, or taken out by a button that says so."""
    if not _agreed(facts, talk):
        return [Offered("skip", _SKIP)]
    return [
        Offered("keep", Text("sign", "keep_as_it_is")),
        Offered("skip", Text("sign", "nothing")),
    ]


def _response(facts: Facts, talk: Talk) -> Response:
    wait = int(talk.answers["wait"])
    rungs = tuple(Rung(kind, wait) for kind in _ORDERS[talk.answers["ladder"]])
    kept = talk.answers["words"] == "keep"
    done = _agreed(facts, talk) if kept else _said(talk, "words")
    return Response(Stage(talk.answers["stage"]), rungs, done)


def _response_params(facts: Facts, talk: Talk) -> dict[str, Param]:
    params: dict[str, Param] = {"person": facts.name}
    if talk.step == "words":
        params["agreed"] = _agreed(facts, talk) or Text("sign", "nothing_yet")
    if talk.step == "ready":
        params["lines"] = Lines(tuple(words.asked(_response(facts, talk))))
    return params


def _respond(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return sign_plan.respond(c, facts.person, _response(facts, talk), facts.by, now, cause)


RESPONSE_FLOW: Flow[Facts] = Flow(
    name="sign_response",
    start="stage",
    steps={
        "stage": Step(Text("sign", "done_at_which_stage"), _stages("ladder", good=False)),
        "ladder": Step(
            Text("sign", "who_first"),
            (
                Choice("key_worker", Text("plan", "ladder_key_worker"), "wait"),
                Choice("on_call", Text("plan", "ladder_on_call"), "wait"),
            ),
        ),
        "wait": Step(
            Text("sign", "how_long"),
            (
                Choice("5", Text("sign", "five_minutes"), "words"),
                Choice("15", Text("sign", "fifteen_minutes"), "words"),
                Choice("30", Text("sign", "thirty_minutes"), "words"),
            ),
        ),
        "words": Step(Text("sign", "what_do_we_do"), offers="doing", reads="line", to="ready"),
        "ready": Step(
            Text("sign", "response_ready"),
            (Choice("save", _SAVE, "saved"), Choice("change", _CHANGE, "stage")),
        ),
        "saved": Step(ends="respond"),
    },
    offers={"doing": doing},
    readers={"line": read_line},
)

RESPONSE = Conversation(RESPONSE_FLOW, _facts, {"respond": _respond}, _response_params)
"""What is done at one stage, and who is asked in which order."""


# --- no, to a suggested card --------------------------------------------------------------

SUGGESTED = "suggested"
"""The answer that the button gives: which card, and its name."""


def _decline(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    why = talk.answers["why"]
    return sign_plan.decline(c, talk.answers[SUGGESTED], why, facts.by, now, cause)


DECLINE_FLOW: Flow[Facts] = Flow(
    name="sign_decline",
    start="why",
    steps={
        "why": Step(Text("sign", "why_not"), reads="line", to="saved"),
        "saved": Step(ends="decline"),
    },
    readers={"line": read_line},
)


def _person_params(facts: Facts, _talk: Talk) -> Mapping[str, Param]:
    return {"person": facts.name}


DECLINE = Conversation(DECLINE_FLOW, _facts, {"decline": _decline}, _person_params)
"""A suggested card does not go into the plan, for a reason that is written down."""
