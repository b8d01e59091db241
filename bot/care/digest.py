"""What becomes of something that was noticed: somebody reads it, and somebody finishes with it.

The rules of this file: nothing waits unread for longer than its time without staff being asked;
whoever noticed it always hears that it was read, and that the team has finished with it, and of
the person they hear nothing by that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.care.calendar import may_see
from bot.care.hours import Hours
from bot.care.outcome import About, Lane, Log, Message, Outcome, Tell, Topic, Value, Wake
from bot.care.sign import Observation, SignPlan
from bot.care.text import Text
from bot.care.threshold import fired

KIND = "digest"
"""The kind of the deadline at which the unread are told of together; its key is the person."""

READ_BY = "read_by"
"""The kind of the deadline of one of them: by then it is read, and then finished with."""

GATHER = timedelta(minutes=10)
"""So long after something was noticed staff hear of it, while the service is open: what comes in
meanwhile is told with it."""

LEAST = timedelta(hours=1)
"""What comes in so long before the service closes is read on the same day."""

WORKING_DAYS = 1
"""So long may the rest wait."""

RECEIPT = "receipt"
"""The kind of the deadline from which its writer may know what came of it; its key is its id."""

SHOWN = Text("digest", "shown")
"""One of them with its words, for staff: `reveal` loads them."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """An observation without its words: whose it is, and how far the team is with it.

    `sign`: the card it is of, None for something else; `since`: for how many days already.
    `gone`: its writer has taken it back.
    """

    id: str
    person: str
    by: str
    at: datetime
    sign: str | None = None
    gone: bool = False
    read_by: str | None = None
    read_at: datetime | None = None
    finished_by: str | None = None
    finished_at: datetime | None = None
    since: int = 0

    @property
    def unread(self) -> bool:
        return self.read_at is None and not self.gone

    @property
    def unfinished(self) -> bool:
        return self.finished_at is None and not self.gone


def told_at(hours: Hours, now: datetime) -> datetime:
    """When staff hear of what is noticed now: in a few minutes, or once the service opens."""
    return hours.opens(now + GATHER)


def read_by(hours: Hours, at: datetime) -> datetime:
    """By when what was noticed then is to be read."""
    today = hours.is_open(at) and hours.closes(at) - at >= LEAST
    return hours.closes(at) if today else hours.by_day(at, WORKING_DAYS)


def early(hours: Hours, noticed_at: datetime, now: datetime) -> bool:
    """Whether the service has only just opened, and this was noticed before it did."""
    before = not hours.is_open(noticed_at) or noticed_at <= now - GATHER
    return before and hours.is_open(now) and not hours.is_open(now - GATHER)


def expected(
    plan: SignPlan | None, seen: Sequence[Observation], one: Observation, zone: ZoneInfo
) -> bool:
    """Whether its writer knows why staff would look at it at once: what they may see themselves
    has reached a sentence of the plan with it. Else that somebody looked tells them that somebody
    else has said something.
    """
    if plan is None:
        return False
    theirs = [each for each in seen if may_see(each, one.by, one.voice, shared=False)]
    for last in (each for each in theirs if each.by == one.by and each.at >= one.at):
        by_then = [each for each in theirs if each.at <= last.at]
        reached = fired(plan, by_then, last.at, zone, newest=last.id)
        if any(one.id in each.observations for each in reached):
            return True
    return False


def queue(noticed: Noticed, digest_at: datetime, read_by: datetime) -> Outcome:
    """It goes into the next digest, and has a time by which it is read."""
    wakes = (Wake(KIND, noticed.person, digest_at), Wake(READ_BY, noticed.id, read_by))
    return Outcome(wakes=wakes)


def tell(
    person: str,
    noticed: Sequence[Noticed],
    staff: Sequence[str],
    due_at: datetime,
) -> Outcome:
    """While the service is open: how many wait to be read, in one message."""
    unread = [one for one in noticed if one.unread]
    if not unread:
        return Outcome()
    text = Text("digest", "one") if len(unread) == 1 else Text("digest", "several")
    message = Message(text, {"person": person, "of": person, "count": len(unread)})
    key = f"digest:{person}:{due_at:%Y%m%d%H%M}"
    return Outcome(
        tells=tuple(
            Tell(to, message, Lane.REPLY, _about(person), key=f"{key}:{to}") for to in staff
        ),
        logs=(Log("digest_told", None, None, {"count": len(unread)}),),
    )


def show(ids: Sequence[str], to: str, turn: str) -> Outcome:
    """Each of these observations with its words, to one of staff; `turn` makes it once only."""
    return Outcome(
        tells=tuple(
            Tell(
                to,
                Message(SHOWN, {"observation": id}),
                Lane.REPLY,
                key=f"{id}:shown:{turn}:{to}",
            )
            for id in ids
        )
    )


def rest(noticed: Noticed, part: int, to: str, turn: str) -> Outcome:
    """The next part of words that do not fit into one message."""
    message = Message(SHOWN, {"observation": noticed.id, "part": part})
    return Outcome(tells=(Tell(to, message, Lane.REPLY, key=f"{noticed.id}:{part}:{turn}:{to}"),))


def look(person: str, waiting: Sequence[Noticed], by: str, turn: str) -> Outcome:
    """Whoever opens the digest is shown what nobody has read yet, or finished with; what it is
    comes first, by the same way."""
    if not waiting:
        return Outcome(said=Message(Text("digest", "nothing"), {"person": person}))
    unread = any(one.unread for one in waiting)
    text = Text("digest", "look") if unread else Text("digest", "look_again")
    message, key = Message(text, {"person": person}), f"{person}:look:{turn}:{by}"
    first = Outcome(tells=(Tell(by, message, Lane.REPLY, _about(person), key),))
    return first + show([one.id for one in waiting], by, turn)


def read(
    noticed: Noticed,
    by: str,
    now: datetime,
    again_at: datetime,
    held: datetime | None = None,
    *,
    timed: bool = True,
) -> Outcome:
    """Somebody of staff has read it: whoever noticed it hears when (`timed`), or only that. Once.

    From then on staff are asked, once at the start of each working day, to finish with it.
    `held`: its writer hears only then that it was read.
    """
    if noticed.gone:
        return Outcome(said=_of(Text("digest", "taken_back"), noticed))
    if noticed.read_at is not None and noticed.read_by is not None:
        then: dict[str, Value] = {"member": noticed.read_by, "at": noticed.read_at}
        return Outcome(said=_of(Text("digest", "read_already"), noticed, **then))
    after = replace(noticed, read_by=by, read_at=now)
    return Outcome(
        said=_of(Text("digest", "marked_read"), noticed),
        records=(after,),
        tells=() if held else _read_receipt(after, by, now, timed=timed),
        wakes=(Wake(READ_BY, noticed.id, again_at), *_later(noticed, held)),
        logs=(_log("observation_read", noticed, by),),
    )


def finish(noticed: Noticed, by: str, now: datetime, held: datetime | None = None) -> Outcome:
    """The team has finished with it, whatever came of it. What nobody has read is read first."""
    if noticed.gone:
        return Outcome(said=_of(Text("digest", "taken_back"), noticed))
    if noticed.read_at is None:
        return Outcome(said=_of(Text("digest", "read_first"), noticed))
    if noticed.finished_at is not None:
        return Outcome(said=_of(Text("digest", "finished_already"), noticed))
    after = replace(noticed, finished_by=by, finished_at=now)
    return Outcome(
        said=_of(Text("digest", "marked_finished"), noticed),
        records=(after,),
        tells=() if held else _receipt(after, by, Text("digest", "was_finished"), now),
        wakes=(Wake(READ_BY, noticed.id, None), *_later(noticed, held)),
        logs=(_log("observation_finished", noticed, by),),
    )


def receipts(noticed: Noticed, now: datetime) -> Outcome:
    """What was held is told now. What has been told already is not told again."""
    tells: tuple[Tell, ...] = ()
    if noticed.read_by is not None and not noticed.gone:
        tells = _read_receipt(noticed, noticed.read_by, now, timed=False)
    if noticed.finished_by is not None and not noticed.gone:
        tells += _receipt(noticed, noticed.finished_by, Text("digest", "was_finished"), now)
    return Outcome(tells=tells)


def _later(noticed: Noticed, held: datetime | None) -> tuple[Wake, ...]:
    return () if held is None else (Wake(RECEIPT, noticed.id, held),)


def unfinished(
    noticed: Noticed, staff: Sequence[str], due_at: datetime, again_at: datetime
) -> Outcome:
    """It was read, and whoever noticed it has not heard yet that the team has finished."""
    message = _of(Text("digest", "finish_it"), noticed)
    key = f"{noticed.id}:finish:{due_at:%Y%m%d%H%M}"
    return Outcome(
        tells=tuple(
            Tell(to, message, Lane.REMINDER, _about(noticed.person), key=f"{key}:{to}")
            for to in staff
        ),
        wakes=(Wake(READ_BY, noticed.id, again_at),),
    )


def _read_receipt(noticed: Noticed, by: str, now: datetime, *, timed: bool) -> tuple[Tell, ...]:
    text = Text("digest", "was_read") if timed else Text("digest", "was_read_before")
    told = _receipt(noticed, by, text, now)
    return tuple(replace(tell, key=f"{noticed.id}:was_read") for tell in told)


def _receipt(noticed: Noticed, by: str, text: Text, now: datetime) -> tuple[Tell, ...]:
    """To whoever noticed it, about their own words: when, and not a word about the person."""
    if noticed.by == by:
        return ()
    said = Message(text, {"at": now, "noticed_at": noticed.at})
    return (Tell(noticed.by, said, Lane.REPLY, key=f"{noticed.id}:{text.id}"),)


def _of(text: Text, noticed: Noticed, **more: Value) -> Message:
    return Message(text, {"observation": noticed.id, "person": noticed.person, **more})


def _about(person: str) -> About:
    return About(person, Topic.EARLY_SIGNS, 3)


def _log(kind: str, noticed: Noticed, by: str) -> Log:
    return Log(kind, None, by, {"observation": noticed.id})
