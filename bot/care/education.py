"""Education sessions: general information, for whoever likes to come. Nobody is spoken of.

What staff do with one, and what its days bring, is `arranging`; who comes is `booking`; how many
are told is `round`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.care.cadence import MONTHLY, QUARTERLY, Cadence
from bot.care.circle import STAFF_ROLES, Membership, acting

ENGLISH = "english"
"""The one language that has a name in every form; any other is kept as it was written."""


class Subject(StrEnum):
    """What a session is about; kept, never renamed."""

    CONDITIONS = "conditions"
    CRISIS = "crisis"
    SYSTEM = "system"
    OWN = "own"


class State(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    OVER = "over"


class Repeats(StrEnum):
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    NO = "no"


CADENCES: Mapping[Repeats, Cadence] = {Repeats.QUARTERLY: QUARTERLY, Repeats.MONTHLY: MONTHLY}


class Need(StrEnum):
    """What somebody needs to come, or what a session meets; kept, never renamed."""

    STEP_FREE = "step_free"
    HEARING_LOOP = "hearing_loop"
    BSL = "bsl"
    INTERPRETER = "interpreter"
    EASY_READ = "easy_read"
    QUIET_ROOM = "quiet_room"
    ONLINE = "online"


class Change(StrEnum):
    """What of a session is another than before."""

    TITLE = "title"
    WHEN = "when"
    LENGTH = "length"
    PLACE = "place"
    ROOM = "room"
    NOTES = "notes"
    LEADS = "leads"
    LANGUAGES = "languages"
    MEETS = "meets"


@dataclass(frozen=True, slots=True)
class Session:
    """One session. `series`: the id of the first that it goes on from, its own when it is the
    first. `title` are the words of an own subject. `places` None: as many as come.

    `place` is an address or a link, `room` the one there; `rule_day` the day from which its rule
    counts on. `team` None: the whole service's; `by` None: it came in a file, which calls it `uid`.
    `changed` and `was_at` are what was told of it last as another than before; `version` grows
    with each such change.
    """

    id: str
    series: str
    team: str | None
    by: str | None
    subject: Subject
    starts_at: datetime
    minutes: int
    made_at: datetime
    rule_day: date
    title: str = ""
    place: str = ""
    room: str = ""
    notes: str = ""
    facilitators: str = ""
    repeats: Repeats = Repeats.QUARTERLY
    places: int | None = None
    languages: tuple[str, ...] = ()
    meets: tuple[Need, ...] = ()
    state: State = State.DRAFT
    version: int = 0
    changed_at: datetime | None = None
    changed: tuple[Change, ...] = ()
    was_at: datetime | None = None
    uid: str | None = None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def open_at(self, now: datetime) -> bool:
        """Whether somebody can still book it."""
        return self.state is State.PUBLISHED and now < self.starts_at


def may_arrange(memberships: Iterable[Membership], session: Session) -> bool:
    """Staff of its team; of any team, where it is the whole service's."""
    held = acting(memberships, STAFF_ROLES)
    return any(session.team in (None, one.team) for one in held)
