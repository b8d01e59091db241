"""Which messages leave next, and what is to become of one that did not arrive."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.care.outcome import Lane
from bot.outbox.budget import Budget
from bot.outbox.verdict import Again, Broken, Refused, Unreachable, Verdict
from bot.store.outbox import Ready
from bot.waking import Next

SLOTS = 12
"""So many sends at once; the bot's connection pool must hold as many."""

RESERVED = 4
"""So many of them for safety alone: a slow low lane never holds it up."""

TRIES = 5
"""A message below `reply` that cannot even be made is given up after so many."""

LONGEST_WAIT = 60
"""Seconds between two tries at most; the first waits one, each further one twice as long."""

CALLS, CALLS_OF_A_TEST = 12, 4
"""So often a call goes a second way: for half an hour when it is an alert, a minute for a test."""

FIRST_CALL_WAITS, LONGEST_CALL_WAITS = timedelta(seconds=10), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Later:
    """Again after `wait`; `maybe_sent`: this try may have reached its reader."""

    wait: timedelta
    reason: str
    maybe_sent: bool = False


@dataclass(frozen=True, slots=True)
class Never:
    """It is given up; `nothing_arrives`: so is its reader, for every message."""

    reason: str
    nothing_arrives: bool = False


def choose(
    ready: Iterable[Ready], flying: Collection[Lane], budget: Budget, now: datetime
) -> list[Ready]:
    """Those that leave now, taken from the budget. `flying` are the lanes of those on their way."""
    chosen: list[Ready] = []
    safety = sum(lane is Lane.SAFETY for lane in flying)
    others = len(flying) - safety
    for each in ready:
        urgent = each.lane is Lane.SAFETY
        if safety + others >= SLOTS or (not urgent and others >= SLOTS - RESERVED):
            continue
        if budget.opens(each.lane, each.member, now) <= now:
            budget.spend(each.lane, each.member, now)
            chosen.append(each)
            safety, others = safety + urgent, others + (not urgent)
    return chosen


def moments(
    ready: Iterable[Ready], later: datetime | None, budget: Budget, now: datetime
) -> list[Next]:
    """When each of these may leave; `later` is when there is more to do."""
    opens = [Next(budget.opens(each.lane, each.member, now), pause=True) for each in ready]
    return opens if later is None else [*opens, Next(later)]


def after(answer: Verdict, lane: Lane, attempts: int) -> Later | Never:
    """What Telegram's answer to the latest of so many attempts means for the message."""
    match answer:
        case Refused(wait):
            return Later(wait, "too_many")
        case Again(_, True) if lane is Lane.BROADCAST:
            return Never("ambiguous")
        case Again(reason, ambiguous):
            return Later(_wait(attempts), reason, ambiguous)
        case Unreachable(reason):
            return Never(reason, nothing_arrives=True)
        case Broken(reason):
            return Never(reason)


def unmade(lane: Lane, attempts: int) -> Later | Never:
    """The latest of so many attempts could not even be made."""
    if lane > Lane.REPLY and attempts >= TRIES:
        return Never("not_made")
    return Later(_wait(attempts), "not_made")


def not_taken(attempts: int, *, test: bool) -> Later | Never:
    """A channel did not take the latest of so many calls."""
    if attempts >= (CALLS_OF_A_TEST if test else CALLS):
        return Never("not_taken")
    wait = FIRST_CALL_WAITS * 2 ** (attempts - 1)
    return Later(min(LONGEST_CALL_WAITS, wait), "not_taken")


def _wait(attempts: int) -> timedelta:
    return timedelta(seconds=min(LONGEST_WAIT, 2 ** (attempts - 1)))
