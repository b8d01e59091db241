"""A review in the calendar of whoever took its file: it moves when the review does, and goes when
the review is over or no longer theirs to see.

The file names nobody and nothing: a calendar is read over shoulders.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.care.outcome import Lane, Message, Outcome, Tell, Wake
from bot.care.text import Text

KIND = "review_entry"
"""The kind of the deadline at which an entry is compared with its review; its key is the entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One round of a review (`kind`, `of`) in the calendar of `member`, who is of staff or the
    person themselves. `uid` never changes; `sequence` grows with each file."""

    id: str
    member: str
    kind: str
    of: str
    person: str
    uid: str
    sequence: int
    day: date
    gone: bool = False

    @property
    def own(self) -> bool:
        return self.member == self.person


def take(entry: Entry, next_at: datetime) -> Outcome:
    """The first file; it is looked at again at `next_at`."""
    text = Text("ics", "your_review") if entry.own else Text("ics", "review")
    return _file(entry, text, Lane.REPLY) + Outcome(wakes=(Wake(KIND, entry.id, next_at),))


def on(day: date, said: date, today: date) -> date:
    """The day that a calendar shows of a review that is due on `day`: never a new one that is
    over."""
    return max(day, min(said, today))


def follow(before: Entry, day: date | None, sequence: int, next_at: datetime) -> Outcome:
    """A later file where it is needed. `day`: the one it now has; None: it is over, or not theirs
    to see."""
    if before.gone:
        return Outcome()
    if day is None:
        text = Text("ics", "your_review_over") if before.own else Text("ics", "review_over")
        return _file(replace(before, gone=True, sequence=sequence), text, Lane.NEWS)
    again = Outcome(wakes=(Wake(KIND, before.id, next_at),))
    if day == before.day:
        return again
    text = Text("ics", "your_review_moved") if before.own else Text("ics", "review_moved")
    return _file(replace(before, day=day, sequence=sequence), text, Lane.NEWS) + again


def _file(entry: Entry, text: Text, lane: Lane) -> Outcome:
    said = Message(text, {"review_entry": entry.id, "mark": entry.sequence})
    tell = Tell(entry.member, said, lane, key=f"{entry.id}:{entry.sequence}")
    return Outcome(records=(entry,), tells=(tell,))
