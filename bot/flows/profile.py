"""/me: how should Kith write to you?"""

from dataclasses import dataclass
from datetime import datetime

from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import STOP, Choice, Conversation, Flow, Step
from bot.i18n import EASY, STANDARD
from bot.store import Connection, profile
from bot.store.flow import Talk

MEMBER = "member"
"""The answer /me begins with: whose profile it is."""


@dataclass(frozen=True, slots=True)
class Facts:
    locale: str


FLOW = Flow[Facts](
    name="profile",
    start="form",
    steps={
        "form": Step(
            Text("profile", "form"),
            choices=(
                Choice("standard", Text("profile", "standard"), "standard"),
                Choice("easy", Text("profile", "easy"), "easy"),
                Choice("keep", Text("profile", "keep"), "kept"),
            ),
        ),
        "standard": Step(Text("profile", "now_standard"), ends="standard"),
        "easy": Step(Text("profile", "now_easy"), ends="easy"),
        "kept": Step(Text("profile", "kept"), ends=STOP),
    },
)


def _load(c: Connection, talk: Talk, _now: datetime) -> Facts:
    return Facts(profile.locale(c, talk.answers[MEMBER]))


def _standard(c: Connection, talk: Talk, _facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return profile.choose_locale(c, talk.answers[MEMBER], STANDARD, now, cause)


def _easy(c: Connection, talk: Talk, _facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return profile.choose_locale(c, talk.answers[MEMBER], EASY, now, cause)


PROFILE = Conversation(FLOW, facts=_load, ends={"standard": _standard, "easy": _easy})
