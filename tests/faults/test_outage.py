"""Telegram is away while a check-in is missed, and comes back: one word to each, and a true one.

In this process, without sockets: a minute of an outage is a few milliseconds.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection
from telegram.error import NetworkError

from bot.care.outcome import NOBODY, Lane, Message, Outcome, Tell
from bot.care.text import Text
from bot.store import circle, journey
from bot.store.commit import commit
from tests.fuzz.inside import Inside
from tests.fuzz.people import PHONES
from tests.fuzz.telegram import Said

MINUTE = timedelta(minutes=1)


class Ears:
    """What each phone received, and when, since the last look."""

    def __init__(self, inside: Inside) -> None:
        self._heard: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
        self._inside = inside
        inside.telegram.heard = self._hears

    def _hears(self, said: Said) -> None:
        self._heard[said.chat].append((self._inside.clock.now(), said.text))

    def forget(self) -> None:
        self._heard.clear()

    def of(self, name: str) -> list[tuple[datetime, str]]:
        return self._heard[PHONES[name]]

    def texts(self, name: str) -> list[str]:
        return [text for _, text in self.of(name)]


def member(c: Connection, name: str) -> str:
    present = circle.present(c, PHONES[name])
    assert present is not None
    return present.member.id


def out(c: Connection, now: datetime) -> str:
    """Sam sets off for an hour; the outing's id."""
    sam = member(c, "Sam")
    journey.set_off(c, sam, "The pond", now + 60 * MINUTE, now)
    running = journey.running(c, sam)
    assert running is not None
    return running.id


def emergency(c: Connection, id: str, now: datetime) -> None:
    journey.emergency(c, id, member(c, "Sam"), now)


def broadcast(c: Connection, count: int, now: datetime) -> None:
    """So many general messages to each carer and to each of the staff."""
    for name in ("Jo", "Dev", "Priya", "Amira", "Leo"):
        dates = Message(Text("general", "help"))
        to = member(c, name)
        tells = tuple(Tell(to, dates, Lane.BROADCAST, key=f"{name}:{n}") for n in range(count))
        commit(c, Outcome(tells=tells), NOBODY, now)


@contextmanager
def away(inside: Inside) -> Iterator[None]:
    def gone(method: str, params: dict[str, Any]) -> None:
        raise NetworkError("nobody answers")

    inside.telegram.fault = gone
    yield
    inside.telegram.fault = lambda method, params: None


@pytest.mark.parametrize("minutes", [73, 313], ids=["an hour", "hours"])
async def test_after_an_outage_each_hears_once_and_nobody_is_said_not_to_have_answered(
    minutes: int,
) -> None:
    inside = Inside(Random(1))
    ears = Ears(inside)
    async with inside.running():
        inside.memory.now_do(out, inside.clock.now())
        await inside.passes(55 * MINUTE)
        with away(inside):  # each rung is told twice
            await inside.passes(minutes * MINUTE)
        ears.forget()
        await inside.passes(1.5 * MINUTE)

        for rung in ("Jo", "Dev", "Priya"):
            alert, *police = ears.texts(rung)
            assert all("it is time to tell the police" in said for said in police)
            assert len(police) == (rung == "Priya")
            assert "has not checked in" in alert and "Due: 10:00" in alert
            assert "did not all reach" in alert and "have no answer" not in alert
            assert "You may have had this message already" in alert
        question, asked = ears.texts("Sam")
        assert "Are you OK?" in question and "I am asking Priya" in asked
        (call,) = ears.texts("Amira")  # Sam lets her know: she is called once
        assert "You have a new message. Tap to read." in call and "Sam" not in call
        for other in ("Leo", "Ruth", "Mina", "Alex", "Kim", "Bo", "Una"):
            assert ears.texts(other) == []

        ears.forget()
        await inside.passes(5 * MINUTE)  # and the ladder climbs on, rung by rung
        assert [len(ears.of(rung)) for rung in ("Jo", "Dev", "Priya")] == [1, 0, 0]


async def test_questions_that_came_in_time_are_said_to_have_no_answer() -> None:
    inside = Inside(Random(1))
    ears = Ears(inside)
    async with inside.running():
        inside.memory.now_do(out, inside.clock.now())
        await inside.passes(69 * MINUTE)
        with away(inside):
            await inside.passes(3 * MINUTE)
        await inside.passes(2 * MINUTE)

        (alert,) = ears.texts("Jo")
        assert "The questions at 10:00 and 10:05 have no answer yet" in alert


async def test_whom_no_alert_has_reached_is_not_said_to_have_left_it_unanswered() -> None:
    inside = Inside(Random(1))
    ears = Ears(inside)

    def jo_is_away(method: str, params: dict[str, Any]) -> None:
        if params.get("chat_id") == PHONES["Jo"]:
            raise NetworkError("nobody answers")

    async with inside.running():
        inside.memory.now_do(out, inside.clock.now())
        await inside.passes(69 * MINUTE)
        inside.telegram.fault = jo_is_away
        ears.forget()
        await inside.passes(13 * MINUTE)
        assert ears.texts("Jo") == [] and "has not checked in" in ears.texts("Dev")[0]
        asked = ears.texts("Sam")[-1]
        assert "I am asking Dev" in asked and "has not answered" not in asked
        await inside.passes(10 * MINUTE)
        asked = ears.texts("Sam")[-1]
        assert asked.startswith("Dev") and "has not answered yet. I am asking Priya" in asked


async def test_a_storm_of_429_on_a_broadcast_holds_no_alert_up() -> None:
    inside = Inside(Random(1))
    ears = Ears(inside)

    def too_many(method: str, params: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        if method != "sendMessage" or "has pressed Emergency" in str(params["text"]):
            return None
        if "Ring 999 now" in str(params["text"]):
            return None
        told = {"ok": False, "error_code": 429, "description": "Too Many Requests"}
        return 429, told | {"parameters": {"retry_after": 30}}

    async with inside.running():
        outing = inside.memory.now_do(out, inside.clock.now())
        await inside.passes(MINUTE)
        inside.telegram.fault = too_many
        inside.memory.now_do(broadcast, 40, inside.clock.now())
        await inside.passes(timedelta(seconds=2))
        ears.forget()

        pressed = inside.clock.now()
        inside.memory.now_do(emergency, outing, pressed)
        await inside.settle()

        for name in ("Jo", "Dev", "Priya", "Sam"):
            assert [at for at, _ in ears.of(name)] == [pressed], name
