"""What a rule returns: the new records and what must follow, as data.

A rule never awaits, never sends and never raises on a person's stray tap.
`store.commit` keeps an outcome, with all that follows from it, in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.care.text import Text

Value = str | int | datetime
"""A message parameter: an id, a number or an aware UTC time; never a name, never words."""


class Lane(IntEnum):
    """Which queue a message leaves by; a lower number never waits for a higher one."""

    SAFETY = 0
    REPLY = 1
    NEWS = 2
    REMINDER = 3
    BROADCAST = 4


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be said: a text of the catalogue and what fills it. Rendered when it is sent."""

    text: Text
    params: Mapping[str, Value] = field(default_factory=dict)


class Topic(StrEnum):
    """The eleven subjects a sharing agreement speaks of."""

    APPOINTMENTS = "appointments"
    INCIDENTS = "incidents"
    FINANCES = "finances"
    RESTRICTIVE_PRACTICES = "restrictive_practices"
    WELLBEING = "wellbeing"
    EARLY_SIGNS = "early_signs"
    JOURNEYS = "journeys"
    WHEREABOUTS = "whereabouts"
    MEDICATION = "medication"
    DAILY_LIFE = "daily_life"
    PLANS_AND_REVIEWS = "plans_and_reviews"


@dataclass(frozen=True, slots=True)
class About:
    """Whom a message speaks of, and of what: what the gate is asked when it leaves.

    `level` is 1 (something happened), 2 (the headline) or 3 (details). `acting`: the membership
    through which a supporter would hear it; None for the person and for staff. `item` is what
    the person may be asked about first; `at`, the time it tells of (None: not known).
    """

    person: str
    topic: Topic
    level: int
    acting: str | None = None
    item: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """Say `message` to the member `to`. `key` makes it once only: a second one does nothing."""

    to: str
    message: Message
    lane: Lane
    about: About | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Wake:
    """Look at `key` (of this kind) again at `at`; None: no longer."""

    kind: str
    key: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Log:
    """A line of the ledger: what was decided, told or withheld, and why. Ids and reasons only.

    `words` are what somebody was told about the person, kept sealed under the person's key.
    """

    kind: str
    person: str | None = None
    actor: str | None = None
    facts: Mapping[str, Value] = field(default_factory=dict)
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from an event. `said` answers whoever caused it.

    `records` are the records in their new state, each kept by its subject's `keep`.
    """

    said: Message | None = None
    records: tuple[object, ...] = ()
    tells: tuple[Tell, ...] = ()
    wakes: tuple[Wake, ...] = ()
    logs: tuple[Log, ...] = ()

    def __add__(self, other: "Outcome") -> "Outcome":
        """Both, in this order; the later `said` and the later state of a record stand."""
        return Outcome(
            said=other.said or self.said,
            records=self.records + other.records,
            tells=self.tells + other.tells,
            wakes=self.wakes + other.wakes,
            logs=self.logs + other.logs,
        )


@dataclass(frozen=True, slots=True)
class Cause:
    """What brought a transaction about; it is closed in that same transaction.

    Exactly one is set: an update of the inbox, or a deadline (kind and key).
    """

    update: int | None = None
    deadline: tuple[str, str] | None = None


NOBODY = Cause()
"""No stored cause: a command line, a seed, a test's own hand."""
