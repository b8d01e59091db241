"""Practice while Telegram fails now and then, and while somebody really needs help: nobody beside
the ladder hears of it, all of it is marked, and what is real is not."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection
from telegram.error import NetworkError, TimedOut

from bot.store import drill, escalation, journey
from tests.faults.test_outage import MINUTE, Ears, member, out
from tests.fuzz.inside import Inside
from tests.fuzz.people import PHONES

LADDER = ("Jo", "Dev", "Priya")
REAL = ("asks for help", "has not checked in", "needs somebody now")


def practised(c: Connection, now: datetime) -> str:
    """Sam practises, now; the practice's id."""
    drill.begin_own(c, member(c, "Sam"), now)
    found = drill.newest(c, member(c, "Sam"))
    assert found is not None
    return found.id


def answers(c: Connection, id: str, name: str, now: datetime) -> None:
    drill.answer(c, id, member(c, name), now)


def needs_help(c: Connection, now: datetime) -> str:
    """Sam sets off and asks for help; the alert's id."""
    id = out(c, now)
    journey.help_wanted(c, id, member(c, "Sam"), now)
    found = journey.journey(c, id)
    assert found is not None and found.escalation is not None
    return found.escalation


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_fails_practice_stays_practice_and_an_alert_an_alert(seed: int) -> None:
    dice = Random(seed)
    inside = Inside(Random(seed))
    ears = Ears(inside)

    def fails(method: str, params: dict[str, Any]) -> None:
        if method == "sendMessage" and dice.random() < 0.3:
            raise dice.choice((NetworkError("lost"), TimedOut()))

    async with inside.running():
        ears.forget()
        inside.telegram.fault = fails
        id = inside.memory.now_do(practised, inside.clock.now())
        for name in dice.sample(LADDER, dice.randrange(3)):
            await inside.passes(dice.randrange(12) * MINUTE)
            inside.memory.now_do(answers, id, name, inside.clock.now())
        helped = inside.clock.now()
        alert = inside.memory.now_do(needs_help, helped)
        await inside.passes(25 * MINUTE)

        real = [at for at, text in ears.of("Jo") if "asks for help" in text]
        assert real and real[0] - helped < timedelta(minutes=3), "no practice holds it up"
        for name in PHONES:
            for at, text in ears.of(name):
                assert not ("🧪" in text and any(words in text for words in REAL)), text
                practice = "practice" in text.lower()
                assert not practice or "🧪" in text, text
                assert not practice or name in ("Sam", *LADDER), f"{name} is no part of it"
                late = practice and "Nobody needs help" in text and at > helped + 10 * MINUTE
                assert not late, f"{name} is asked to practise while an alert stands"
        over = inside.memory.now_do(drill.drill, id)
        stands = inside.memory.now_do(escalation.escalation, alert)
        assert over is not None and over.state in ("ended", "running")
        assert stands is not None and stands.state == "open"
        assert any("asks for help" in text for text in ears.texts("Dev")), "the ladder climbs"
