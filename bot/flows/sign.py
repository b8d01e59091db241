"""Writing the early-warning plan: a card, a change of one, a no to one that was suggested."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.care.circle import SUPPORTERS
from bot.care.outcome import Cause, Outcome
from bot.care.sign import Sign, SignPlan, Stage, Threshold, Voice
from bot.care.text import Text
from bot.flows.flow import (
    Choice,
    Conversation,
    Flow,
    Located,
    Offered,
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

SKIP = Text("sign", "skip")
SAVE, CHANGE_IT = Text("sign", "save"), Text("sign", "change")


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


def facts_of(c: Connection, talk: Talk, now: datetime) -> Facts:
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


def written(talk: Talk, step: str) -> str:
    """What was written at a step, nothing where it was skipped."""
    said = talk.answers.get(step, "skip")
    return "" if said == "skip" else said


def stages(to: str, *, good: bool = True) -> tuple[Choice, ...]:
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
        emoji=written(talk, "emoji"),
        looks_like=written(talk, "looks_like"),
        usual=written(talk, "usual"),
        helps=written(talk, "helps"),
        does_not=written(talk, "does_not"),
        tell_whom=written(talk, "tell_whom"),
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
    return Step(asks, (Choice("skip", SKIP, to),), reads="line", to=to)


CARD_FLOW: Flow[Facts] = Flow(
    name="sign",
    start="name",
    steps={
        "name": Step(Text("sign", "what_sign"), reads="name", to="stage"),
        "stage": Step(Text("sign", "which_stage"), stages("helps")),
        "helps": _line(Text("sign", "what_helps"), "ready"),
        "ready": Step(
            Text("sign", "card_ready"),
            (
                Choice("save", SAVE, "saved"),
                Choice("more", Text("sign", "more"), "emoji"),
                Choice("change", CHANGE_IT, "name"),
            ),
        ),
        "emoji": Step(
            Text("sign", "which_emoji"),
            (Choice("skip", SKIP, "looks_like"),),
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
            (Choice("save", SAVE, "saved"), Choice("change", CHANGE_IT, "name")),
        ),
        "saved": Step(ends="save"),
    },
    offers={"emoji": emoji},
    readers={"name": read_name, "line": read_line, "emoji": read_emoji},
)

CARD = Conversation(CARD_FLOW, facts_of, {"save": _save_card}, _card_params)
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
            changed = replace(changed, emoji=written(talk, "emoji"))
        case "looks_like":
            changed = replace(changed, looks_like=written(talk, "line"))
        case "usual":
            changed = replace(changed, usual=written(talk, "line"))
        case "helps":
            changed = replace(changed, helps=written(talk, "line"))
        case "does_not":
            changed = replace(changed, does_not=written(talk, "line"))
        case "tell_whom":
            changed = replace(changed, tell_whom=written(talk, "line"))
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
        "stage": Step(Text("sign", "which_stage"), stages("saved")),
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
    CHANGE_FLOW, facts_of, {"change": _change, "take_out": _take_out}, _change_params
)
"""One line of a card anew, or the card taken out."""


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


DECLINE = Conversation(DECLINE_FLOW, facts_of, {"decline": _decline}, _person_params)
"""A suggested card does not go into the plan, for a reason that is written down."""
