"""When a plan's own sentences have come true: counts and dates, nothing else.

An observation counts for the local day on which it was said and, where it speaks of "a few
days", for the days before. One that was taken back counts nothing, nor does a good card, nor a
card that the plan in force has no more. In what order they arrived makes no difference.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.care.sign import WARNING, Observation, SignPlan, Stage, Template, Threshold

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fired:
    """A threshold that has been reached, and what is behind it.

    `observations` are ids, the oldest first; `signs` the cards they are of, and `stage` the
    latest stage among these; `days` the local days that count, in order.
    """

    threshold: Threshold
    observations: tuple[str, ...]
    signs: tuple[str, ...]
    stage: Stage
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """One observation: its card, and the days it speaks of, the last one `last`."""

    it: Observation
    sign: str
    stage: Stage
    first: date
    last: date

    def within(self, first: date) -> bool:
        return self.last >= first


def fired(
    plan: SignPlan,
    observations: Sequence[Observation],
    now: datetime,
    zone: ZoneInfo,
    newest: str | None = None,
) -> tuple[Fired, ...]:
    """The plan's thresholds that are reached now, in its order; none while it is not in force.

    `newest`: only those in which this observation has a part, for what was reached before it has
    been told already.
    """
    if plan.active_at is None or plan.ended_at is not None:
        return ()
    seen = _seen(plan, observations, now, zone)
    if newest is not None and all(one.it.id != newest for one in seen):
        return ()
    today = now.astimezone(zone).date()
    found = (_reached(threshold, seen, today) for threshold in plan.thresholds)
    return tuple(
        one for one in found if one is not None and (newest is None or newest in one.observations)
    )


def _seen(
    plan: SignPlan, observations: Sequence[Observation], now: datetime, zone: ZoneInfo
) -> list[_Seen]:
    """What counts, oldest first, of so many days as the plan speaks of."""
    stages = {sign.id: sign.stage for sign in plan.signs if sign.stage in WARNING}
    longest = max((threshold.days for threshold in plan.thresholds), default=0)
    since = now - timedelta(days=longest + 1)
    today = now.astimezone(zone).date()
    found = []
    for one in observations:
        if one.at < since or one.withdrawn_at is not None or one.sign not in stages:
            continue
        # A clock that was set back brings none from tomorrow.
        last = min(one.at.astimezone(zone).date(), today)
        first = last - timedelta(days=max(one.since, 1) - 1)
        found.append(_Seen(one, one.sign, stages[one.sign], first, last))
    return sorted(found, key=lambda seen: (seen.it.at, seen.it.id))


def _reached(threshold: Threshold, seen: Sequence[_Seen], today: date) -> Fired | None:
    first = today - (threshold.days - 1) * _DAY
    recent = [one for one in seen if one.within(first)]
    match threshold.template:
        case Template.ANY_LATE:
            behind = [one for one in recent if one.stage is Stage.LATE]
        case Template.DIFFERENT_IN_DAYS:
            enough = len({one.sign for one in recent}) >= threshold.count
            behind = recent if enough else []
        case Template.SAME_DAYS_RUNNING:
            running = _signs_with(recent, lambda of: len(_days(of, first)) == threshold.days)
            behind = [one for one in recent if one.sign in running]
        case Template.TWO_PEOPLE:
            by_two = _signs_with(recent, lambda of: len({one.it.by for one in of}) > 1)
            behind = [one for one in recent if one.sign in by_two]
    return None if not behind else _fired(threshold, behind, first)


def _signs_with(seen: Sequence[_Seen], enough: Callable[[list[_Seen]], bool]) -> set[str]:
    """The cards whose observations are enough."""
    of: dict[str, list[_Seen]] = {}
    for one in seen:
        of.setdefault(one.sign, []).append(one)
    return {sign for sign, those in of.items() if enough(those)}


def _days(seen: Iterable[_Seen], first: date) -> list[date]:
    """The days from `first` on that any of them speaks of, in order."""
    found: set[date] = set()
    for one in seen:
        begins = max(one.first, first)
        found |= {begins + n * _DAY for n in range((one.last - begins).days + 1)}
    return sorted(found)


def _fired(threshold: Threshold, behind: Sequence[_Seen], first: date) -> Fired:
    return Fired(
        threshold,
        observations=tuple(one.it.id for one in behind),
        signs=tuple(dict.fromkeys(one.sign for one in behind)),
        stage=max((one.stage for one in behind), key=WARNING.index),
        days=tuple(_days(behind, first)),
    )
