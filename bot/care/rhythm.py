"""Planned contact: how often the team is in touch with a supporter, so that they do not hear only
when something is wrong. Whatever is told is asked of the gate; to be reminded needs no agreement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value, Wake
from bot.care.text import Text

DUE, SOON = "contact_due", "contact_soon"
"""The kinds of its deadlines: staff are reminded; the person is asked for good news. Their key is
the supporter's membership."""

AGAIN = timedelta(days=3)
"""Staff who have not said that they were in touch are reminded once more after it."""

LATER = timedelta(days=1)

BEFORE = timedelta(days=1)
"""So long before the contact the person is asked."""

REMINDERS = {1: Text("rhythm", "due_weekly"), 2: Text("rhythm", "due_fortnightly")}
"""By weeks: how often it may be."""

GOOD_NEWS = Text("rhythm", "good_news")


class How(StrEnum):
    """How they were in touch; kept, never renamed."""

    TOLD = "told"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Contact with `member`, a supporter of `person` through the place `supporter` (a
    membership), every so many weeks. `asks`: the person is asked for good news the day before."""

    supporter: str
    member: str
    person: str
    weeks: int
    next_at: datetime
    set_by: str
    asks: bool
    last_at: datetime | None = None

    @property
    def mark(self) -> int:
        """Names the contact that is due: a button about an earlier one means nothing."""
        return int(self.next_at.timestamp())


@dataclass(frozen=True, slots=True)
class NoRhythm:
    """Nothing is planned with this supporter any more."""

    supporter: str


def agree(rhythm: Rhythm, by: str) -> Outcome:
    facts: dict[str, Value] = {"supporter": rhythm.supporter, "weeks": rhythm.weeks}
    return _planned(rhythm) + Outcome(
        said=Message(Text("rhythm", "agreed"), {"carer": rhythm.member, "next_at": rhythm.next_at}),
        logs=(Log("rhythm_agreed", rhythm.person, by, facts),),
    )


def end(supporter: str, member: str, person: str, by: str) -> Outcome:
    return over(supporter) + Outcome(
        said=Message(Text("rhythm", "ended"), {"carer": member}),
        logs=(Log("rhythm_ended", person, by, {"supporter": supporter}),),
    )


def over(supporter: str) -> Outcome:
    """They are around no more, or nothing is planned: nobody is reminded."""
    return Outcome(
        records=(NoRhythm(supporter),),
        wakes=(Wake(DUE, supporter, None), Wake(SOON, supporter, None)),
    )


def due(rhythm: Rhythm, keepers: Sequence[str], now: datetime) -> Outcome:
    """It is time: staff are reminded, and again until they say that they were in touch."""
    if now < rhythm.next_at:
        return Outcome(wakes=(Wake(DUE, rhythm.supporter, rhythm.next_at),))
    said = Message(
        REMINDERS[rhythm.weeks],
        {
            "person": rhythm.person,
            "carer": rhythm.member,
            "supporter": rhythm.supporter,
            "mark": rhythm.mark,
        },
    )
    about = About(rhythm.person, Topic.PLANS_AND_REVIEWS, 2)
    key = f"{rhythm.supporter}:due:{int(now.timestamp())}"
    return Outcome(
        tells=tuple(Tell(to, said, Lane.REMINDER, about, f"{key}:{to}") for to in keepers),
        wakes=(Wake(DUE, rhythm.supporter, now + AGAIN),),
    )


def later(rhythm: Rhythm, mark: int, now: datetime) -> Outcome:
    """Not now: the reminder comes back."""
    if mark != rhythm.mark:
        return Outcome()
    return Outcome(
        said=Message(Text("rhythm", "later"), {"carer": rhythm.member}),
        wakes=(Wake(DUE, rhythm.supporter, now + LATER),),
    )


def phoned(rhythm: Rhythm, mark: int, by: str, now: datetime) -> Outcome:
    if mark != rhythm.mark:
        return Outcome()
    after = contacted(rhythm, How.PHONE, by, now)
    params: dict[str, Value] = {"carer": rhythm.member, "next_at": now + _every(rhythm)}
    return replace(after, said=Message(Text("rhythm", "noted"), params))


def contacted(rhythm: Rhythm, how: How, by: str, now: datetime) -> Outcome:
    """They have been in touch: the next time is counted from now."""
    after = replace(rhythm, last_at=now, next_at=now + _every(rhythm))
    facts: dict[str, Value] = {"supporter": rhythm.supporter, "how": how.value}
    logs = (Log("contact_made", rhythm.person, by, facts),)
    return _planned(after) + Outcome(logs=logs)


def ask(rhythm: Rhythm) -> Outcome:
    """The day before: is there good news the person would like this supporter to hear?"""
    params: dict[str, Value] = {
        "carer": rhythm.member,
        "supporter": rhythm.supporter,
        "mark": rhythm.mark,
    }
    key = f"{rhythm.supporter}:good:{rhythm.mark}"
    return Outcome(tells=(Tell(rhythm.person, Message(GOOD_NEWS, params), Lane.REMINDER, key=key),))


def _planned(rhythm: Rhythm) -> Outcome:
    soon = rhythm.next_at - BEFORE if rhythm.asks else None
    return Outcome(
        records=(rhythm,),
        wakes=(
            Wake(DUE, rhythm.supporter, rhythm.next_at),
            Wake(SOON, rhythm.supporter, soon),
        ),
    )


def _every(rhythm: Rhythm) -> timedelta:
    return timedelta(weeks=rhythm.weeks)
