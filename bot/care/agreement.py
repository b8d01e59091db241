"""What we can share: the gate. One pure function decides every word said about a person.

Deny by default; a "no" beats every "yes"; an error or an unknown value is a "no". How an
agreement is made and ended is `agreeing`. The order of the questions follows the consent models
of HL7 FHIR and IHE PCF; "any forbid beats every permit" is Cedar's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care.circle import SUPPORTERS, Role
from bot.care.outcome import About, Topic

LEVELS = (1, 2, 3)
"""That something happened; the main point; the details."""

GRACE = timedelta(days=14)
"""So long after its review was due an agreement is held: nothing new may be asked under it."""

CEILING = dict.fromkeys(SUPPORTERS, max(LEVELS))
"""The most that somebody in a role may ever be told; a role that is not here hears nothing."""


class Effect(StrEnum):
    SHARE = "share"
    ASK = "ask"
    WITHHOLD = "withhold"


class Reason(StrEnum):
    """Why; stored with each decision and never renamed."""

    # share
    OWN = "own"
    DIRECT_CARE = "direct_care"
    AGREED = "agreed"
    SAID_YES = "said_yes"
    BREAK_GLASS = "break_glass"
    # ask
    ASK_FIRST = "ask_first"
    # withhold
    RECIPIENT_UNKNOWN = "recipient_unknown"
    RECIPIENT_LEFT = "recipient_left"
    PERSON_LEFT = "person_left"
    NOT_IN_CIRCLE = "not_in_circle"
    OTHER_TEAM = "other_team"
    ROLE_NOT_NAMED = "role_not_named"
    PAUSED = "paused"
    GUARDRAIL = "guardrail"
    ROLE = "role"
    NOT_TOLD_IN_PERSON = "not_told_in_person"
    NO_AGREEMENT = "no_agreement"
    LAPSED = "lapsed"
    NO_ROW = "no_row"
    NEVER = "never"
    BASIS = "basis"
    LEVEL = "level"
    BEFORE = "before"
    HELD = "held"
    SAID_NO = "said_no"
    NOT_ASKED = "not_asked"
    ERROR = "error"


class Situation(StrEnum):
    EVERYDAY = "everyday"
    UNWELL = "unwell"
    EMERGENCY = "emergency"


class Choice(StrEnum):
    """What the person chose; `UNSURE` ("I don't know") is a no, asked again at the review."""

    SHARE = "share"
    ASK = "ask"
    NEVER = "never"
    UNSURE = "unsure"


class Basis(StrEnum):
    """On whose word a row rests: the person's own, or one that stands for them."""

    CONSENT = "consent"
    BEST_INTERESTS = "best_interests"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Sharing:
    """One row of an agreement, flat and explicit: what happens with one topic in one situation.

    It holds from `since` until just before `until`; `data_from`: nothing from before that time.
    `ground` is the id of the decision or authority a row rests on that is not the person's own.
    """

    id: str
    topic: Topic
    situation: Situation
    choice: Choice
    level: int
    since: datetime
    until: datetime | None = None
    data_from: datetime | None = None
    basis: Basis = Basis.CONSENT
    ground: str | None = None


class State(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a person shares with one supporter (a membership): one version of it.

    A version never changes once it is active; it ends when the next begins, or on a withdrawal.
    """

    id: str
    person: str
    supporter: str
    version: int
    state: State
    rows: tuple[Sharing, ...]
    review_at: datetime
    lapses_at: datetime
    drafted_by: str
    drafted_at: datetime
    activated_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A place in the person's circle: a membership and its role."""

    membership: str
    role: Role
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """One member as the gate sees them at one moment.

    `teams` are those they work in as staff, a shift they stand in for included; `places` are
    theirs in the circle of the person asked about.
    """

    member: str
    left: bool
    teams: frozenset[str]
    places: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A safeguarding lead's "never tell this supporter about that"."""

    id: str
    supporter: str
    topic: Topic


@dataclass(frozen=True, slots=True)
class Ground:
    """A decision or an authority that rows may rest on: for these topics, until then."""

    id: str
    basis: Basis
    topics: frozenset[Topic]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """A capacity concern about sharing one topic; `decision` is the record it points at."""

    decision: str
    topic: Topic
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Switch:
    """A situation that two members of staff have switched on; it ends by itself."""

    id: str
    situation: Situation
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person said when they were asked first about one item for one supporter."""

    supporter: str
    item: str
    yes: bool


@dataclass(frozen=True, slots=True)
class Glass:
    """A named senior's one-time exception: one item to one supporter."""

    id: str
    supporter: str
    item: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything loaded about one person for one question, as it stood at the moment asked for.

    `agreements` are those of the person that were active; `untold`: the item is about a harm
    that the person has not been told of face to face (duty of candour).
    """

    person: str
    person_left: bool
    team: str
    recipient: Recipient | None
    agreements: tuple[Agreement, ...] = ()
    guardrails: tuple[Guardrail, ...] = ()
    grounds: tuple[Ground, ...] = ()
    holds: tuple[Hold, ...] = ()
    switches: tuple[Switch, ...] = ()
    answers: tuple[Answer, ...] = ()
    glasses: tuple[Glass, ...] = ()
    untold: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """`rows` are the ids that decided: of the agreement first, then of its row, or what else."""

    effect: Effect
    reason: Reason
    rows: tuple[str, ...] = ()


def decide(facts: Facts, about: About, now: datetime) -> Decision:
    """May this be said to this recipient, now, and why. The first failure is the reason."""
    if not isinstance(about.topic, Topic) or about.level not in LEVELS:
        return _no(Reason.ERROR)
    recipient = facts.recipient
    if recipient is None or about.person != facts.person:
        return _no(Reason.RECIPIENT_UNKNOWN)
    if recipient.left:
        return _no(Reason.RECIPIENT_LEFT)
    if about.acting is None:
        if recipient.member == facts.person:
            return Decision(Effect.SHARE, Reason.OWN)
        # An alert that stands is not called off by leaving: staff still have to hear of it.
        if facts.team in recipient.teams:
            return Decision(Effect.SHARE, Reason.DIRECT_CARE)
    if facts.person_left:
        return _no(Reason.PERSON_LEFT)
    place = _place(recipient, about)
    if not isinstance(place, Standing):
        return _no(place)
    return _in_circle(facts, about, place, now)


def _place(recipient: Recipient, about: About) -> Standing | Reason:
    """The place in the circle through which they would hear it, or why there is none."""
    if about.acting is not None:
        named = (p for p in recipient.places if p.membership == about.acting)
        return next(named, Reason.NOT_IN_CIRCLE)
    if recipient.places:
        return Reason.ROLE_NOT_NAMED  # what is for staff is not for a supporter, and never a guess
    return Reason.OTHER_TEAM if recipient.teams else Reason.NOT_IN_CIRCLE


def _in_circle(facts: Facts, about: About, place: Standing, now: datetime) -> Decision:
    supporter = place.membership
    if place.paused:
        return _no(Reason.PAUSED)
    rails = [g for g in facts.guardrails if g.supporter == supporter and g.topic is about.topic]
    if rails:
        return _no(Reason.GUARDRAIL, *(rail.id for rail in rails))
    if about.level > CEILING.get(place.role, 0):
        return _no(Reason.ROLE)
    for glass in facts.glasses:
        if glass.supporter == supporter and glass.item == about.item:
            return Decision(Effect.SHARE, Reason.BREAK_GLASS, (glass.id,))
    if facts.untold:
        return _no(Reason.NOT_TOLD_IN_PERSON)
    agreements = [a for a in facts.agreements if _between(a, facts, place) and _in_force(a, now)]
    if len(agreements) != 1:
        return _no(Reason.ERROR if agreements else Reason.NO_AGREEMENT)
    agreement = agreements[0]
    if now >= agreement.lapses_at:
        return _no(Reason.LAPSED, agreement.id)
    return _by_rows(facts, about, agreement, now)


def _between(agreement: Agreement, facts: Facts, place: Standing) -> bool:
    return agreement.person == facts.person and agreement.supporter == place.membership


def _in_force(agreement: Agreement, now: datetime) -> bool:
    """Asked about a past moment, a version that has ended since was in force then."""
    begun, ended = agreement.activated_at, agreement.ended_at
    if begun is None or agreement.state is State.DRAFT:
        return False
    if ended is None:
        return agreement.state is State.ACTIVE and begun <= now
    return begun <= now < ended


def _by_rows(facts: Facts, about: About, agreement: Agreement, now: datetime) -> Decision:
    rows = deciding(facts, agreement, about.topic, now)
    ids = (agreement.id, *(row.id for row in rows))
    if not rows:
        return _no(Reason.NO_ROW, *ids)
    if any(row.level not in LEVELS for row in rows):
        return _no(Reason.ERROR, *ids)
    if any(row.choice not in (Choice.SHARE, Choice.ASK) for row in rows):
        return _no(Reason.NEVER, *ids)
    if not all(_stands(row, facts, now) for row in rows):
        return _no(Reason.BASIS, *ids)
    if about.level > min(row.level for row in rows):
        return _no(Reason.LEVEL, *ids)
    if any(_before(row, about.at) for row in rows):
        return _no(Reason.BEFORE, *ids)
    if all(row.choice is Choice.SHARE for row in rows):
        return Decision(Effect.SHARE, Reason.AGREED, ids)
    if now >= agreement.review_at + GRACE or any(_holds(h, about.topic, now) for h in facts.holds):
        return _no(Reason.HELD, *ids)
    return _answered(facts, about, agreement.supporter, ids)


def deciding(
    facts: Facts, agreement: Agreement, topic: Topic, now: datetime
) -> tuple[Sharing, ...]:
    """The rows in force for a topic: of the gravest situation that is on and has any, or else
    the everyday ones.

    There is one, unless something went wrong; of several each may say no.
    """
    rows = [
        row
        for row in agreement.rows
        if row.topic is topic and row.since <= now and (row.until is None or now < row.until)
    ]
    for situation in _situations(facts, now):
        found = tuple(row for row in rows if row.situation is situation)
        if found:
            return found
    return ()


def _situations(facts: Facts, now: datetime) -> Iterator[Situation]:
    """Those that are on, the gravest first; then the everyday."""
    on = {switch.situation for switch in facts.switches if switch.since <= now < switch.until}
    for situation in (Situation.EMERGENCY, Situation.UNWELL):
        if situation in on:
            yield situation
    yield Situation.EVERYDAY


def _stands(row: Sharing, facts: Facts, now: datetime) -> bool:
    """Whether what the row rests on still holds, for this topic."""
    if row.basis is Basis.CONSENT:
        return row.ground is None
    return any(
        ground.id == row.ground
        and ground.basis is row.basis
        and row.topic in ground.topics
        and ground.since <= now < ground.until
        for ground in facts.grounds
    )


def _before(row: Sharing, at: datetime | None) -> bool:
    """Whether it is of a time the person keeps to themselves; an unknown time is."""
    return row.data_from is not None and (at is None or at < row.data_from)


def _holds(hold: Hold, topic: Topic, now: datetime) -> bool:
    return hold.topic is topic and hold.since <= now and (hold.until is None or now < hold.until)


def _answered(facts: Facts, about: About, supporter: str, ids: tuple[str, ...]) -> Decision:
    """Asked first: silence is not consent."""
    if about.item is None:
        return _no(Reason.NOT_ASKED, *ids)
    said = [a.yes for a in facts.answers if a.supporter == supporter and a.item == about.item]
    if not said:
        return Decision(Effect.ASK, Reason.ASK_FIRST, ids)
    return Decision(Effect.SHARE, Reason.SAID_YES, ids) if all(said) else _no(Reason.SAID_NO, *ids)


def _no(reason: Reason, *rows: str) -> Decision:
    return Decision(Effect.WITHHOLD, reason, rows)
