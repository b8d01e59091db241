"""The early-warning plan, and what was noticed under it.

The person, those around them and staff write the cards together; only the person's own press
puts a version in force. Counts, dates and the words of the plan: nothing here is a score.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.care.plan import Rung, RungKind


class Stage(StrEnum):
    """How early a sign is; `GOOD` is a card of what a good week looks like. Never renamed."""

    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"
    GOOD = "good"


WARNING = (Stage.EARLY, Stage.MIDDLE, Stage.LATE)
"""The stages that count, earliest first: a good card never does."""


class Voice(StrEnum):
    """Whose words they are: three voices side by side, never merged."""

    PERSON = "person"
    CARER = "carer"
    STAFF = "staff"


class Template(StrEnum):
    """The sentences a threshold is chosen from; kept, never renamed."""

    ANY_LATE = "any_late"
    DIFFERENT_IN_DAYS = "different_in_days"
    SAME_DAYS_RUNNING = "same_days_running"
    TWO_PEOPLE = "two_people"


class State(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Sign:
    """One card, in the words of `by`, who wrote it. `noticed_by`: who is likely to notice it.

    Its id stays the same from version to version.
    """

    id: str
    stage: Stage
    name: str
    by: str
    at: datetime
    emoji: str = ""
    looks_like: str = ""
    usual: str = ""
    helps: str = ""
    does_not: str = ""
    tell_whom: str = ""
    noticed_by: frozenset[Voice] = frozenset(Voice)


@dataclass(frozen=True, slots=True)
class Threshold:
    """When staff are asked at once: a template with its numbers.

    `count`: how many different signs; `days`: within how many days, or how many running. Both
    are 1 where the template has no such number.
    """

    id: str
    template: Template
    by: str
    count: int = 1
    days: int = 1


@dataclass(frozen=True, slots=True)
class Response:
    """What was agreed for one stage: who is asked in which order, and what they do."""

    stage: Stage
    rungs: tuple[Rung, ...]
    what_we_do: str = ""


LADDER = (
    Rung(RungKind.KEY_WORKER, 15),
    Rung(RungKind.ON_CALL, 15),
    Rung(RungKind.MANAGER, 15),
)
"""Who is asked when a plan says nothing else, or there is none."""


@dataclass(frozen=True, slots=True)
class SignPlan:
    """One version. `revision` counts the changes of a draft: what the person read back is what
    their press puts in force, or nothing is."""

    id: str
    person: str
    version: int
    state: State
    drafted_by: str
    drafted_at: datetime
    review_at: datetime
    signs: tuple[Sign, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    responses: tuple[Response, ...] = ()
    co_authors: tuple[str, ...] = ()
    revision: int = 0
    active_at: datetime | None = None
    ended_at: datetime | None = None

    def sign(self, id: str | None) -> Sign | None:
        return next((sign for sign in self.signs if sign.id == id), None)

    def response(self, stage: Stage) -> Response:
        """What was agreed for this stage, or the usual ladder."""
        return next((one for one in self.responses if one.stage is stage), Response(stage, LADDER))


@dataclass(frozen=True, slots=True)
class Observation:
    """What somebody noticed. Its words are sealed under the writer's own key.

    `plan`: the version in force then; `sign`: which card, None for something else; `since`: for
    how many days already (0: since today, 3: a few days, 7: a week or more); `worry`: 1 to 3;
    `acting`: the membership through which a supporter wrote. `named`: the person may know who.
    """

    id: str
    person: str
    plan: str | None
    sign: str | None
    since: int
    worry: int
    words: str | None
    by: str
    acting: str | None
    voice: Voice
    at: datetime
    named: bool = False
    withdrawn_at: datetime | None = None
    read_by: str | None = None
    read_at: datetime | None = None
    finished_by: str | None = None
    finished_at: datetime | None = None
