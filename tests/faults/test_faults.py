"""Telegram misbehaves while a check-in is missed: every alert arrives, rung after rung."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.judge import objections
from tests.kith import Somebody, kith


async def alerts(somebody: Somebody) -> list[datetime]:
    """When alerts arrived on this phone."""
    messages = (await somebody.chat()).from_bot
    return [m.at for m in messages if "has not checked in" in m.text]


async def test_every_alert_arrives_in_rung_order_though_a_fifth_of_all_calls_go_wrong(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path, send_timeout=1) as story:
        await story.sets_off()
        await story.play.faults("429", 0.05)
        await story.play.faults("500", 0.05)
        await story.play.faults("timeout", 0.05)
        await story.play.faults("reset", 0.05)

        for _ in range(10):
            await story.passes(minutes=10)
        first = [(await alerts(rung))[0] for rung in (story.jo, story.dev, story.priya)]

        assert first == sorted(first)
        assert (first[2] - first[0]).total_seconds() == pytest.approx(20 * 60, abs=120)
        for outsider in (story.amira, story.leo, story.ruth, story.alex):
            assert await outsider.news() == []
        await story.play.clear_faults()
        await story.passes(minutes=2)
        await story.dev.taps("I've got this")
        assert "You have this" in await story.dev.last()


async def test_an_alert_whose_answer_was_lost_comes_again_and_says_so(tmp_path: Path) -> None:
    async with kith(tmp_path, send_timeout=1) as story:
        await story.sets_off()
        await story.passes(minutes=69)
        await story.listens()
        await story.play.faults("timeout", 1.0, chats=[story.jo.id], count=1)

        await story.passes(minutes=2)

        first, second = await story.jo.news()
        assert "has not checked in" in first and "has not checked in" in second
        assert "may have" in second


async def test_when_telegram_is_away_for_minutes_the_ladder_climbs_and_all_arrives_after(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.passes(minutes=69)
        await story.listens()
        await story.play.faults("500", 1.0, methods=["sendMessage"])
        await story.passes(minutes=12)
        assert await story.jo.news() == [] and await story.dev.news() == []

        await story.play.clear_faults()
        await story.passes(minutes=1)

        assert any("has not checked in" in text for text in await story.jo.news())
        assert any("has not checked in" in text for text in await story.dev.news())


async def test_every_request_and_every_answer_of_the_story_is_as_the_bot_api_has_it(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/start", "/help", "/privacy", "/me")
        await story.sam.taps("Easy")
        await story.sets_off()
        await story.sam.taps("I'm late", "10 minutes", "I need help", "I'm upset")
        await story.passes(minutes=30)
        await story.jo.taps("I've got this", "Not reached yet", "Safe and well")
        for staff in (story.jo, story.priya):
            await staff.says("/whos_out", "/circle", "/invite")
        await story.priya.says("/rota", "/test_alert")
        robin = await story.stranger("Robin")
        await robin.says("hello")

        assert objections(await story.play.calls()) == []
