"""Writing the early-warning plan: when staff are asked, in sentences that are read back."""

from dataclasses import replace
from datetime import datetime

from bot.care.outcome import Cause, Message, Outcome, Value
from bot.care.sign import Template, Threshold
from bot.care.text import Text
from bot.flows.flow import Choice, Conversation, Flow, Offered, Route, Step
from bot.flows.sign import CHANGE_IT, SAVE, Facts, facts_of
from bot.i18n import Lines, Param, Phrase
from bot.outbox import sign as words
from bot.store import Connection, sign_plan
from bot.store.flow import Talk

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
            (Choice("save", SAVE, "saved"), Choice("change", CHANGE_IT, "what")),
        ),
        "saved": Step(ends="add"),
        "dropped": Step(ends="drop"),
    },
    offers={"sentences": sentences},
    routes={"of_what": Route(("ready", "count", "running", "sure"), _of_what)},
)

THRESHOLD = Conversation(THRESHOLD_FLOW, facts_of, {"add": _add, "drop": _drop}, _threshold_params)
"""When staff are asked at once: sentences chosen, and read back."""
