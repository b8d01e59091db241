"""Another way to reach staff: given, tested, changed and removed in the chat; and who has none."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateways import Gateway, listening
from tests.kith import Story, kith
from tests.play import Refused

TEST = "Kith: this is a test. Open Telegram and press It arrived."
JO, JO_LATER = "+447700900105", "+447700900205"
WAY = "Another way"


@pytest.fixture
async def sms(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    gateway = Gateway()
    async with listening(gateway):
        yield gateway


async def test_staff_give_an_address_try_it_change_it_and_take_it_back(
    tmp_path: Path, sms: Gateway
) -> None:
    async with kith(tmp_path, channels=json.dumps({"sms": sms.template})) as story:
        jo = story.jo
        await jo.says("/me")
        await jo.taps(WAY, "sms")
        await jo.says("jo@oak.example, eve@evil.example")
        assert "one address or number" in await jo.last()
        sms.refuses = 4
        await jo.says("+44 7700 900105")
        await jo.taps("Nothing came")
        assert "spam folder" in await jo.last()
        await story.passes(minutes=2)
        assert "could not send the test" in await jo.last() and sms.got == []

        await jo.taps("Send it again")
        assert sms.heard == [(JO, TEST)]
        await jo.taps("It arrived")
        assert "alerts reach you there" in await jo.last()

        await jo.says("/me")
        await jo.taps(WAY)
        assert "✅ sms" in (await jo.chat()).last.buttons
        await jo.taps("sms", "Change it")
        await jo.says(JO_LATER)
        assert sms.heard[1:] == [(JO_LATER, TEST)]
        # It counts once its own test has arrived: the buttons about the earlier one are old.
        await jo.taps("Back", WAY)
        assert "sms (not tried yet)" in (await jo.chat()).last.buttons
        await jo.taps("sms")
        assert JO_LATER in await jo.last()
        await jo.taps("Remove it")
        assert "forgotten" in await jo.last()
        await jo.says("/me")
        await jo.taps(WAY)
        assert "sms" in (await jo.chat()).last.buttons


async def test_nobody_but_staff_is_asked_for_an_address(tmp_path: Path, sms: Gateway) -> None:
    async with kith(tmp_path, channels=json.dumps({"sms": sms.template})) as story:
        for somebody in (story.sam, story.amira, story.ruth):
            await somebody.says("/me")
            assert not any(WAY in label for label in (await somebody.chat()).last.buttons)
        stranger = await story.stranger("Robin")
        await stranger.says("/me")
        with pytest.raises(Refused):
            await stranger.taps(WAY)
        await story.jo.says("/me")
        assert any(WAY in label for label in (await story.jo.chat()).last.buttons)
    assert sms.got == []


async def test_where_there_is_no_channel_nobody_hears_of_one(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.jo.says("/me")
        assert not any(WAY in label for label in (await story.jo.chat()).last.buttons)


async def test_managers_see_whom_no_alert_has_been_tried_on_and_staff_when_they_plan(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.priya.says("/rota")
        assert "Never tried: Dev, Jo, Mina and Priya." in await story.priya.last()
        await story.jo.says("/plan_outings")
        await story.jo.taps("Sam")
        await story.jo.says("Park")
        await story.jo.taps("1 hour", "Key worker")
        await story.jo.says("Ring Sam.")
        assert "Nobody on this ladder has answered a practice alert yet" in await story.jo.last()
        await story.jo.taps("Send")
        await story.listens()
        await story.sam.taps("Read it", "I agree")
        await story.heard(sam="This is your plan now", jo="Nobody on its ladder has answered")

        await story.priya.says("/test_alert")
        await story.priya.taps("Dev")
        await story.dev.taps("I've got this")
        await story.priya.says("/rota")
        assert "Never tried: Jo, Mina and Priya." in await story.priya.last()
        await story.jo.says("/plan_outings")
        await story.jo.taps("Sam")
        await story.jo.says("Park")
        await story.jo.taps("1 hour", "Key worker")
        await story.jo.says("Ring Sam.")
        assert "practice" not in await story.jo.last()
        await story.jo.taps("Send")
        await story.listens()
        await story.sam.taps("Read it", "I agree")
        await story.heard(sam="This is your plan now", jo="It counts from now")
        assert "Nobody" not in await story.jo.last()


async def test_a_way_that_the_operator_takes_away_counts_no_more(
    tmp_path: Path, sms: Gateway
) -> None:
    async def makes_a_plan(story: Story) -> str:
        await story.jo.says("/plan_outings")
        await story.jo.taps("Sam")
        await story.jo.says("Park")
        await story.jo.taps("1 hour", "Key worker")
        await story.jo.says("Ring Sam.")
        return await story.jo.last()

    untried = "Nobody on this ladder has answered a practice alert yet"
    async with kith(tmp_path, channels=json.dumps({"sms": sms.template})) as story:
        await story.jo.says("/me")
        await story.jo.taps(WAY, "sms")
        await story.jo.says(JO)
        await story.jo.taps("It arrived")
        await story.priya.says("/rota")
        assert "Never tried: Dev, Mina and Priya." in await story.priya.last()
        assert untried not in await makes_a_plan(story)
        await story.jo.says("/cancel")
    async with kith(tmp_path, channels=json.dumps({"text": sms.template})) as story:
        await story.priya.says("/rota")
        assert "Never tried: Dev, Jo, Mina and Priya." in await story.priya.last()
        assert untried in await makes_a_plan(story)
