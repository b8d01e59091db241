"""What staff did about an alert of the early-warning plan, in their own words."""

from dataclasses import dataclass
from datetime import datetime

from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.decision import read_words
from bot.flows.flow import Conversation, Flow, Step, acting
from bot.i18n import Param
from bot.store import Connection, circle, sign_alert
from bot.store.flow import Talk

ALERT = "alert"
"""The answer this talk begins with: which alert."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Who writes, and about whom the alert is."""

    by: str
    person: str


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    alert = sign_alert.sign_alert(c, talk.answers[ALERT])
    assert alert is not None  # the button was that of one which is there
    return Facts(acting(c, talk), circle.name(c, alert.person))


def _params(facts: Facts, _talk: Talk) -> dict[str, Param]:
    return {"person": facts.person}


def _did(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers
    return sign_alert.did(c, said[ALERT], said["words"], facts.by, now, cause)


FLOW = Flow[Facts](
    name="sign_alert",
    start="words",
    steps={
        "words": Step(Text("sign_alert", "what_was_done"), reads="words", to="kept"),
        "kept": Step(ends="did"),
    },
    readers={"words": read_words},
)

DID = Conversation(FLOW, _facts, {"did": _did}, _params)
"""The talk behind `Write what was done`."""
