"""What somebody thinks of a plan for outings, in their own words: the person, staff, or one whom
the person has asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import Choice, Conversation, Flow, Located, Step, Wrote, acting
from bot.flows.saying import PLAN, STOPPED, stopped
from bot.i18n import Param
from bot.store import Connection, planning, profile
from bot.store import plan as plans
from bot.store.flow import Talk

LONGEST = 500
"""Characters: it is read with the plan, beside what others say."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Who speaks, and of whose plan."""

    by: str
    plan: str
    person: str


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    plan = plans.plan(c, talk.answers[PLAN])
    assert plan is not None  # versions are kept for ever
    return Facts(acting(c, talk), plan.id, profile.called(c, plan.person))


def read_words(said: Wrote | Located, _facts: object, _talk: Talk) -> str | Text:
    words = "" if isinstance(said, Located) else said.text.strip()
    return words if 0 < len(words) <= LONGEST else Text("view", "too_long")


def _params(facts: Facts, talk: Talk) -> Mapping[str, Param]:
    return {"person": facts.person, "words": talk.answers.get("words", "")}


def _think(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return planning.think(c, facts.plan, talk.answers["words"], facts.by, now, cause)


FLOW: Flow[Facts] = Flow(
    name="plan_view",
    start="words",
    steps={
        "words": Step(Text("view", "what_words"), reads="words", to="ready"),
        "ready": Step(
            Text("view", "ready"),
            (
                Choice("keep", Text("view", "keep"), "kept"),
                Choice("change", Text("view", "change"), "words"),
            ),
        ),
        "kept": Step(ends="think"),
        STOPPED: Step(ends=STOPPED),
    },
    readers={"words": read_words},
    stop=STOPPED,
)

VIEW = Conversation(FLOW, _facts, {"think": _think, STOPPED: stopped}, _params)
"""The talk behind `Say what I think`, for whoever may."""
