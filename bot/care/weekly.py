"""The weekly question to those around the person who want it: "Anything new this week?"

No answer is kept as "not heard". Nobody takes silence for "all is well".
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.care.outcome import Lane, Log, Message, Outcome, Tell, Value, Wake
from bot.care.text import Text
from bot.care.wall import moment

KIND = "notice_weekly"
"""The kind of its deadline; its key is the supporter's membership."""

AT = time(10)
"""The time of day at which it is asked, where the service is."""


QUESTION = Text("weekly", "anything_new")
"""Asked only of those who are around the person still when it leaves."""


class Answer(StrEnum):
    """Kept, never renamed."""

    NOT_HEARD = "not_heard"
    YES = "yes"
    NOTHING_NEW = "nothing_new"
    NOT_THIS_WEEK = "not_this_week"


SAID = {
    Answer.NOTHING_NEW: Text("weekly", "noted"),
    Answer.NOT_THIS_WEEK: Text("weekly", "next_week"),
}


@dataclass(frozen=True, slots=True)
class Weekly:
    """`member`, through the place `supporter` (a membership), is asked about `person`."""

    supporter: str
    member: str
    person: str
    next_at: datetime


@dataclass(frozen=True, slots=True)
class NoWeekly:
    supporter: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One week's question, and what was heard."""

    id: str
    supporter: str
    asked_at: datetime
    answer: Answer = Answer.NOT_HEARD
    answered_at: datetime | None = None


def in_a_week(now: datetime, zone: ZoneInfo) -> datetime:
    """The same day of the week to come, in the morning."""
    day = now.astimezone(zone).date() + timedelta(weeks=1)
    return moment(day, AT, zone)


def start(weekly: Weekly) -> Outcome:
    said = Message(Text("weekly", "on"), {"supporter": weekly.supporter, "on": weekly.next_at})
    log = _log("weekly_on", weekly.member, weekly.supporter)
    return Outcome(said=said, records=(weekly,), wakes=(_wake(weekly),), logs=(log,))


def stop(weekly: Weekly) -> Outcome:
    log = _log("weekly_off", weekly.member, weekly.supporter)
    return over(weekly.supporter) + Outcome(said=Message(Text("weekly", "off")), logs=(log,))


def over(supporter: str) -> Outcome:
    """They want it no more, or are around no more."""
    return Outcome(records=(NoWeekly(supporter),), wakes=(Wake(KIND, supporter, None),))


def ask(weekly: Weekly, id: str, next_at: datetime, now: datetime) -> Outcome:
    """It is time. Until something is heard, nothing was."""
    after = replace(weekly, next_at=next_at)
    params: dict[str, Value] = {"weekly": id, "alias": weekly.person, "place": weekly.supporter}
    question = Message(QUESTION, params)
    return Outcome(
        records=(after, Asked(id, weekly.supporter, now)),
        tells=(Tell(weekly.member, question, Lane.REMINDER, key=f"{id}:asked"),),
        wakes=(_wake(after),),
    )


def hear(asked: Asked, answer: Answer, by: str, now: datetime) -> Outcome:
    """What they answer; pressed again, the later answer stands."""
    said = SAID.get(answer)
    return Outcome(
        said=None if said is None else Message(said),
        records=(replace(asked, answer=answer, answered_at=now),),
        logs=(Log("weekly_answered", None, by, {"weekly": asked.id, "answer": answer.value}),),
    )


def _wake(weekly: Weekly) -> Wake:
    return Wake(KIND, weekly.supporter, weekly.next_at)


def _log(kind: str, by: str, supporter: str) -> Log:
    return Log(kind, None, by, {"supporter": supporter})
