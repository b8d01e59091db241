"""/me: how should Kith write to you, and on which number can you be rung?"""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import STOP, Choice, Conversation, Flow, Located, Step, Wrote
from bot.flows.reading import short
from bot.i18n import EASY, STANDARD
from bot.store import Connection, profile
from bot.store.flow import Talk

MEMBER = "member"
"""The answer /me begins with: whose profile it is."""


LONGEST_NUMBER = 25
NO_NUMBER = Text("profile", "no_number")


@dataclass(frozen=True, slots=True)
class Facts:
    locale: str


def read_number(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    """A telephone number as people write it; kept as they wrote it."""
    number = short(said, LONGEST_NUMBER)
    fits = number is not None and re.fullmatch(r"\+?[\d ()-]+", number) is not None
    return number if fits and number and sum(map(str.isdigit, number)) >= 6 else NO_NUMBER


FLOW = Flow[Facts](
    name="profile",
    start="form",
    steps={
        "form": Step(
            Text("profile", "form"),
            choices=(
                Choice("standard", Text("profile", "standard"), "standard"),
                Choice("easy", Text("profile", "easy"), "easy"),
                Choice("phone", Text("profile", "my_number"), "phone"),
                Choice("keep", Text("profile", "keep"), "kept"),
            ),
        ),
        "phone": Step(Text("profile", "which_number"), reads="number", to="phone_kept"),
        "standard": Step(Text("profile", "now_standard"), ends="standard"),
        "easy": Step(Text("profile", "now_easy"), ends="easy"),
        "phone_kept": Step(Text("profile", "number_kept"), ends="phone"),
        "kept": Step(Text("profile", "kept"), ends=STOP),
    },
    readers={"number": read_number},
)


def _load(c: Connection, talk: Talk, _now: datetime) -> Facts:
    return Facts(profile.locale(c, talk.answers[MEMBER]))


def _standard(c: Connection, talk: Talk, _facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return profile.choose_locale(c, talk.answers[MEMBER], STANDARD, now, cause)


def _easy(c: Connection, talk: Talk, _facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return profile.choose_locale(c, talk.answers[MEMBER], EASY, now, cause)


def _phone(c: Connection, talk: Talk, _facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return profile.give_number(c, talk.answers[MEMBER], talk.answers["phone"], now, cause)


PROFILE = Conversation(
    FLOW, facts=_load, ends={"standard": _standard, "easy": _easy, "phone": _phone}
)
