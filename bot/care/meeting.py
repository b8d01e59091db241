"""The next meeting of the team about somebody's early-warning plan: the plan is looked at then."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.care.cadence import MORNING
from bot.care.outcome import Log, Message, Outcome, Value
from bot.care.text import Text
from bot.care.wall import moment


@dataclass(frozen=True, slots=True)
class Meeting:
    """`at` is the morning of its day; None: no meeting is known any more."""

    person: str
    at: datetime | None
    by: str
    said_at: datetime


def begins(day: date, zone: ZoneInfo) -> datetime:
    """Teams meet when they meet: this day is moved to no working day."""
    return moment(day, MORNING, zone)


def keep(fresh: Meeting) -> Outcome:
    """Its date is another, or it is taken away."""
    of: dict[str, Value] = {"person": fresh.person}
    facts: dict[str, Value] = {}
    text = Text("meeting", "removed")
    if fresh.at is not None:
        text, of, facts = Text("meeting", "kept"), {**of, "meeting": fresh.person}, {"at": fresh.at}
    log = Log("team_meeting", fresh.person, fresh.by, facts)
    return Outcome(said=Message(text, of), records=(fresh,), logs=(log,))


def held(known: Meeting | None, due_at: datetime, now: datetime) -> Meeting | None:
    """Once the plan was looked at for this meeting, or since its morning, it is over; None: it
    still is to come."""
    if known is None or known.at is None or known.at > max(due_at, now):
        return None
    return Meeting(known.person, None, known.by, now)
