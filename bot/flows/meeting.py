"""When the team meets next about an early-warning plan."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.education import FARTHEST
from bot.flows.flow import Conversation, Flow, Located, Offered, Step, Wrote, acting
from bot.flows.reading import day_of_year
from bot.flows.sign import PERSON
from bot.i18n import Param
from bot.store import Connection, circle, meeting
from bot.store.flow import Talk
from bot.store.tools import tools

NONE = "none"
"""The answer that takes the date away."""


@dataclass(frozen=True, slots=True)
class Facts:
    """`known`: the day that is there."""

    staff: str
    person: str
    name: str
    today: date
    known: date | None


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    person, zone = talk.answers[PERSON], tools(c).hours.zone
    found = meeting.meeting(c, person)
    known = None if found is None or found.at is None else found.at.astimezone(zone).date()
    today = now.astimezone(zone).date()
    return Facts(acting(c, talk), person, circle.name(c, person), today, known)


def read_day(said: Wrote | Located, facts: Facts, _talk: Talk) -> str | Text:
    day = None if isinstance(said, Located) else day_of_year(said.text, facts.today, ahead=True)
    if day is None or day < facts.today:
        return Text("meeting", "no_day")
    return day.isoformat() if day <= facts.today + FARTHEST else Text("meeting", "too_far")


def there(facts: Facts, _talk: Talk) -> list[Offered]:
    """`No meeting`, where there is one."""
    return [] if facts.known is None else [Offered(NONE, Text("meeting", "remove"))]


def _params(facts: Facts, _talk: Talk) -> dict[str, Param]:
    known: Param = Text("meeting", "not_known") if facts.known is None else facts.known
    return {"person": facts.name, "known": known}


def _keep(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers["day"]
    day = None if said == NONE else date.fromisoformat(said)
    return meeting.plan(c, facts.person, day, facts.staff, now, cause)


FLOW = Flow[Facts](
    name="team_meeting",
    start="day",
    steps={
        "day": Step(Text("meeting", "which_day"), offers="there", reads="day", to="kept"),
        "kept": Step(ends="keep"),
    },
    offers={"there": there},
    readers={"day": read_day},
)

PLAN = Conversation(FLOW, _facts, {"keep": _keep}, _params)
"""The talk behind `Next team meeting`."""
