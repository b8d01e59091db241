"""Setting an outing that comes again: where, on which days, from when to when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.care.outcome import Cause, Outcome
from bot.care.plan import Place, Plan
from bot.care.regular import DAYS
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
from bot.flows.journey import LONGEST_PLACE
from bot.flows.reading import short, times_of_day
from bot.i18n import Param, Phrase
from bot.store import Connection, around, circle, regular
from bot.store import plan as plans
from bot.store.flow import Talk

EARLIEST = time(7)
"""Who writes "3" means the afternoon: few set off before this without saying so."""

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

ALL = {
    "every day": "0,1,2,3,4,5,6",
    "weekdays": "0,1,2,3,4",
    "weekend": "5,6",
    "weekends": "5,6",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """`by` sets it. For whom they may, by id: the name, and the plan."""

    by: str
    people: Mapping[str, str]
    plans: Mapping[str, Plan]


def _facts(c: Connection, talk: Talk, _now: datetime) -> Facts:
    by = acting(c, talk)
    people = {by: circle.name(c, by)} | {p.id: p.name for p in around.people_supported(c, by)}
    planned = {id: plan for id in people if (plan := plans.in_force(c, id))}
    return Facts(by, people, planned)


def people(facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(id, name) for id, name in facts.people.items() if id != facts.by]


def places(facts: Facts, talk: Talk) -> list[Offered]:
    return [Offered(place.id, place.name) for place in _places(facts, talk)]


def _person(facts: Facts, talk: Talk) -> str:
    return talk.answers.get("who", facts.by)


def _places(facts: Facts, talk: Talk) -> tuple[Place, ...]:
    plan = facts.plans.get(_person(facts, talk))
    return () if plan is None else plan.places


def read_place(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    return short(said, LONGEST_PLACE) or Text("regular", "place_too_long")


def read_days(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    """ "Tuesday", "Tue and Thu", "weekdays", "every day"."""
    unclear = Text("regular", "days_unclear")
    if isinstance(said, Located):
        return unclear
    words = " ".join(said.text.lower().split())
    if words in ALL:
        return ALL[words]
    parts = [part for part in re.split(r"[\s,&/+]+|\band\b", words) if part not in ("", "and")]
    parts = [part for part in parts if part not in ("on", "every")]
    days = sorted({NAMES.index(p[:3]) for p in parts if _is_day(p)})
    return ",".join(map(str, days)) if parts and all(map(_is_day, parts)) else unclear


def _is_day(word: str) -> bool:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    word = word.removesuffix(".")
    return len(word) > 2 and any(day.startswith(word) or f"{day}s" == word for day in full)


def read_at(said: Wrote | Located, _facts: Facts, _talk: Talk) -> str | Text:
    times = [] if isinstance(said, Located) else times_of_day(said.text)
    if not times:
        return Text("regular", "time_unclear")
    return next((t for t in times if t >= EARLIEST), times[0]).isoformat("minutes")


def read_back(said: Wrote | Located, _facts: Facts, talk: Talk) -> str | Text:
    times = [] if isinstance(said, Located) else times_of_day(said.text)
    if not times:
        return Text("regular", "time_unclear")
    starts = time.fromisoformat(talk.answers["at"])
    return next((t for t in times if t > starts), times[0]).isoformat("minutes")


def place(facts: Facts, talk: Talk) -> str:
    """Where to, in words: the name of an agreed place, or what was written."""
    said = talk.answers["where"]
    return next((p.name for p in _places(facts, talk) if p.id == said), said)


def back(talk: Talk) -> time:
    """When they are back: a span counts from when they set off, a time of day stands."""
    said = talk.answers["back"]
    if not said.isdigit():
        return time.fromisoformat(said)
    starts = datetime.combine(date.min, time.fromisoformat(talk.answers["at"]))
    return (starts + timedelta(minutes=int(said))).time()


def days(talk: Talk) -> tuple[int, ...]:
    said = talk.answers["other_day"] if talk.answers["day"] == "other" else talk.answers["day"]
    return tuple(int(day) for day in said.split(","))


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    params: dict[str, Param] = {"person": facts.people.get(_person(facts, talk), "")}
    if talk.step == "check":
        params |= {
            "place": place(facts, talk),
            "days": [DAYS[day] for day in days(talk)],
            "from": clock(time.fromisoformat(talk.answers["at"])),
            "to": clock(back(talk)),
            "longer": _longer(facts, talk),
        }
    return params


def _longer(facts: Facts, talk: Talk) -> Phrase | str:
    """That no time is kept for so long, where the plan says less."""
    plan = facts.plans.get(_person(facts, talk))
    starts = datetime.combine(date.min, time.fromisoformat(talk.answers["at"]))
    ends = datetime.combine(date.min, back(talk))
    if plan is None:
        return ""
    longest = timedelta(minutes=plan.at(place(facts, talk)).longest)
    if (ends - starts) % timedelta(days=1) <= longest:
        return ""
    return Phrase(Text("regular", "longer_than_plan"), {"longest": longest})


def clock(at: time) -> str:
    return f"{at.hour:02}:{at.minute:02}"


def _save(c: Connection, talk: Talk, facts: Facts, now: datetime, cause: Cause) -> Outcome:
    at = time.fromisoformat(talk.answers["at"])
    holidays = talk.answers["holidays"] == "yes"
    return regular.plan(
        c,
        _person(facts, talk),
        place(facts, talk),
        days(talk),
        at,
        back(talk),
        holidays,
        facts.by,
        now,
        cause,
    )


def _day(day: int) -> Choice:
    return Choice(str(day), DAYS[day], "at")


FLOW: Flow[Facts] = Flow(
    name="regular",
    start="where",
    steps={
        "where": Step(Text("regular", "where"), offers="places", reads="place", to="day"),
        "day": Step(
            Text("regular", "which_days"),
            (*map(_day, range(3)), Choice("other", Text("regular", "other_day"), "other_day")),
            reads="days",
            to="at",
        ),
        "other_day": Step(
            Text("regular", "which_days"), tuple(map(_day, range(3, 7))), reads="days", to="at"
        ),
        "at": Step(
            Text("regular", "from_when"),
            (
                Choice("10:00", Text("regular", "ten"), "back"),
                Choice("13:00", Text("regular", "one"), "back"),
                Choice("15:00", Text("regular", "three"), "back"),
            ),
            reads="at",
            to="back",
        ),
        "back": Step(
            Text("regular", "back_by"),
            (
                Choice("60", Text("regular", "one_hour"), "holidays"),
                Choice("120", Text("regular", "two_hours"), "holidays"),
                Choice("180", Text("regular", "three_hours"), "holidays"),
            ),
            reads="back",
            to="holidays",
        ),
        "holidays": Step(
            Text("regular", "holidays"),
            (
                Choice("yes", Text("regular", "holidays_yes"), "check"),
                Choice("no", Text("regular", "holidays_no"), "check"),
            ),
        ),
        "check": Step(
            Text("regular", "check"),
            (
                Choice("save", Text("regular", "yes_right"), "saved"),
                Choice("change", Text("regular", "change"), "where"),
                Choice("not_now", Text("regular", "not_now"), "not_now"),
            ),
        ),
        "saved": Step(ends="save"),
        "not_now": Step(Text("regular", "nothing_saved"), ends=STOP),
    },
    offers={"places": places},
    readers={"place": read_place, "days": read_days, "at": read_at, "back": read_back},
)

OWN = Conversation(FLOW, _facts, {"save": _save}, _params)
"""The person sets one of their own."""

FOR_FLOW: Flow[Facts] = replace(
    FLOW,
    name="regular_for",
    start="who",
    steps={
        "who": Step(Text("regular", "for_whom"), offers="people", to="where"),
        **FLOW.steps,
        "check": replace(FLOW.steps["check"], asks=Text("regular", "check_for")),
    },
    offers={**FLOW.offers, "people": people},
)

FOR = Conversation(FOR_FLOW, _facts, {"save": _save}, _params)
"""Staff think of one with somebody they support."""
