"""What is looked at again: each kind of thing with its rule, when it is due, what came of it.

When something is due follows from the records that stand. Kept here is only what is nobody else's:
what came of each look, what was put off and why, and whether the person would like to come.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot.care import cadence as rules
from bot.care.cadence import MONTHLY, QUARTERLY, YEARLY, Cadence, next_after
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value
from bot.care.text import Text

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

FOR_STAFF = frozenset({Kind.AGREEMENT, Kind.GLASS, Kind.FIRST_WEEKS})
"""To these the person is not invited: one they look at themselves and are reminded of, of one
they may not know, and of one they are asked about each week."""


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
    """What was said at it: by the person, and by those around them. Empty: not asked."""

    person: str = ""
    around: str = ""


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

    `early`: it is up before its time because something has happened; that is for staff alone.
    """

    kind: str
    of: str
    person: str
    due_at: datetime
    early: bool = False
    snoozed: tuple[Snooze, ...] = ()
    only: tuple[str, ...] | None = None
    apart: tuple[str, ...] = ()

    @property
    def until(self) -> datetime | None:
        """Put off until then."""
        return max((one.until for one in self.snoozed), default=None)

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
    """A plan for outings: a month after it was agreed, then as the last look said. Since an alert
    it is looked at monthly again."""
    found = next_time(MONTHLY, agreed_at, zone) if last is None else last.next_at
    if alert is not None and last is not None and last.at < alert:
        monthly = next_time(MONTHLY, alert, zone)
        return monthly if found is None else min(found, monthly)
    return found


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
    at = datetime.combine(rules.on_working_day(day), rules.MORNING, zone)
    return at.astimezone(UTC)


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


# --- what is done about it ----------------------------------------------------------------


def start(fresh: Round) -> Outcome:
    """Somebody of staff has begun it by hand."""
    said = Message(Text("review", "started"), {"person": fresh.person, "on": _day(fresh)})
    return Outcome(said=said, records=(fresh,), logs=(_log("review_started", fresh),))


def started_already(standing: Round) -> Outcome:
    of: dict[str, Value] = {"person": standing.person, "on": _day(standing)}
    return Outcome(said=Message(Text("review", "started_already"), of))


def done(item: Item, fresh: Round) -> Outcome:
    """It was looked at. What was asked of the person is over with it."""
    of: dict[str, Value] = {"person": fresh.person}
    text = Text("review", "done_for_good")
    if fresh.next_at is not None:
        text, of["on"], of["round"] = Text("review", "done"), fresh.next_at, fresh.id
    if fresh.theatre:
        text = Text("review", "done_unheard")
    facts: dict[str, Value] = {"theatre": int(fresh.theatre), "late": _late(item, fresh)}
    log = _log("review_done", fresh)
    if item.early:  # nothing of that is the person's to see
        log = replace(log, person=None)
    return Outcome(
        said=Message(text, of),
        records=(fresh,),
        logs=(replace(log, facts={**log.facts, **facts}),),
    )


def put_off(item: Item, fresh: Snooze) -> Outcome:
    """Not now, and why; twice, and then it has to be done."""
    if len(item.snoozed) >= MOST_SNOOZES:
        return Outcome(said=Message(Text("review", "no_more_snoozes"), {"person": item.person}))
    last = len(item.snoozed) == MOST_SNOOZES - 1
    text = Text("review", "snoozed_last") if last else Text("review", "snoozed")
    facts: dict[str, Value] = {"kind": fresh.kind, "of": fresh.of, "until": fresh.until}
    return Outcome(
        said=Message(text, {"person": fresh.person, "on": fresh.until}),
        records=(fresh,),
        logs=(Log("review_put_off", None if item.early else fresh.person, fresh.by, facts),),
    )


def invite(fresh: Invited) -> Outcome:
    """The person hears that it comes, and is asked whether they would like to."""
    ahead = fresh.asked_at < fresh.due_at  # a day that is over is named to nobody
    text = Text("review", "would_you_come") if ahead else Text("review", "would_you_come_soon")
    message = Message(text, {"invited": fresh.id})
    return Outcome(
        records=(fresh,), tells=(Tell(fresh.person, message, Lane.REMINDER, key=f"{fresh.id}:ask"),)
    )


COMING = {
    Coming.YES: Text("review", "you_come"),
    Coming.NO: Text("review", "you_do_not_come"),
    Coming.TALK: Text("review", "you_talk_first"),
}


def answer(asked: Invited, said: Coming, keepers: Sequence[str], now: datetime) -> Outcome:
    """Pressed again, the later answer stands. Who would like to talk first is not kept waiting."""
    after = replace(asked, answer=said, answered_at=now)
    tells: tuple[Tell, ...] = ()
    if said is Coming.TALK and asked.answer is not Coming.TALK:
        message = Message(Text("review", "would_talk"), {"person": asked.person})
        about = About(asked.person, Topic.PLANS_AND_REVIEWS, 2)
        key = f"{asked.id}:talk:{int(now.timestamp())}"
        tells = tuple(Tell(to, message, Lane.REPLY, about, f"{key}:{to}") for to in keepers)
    facts: dict[str, Value] = {"kind": asked.kind, "of": asked.of, "answer": said.value}
    return Outcome(
        said=Message(COMING[said], {"invited": asked.id}),
        records=(after,),
        tells=tells,
        logs=(Log("review_answered", asked.person, asked.person, facts),),
    )


def _day(fresh: Round) -> datetime:
    assert fresh.next_at is not None  # it has just begun
    return fresh.next_at


def _late(item: Item, fresh: Round) -> int:
    return max(0, (fresh.at - item.due_at).days)


def _log(kind: str, fresh: Round) -> Log:
    facts: dict[str, Value] = {"kind": fresh.kind, "of": fresh.of, "came": fresh.came.value}
    return Log(kind, fresh.person, fresh.by, facts)
