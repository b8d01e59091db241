"""What somebody needs to come to a session: said once, kept for every one."""

from dataclasses import dataclass
from datetime import datetime

from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.boxes import READY, boxes, kept_boxes, ticked
from bot.flows.flow import Conversation, Flow, Route, Step, acting
from bot.store import Connection, booking
from bot.store.flow import Talk


@dataclass(frozen=True, slots=True)
class Own:
    member: str
    before: str


def _own(c: Connection, talk: Talk, _now: datetime) -> Own:
    member = acting(c, talk)
    return Own(member, kept_boxes(booking.needs(c, member)))


def _say_needs(c: Connection, talk: Talk, own: Own, now: datetime, cause: Cause) -> Outcome:
    return booking.say_needs(c, ticked(talk.answers["needs"]), own.member, now, cause)


FLOW: Flow[Own] = Flow(
    name="session_needs",
    start="needs",
    steps={
        "needs": Step(Text("education", "what_do_you_need"), offers="needs", to="ticking"),
        "said": Step(ends="say"),
    },
    offers={"needs": lambda own, talk: boxes(talk.answers.get("needs", own.before))},
    routes={
        "ticking": Route(
            ("needs", "said"),
            lambda _own, talk: "said" if talk.answers["needs"].startswith(READY) else "needs",
        )
    },
)

OWN_NEEDS = Conversation(FLOW, _own, {"say": _say_needs})
"""The talk behind `What I need`."""
