"""Writing the early-warning plan: what is done at a stage, and who is asked in which order."""

from datetime import datetime

from bot.care.outcome import Cause, Outcome
from bot.care.plan import Rung, RungKind
from bot.care.sign import Response, Stage
from bot.care.text import Text
from bot.flows.flow import Choice, Conversation, Flow, Offered, Step
from bot.flows.sign import CHANGE_IT, SAVE, SKIP, Facts, facts_of, read_line, stages, written
from bot.i18n import Lines, Param
from bot.outbox import sign as words
from bot.store import Connection, sign_plan
from bot.store.flow import Talk

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
        return [Offered("skip", SKIP)]
    return [
        Offered("keep", Text("sign", "keep_as_it_is")),
        Offered("skip", Text("sign", "nothing")),
    ]


def _response(facts: Facts, talk: Talk) -> Response:
    wait = int(talk.answers["wait"])
    rungs = tuple(Rung(kind, wait) for kind in _ORDERS[talk.answers["ladder"]])
    kept = talk.answers["words"] == "keep"
    done = _agreed(facts, talk) if kept else written(talk, "words")
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
        "stage": Step(Text("sign", "done_at_which_stage"), stages("ladder", good=False)),
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
            (Choice("save", SAVE, "saved"), Choice("change", CHANGE_IT, "stage")),
        ),
        "saved": Step(ends="respond"),
    },
    offers={"doing": doing},
    readers={"line": read_line},
)

RESPONSE = Conversation(RESPONSE_FLOW, facts_of, {"respond": _respond}, _response_params)
"""What is done at one stage, and who is asked in which order."""
