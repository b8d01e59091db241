"""Who supports whom, as a lead says it; what a supporter helps with, as the person says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.care.circle import How, Membership
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import (
    STOP,
    Choice,
    Conversation,
    Flow,
    Located,
    Offered,
    Step,
    Wrote,
    acting,
)
from bot.flows.reading import short
from bot.i18n import Param
from bot.store import Connection, around, circle, supporter
from bot.store.flow import Talk

HOW = {
    How.KEY_WORKER: Text("circle", "as_key_worker"),
    How.SUPPORTS: Text("circle", "as_support"),
    How.NOT: Text("circle", "no_longer"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """The role in which a lead decides; the team's people and staff: id and name."""

    acting: Membership
    people: Mapping[str, str]
    staff: Mapping[str, str]


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    assert talk.membership is not None  # this talk begins in a role
    acting = circle.membership(c, talk.membership)
    assert acting is not None  # a foreign key says so
    people = {
        person.id: person.name
        for person in around.people_supported(c, acting.member)
        if around.team_of(c, person.id) == acting.team
    }
    staff = {member.id: member.name for member in around.staff_of(c, acting.team)}
    return Facts(acting, people, staff)


def people(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in facts.people.items()]


def staff(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in facts.staff.items()]


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    answers = talk.answers
    params: dict[str, Param] = {
        "person": facts.people.get(answers.get("person", ""), ""),
        "member": facts.staff.get(answers.get("staff", ""), ""),
    }
    if "how" in answers:
        params["how"] = HOW[How(answers["how"])]
    return params


def _assign(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers
    by = facts.acting.member
    return around.assign(c, said["staff"], said["person"], How(said["how"]), by, now, cause)


FLOW = Flow[Facts](
    name="support",
    start="person",
    steps={
        "person": Step(Text("circle", "which_person"), offers="people", to="staff"),
        "staff": Step(Text("circle", "which_staff"), offers="staff", to="how"),
        "how": Step(
            Text("circle", "how"),
            choices=tuple(Choice(how.value, label, "check") for how, label in HOW.items()),
        ),
        "check": Step(
            Text("circle", "check"),
            choices=(
                Choice("yes", Text("circle", "yes"), "assigned"),
                Choice("change", Text("circle", "change"), "person"),
                Choice("not_now", Text("circle", "not_now"), "not_now"),
            ),
        ),
        "assigned": Step(ends="assign"),
        "not_now": Step(Text("circle", "nothing_changed"), ends=STOP),
    },
    offers={"people": people, "staff": staff},
)

SUPPORT = Conversation(FLOW, _facts, {"assign": _assign}, _params)
"""The talk behind "Who supports whom"."""


# --- what somebody around the person helps with -------------------------------------------

SUPPORTER = "supporter"
"""The answer this talk begins with: about which supporter, by their membership."""

LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class About:
    """Who says it, and the name of whom it is about."""

    person: str
    name: str


def _about(c: Connection, talk: Talk, _now: datetime) -> About:
    held = circle.membership(c, talk.answers[SUPPORTER])
    assert held is not None  # the button was that of one who is there
    return About(acting(c, talk), circle.name(c, held.member))


def read_words(said: Wrote | Located, _facts: About, _talk: Talk) -> str | Text:
    return short(said, LONGEST_WORDS) or Text("circle", "helps_too_long")


def _helps(c: Connection, talk: Talk, facts: About, now: datetime, cause: Cause) -> Outcome:
    words = talk.answers["words"]
    return supporter.say_helps_with(c, talk.answers[SUPPORTER], words, facts.person, now, cause)


HELPS_FLOW = Flow[About](
    name="helps",
    start="words",
    steps={
        "words": Step(Text("circle", "helps_how"), reads="words", to="kept"),
        "kept": Step(ends="helps"),
    },
    readers={"words": read_words},
)

HELPS = Conversation(
    HELPS_FLOW, _about, {"helps": _helps}, lambda facts, _talk: {"name": facts.name}
)
"""The talk behind "What do they help with?"."""
