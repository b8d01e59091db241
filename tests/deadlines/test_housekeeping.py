"""The keeping of the house."""

import asyncio
from datetime import timedelta

from bot.clock import Clock, HandClock, SystemClock
from bot.deadlines.housekeeping import Housekeeping, Step
from tests.conftest import NOON


class Chores:
    """Two steps, of which the first fails."""

    def __init__(self, clock: Clock) -> None:
        self.done: list[str] = []
        self.twice = asyncio.Event()
        soon = timedelta(seconds=0.05)
        self.house = Housekeeping(clock, [Step("a", soon, self.fail), Step("b", soon, self.do)])

    async def fail(self) -> None:
        self.done.append("a")
        raise OSError("a full disk")

    async def do(self) -> None:
        self.done.append("b")
        if self.done.count("b") == 2:
            self.twice.set()


async def test_every_step_is_taken_once_though_one_fails() -> None:
    chores = Chores(HandClock(NOON))
    await chores.house.run()
    assert chores.done == ["a", "b"]


async def test_on_the_real_clock_steps_repeat_until_the_house_is_closed() -> None:
    chores = Chores(SystemClock())
    chores.house.start()
    await asyncio.wait_for(chores.twice.wait(), 10)
    chores.house.stop()
    assert chores.done.count("a") >= 1


async def test_under_a_hand_set_clock_nothing_runs_by_itself() -> None:
    chores = Chores(HandClock(NOON))
    chores.house.start()
    await asyncio.sleep(0.2)  # four times the interval
    chores.house.stop()
    assert chores.done == []
