"""One decision at one time: can the person make it now, and if not, what is in their interests.

A worry belongs to one decision and never to the person. It holds what they chose about its
topics: nothing of it widens. What helped them first and the four parts of the test come before
anything is written down.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care.outcome import Lane, Log, Message, Outcome, Tell, Topic, Wake
from bot.care.text import Text

REVIEW = "decision_review"
"""The kind of the deadline at which what a record allows ends; its key is the record's id."""

REVIEWS = {"week": timedelta(days=7), "month": timedelta(days=30), "quarter": timedelta(days=91)}


class Kind(StrEnum):
    CAPACITY = "capacity"
    BEST_INTERESTS = "best_interests"


class Found(StrEnum):
    """What a record says in the end; kept, never renamed."""

    CAN_DECIDE = "can_decide"
    CANNOT_NOW = "cannot_now"
    SHARE = "share"
    KEEP = "keep"


KINDS = {
    Found.CAN_DECIDE: Kind.CAPACITY,
    Found.CANNOT_NOW: Kind.CAPACITY,
    Found.SHARE: Kind.BEST_INTERESTS,
    Found.KEEP: Kind.BEST_INTERESTS,
}


class Part(StrEnum):
    """The four parts of the test: whoever can do all of them can decide."""

    UNDERSTAND = "understand"
    RETAIN = "retain"
    WEIGH = "weigh"
    COMMUNICATE = "communicate"


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """`wishes` are the person's own words, as far as they could say; `views` what each who was
    asked has said. `topics` are what it is about, in order; `over`, those that a later record has
    taken from it, and when.

    It stands until it is looked at again (`until`); what it allows ends at `review_at`.
    """

    id: str
    person: str
    topics: tuple[Topic, ...]
    help: str
    test: Mapping[Part, bool]
    found: Found
    by: str
    since: datetime
    review_at: datetime
    wishes: str = ""
    views: tuple[str, ...] = ()
    until: datetime | None = None
    over: dict[Topic, datetime] = field(default_factory=dict)

    @property
    def left(self) -> tuple[Topic, ...]:
        """What it still says something about."""
        return tuple(topic for topic in self.topics if topic not in self.over)

    @property
    def kind(self) -> Kind:
        return KINDS[self.found]

    @property
    def holds(self) -> bool:
        """Whether what the person chose about these topics is held."""
        return self.found is not Found.CAN_DECIDE

    @property
    def allows(self) -> bool:
        """Whether staff may let somebody know because of it."""
        return self.found is Found.SHARE


SAID = {
    Found.CAN_DECIDE: Text("decision", "can_saved"),
    Found.CANNOT_NOW: Text("decision", "cannot_saved"),
    Found.SHARE: Text("decision", "share_saved"),
    Found.KEEP: Text("decision", "keep_saved"),
}

TOLD = {
    Found.CAN_DECIDE: Text("decision", "told_can"),
    Found.CANNOT_NOW: Text("decision", "told_cannot"),
    Found.SHARE: Text("decision", "told_share"),
    Found.KEEP: Text("decision", "told_keep"),
}
"""What the person hears: nothing is written down about them behind their back."""


def able(test: Mapping[Part, bool]) -> bool:
    return all(test.get(part, False) for part in Part)


def complete(fresh: DecisionRecord) -> bool:
    """Help came first, all four parts were looked at, and what was found follows from them."""
    if not fresh.topics or not fresh.help.strip() or set(fresh.test) != set(Part):
        return False
    if fresh.kind is Kind.CAPACITY:
        return able(fresh.test) is (fresh.found is Found.CAN_DECIDE)
    return not able(fresh.test)


def record(fresh: DecisionRecord, standing: Sequence[DecisionRecord], now: datetime) -> Outcome:
    """Write it down; what stood about any of its topics until now is over by it."""
    if not complete(fresh):
        return Outcome()
    before = [one for one in standing if one.until is None and set(one.left) & set(fresh.topics)]
    less = tuple(_less(one, fresh.topics, now) for one in before)
    kept = replace(fresh, until=None if fresh.holds else now)
    person = fresh.person
    facts = {"decision": fresh.id, "topics": _named(fresh), "found": fresh.found.value}
    tells: tuple[Tell, ...] = ()
    if fresh.holds or before:
        message = Message(TOLD[fresh.found], {"by": fresh.by, "decision": fresh.id})
        tells = (Tell(person, message, Lane.NEWS, key=f"{fresh.id}:recorded"),)
    wakes = tuple(Wake(REVIEW, one.id, None) for one in less if one.until is not None)
    if kept.until is None:
        wakes += (Wake(REVIEW, fresh.id, fresh.review_at),)
    return Outcome(
        said=Message(SAID[fresh.found], {"decision": fresh.id, "person": person}),
        records=(*less, kept),
        tells=tells,
        wakes=wakes,
        logs=(Log("decision_recorded", person, fresh.by, facts),),
    )


def _less(one: DecisionRecord, topics: Collection[Topic], now: datetime) -> DecisionRecord:
    """Without these topics; with none left it is over, what it was about stays as it was."""
    if set(one.left) <= set(topics):
        return replace(one, until=now)
    return replace(one, over=one.over | {topic: now for topic in one.left if topic in topics})


def _named(one: DecisionRecord) -> str:
    return ",".join(topic.value for topic in one.topics)


def due(kept: DecisionRecord, now: datetime) -> Outcome:
    """At its review what it allows ends. Staff are asked to look again in their morning."""
    if kept.until is None and now < kept.review_at:
        return Outcome(wakes=(Wake(REVIEW, kept.id, kept.review_at),))
    return Outcome()
