"""What we can share: the gate. One pure function decides every word said about a person.

Deny by default; a "no" beats every "yes"; an error or an unknown value is a "no". The stored
sharing agreement comes with its own records; until a person has one, no carer is told a word.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.care.outcome import About, Topic

LEVELS = (1, 2, 3)


class Effect(StrEnum):
    SHARE = "share"
    ASK = "ask"
    WITHHOLD = "withhold"


class Reason(StrEnum):
    """Why; stored with each decision and never renamed."""

    OWN = "own"
    DIRECT_CARE = "direct_care"
    RECIPIENT_UNKNOWN = "recipient_unknown"
    RECIPIENT_LEFT = "recipient_left"
    PERSON_LEFT = "person_left"
    NOT_IN_CIRCLE = "not_in_circle"
    OTHER_TEAM = "other_team"
    NO_AGREEMENT = "no_agreement"
    NOT_ASKED = "not_asked"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One member as the gate sees them at this moment.

    `teams` are those they work in as staff, a shift they stand in for included; `circle` is
    true when they are a carer or advocate of the person asked about.
    """

    member: str
    left: bool
    teams: frozenset[str]
    circle: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything loaded about one person for one question; None where nothing was found."""

    person: str
    person_left: bool
    team: str
    recipient: Recipient | None


@dataclass(frozen=True, slots=True)
class Decision:
    effect: Effect
    reason: Reason
    rows: tuple[str, ...] = ()


def decide(facts: Facts, about: About) -> Decision:
    """May this be said to this recipient, now, and why. The first failure is the reason."""
    if not isinstance(about.topic, Topic) or about.level not in LEVELS:
        return Decision(Effect.WITHHOLD, Reason.ERROR)
    recipient = facts.recipient
    if recipient is None or about.person != facts.person:
        return Decision(Effect.WITHHOLD, Reason.RECIPIENT_UNKNOWN)
    if recipient.left:
        return Decision(Effect.WITHHOLD, Reason.RECIPIENT_LEFT)
    if recipient.member == facts.person:
        return Decision(Effect.SHARE, Reason.OWN)
    # An alert that stands is not called off by leaving: staff still have to hear of it.
    if facts.team in recipient.teams:
        return Decision(Effect.SHARE, Reason.DIRECT_CARE)
    if facts.person_left:
        return Decision(Effect.WITHHOLD, Reason.PERSON_LEFT)
    if recipient.circle:
        return Decision(Effect.WITHHOLD, Reason.NO_AGREEMENT)
    if recipient.teams:
        return Decision(Effect.WITHHOLD, Reason.OTHER_TEAM)
    return Decision(Effect.WITHHOLD, Reason.NOT_IN_CIRCLE)
