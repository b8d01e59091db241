"""Cover on the rota: somebody cannot do a shift, or would swap it, and colleagues are asked.

The rules of this file: a shift stays with whoever has it until somebody has said yes; the first
who says yes has it; managers hear of every change, and of a shift nobody takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care.circle import ROTA, STAFF_ROLES, Membership, Shift, acting
from bot.care.outcome import Lane, Log, Message, Outcome, Tell, Value, Wake
from bot.care.text import Text

KIND = "cover"
"""The kind of its deadline; its key is the cover's id."""

AHEAD = timedelta(days=1)
"""Managers hear so long before a shift begins that nobody has taken it."""

SOON = timedelta(hours=1)
"""Colleagues have at least so long to answer before managers hear of it."""


class State(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"


_TAKEN = Text("cover", "yours"), Text("cover", "has_it"), Text("cover", "changed")
_SWAPPED = (
    Text("cover", "yours_swapped"),
    Text("cover", "has_it_swapped"),
    Text("cover", "changed_swapped"),
)
"""What is said to whoever takes it, to whoever asked, and to managers; a swap names both times."""


@dataclass(frozen=True, slots=True)
class Cover:
    """`by` asks for somebody to take `shift`; `other` is the shift they would do instead."""

    id: str
    shift: str
    by: str
    asked_at: datetime
    other: str | None = None
    state: State = State.OPEN
    taken_by: str | None = None
    taken_at: datetime | None = None


def ask(
    cover: Cover, shift: Shift, other: Shift | None, colleagues: Sequence[str], now: datetime
) -> Outcome:
    """Colleagues are asked; for a swap only the one whose shift it is."""
    if not _theirs(shift, cover.by, now):
        return Outcome()
    if other is not None and (other.member == cover.by or not _ahead(other, shift.team, now)):
        return Outcome()
    asked = [m for m in colleagues if m != cover.by and (other is None or other.member == m)]
    if not asked:
        return Outcome(said=Message(Text("cover", "nobody_to_ask")))
    text = Text("cover", "please_cover") if other is None else Text("cover", "please_swap")
    told = Message(text, {"cover": cover.id, "by": cover.by, **_spans(shift, other)})
    look = max(shift.starts_at - AHEAD, now + SOON)
    return Outcome(
        said=Message(Text("cover", "asked"), _spans(shift, None)),
        records=(cover,),
        tells=tuple(Tell(m, told, Lane.NEWS, key=f"{cover.id}:asked:{m}") for m in asked),
        wakes=(Wake(KIND, cover.id, look),),
        logs=(_log("cover_asked", cover, cover.by),),
    )


def take(
    cover: Cover,
    shift: Shift,
    other: Shift | None,
    by: str,
    staff: Sequence[Membership],
    managers: Sequence[str],
    fresh: str,
    now: datetime,
) -> Outcome:
    """`by`, with the roles `staff`, says yes. A shift that runs already is theirs from now on,
    under the id `fresh`."""
    fits = any(m.team == shift.team for m in acting(staff, STAFF_ROLES))
    if not fits or by == cover.by or (other is not None and other.member != by):
        return Outcome()
    if cover.state is State.TAKEN and cover.taken_by is not None:
        return Outcome(said=Message(Text("cover", "taken_already"), {"member": cover.taken_by}))
    stands = _theirs(shift, cover.by, now)
    stands &= other is None or _ahead(other, shift.team, now)
    if cover.state is not State.OPEN or not stands:
        return Outcome(said=Message(Text("cover", "over")))
    done = replace(cover, state=State.TAKEN, taken_by=by, taken_at=now)
    spans = _spans(shift, other)
    yours, has_it, changed = _TAKEN if other is None else _SWAPPED
    return Outcome(
        said=Message(yours, {"by": cover.by, **spans}),
        records=(done, *_given(shift, by, fresh, now), *_swapped(other, cover.by)),
        tells=(
            _tell(done, cover.by, has_it, member=by, **spans),
            *(
                _tell(done, manager, changed, member=by, by=cover.by, **spans)
                for manager in managers
                if manager not in (by, cover.by)
            ),
        ),
        wakes=(Wake(KIND, cover.id, None), Wake(ROTA, shift.team, now)),
        logs=(_log("cover_taken", done, by),),
    )


def withdraw(cover: Cover, by: str) -> Outcome:
    """They can do it after all."""
    if cover.by != by or cover.state is not State.OPEN:
        return Outcome()
    return Outcome(
        said=Message(Text("cover", "withdrawn")),
        records=(replace(cover, state=State.WITHDRAWN),),
        wakes=(Wake(KIND, cover.id, None),),
        logs=(_log("cover_withdrawn", cover, by),),
    )


def tick(cover: Cover, shift: Shift | None, managers: Sequence[str], now: datetime) -> Outcome:
    """It is time, and nobody has said yes: it is still theirs, and managers hear of it."""
    quiet = Outcome(wakes=(Wake(KIND, cover.id, None),))
    if cover.state is not State.OPEN or shift is None or not _theirs(shift, cover.by, now):
        return quiet
    spans = _spans(shift, None)
    hear = [m for m in managers if m != cover.by]
    return quiet + Outcome(
        tells=(
            _tell(cover, cover.by, Text("cover", "still_yours"), **spans),
            *(_tell(cover, m, Text("cover", "nobody_yet"), by=cover.by, **spans) for m in hear),
        ),
        logs=(_log("cover_not_taken", cover, None),),
    )


def _given(shift: Shift, to: str, fresh: str, now: datetime) -> tuple[Shift, ...]:
    """The shift as theirs; what has run of it stays with whoever ran it."""
    if now <= shift.starts_at:
        return (replace(shift, member=to),)
    return (replace(shift, ends_at=now), replace(shift, id=fresh, member=to, starts_at=now))


def _swapped(other: Shift | None, to: str) -> tuple[Shift, ...]:
    return () if other is None else (replace(other, member=to),)


def _theirs(shift: Shift, by: str, now: datetime) -> bool:
    return shift.member == by and now < shift.ends_at


def _ahead(other: Shift, team: str, now: datetime) -> bool:
    """Only a shift that has not begun can be had in exchange."""
    return other.team == team and now < other.starts_at


def _spans(shift: Shift, other: Shift | None) -> dict[str, Value]:
    spans: dict[str, Value] = {"starts": shift.starts_at, "ends": shift.ends_at}
    if other is not None:
        spans |= {"other_starts": other.starts_at, "other_ends": other.ends_at}
    return spans


def _tell(cover: Cover, to: str, text: Text, **params: Value) -> Tell:
    return Tell(to, Message(text, params), Lane.NEWS, key=f"{cover.id}:{text.id}:{to}")


def _log(kind: str, cover: Cover, by: str | None) -> Log:
    return Log(kind, None, by, {"shift": cover.shift, "cover": cover.id})
