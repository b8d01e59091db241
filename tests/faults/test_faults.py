"""Telegram misbehaves while a check-in is missed: every alert arrives, rung after rung."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from tests.judge import objections
from tests.kith import Somebody, kith

Kind = Literal["429", "500", "timeout", "reset"]

SOON = timedelta(minutes=2)
"""An alert that goes wrong now and then has arrived within it; the next rung is later."""


async def alerts(somebody: Somebody) -> list[datetime]:
    """When alerts arrived on this phone; one that came again soon after is the same."""
    told: list[datetime] = []
    for message in (await somebody.chat()).from_bot:
        again = bool(told) and message.at - told[-1] < SOON
        if "has not checked in" in message.text and not again:
            told.append(message.at)
    return told


@pytest.mark.parametrize(
    "kinds",
    [("429",), ("timeout",), ("429", "500", "timeout", "reset")],
    ids="-".join,
)
async def test_though_a_fifth_of_all_calls_go_wrong_the_rungs_hear_one_after_the_other(
    tmp_path: Path, kinds: tuple[Kind, ...]
) -> None:
    async with kith(tmp_path, send_timeout=1) as story:
        await story.sets_off()
        due = await story.now() + timedelta(minutes=70)
        for kind in kinds:
            await story.play.faults(kind, 0.2 / len(kinds))
        for _ in range(25):
            await story.passes(minutes=5)

        heard = [await alerts(rung) for rung in (story.jo, story.dev, story.priya)]
        assert [len(times) for times in heard] == [2, 2, 2]
        in_turn = [times[turn] for turn in range(2) for times in heard]
        for number, at in enumerate(in_turn):
            assert timedelta() <= at - due - number * timedelta(minutes=10) < SOON
        assert all("new message" in text for text in await story.amira.news())
        for outsider in (story.leo, story.ruth, story.alex, story.mina):
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


async def test_the_person_sees_that_words_may_have_been_read_whose_answer_was_lost(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path, send_timeout=1) as story:
        await story.jo.says("/tell")
        await story.jo.taps("Daily life", "That something happened")
        await story.jo.says("Sam baked a cake")
        await story.jo.taps("Send")
        await story.play.faults("timeout", chats=[story.amira.id], methods=["sendMessage"], count=1)
        await story.play.faults("403", chats=[story.amira.id], methods=["sendMessage"])

        await story.amira.taps("Read")
        await story.passes(seconds=5)

        assert any("Sam baked a cake" in text for text in await story.amira.news())
        seen = (await story.sam.says("/told")).last.text
        assert "It may have reached Amira all the same" in seen


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
        await story.play.new_group(story.priya.id, "Oak House")
        await story.sam.says("/out")
        await story.play.send_photo(story.sam.id)
        await story.play.location(story.sam.id, 51.5, -0.1)
        await story.jo.says("/plan_outings")
        await story.leo.says("/leave")

        calls = await story.play.calls()
        assert objections(calls) == []
        assert [call for call in calls if "error" in call] == []


async def test_a_refused_reply_waits_and_an_alert_to_the_same_phone_does_not(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.passes(minutes=70)
        await story.jo.taps("I've got this")
        await story.play.faults("429", chats=[story.jo.id], methods=["sendMessage"], count=1)
        # The summary is a reply. It is refused, and the whole chat with it for two seconds.
        await story.jo.taps("Not reached yet")
        refused = await story.now()
        await story.sam.taps("I need help")

        (alert,) = [m for m in (await story.jo.chat()).from_bot if "asks for help" in m.text]
        assert alert.at == refused
        await story.passes(seconds=3)
        assert "You do not have to wait" in await story.jo.last()


async def test_a_rung_that_blocked_kith_unnoticed_is_passed_the_moment_it_is_found(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        due = await story.now() + timedelta(minutes=70)
        await story.play.faults("403", chats=[story.jo.id])

        await story.passes(minutes=75)

        assert await alerts(story.dev) == [due]
        assert await story.jo.news() == []
        assert "I am asking Dev" in await story.sam.last()


async def test_a_slow_phone_holds_nobody_else_up(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.play.faults("slow", chats=[story.jo.id, story.sam.id])
        await story.sam.taps("I need help", "Emergency")

        pressed = await story.now()
        for rung in (story.jo, story.dev, story.priya):
            (alert,) = [m for m in (await rung.chat()).from_bot if "pressed Emergency" in m.text]
            assert alert.at == pressed


async def test_what_a_half_open_connection_swallows_is_sent_again(tmp_path: Path) -> None:
    async with kith(tmp_path, send_timeout=1) as story:
        await story.sets_off()
        await story.passes(minutes=69)
        await story.listens()
        await story.play.faults("half_open", chats=[story.jo.id], count=1)

        await story.passes(minutes=2)

        (alert,) = await story.jo.news()
        assert "has not checked in" in alert and "may have" in alert
