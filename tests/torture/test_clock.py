"""The machine's clock is set, or the machine sleeps: what is due is done, once and soon.

The process is real, and so is the step: libfaketime gives it another wall clock, and leaves it
the monotonic one, as a step of the real clock does.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.clock import SystemClock
from tests.crash.process import READY, Kith, until
from tests.postgres import skip_or_fail
from tests.torture import history
from tests.torture.circles import Circle
from tests.torture.run import Part, Place, place

HOUR = 3600

PRESSED = 10.0
"""Seconds that a refused answer may wait for its next try; the clock was set back by an hour."""

LATE = 10.0
"""Seconds that a step may cost whatever is due, at most."""

ANSWERS = 4
"""So many answers' time on top: a busy machine is slow at all it does."""

OFF = "Check-ins were off"


def library() -> Path:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        skip_or_fail("libfaketime is not installed: apt install faketime")
    return found[0]


class Clock:
    """The wall clock that the process sees: so many seconds beside the real one."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "faketime"
        self.step(0)

    def step(self, offset: int) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{offset:+d}\n")
        fresh.replace(self._file)

    def step_before(self, circle: Circle, seconds: float) -> None:
        """To so many seconds before this circle's person is due."""
        assert circle.due_at is not None
        ahead = circle.due_at - SystemClock().now()
        self.step(round(ahead.total_seconds() - seconds))

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


@asynccontextmanager
async def clocked(folder: Path, *due_in: float) -> AsyncIterator[tuple[Place, Kith, Clock]]:
    """A circle for each of these due times, around a Kith whose clock can be set."""
    parts: list[Part] = [("silent", seconds) for seconds in due_in]
    async with place(folder, f"sqlite:///{folder / 'kith.db'}", parts, seed=5) as at:
        clock = Clock(folder)
        kith = Kith(folder, at.line.address, **at.settings, **clock.environment)
        try:
            await kith.start()
            yield at, kith, clock
            assert kith.runs, kith.log.read_text()
            assert "Traceback" not in kith.log.read_text()
        finally:
            await kith.kill()


def kinds(at: Place, number: int) -> list[str]:
    """The lines of the ledger about this circle's person."""
    person = at.circles[number].members["person"]
    return [line.kind for line in history.rows(at.url).ledger if line.person == person]


async def hears(at: Place, number: int, words: str, within: float) -> float:
    """Wait until this circle's person hears it; answers with the seconds."""
    began = time.monotonic()
    heard = await at.phones.sees(at.circles[number].person, words, within=within)
    assert heard is not None, f"circle {number} has not heard {words!r} within {within} seconds"
    return time.monotonic() - began


async def works(at: Place, number: int) -> float:
    """It is up; answers with the seconds that a thing may take after a step."""
    person = at.circles[number].person
    await at.phones.writes(person, "/help")
    await hears(at, number, "You are out", READY)
    await until(lambda: alive(at))
    await at.phones.writes(person, "/privacy")
    return LATE + ANSWERS * max(0.5, await hears(at, number, "What you write to me", READY))


async def alive(at: Place) -> bool:
    """It has said that it runs."""
    return bool(history.rows(at.url).heartbeat)


@pytest.mark.parametrize("asleep", [False, True], ids=["stepped", "asleep"])
async def test_an_hour_that_is_suddenly_over_counts_against_nobody(
    tmp_path: Path, asleep: bool
) -> None:
    async with clocked(tmp_path, HOUR / 2, 1.9 * HOUR) as (at, kith, clock):
        soon = await works(at, 0)
        if asleep:
            kith.halt()
        clock.step(HOUR)
        if asleep:
            kith.go_on()

        await hears(at, 0, OFF, soon)
        assert await at.phones.sees(at.circles[0].chats["key"], "Kith was not running", within=soon)
        assert kinds(at, 0).count("journey_missed_while_off") == 1
        assert "journey_missed" not in kinds(at, 0)

        ahead = 3.0 + soon  # by then it has noticed that it is later
        clock.step_before(at.circles[1], ahead)
        await hears(at, 1, "Are you OK", ahead + soon)
        assert at.phones.heard(at.circles[1].person, OFF) is None


async def test_a_clock_set_back_holds_nothing_up_but_what_is_due_by_it(tmp_path: Path) -> None:
    async with clocked(tmp_path, HOUR / 2, 1.9 * HOUR, 1.9 * HOUR) as (at, _, clock):
        soon = await works(at, 0)
        person, caller = at.circles[0].person, at.circles[2].person
        await asks_for_help(at, caller)
        await until(lambda: said(at, 2, "escalation_opened"))
        await at.play.faults("500", methods=["sendMessage"], chats=[person])
        await at.phones.taps(person, "I'm home")
        await until(lambda: refused(at))  # the answer is to be tried again soon
        clock.step(-HOUR)
        await at.play.clear_faults()

        await hears(at, 0, "Welcome home", soon + PRESSED)
        await until(lambda: sealed(at))  # the house is kept, too
        await asks_for_help(at, caller)
        await until(lambda: said(at, 2, "escalation_raised"))
        assert "journey_nudged" not in kinds(at, 1)

        clock.step_before(at.circles[1], 3.0)
        await hears(at, 1, "Are you OK", 3.0 + soon)
        await until(lambda: said(at, 1, "journey_missed"))
        assert kinds(at, 1).count("journey_nudged") <= 2, "each nudge of its plan once at most"
        assert kinds(at, 1).count("journey_missed") == 1


async def asks_for_help(at: Place, person: int) -> None:
    await at.phones.writes(person, "/help")
    assert await at.phones.sees(person, "I need help", within=READY)
    await at.phones.taps(person, "I need help")


async def said(at: Place, number: int, line: str) -> bool:
    return line in kinds(at, number)


async def refused(at: Place) -> bool:
    return any(row.attempts > 1 and row.state == "waiting" for row in history.rows(at.url).outbox)


async def sealed(at: Place) -> bool:
    return history.sealed(at.url) == len(history.rows(at.url).ledger)
