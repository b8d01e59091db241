"""Who is on call when, and the gaps in it that a manager is warned about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.care.circle import (
    ROTA,
    STAFF_ROLES,
    WHY_NOT,
    Membership,
    No,
    Role,
    Shift,
    acting,
)
from bot.care.outcome import Lane, Log, Message, Outcome, Tell, Value, Wake
from bot.care.text import Text

AHEAD = timedelta(days=14)
"""How far a rota is looked at."""

WARNED = (timedelta(days=7), timedelta(days=1), timedelta(0))
"""How long before a gap begins managers are warned of it."""


LONGEST = timedelta(days=31)
"""The longest single shift; a longer one is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody is on call from `starts_at` until just before `ends_at`."""

    starts_at: datetime
    ends_at: datetime


def on_call(shifts: Iterable[Shift], now: datetime) -> list[str]:
    """Who is on call at `now`, each once; whose shift began last comes first."""
    running = [s for s in shifts if s.starts_at <= now < s.ends_at]
    running.sort(key=lambda s: (s.starts_at, s.id), reverse=True)
    return list(dict.fromkeys(s.member for s in running))


def gaps(shifts: Iterable[Shift], start: datetime, until: datetime) -> list[Gap]:
    """The spans between `start` and `until` in which nobody is on call, in order."""
    found: list[Gap] = []
    covered = start
    for shift in sorted(shifts, key=lambda s: s.starts_at):
        if shift.ends_at <= max(covered, shift.starts_at):
            continue
        if shift.starts_at >= until:
            break
        if shift.starts_at > covered:
            found.append(Gap(covered, shift.starts_at))
        covered = shift.ends_at
    if covered < until:
        found.append(Gap(covered, until))
    return found


def may_plan(
    memberships: Sequence[Membership], on_shift: Sequence[Membership], shift: Shift, now: datetime
) -> No | None:
    """None when someone with these memberships may plan this shift; else why not.

    Managers plan their own team's rota; whoever is on call is staff (`on_shift` are theirs).
    """
    managed = {m.team for m in acting(memberships, [Role.MANAGER])}
    if shift.team not in managed:
        return No.MANAGERS_ONLY
    if not acting(on_shift, STAFF_ROLES):
        return No.NOT_STAFF_ON_CALL
    fits = shift.starts_at < shift.ends_at <= shift.starts_at + LONGEST and now < shift.ends_at
    return None if fits else No.TIMES


def plan(shift: Shift, by: str, why_not: No | None, now: datetime) -> Outcome:
    """A new shift stands; the one on call hears of it."""
    if why_not is not None:
        return Outcome(said=Message(WHY_NOT[why_not]))
    span = {"starts": shift.starts_at, "ends": shift.ends_at}
    told = Message(Text("rota", "you_are_on_call"), span)
    return Outcome(
        said=Message(Text("rota", "shift_added"), {"member": shift.member, **span}),
        records=(shift,),
        tells=() if shift.member == by else (Tell(shift.member, told, Lane.NEWS, key=shift.id),),
        wakes=(Wake(ROTA, shift.team, now),),
        logs=(_log("shift_planned", shift, by),),
    )


def may_cancel(memberships: Sequence[Membership], shift: Shift, now: datetime) -> No | None:
    """None when someone with these memberships may take this shift back; else why not."""
    managed = {m.team for m in acting(memberships, [Role.MANAGER])}
    if shift.team not in managed:
        return No.MANAGERS_ONLY
    return None if now < shift.ends_at else No.TIMES


def cancel(shift: Shift, by: str, why_not: No | None, now: datetime) -> Outcome:
    """A shift ends now, or never begins; the one who was on call hears of it."""
    if why_not is not None:
        return Outcome(said=Message(WHY_NOT[why_not]))
    span = {"starts": shift.starts_at, "ends": shift.ends_at}
    told = Message(Text("rota", "not_on_call"), span)
    key = f"{shift.id}:cancelled"
    return Outcome(
        said=Message(Text("rota", "shift_cancelled"), {"member": shift.member, **span}),
        records=(replace(shift, ends_at=max(shift.starts_at, now)),),
        tells=() if shift.member == by else (Tell(shift.member, told, Lane.NEWS, key=key),),
        wakes=(Wake(ROTA, shift.team, now),),
        logs=(_log("shift_cancelled", shift, by),),
    )


def look(
    team: str, shifts: Sequence[Shift], managers: Sequence[str], uses_rota: bool, now: datetime
) -> Outcome:
    """Warn of each gap a week ahead, a day ahead, and when it is there; say when to look again.

    A team that never had a shift does not use the rota, and is left in peace.
    """
    if not uses_rota:
        return Outcome(wakes=(Wake(ROTA, team, None),))
    tells: list[Tell] = []
    moments = [now + AHEAD - WARNED[0]]
    for gap in gaps(shifts, now, now + AHEAD):
        moments += [m for m in (gap.starts_at - before for before in WARNED) if m > now]
        due = [before for before in WARNED if gap.starts_at - before <= now]
        if due:
            tells += _warnings(team, gap, due[-1], managers, now)
    if not on_call(shifts, now):
        moments.append(now + timedelta(days=1))
    return Outcome(tells=tuple(tells), wakes=(Wake(ROTA, team, min(moments)),))


def _warnings(
    team: str, gap: Gap, before: timedelta, managers: Sequence[str], now: datetime
) -> Iterable[Tell]:
    """One warning to each manager; the key says it once for each gap and step ahead of it."""
    if before:
        said = Message(Text("rota", "gap_ahead"), {"starts": gap.starts_at, "ends": gap.ends_at})
        key = f"rota:{team}:{int(gap.starts_at.timestamp())}:{before.days}"
    else:
        said = Message(Text("rota", "gap_now"), {"ends": gap.ends_at})
        key = f"rota:{team}:now:{now:%Y-%m-%d}"
    for manager in managers:
        yield Tell(manager, said, Lane.NEWS, key=f"{key}:{manager}")


def _log(kind: str, shift: Shift, by: str) -> Log:
    facts: dict[str, Value] = {"shift": shift.id, "team": shift.team, "member": shift.member}
    return Log(kind, None, by, facts)
