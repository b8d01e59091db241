"""How long a year of what was noticed takes: to be counted by the plan, and to be drawn."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.measure import Figure, Verdict, apart, quantile, spread, stalls
from bot.care.calendar import Picture, calendar
from bot.care.sign import (
    Observation,
    Sign,
    SignPlan,
    Stage,
    State,
    Template,
    Threshold,
    Voice,
)
from bot.care.threshold import fired
from bot.reports.signs import draw

PEERS = ()
LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
COUNTED, DRAWN = 5.0, 2.0
"""Milliseconds to count a year; seconds to make the picture."""


@dataclass(frozen=True, slots=True)
class Size:
    rounds: int
    observations: int
    times: int


FULL = Size(rounds=5, observations=2_000, times=200)
QUICK = Size(rounds=1, observations=20, times=1)

STAGES = (Stage.EARLY, Stage.EARLY, Stage.MIDDLE, Stage.LATE, Stage.GOOD)
PLAN = SignPlan(
    "plan",
    "sam",
    1,
    State.ACTIVE,
    "jo",
    NOON,
    NOON,
    signs=tuple(Sign(str(n), stage, f"Sign {n}", "jo", NOON) for n, stage in enumerate(STAGES)),
    thresholds=(
        Threshold("a", Template.ANY_LATE, "jo"),
        Threshold("b", Template.DIFFERENT_IN_DAYS, "jo", 2, 14),
        Threshold("c", Template.SAME_DAYS_RUNNING, "jo", 1, 3),
        Threshold("d", Template.TWO_PEOPLE, "jo", 2, 7),
    ),
    active_at=NOON,
)


def noticed(count: int) -> list[Observation]:
    """So many in the year before noon, thrown by dice."""
    dice = Random(1)
    return [
        Observation(
            id=str(number),
            person="sam",
            plan="plan",
            sign=dice.choice(["0", "1", "2", "3", "4", None]),
            since=dice.choice([0, 3, 7]),
            worry=1,
            words=None,
            by=dice.choice(["sam", "amira", "jo"]),
            acting=None,
            voice=dice.choice(list(Voice)),
            at=NOON - timedelta(minutes=dice.randrange(365 * 24 * 60)),
        )
        for number in range(count)
    ]


async def count(observations: int, times: int) -> float:
    """Milliseconds in which all of them are counted against four sentences."""
    seen, taken = noticed(observations), []
    for _ in range(times):
        began = time.perf_counter()
        fired(PLAN, seen, NOON, LONDON)
        taken.append(time.perf_counter() - began)
    return quantile(taken, 0.99) * 1000


async def picture(observations: int) -> list[float]:
    """Seconds for the first picture of a process and for the next; the loop's longest stall."""
    made = calendar(PLAN, {}, noticed(observations), "Something else", NOON, LONDON)
    shown = Picture(made, "What was noticed", {voice: voice.value for voice in Voice})
    taken = []
    async with stalls() as stood:
        for _ in range(2):
            began = time.perf_counter()
            await asyncio.to_thread(draw, shown)
            taken.append(time.perf_counter() - began)
    return [*taken, max(stood)]


def measure(size: Size, *, peers: bool = True) -> Figure:  # noqa: ARG001 -- nobody else has this rule
    counted: list[float] = []
    drawn: list[list[float]] = []
    for _ in range(size.rounds):
        counted.append(
            apart("benchmarks.signs:count", observations=size.observations, times=size.times)
        )
        drawn.append(apart("benchmarks.signs:picture", observations=size.observations))
    first, again, stood = zip(*drawn, strict=True)
    return Figure(
        name="signs",
        title="A year of early warning signs",
        how=f"{size.observations:,} observations of one year, thrown by dice, counted against four"
        f" sentences {size.times} times; of these 99 in 100 took no longer. Then the picture of the"
        " last four weeks of them, drawn in a thread beside the event loop; the first one of a"
        f" process brings the plotting library in. {size.rounds} rounds.",
        columns=("what", "measured"),
        rows=(
            ("all of them counted, ms", spread(counted, 2)),
            ("the first picture of a process, s", spread(first, 2)),
            ("the next picture, s", spread(again, 2)),
            ("longest stall of the event loop meanwhile, ms", spread([s * 1000 for s in stood], 0)),
        ),
        verdicts=(
            Verdict(
                f"2,000 observations counted in under {COUNTED:.0f} ms",
                f"{max(counted):.2f} ms at the most",
                max(counted) < COUNTED,
            ),
            Verdict(
                f"a picture in under {DRAWN:.0f} s, the first one too",
                f"{max(first):.2f} s at the most",
                max(first) < DRAWN,
            ),
        ),
    )
