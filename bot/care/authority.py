"""An attorney or a deputy: papers that staff have seen, for some topics, until a day.

Their word may stand for the person's on those topics, beside the person's own. That somebody has
such a role says nothing by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.care.outcome import Lane, Log, Message, Outcome, Tell, Topic, Wake
from bot.care.text import Text

REVIEW = "authority_review"
"""The kind of the deadline at which it ends by itself; its key is the record's id."""

LENGTHS = {3: timedelta(days=91), 6: timedelta(days=182), 12: timedelta(days=365)}
"""After how many months the papers are looked at again."""

MONEY = frozenset({Topic.FINANCES})
WELFARE = frozenset(Topic) - MONEY


@dataclass(frozen=True, slots=True)
class Authority:
    """`membership` is the attorney's or the deputy's; `seen_by` has seen the papers at `since`."""

    id: str
    person: str
    membership: str
    topics: frozenset[Topic]
    seen_by: str
    since: datetime
    until: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None

    def stands(self, now: datetime) -> bool:
        return self.ended_at is None and self.since <= now < self.until


def record(fresh: Authority, holder: str, before: Sequence[Authority]) -> Outcome:
    """The papers have been seen. What stood for the same attorney until now is over by it."""
    same = [one for one in before if one.membership == fresh.membership]
    over = tuple(replace(one, ended_at=fresh.since, ended_by=fresh.seen_by) for one in same)
    told = Message(Text("authority", "told"), {"by": fresh.seen_by, "holder": holder})
    return Outcome(
        said=Message(Text("authority", "saved"), {"holder": holder, "person": fresh.person}),
        records=(*over, fresh),
        tells=(Tell(fresh.person, told, Lane.NEWS, key=f"{fresh.id}:recorded"),),
        wakes=(
            *(Wake(REVIEW, one.id, None) for one in same),
            Wake(REVIEW, fresh.id, fresh.until),
        ),
        logs=(_log("authority_recorded", fresh, fresh.seen_by),),
    )


def end(kept: Authority, holder: str, by: str, now: datetime) -> Outcome:
    """It does not hold any more."""
    if not kept.stands(now):
        return Outcome()
    told = Message(Text("authority", "told_ended"), {"by": by, "holder": holder})
    return Outcome(
        said=Message(Text("authority", "ended"), {"holder": holder, "person": kept.person}),
        records=(replace(kept, ended_at=now, ended_by=by),),
        tells=(Tell(kept.person, told, Lane.NEWS, key=f"{kept.id}:ended"),),
        wakes=(Wake(REVIEW, kept.id, None),),
        logs=(_log("authority_ended", kept, by),),
    )


def due(kept: Authority, now: datetime) -> Outcome:
    """It ends by itself: what rests on it is looked at once more at that very moment. Staff are
    asked to look at the papers in their morning."""
    if kept.ended_at is None and now < kept.until:
        return Outcome(wakes=(Wake(REVIEW, kept.id, kept.until),))
    return Outcome()


def _log(kind: str, kept: Authority, by: str) -> Log:
    topics = ",".join(sorted(topic.value for topic in kept.topics))
    facts = {"authority": kept.id, "of": kept.membership, "topics": topics}
    return Log(kind, kept.person, by, facts)
