"""Being open about harm: the person hears of it first, face to face, and what belongs to that.

Kith opens the list and keeps what staff say of it. It does not discharge the duty of candour.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value
from bot.care.text import Text

LIST = Text("candour", "list")
FIRST = Text("candour", "first")


class Step(StrEnum):
    """What belongs to it, in order; kept, never renamed."""

    TOLD = "told"
    SORRY = "sorry"
    NEXT = "next"
    WRITTEN = "written"
    SUPPORT = "support"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Candour:
    """The list about one incident. `told_by` told the person face to face, at `told_at`.

    `news` is what those around the person were told of it, if anything was. `done` are the steps
    besides that one.
    """

    id: str
    person: str
    opened_by: str
    opened_at: datetime
    told_by: str | None = None
    told_at: datetime | None = None
    news: str | None = None
    done: tuple[Step, ...] = ()

    def has(self, step: Step) -> bool:
        return self.told_at is not None if step is Step.TOLD else step in self.done

    @property
    def whole(self) -> bool:
        return all(map(self.has, Step))


def open_(fresh: Candour) -> Outcome:
    """A harm that is moderate or worse: the list comes to whoever says so. As long as the person
    has not been told it is all that follows."""
    opened = _log("candour_opened", fresh, fresh.opened_by)
    if fresh.told_at is None:
        return Outcome(said=shown(fresh), records=(fresh,), logs=(opened,))
    about = About(fresh.person, Topic.INCIDENTS, 3)
    tell = Tell(fresh.opened_by, shown(fresh), Lane.REPLY, about, f"{fresh.id}:candour")
    logs = (opened, _told(fresh, fresh.opened_by))
    return Outcome(records=(fresh,), tells=(tell,), logs=logs)


def told(candour: Candour, news: str, by: str, told_by: str, told_at: datetime) -> Outcome:
    """Those around the person are told of it under a list that stood already; the list stays with
    what was told first, and with who told the person first."""
    after = replace(candour, news=candour.news or news)
    logs = [_log("candour_news", candour, by, news=news)]
    if candour.told_at is None:
        after = replace(after, told_by=told_by, told_at=told_at)
        logs.append(_told(after, by))
    return Outcome(records=(after,), logs=tuple(logs))


def press(candour: Candour, step: Step, by: str, now: datetime) -> Outcome:
    """Yes, or not yet after all. That the person was told is never taken back."""
    if step is Step.TOLD:
        if candour.told_at is not None:
            return Outcome(said=shown(candour))
        after = replace(candour, told_by=by, told_at=now)
        return Outcome(said=shown(after), records=(after,), logs=(_told(after, by),))
    done = set(candour.done) ^ {step}
    after = replace(candour, done=tuple(one for one in Step if one in done))
    answer = "yes" if step in done else "not_yet"
    log = _log("candour_step", after, by, step=step.value, answer=answer)
    return Outcome(said=shown(after), records=(after,), logs=(log,))


def shown(candour: Candour) -> Message:
    return Message(
        FIRST if candour.told_at is None else LIST,
        {"candour": candour.id, "person": candour.person},
    )


def _told(candour: Candour, by: str) -> Log:
    assert candour.told_by is not None and candour.told_at is not None
    return _log("candour_told", candour, by, told_by=candour.told_by, told_at=candour.told_at)


def _log(kind: str, candour: Candour, by: str, **facts: Value) -> Log:
    return Log(kind, candour.person, by, {"candour": candour.id, **facts})
