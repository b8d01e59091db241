"""How outings have gone: on time, late or missed; how they felt; how worried anybody was.

The person's word, the team's and that of those around them stand side by side and are never made
into one. Only the alert that an outing itself names is looked at, and no other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from statistics import median_high
from zoneinfo import ZoneInfo

from bot.care.escalation import Cause
from bot.care.sign import Voice
from bot.care.text import Text

READING = Text("outings", "shown")
"""How somebody's outings have gone: the reveal asks who may see which of it."""

SPAN = timedelta(weeks=12)
"""How far back one looks."""

LATELY = 5
"""So many outings say how it has gone lately."""

LOW = 2
"""A face of so much, or less, is a hard one."""


class Went(StrEnum):
    """How one went. Nothing of it is anybody's fault."""

    ON_TIME = "on_time"
    LATE = "late"  # they forgot to check in, and then did: that, and nothing more
    MISSED = "missed"
    FORGOTTEN = "forgotten"  # missed, and staff know that it was only forgotten
    HELP = "help"
    NOT_COUNTED = "not_counted"  # Kith was off


@dataclass(frozen=True, slots=True)
class Outing:
    """One that is over. `worried`: the person said that something was; `shown`: to the team.

    `taken_after`: from the opening of the alert that it names until somebody first had it.
    """

    journey: str
    at: datetime
    went: Went
    feeling: int | None = None
    worried: bool = False
    shown: bool = False
    taken_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """How worried somebody around the person was, one to five, as they said it."""

    by: str
    at: datetime
    worry: int


@dataclass(frozen=True, slots=True)
class Outings:
    """The outings from the day `first` to the day `last`, the oldest first, and what was said."""

    first: date
    last: date
    outings: tuple[Outing, ...]
    ratings: tuple[Rating, ...] = ()

    def count(self, went: Went) -> int:
        return sum(1 for one in self.outings if one.went is went)

    @property
    def taken(self) -> tuple[timedelta, timedelta] | None:
        """Within what time somebody has an alert, as a rule and at the longest, in whole minutes;
        None without one. Whoever it was is left out of it."""
        after = sorted(_minutes(o.taken_after) for o in self.outings if o.taken_after is not None)
        return (median_high(after), after[-1]) if after else None


@dataclass(frozen=True, slots=True)
class Chart:
    """Outings to be drawn, with the words on the picture in its reader's form."""

    outings: Outings
    zone: ZoneInfo
    title: str
    went: Mapping[Went, str]
    felt: str
    worried: str
    rated: str


def _minutes(span: timedelta) -> timedelta:
    """Up to the next whole minute."""
    return timedelta(minutes=max(1, ceil(span / timedelta(minutes=1))))


def went(cause: Cause | None, *, late: bool, forgotten: bool = False) -> Went:
    """`cause`: of the alert that this outing names, None where there was none; `late`: the person
    answered it by themselves; `forgotten`: staff have said that it was only that."""
    match cause:
        case None:
            return Went.ON_TIME
        case Cause.HELP | Cause.EMERGENCY:
            return Went.HELP
        case Cause.MISSED_WHILE_OFF:
            return Went.NOT_COUNTED
    if late:
        return Went.LATE
    return Went.FORGOTTEN if forgotten else Went.MISSED


def seen_by(every: Outings, voice: Voice, reader: str, *, details: bool = True) -> Outings:
    """As much of it as this reader may see, who reads as one of the three voices.

    How worried somebody is, is theirs and the team's, never the person's to see. What the person
    kept for themselves is theirs alone. `details`: what the gate says to somebody around them.
    """
    match voice:
        case Voice.PERSON:
            return replace(every, ratings=())
        case Voice.STAFF:
            shown = (replace(one, worried=one.worried and one.shown) for one in every.outings)
            return replace(every, outings=tuple(shown))
    plain = (
        replace(
            one,
            worried=False,
            shown=False,
            feeling=one.feeling if details else None,
            taken_after=None,
        )
        for one in every.outings
    )
    own = tuple(one for one in every.ratings if one.by == reader)
    return replace(every, outings=tuple(plain), ratings=own)


def in_a_row(outings: Sequence[Outing]) -> int:
    """How many good ones in a row, up to the newest: on time, and nothing was hard. One that is
    not counted is passed over, and so is one whose check-in was only forgotten."""
    found = 0
    for one in reversed(outings):
        if one.went is Went.NOT_COUNTED:
            continue
        if one.went not in (Went.ON_TIME, Went.FORGOTTEN) or _hard(one):
            return found
        if one.went is Went.FORGOTTEN:
            continue
        found += 1
    return found


def hard_lately(outings: Sequence[Outing]) -> tuple[int, int, int]:
    """Of so many of the newest: on how many a check-in was missed, on how many help was asked
    for."""
    newest = [one.went for one in outings if one.went is not Went.NOT_COUNTED][-LATELY:]
    return len(newest), newest.count(Went.MISSED), newest.count(Went.HELP)


def low_twice(outings: Iterable[Outing]) -> bool:
    """Whether the two newest of which the person said how it felt were hard."""
    felt = [one.feeling for one in outings if one.feeling is not None]
    return len(felt) >= 2 and all(feeling <= LOW for feeling in felt[-2:])


def _hard(one: Outing) -> bool:
    low = one.feeling is not None and one.feeling <= LOW
    return low or (one.worried and one.shown)
