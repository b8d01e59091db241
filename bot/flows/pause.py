"""A pause on the way: until when nothing is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.care import pause as care
from bot.care.journey import Journey
from bot.care.outcome import Cause, Outcome
from bot.care.text import Text
from bot.flows.flow import Choice, Conversation, Flow, Located, Offered, Step, Wrote, acting
from bot.flows.journey import readings, span
from bot.flows.reading import times_of_day
from bot.i18n import Phrase
from bot.store import Connection
from bot.store import journey as journeys
from bot.store.flow import Talk

LABELS = {
    30: Text("journey", "thirty_minutes"),
    60: Text("pause", "sixty_minutes"),
    90: Text("pause", "ninety_minutes"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    person: str
    journey: Journey
    zone: ZoneInfo
    now: datetime


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    journey = journeys.journey(c, talk.answers["journey"])
    assert journey is not None  # no outing is ever deleted
    return Facts(acting(c, talk), journey, ZoneInfo(talk.answers["zone"]), now)


def spans(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(str(m), LABELS[m]) for m in care.spans_left(facts.journey, facts.now)]


def read_until(said: Wrote | Located, facts: Facts, _talk: Talk) -> str | Text | Phrase:
    """A wall time within the longest pause ("16:00"), or how long ("45 minutes")."""
    if isinstance(said, Located):
        return Text("journey", "time_unclear")
    longest = care.longest(facts.journey, facts.now)
    minutes = span(said.text)
    times = times_of_day(said.text)
    if minutes is not None:
        ahead = [facts.now + timedelta(minutes=minutes)]
    else:
        today = facts.now.astimezone(facts.zone).date()
        ahead = [m for m in readings(times, today, facts.zone) if m > facts.now]
    if not ahead or ahead[0] <= facts.now:
        return Text("journey", "time_unclear")
    fits = [moment for moment in ahead if moment <= longest]
    if not fits:
        return Phrase(Text("pause", "not_so_long"), {"longest": longest})
    return fits[0].isoformat()


def _pause(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    said = talk.answers["how_long"]
    said = talk.answers["time"] if said == "until" else said
    until = now + timedelta(minutes=int(said)) if said.isdigit() else datetime.fromisoformat(said)
    return journeys.pause_for(c, facts.journey.id, facts.person, until, now, cause)


FLOW: Flow[Facts] = Flow(
    name="pause",
    start="how_long",
    steps={
        "how_long": Step(
            Text("pause", "how_long"),
            (Choice("until", Text("pause", "until_a_time"), "time"),),
            offers="spans",
            to="paused",
        ),
        "time": Step(Text("pause", "what_time"), reads="until", to="paused"),
        "paused": Step(Text("pause", "fine"), ends="pause"),
    },
    offers={"spans": spans},
    readers={"until": read_until},
)

CONVERSATION = Conversation(FLOW, _facts, {"pause": _pause})
"""The talk behind `Pause`; begun with the answers `journey` and `zone`."""
