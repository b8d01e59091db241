"""What is looked at again: each kind of thing with its rule, and when it is due.

When something is due follows from the records that stand. Kept here is only what is nobody else's:
what came of each look, what was put off and why, and whether the person would like to come. What is
done about it: `reviewing`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot.care import cadence as rules
from bot.care.cadence import MONTHLY, QUARTERLY, YEARLY, Cadence, next_after
from bot.care.wall import moment

WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)

LIMIT = timedelta(days=14)
"""So late a review goes to the managers, unless the service says otherwise."""

MOST_SNOOZES = 2
"""So often one review may be put off."""

SNOOZES = {1: timedelta(weeks=1), 2: timedelta(weeks=2)}

STABLE = 3
"""After so many looks in a row that changed nothing, a plan for outings is looked at less often."""

OWN = "own_"
"""What the kinds begin with that a service has added."""


class Kind(StrEnum):
    """Kept, never renamed; what a service adds is beside them."""

    AGREEMENT = "agreement"
    SIGN_PLAN = "sign_plan"
    OUTINGS = "outings"
    DECISION = "decision"
    AUTHORITY = "authority"
    PROFILE = "profile"
    RESTRICTIVE = "restrictive"
    GLASS = "glass"
    FIRST_WEEKS = "first_weeks"


class Came(StrEnum):
    """What came of it, or how it began; kept, never renamed."""

    ASKED = "asked"  # something has happened: it is due at once
    STARTED = "started"  # by hand
    STAYS = "stays"
    CHANGED = "changed"
    ENDED = "ended"


DONE = frozenset({Came.STAYS, Came.CHANGED, Came.ENDED})


class Coming(StrEnum):
    """What the person answers when they are invited; kept, never renamed."""

    YES = "yes"
    NO = "no"
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Reminding:
    """Staff hear of it `before` it is due, on the day, and then `again` and again."""

    before: timedelta = WEEK
    again: timedelta = WEEK


USUAL = Reminding()

REMINDING = {Kind.GLASS: Reminding(2 * DAY, DAY)}
"""Where it is not the usual."""

CADENCES: Mapping[str, Cadence] = {
    Kind.SIGN_PLAN: QUARTERLY,
    Kind.OUTINGS: MONTHLY,
    Kind.PROFILE: YEARLY,
    Kind.RESTRICTIVE: QUARTERLY,
    Kind.AGREEMENT: QUARTERLY,
    Kind.DECISION: QUARTERLY,
    Kind.AUTHORITY: YEARLY,
}
"""How often each comes round when nothing else is said."""

FOR_STAFF = frozenset({Kind.AGREEMENT, Kind.GLASS})
"""To these the person is not invited: one they look at themselves and are reminded of, and of one
they may not know."""


def ends(kind: str) -> bool:
    """Whether it is over when staff say so. What rests on a record is over when that is: as long
    as the record stands, it comes round."""
    return kind == Kind.RESTRICTIVE or kind.startswith(OWN)


@dataclass(frozen=True, slots=True)
class Own:
    """What a service looks at for everybody it supports, beside what Kith knows of."""

    name: str
    cadence: Cadence

    @property
    def kind(self) -> str:
        return OWN + sha256(self.name.lower().encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Rules:
    """What this service has settled: its own kinds, and when something is late."""

    own: tuple[Own, ...] = ()
    limit: timedelta = LIMIT

    def cadence(self, kind: str) -> Cadence | None:
        """None: a kind that comes only once, or one the service has taken out of its settings."""
        theirs = {one.kind: one.cadence for one in self.own}
        return theirs.get(kind) or CADENCES.get(kind)

    def name(self, kind: str) -> str | None:
        """What a service calls a kind of its own."""
        return next((one.name for one in self.own if one.kind == kind), None)


NOTHING_OWN = Rules()
"""Of a service that says nothing else."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was said at it: by the person, and by those around them. Empty: not asked.

    `data`: what of the data was talked through; `later`: why it is looked at later than its rule
    says; `what`: what restricts the person, where that begins.
    """

    person: str = ""
    around: str = ""
    data: str = ""
    later: str = ""
    what: str = ""


UNHEARD = Words()


@dataclass(frozen=True, slots=True)
class Round:
    """One look at one thing, or how it began. `of` is the record's id, or the person's.

    `due_at`: when it was due; `next_at`: when it is due next, None: never again. `data`: what is
    known was talked through.
    """

    id: str
    kind: str
    of: str
    person: str
    due_at: datetime
    at: datetime
    by: str | None
    came: Came
    next_at: datetime | None
    who: tuple[str, ...] = ()
    words: Words = UNHEARD
    data: bool = False

    @property
    def theatre(self) -> bool:
        """Done without any word of the person or those around them, and without data."""
        heard = self.words.person or self.words.around or self.data
        return self.came in DONE and not heard


@dataclass(frozen=True, slots=True)
class Snooze:
    """Somebody has put one off until then; `why` in their words."""

    id: str
    kind: str
    of: str
    person: str
    due_at: datetime
    by: str
    at: datetime
    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Invited:
    """The person is asked whether they would like to come."""

    id: str
    kind: str
    of: str
    person: str
    due_at: datetime
    asked_at: datetime
    answer: Coming | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is up for review. `only`: for these staff alone; `apart`: never for these.

    `early`: it is up before its time because something has happened. `stranded`: nobody is there
    who may look at it; whoever did it still sees that it waits.
    """

    kind: str
    of: str
    person: str
    due_at: datetime
    early: bool = False
    snoozed: tuple[Snooze, ...] = ()
    only: tuple[str, ...] | None = None
    apart: tuple[str, ...] = ()
    stranded: bool = False

    @property
    def until(self) -> datetime | None:
        """Put off until then."""
        return max((one.until for one in self.snoozed), default=None)

    @property
    def hidden(self) -> bool:
        """Whether staff alone know why it is up: of a missed check-in the person knows."""
        return self.early and self.kind != Kind.OUTINGS

    def may_see(self, staff: str) -> bool:
        """Of those who work for the person."""
        return staff not in self.apart and (self.only is None or staff in self.only)

    def up(self, now: datetime) -> bool:
        """Whether it asks for somebody now."""
        return _begins(self) <= now

    def late(self, limit: timedelta, now: datetime) -> bool:
        """Putting it off makes nothing less late."""
        return self.due_at + limit <= now


def own(text: str) -> tuple[Own, ...]:
    """`Medication: every 6 months; Fire plan: every year`; ValueError says what is wrong."""
    found: list[Own] = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, colon, rule = part.partition(":")
        if not colon or not 0 < len(name.strip()) <= 40:
            raise ValueError("must look like Medication: every 6 months; Fire plan: every year")
        found.append(Own(name.strip(), rules.read(rule)))
    if len({one.kind for one in found}) < len(found):
        raise ValueError("must name each kind of review once")
    return tuple(found)


# --- when it is due -----------------------------------------------------------------------


def due(base: datetime | None, last: Round | None, event: datetime | None) -> datetime | None:
    """When something is due: by its record (`base`), by the last look at it, or at once because of
    an `event` after that look. None: not at all."""
    found = base if last is None else last.next_at
    if found is not None and base is not None and last is not None and last.due_at < base:
        found = min(found, base)  # its own day has yet to come
    if event is not None and (last is None or last.at < event):
        return event if found is None else min(found, event)
    return found


def outings(
    agreed_at: datetime, last: Round | None, alert: datetime | None, zone: ZoneInfo
) -> datetime | None:
    """A plan for outings: a month after it was agreed, then as the last look said; at once after a
    missed check-in. `alert`: the first since it was looked at, so that the next makes it no less
    late."""
    base = next_time(MONTHLY, agreed_at, zone) if last is None else None
    return due(base, last, alert)


def sign_plan(
    base: datetime, last: Round | None, meeting: datetime | None
) -> tuple[datetime | None, bool]:
    """An early-warning plan: by its own date, when the team meets, or at once after an alert; and
    whether it is this last."""
    asked = last is not None and last.came is Came.ASKED
    found = due(base, last, None)
    if meeting is not None and (found is None or meeting <= found):
        return meeting, False
    return found, asked


def stable(looks: Sequence[Round], alert: datetime | None) -> bool:
    """Whether the last `STABLE` looks, the newest last, changed nothing and nothing has happened
    since the first of them."""
    last = [one for one in looks if one.came in DONE][-STABLE:]
    if len(last) < STABLE or any(one.came is not Came.STAYS for one in last):
        return False
    return alert is None or alert < last[0].at


def next_time(cadence: Cadence, last: datetime, zone: ZoneInfo) -> datetime:
    """In the morning of the day on which it comes round next."""
    return next_after(cadence, last.astimezone(zone).date(), zone)


def on_day(day: date, zone: ZoneInfo) -> datetime:
    """In the morning of a day that somebody has chosen, or of the next working day."""
    return moment(rules.on_working_day(day), rules.MORNING, zone)


def furthest(today: date, rule: date) -> date:
    """Nobody puts the next look further off than twice the time that its rule names."""
    return today + 2 * (rule - today)


def restricts(looks: Iterable[Round]) -> str:
    """What restricts the person, in the words of whoever began to look at it."""
    return next((one.words.what for one in looks if one.came is Came.STARTED), "")


def in_order(items: Iterable[Item]) -> list[Item]:
    """What has waited longest comes first."""
    return sorted(items, key=lambda one: (one.due_at, one.kind, one.of))


def shown_from(kind: str) -> timedelta:
    """So long before it is due it is shown to staff."""
    return _reminding(kind).before


def reminds(item: Item, since: datetime, until: datetime) -> bool:
    """Whether one of its moments lies after `since` and not after `until`."""
    first = _begins(item)
    if first > until:
        return False
    if since < first:
        return True
    again = _reminding(item.kind).again
    start = item.until or item.due_at
    passed = (until - start) // again
    return passed >= 0 and start + passed * again > since


def _begins(item: Item) -> datetime:
    """Its first moment, since it was put off."""
    if item.until is not None:
        return item.until
    return item.due_at if item.early else item.due_at - _reminding(item.kind).before


def _reminding(kind: str) -> Reminding:
    return USUAL if kind not in REMINDING else REMINDING[Kind(kind)]
