"""Setting off: where, back by when, and a read-back before Kith keeps time."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care.outcome import Cause, Outcome
from bot.care.plan import Plan
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
from bot.flows.reading import moments, short, times_of_day
from bot.i18n import Param
from bot.store import Connection
from bot.store import journey as journeys
from bot.store import plan as plans
from bot.store.flow import Talk

LONGEST_PLACE = 60
"""Characters of a place's name: it has to fit a button and an alert."""


@dataclass(frozen=True, slots=True)
class Facts:
    person: str
    plan: Plan
    zone: ZoneInfo
    now: datetime


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    person = acting(c, talk)
    plan = plans.in_force(c, person)
    assert plan is not None  # /out begins a talk only where a plan is agreed
    return Facts(person, plan, ZoneInfo(talk.answers["zone"]), now)


def places(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(place.id, place.name) for place in facts.plan.places]


def read_place(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    if isinstance(said, Located):
        return Text("journey", "place_in_words")
    return short(said, LONGEST_PLACE) or Text("journey", "place_too_long")


def read_time(said: Wrote | Located, facts: Facts, _talk: Talk) -> str | Text:
    """A wall time today ("15:30", "3.30 pm") or a number of minutes ("45 minutes")."""
    if isinstance(said, Located):
        return Text("journey", "time_unclear")
    minutes = re.fullmatch(r"\s*(?:in\s+)?(\d{1,3})\s*(?:m|min|mins|minutes)\s*", said.text, re.I)
    if minutes:
        return minutes[1] if int(minutes[1]) > 0 else Text("journey", "time_unclear")
    times = times_of_day(said.text)
    if not times:
        return Text("journey", "time_unclear")
    longest = timedelta(minutes=facts.plan.longest)
    today = facts.now.astimezone(facts.zone).date()
    ahead = [m for m in _readings(times, today, facts.zone) if m > facts.now]
    fits = [m for m in ahead if m <= facts.now + longest] or [
        m for m in ahead if m.astimezone(facts.zone).date() == today
    ]
    return fits[0].isoformat() if fits else Text("journey", "time_in_past")


def _readings(times: list[time], today: date, zone: ZoneInfo) -> list[datetime]:
    """When that can be, soonest first: today, this afternoon, after midnight."""
    days = (today, today + timedelta(days=1))
    return [moment for day in days for at in times for moment in moments(day, at, zone)]


def due(talk: Talk, now: datetime) -> datetime:
    """When the person said they would be back: a span counts from now, a wall time stands."""
    said = talk.answers["time"] if talk.answers["when"] == "other" else talk.answers["when"]
    return now + timedelta(minutes=int(said)) if said.isdigit() else datetime.fromisoformat(said)


def place(facts: Facts, talk: Talk) -> str:
    """Where to, in words: the name of an agreed place, or what the person wrote."""
    if "which" in talk.path:  # not by the answer: a place may be called "else"
        return talk.answers["which"]
    said = talk.answers["where"]
    return next((p.name for p in facts.plan.places if p.id == said), said)


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    if talk.step != "ready":
        return {}
    return {"place": place(facts, talk), "due": due(talk, facts.now)}


def _set_off(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    return journeys.set_off(c, facts.person, place(facts, talk), due(talk, now), now, cause)


FLOW: Flow[Facts] = Flow(
    name="out",
    start="where",
    steps={
        "where": Step(
            Text("journey", "where"),
            (Choice("else", Text("journey", "somewhere_else"), "which"),),
            offers="places",
            reads="place",
            to="when",
        ),
        "which": Step(Text("journey", "which_place"), reads="place", to="when"),
        "when": Step(
            Text("journey", "back_by_when"),
            (
                Choice("30", Text("journey", "half_an_hour"), "ready"),
                Choice("60", Text("journey", "one_hour"), "ready"),
                Choice("120", Text("journey", "two_hours"), "ready"),
                Choice("other", Text("journey", "another_time"), "time"),
            ),
        ),
        "time": Step(Text("journey", "what_time"), reads="time", to="ready"),
        "ready": Step(
            Text("journey", "ready"),
            (
                Choice("go", Text("journey", "set_off_button"), "set_off"),
                Choice("change", Text("journey", "change"), "where"),
                Choice("not_now", Text("journey", "not_now"), "not_now"),
            ),
        ),
        "set_off": Step(Text("journey", "off_you_go"), ends="set_off"),
        "not_now": Step(Text("journey", "not_now_said"), ends=STOP),
    },
    offers={"places": places},
    readers={"place": read_place, "time": read_time},
)

CONVERSATION = Conversation(FLOW, _facts, {"set_off": _set_off}, _params)
"""The talk behind `/out`; begun with the answer `zone`, in which wall times are read."""
