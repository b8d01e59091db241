"""Setting off: where, back by when, and a read-back before Kith keeps time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care import pattern
from bot.care.outcome import Cause, Outcome
from bot.care.plan import Plan
from bot.care.terms import ACCOMPANIED
from bot.care.text import Text
from bot.care.wall import moments
from bot.flows.flow import (
    STOP,
    Choice,
    Conversation,
    Flow,
    Located,
    Offered,
    Route,
    Step,
    Wrote,
    acting,
)
from bot.flows.reading import length, short, times_of_day
from bot.i18n import Param, Phrase
from bot.outbox.plan import SUPPORT
from bot.store import Connection
from bot.store import journey as journeys
from bot.store import plan as plans
from bot.store.flow import Talk

LONGEST_PLACE = 60
"""Characters of a place's name: it has to fit a button and an alert."""

SPOKEN = {"an hour": 60, "half an hour": 30, "an hour and a half": 90, "a quarter of an hour": 15}
"""Spans that are written without a number."""


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


def read_time(said: Wrote | Located, facts: Facts, talk: Talk) -> str | Text:
    """A wall time today ("15:30", "3.30 pm") or how long ("45 minutes", "1 hour")."""
    if isinstance(said, Located):
        return Text("journey", "time_unclear")
    if said.text.strip().isdigit():  # minutes, or an hour of the day
        return Text("journey", "minutes_or_hour")
    minutes = span(said.text)
    if minutes is not None:
        return str(minutes) if minutes > 0 else Text("journey", "time_unclear")
    times = times_of_day(said.text)
    if not times:
        return Text("journey", "time_unclear")
    longest = timedelta(minutes=agreed(facts, talk).longest)
    today = facts.now.astimezone(facts.zone).date()
    ahead = [m for m in readings(times, today, facts.zone) if m > facts.now]
    fits = [m for m in ahead if m <= facts.now + longest] or [
        m for m in ahead if m.astimezone(facts.zone).date() == today
    ]
    return fits[0].isoformat() if fits else Text("journey", "time_in_past")


def span(text: str) -> int | None:
    """So many minutes: "45 minutes", "in 1 hour", "half an hour"; None: it is no span."""
    words = " ".join(text.lower().split()).removeprefix("in ").rstrip(".!")
    if words in SPOKEN:
        return SPOKEN[words]
    return length(words) if any(map(str.isalpha, words)) else None


def readings(times: list[time], today: date, zone: ZoneInfo) -> list[datetime]:
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


def agreed(facts: Facts, talk: Talk) -> Plan:
    """The plan as it is for going where they said."""
    return facts.plan.at(place(facts, talk))


def read_back(plan: Plan) -> str:
    """The step that reads it back: first, where somebody else has to be there too, whether that
    has been arranged."""
    return "arranged" if plan.terms.support in ACCOMPANIED else "ready"


READ_BACK: Route[Facts] = Route(("arranged", "ready"), lambda facts, _talk: read_back(facts.plan))


def arranged(talk: Talk) -> bool | None:
    """What was said of it, if it was asked."""
    said = talk.answers.get("arranged")
    return None if said is None else said == "arranged"


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    if talk.step == "arranged":
        return {"support": SUPPORT[facts.plan.terms.support]}
    if talk.step != "ready":
        return {}
    back = due(talk, facts.now)
    return {
        "place": place(facts, talk),
        "due": back,
        "asks": asks(agreed(facts, talk), back, facts.now),
    }


def asks(plan: Plan, back: datetime, now: datetime) -> Phrase:
    """When Kith will ask: the pattern of the plan in a sentence."""
    first, later = pattern.next_check_in(plan, 0, back, now)
    point = pattern.next_point(plan, 0)
    if later is None:
        return Phrase(Text("pattern", "asks_at"), {"due": back})
    if point is None:
        return Phrase(Text("pattern", "asks_every"), {"every": timedelta(minutes=plan.terms.every)})
    return Phrase(Text("pattern", "asks_at_points"), {"point": point.name, "due": first})


def _set_off(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    where, back, there = place(facts, talk), due(talk, now), arranged(talk)
    return journeys.set_off(c, facts.person, where, back, now, cause, arranged=there)


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
                Choice("30", Text("journey", "half_an_hour"), "to_read_back"),
                Choice("60", Text("journey", "one_hour"), "to_read_back"),
                Choice("120", Text("journey", "two_hours"), "to_read_back"),
                Choice("other", Text("journey", "another_time"), "time"),
            ),
        ),
        "time": Step(Text("journey", "what_time"), reads="time", to="to_read_back"),
        "arranged": Step(  # whatever is said, they may go
            Text("journey", "arranged"),
            (
                Choice("arranged", Text("journey", "arranged_yes"), "ready"),
                Choice("not_yet", Text("journey", "arranged_not_yet"), "ready"),
            ),
        ),
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
    routes={"to_read_back": READ_BACK},
)

CONVERSATION = Conversation(FLOW, _facts, {"set_off": _set_off}, _params)
"""The talk behind `/out`; begun with the answer `zone`, in which wall times are read."""
