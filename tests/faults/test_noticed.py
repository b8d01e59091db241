"""Somebody notices something while Telegram is away or staff block Kith: it is not lost.

In this process, without sockets.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection

from bot.store import agreeing, circle, noticing, sign, sign_plan
from tests.faults.test_outage import MINUTE, Ears, away, member
from tests.fuzz.inside import Inside
from tests.fuzz.people import PHONES

LATE = "Says people are watching the flat"


def planned(c: Connection, now: datetime) -> None:
    sign_plan.sample(c, member(c, "Sam"), member(c, "Amira"), member(c, "Jo"), now)


def notice(c: Connection, who: str, card: str | None, now: datetime) -> None:
    sam = member(c, "Sam")
    held = circle.memberships(c, member(c, who))[0]
    plan = sign.active(c, sam)
    known = () if plan is None else plan.signs
    picked = next((one.id for one in known if one.name == card), None)
    noticing.notice(c, held, sam, picked, 0, 3, "He shouted.", now)


async def test_a_late_sign_that_is_told_during_an_outage_reaches_each_once_when_it_is_over() -> (
    None
):
    inside = Inside(Random(1))
    ears = Ears(inside)
    async with inside.running():
        inside.memory.now_do(planned, inside.clock.now())
        await inside.passes(MINUTE)
        with away(inside):
            inside.memory.now_do(notice, "Amira", LATE, inside.clock.now())
            await inside.passes(40 * MINUTE)
        ears.forget()
        await inside.passes(2 * MINUTE)

        for rung in ("Jo", "Dev", "Priya"):
            alerts = [text for text in ears.texts(rung) if LATE in text]
            assert len(alerts) == 1 and "Amira" not in alerts[0], rung
        (receipt,) = ears.texts("Amira")
        assert "Saved 09:01. Staff on call are being asked now." in receipt
        for other in ("Sam", "Leo", "Ruth", "Mina", "Alex", "Kim", "Bo", "Una"):
            assert ears.texts(other) == []


async def test_with_no_plan_no_agreement_and_a_key_worker_who_blocks_kith_somebody_reads_it() -> (
    None
):
    inside = Inside(Random(1))
    ears = Ears(inside)

    def jo_blocks(method: str, params: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        if params.get("chat_id") != PHONES["Jo"]:
            return None
        told = "Forbidden: bot was blocked by the user"
        return 403, {"ok": False, "error_code": 403, "description": told}

    def alone(c: Connection, now: datetime) -> None:
        agreeing.stop_all(c, member(c, "Sam"), now)
        notice(c, "Amira", None, now)

    async with inside.running():
        inside.telegram.fault = jo_blocks
        inside.memory.now_do(alone, inside.clock.now())
        await inside.passes(timedelta(days=3))

        assert ears.texts("Jo") == []
        heard = [text for name in ("Dev", "Priya") for text in ears.texts(name)]
        assert any("Nobody has read" in text or "noticed about" in text for text in heard), heard
        assert not any("shouted" in text for text in ears.texts("Leo") + ears.texts("Sam"))
