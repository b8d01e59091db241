"""Could they have been told about this, on that day? The person asks, and nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.care.agreement import Effect
from bot.care.circle import Membership
from bot.care.outcome import Topic
from bot.care.text import Text
from bot.care.wall import moment
from bot.flows.flow import STOP, Choice, Conversation, Flow, Located, Offered, Step, Wrote, acting
from bot.flows.reading import day_of_year
from bot.i18n import Lines, Param
from bot.outbox.roles import ROLES
from bot.outbox.topics import LEVELS, TOPICS, WHY
from bot.store import Connection, circle, past
from bot.store.flow import Talk
from bot.store.past import Span

ZONE = "zone"
"""The answer this talk begins with: where days begin."""

SAYS = {
    Effect.SHARE: (Text("past", "yes"), Text("past", "yes_then")),
    Effect.ASK: (Text("past", "asked"), Text("past", "asked_then")),
    Effect.WITHHOLD: (Text("past", "no"), Text("past", "no_then")),
}
"""What it was all day long, and for a part of it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Those who are or were around the person, with their places in the circle, oldest first; the
    day it is where the person is.

    `spans`: how it was on the day that was asked about, once all but how much is known.
    """

    places: Mapping[str, Sequence[Membership]]
    names: Mapping[str, str]
    today: date
    spans: tuple[Span, ...] = ()


def _facts(c: Connection, talk: Talk, now: datetime) -> Facts:
    ever = past.ever_around(c, acting(c, talk))
    places: dict[str, list[Membership]] = {}
    for held in ever:
        places.setdefault(held.member, []).append(held)
    names = {member: circle.name(c, member) for member in places}
    zone = ZoneInfo(talk.answers[ZONE])
    today = now.astimezone(zone).date()
    said = talk.answers.get("day")
    if said is None or talk.step != "level":
        return Facts(places, names, today)
    since, until = _midnights(date.fromisoformat(said), zone)
    theirs = places[talk.answers["supporter"]]
    then = next((held for held in reversed(theirs) if held.since < until), theirs[0])
    found = past.spans(c, then, Topic(talk.answers["topic"]), since, min(until, now))
    return Facts(places, names, today, tuple(found))


def _midnights(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    first, after = (moment(one, time(0), zone) for one in (day, day + timedelta(days=1)))
    return first, after


def supporters(facts: Facts, _talk: Talk) -> list[Offered]:
    return [
        Offered(
            member,
            Text("preparing", "one_of_team"),
            {"name": facts.names[member], "role": ROLES[held[-1].role]},
        )
        for member, held in facts.places.items()
    ]


def topics(_facts: Facts, _talk: Talk) -> list[Offered]:
    return [Offered(topic.value, label) for topic, label in TOPICS.items()]


def days(facts: Facts, _talk: Talk) -> list[Offered]:
    """Today and yesterday, as the days they are: a talk may go on after midnight."""
    return [
        Offered(facts.today.isoformat(), Text("past", "today")),
        Offered((facts.today - timedelta(days=1)).isoformat(), Text("past", "yesterday")),
    ]


def read_day(said: Wrote | Located, facts: Facts, _talk: Talk) -> str | Text:
    """A day that has been: "3 March", "3/3/2026"."""
    day = None if isinstance(said, Located) else day_of_year(said.text, facts.today, ahead=False)
    if day is None:
        return Text("agreement", "day_unclear")
    return Text("past", "still_to_come") if day > facts.today else day.isoformat()


def _params(facts: Facts, talk: Talk) -> dict[str, Param]:
    said = talk.answers
    params: dict[str, Param] = {}
    if "supporter" in said:
        params["carer"] = facts.names[said["supporter"]]
    if "topic" in said:
        params["topic"] = TOPICS[Topic(said["topic"])]
    if "day" in said:
        params["day"] = date.fromisoformat(said["day"])
    if "level" in said:
        level = int(said["level"].removeprefix("level_"))
        params |= {"level": LEVELS[level], "answer": _answer(facts, level, str(params["carer"]))}
    return params


def _answer(facts: Facts, level: int, carer: str) -> Lines:
    """What it was, and why; where it changed in the course of the day, each part of it."""
    parts: list[Span] = []
    for span in facts.spans:
        one = Span(span.since, span.until, (span.decisions[level - 1],))
        if parts and parts[-1].decisions == one.decisions:
            one = Span(parts.pop().since, one.until, one.decisions)
        parts.append(one)
    lines: list[tuple[Text, Mapping[str, Param]]] = []
    for part in parts:
        (decision,) = part.decisions
        all_day, then = SAYS[decision.effect]
        from_to: dict[str, Param] = {"since": part.since, "until": part.until}
        lines.append((all_day, {}) if len(parts) == 1 else (then, from_to))
        if decision.effect is not Effect.ASK:
            why = WHY.get(decision.reason, Text("told", "to_be_safe"))
            lines.append((why, {"name": carer}))
    return Lines(tuple(lines))


FLOW = Flow[Facts](
    name="past",
    start="supporter",
    steps={
        "supporter": Step(Text("past", "who"), offers="supporters", to="topic"),
        "topic": Step(Text("past", "what"), offers="topics", to="day"),
        "day": Step(Text("past", "which_day"), offers="days", reads="day", to="level"),
        "level": Step(
            Text("past", "how_much"),
            tuple(Choice(f"level_{level}", label, "answer") for level, label in LEVELS.items()),
        ),
        "answer": Step(Text("past", "answer"), ends=STOP),
    },
    offers={"supporters": supporters, "topics": topics, "days": days},
    readers={"day": read_day},
)

PAST = Conversation(FLOW, _facts, params=_params)
"""The talk behind `Could they have been told?`, from /told."""
