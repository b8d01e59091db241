"""The second way out, through the chat: who is reached when Telegram is no way, and who is not."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from bot.inbox import refusal
from bot.playground.server import TOKEN
from tests.doors import until
from tests.gateways import Gateway, Mail, listening
from tests.kith import Somebody, Story, kith
from tests.play import Refused
from tests.wire import free_port

CALL = "Kith: a check-in needs you. Open Telegram or ring 01632 960101."
PRACTICE = "Kith: this is practice, nobody needs help. Open Telegram and press the button."
SOMETHING = "Kith: something needs you. Open Telegram or ring 01632 960101."
TEST = "Kith: this is a test. Open Telegram and press It arrived."
JO_SMS, JO_MAIL = "+447700900105", "jo@oak.example"


@pytest.fixture(autouse=True)
def _near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
async def sms() -> AsyncIterator[Gateway]:
    gateway = Gateway()
    async with listening(gateway):
        yield gateway


async def gives(somebody: Somebody, channel: str, address: str) -> None:
    """They give an address, and say that the test has arrived there."""
    await somebody.says("/me")
    await somebody.taps("Another way to reach you", channel)
    await somebody.says(address)
    await somebody.taps("It arrived")
    assert "alerts reach you there" in await somebody.last()


@asynccontextmanager
async def out(tmp_path: Path, sms: Gateway, *, fallback_seconds: int = 60) -> AsyncIterator[Story]:
    """Sam is out and due at once; Jo can be reached by SMS, and has got nothing there yet."""
    templates = {"sms": sms.template}
    async with kith(
        tmp_path, channels=json.dumps(templates), fallback_seconds=fallback_seconds
    ) as story:
        await gives(story.jo, "sms", JO_SMS)
        assert sms.heard == [(JO_SMS, TEST)]
        await story.sets_off()
        await story.passes(minutes=69)
        await story.listens()
        sms.got.clear()
        yield story


async def fails(story: Story, somebody: Somebody, count: int | None = None) -> None:
    await story.play.faults("500", chats=[somebody.id], methods=["sendMessage"], count=count)


async def test_what_telegram_does_not_deliver_in_time_reaches_each_channel_once(
    tmp_path: Path, sms: Gateway
) -> None:
    mail = Mail()
    async with listening(mail):
        templates = {"sms": sms.template, "email": mail.template}
        async with kith(tmp_path, channels=json.dumps(templates)) as story:
            await gives(story.jo, "sms", JO_SMS)
            await gives(story.jo, "email", JO_MAIL)
            await story.sets_off()
            await fails(story, story.jo)
            sms.got.clear()
            mail.got.clear()

            await story.passes(minutes=70, seconds=59)
            assert sms.heard == mail.heard == []
            await story.passes(seconds=1)
            assert sms.heard == [(JO_SMS, CALL)] and mail.heard == [(JO_MAIL, CALL)]
            await story.passes(minutes=8)
            assert len(sms.got) == len(mail.got) == 1

            [(_, letter)] = mail.got
            assert letter["Subject"] == "Kith: a check-in needs you"
            assert letter["To"] == JO_MAIL and letter["Cc"] is None and letter["Bcc"] is None
            assert letter.get_content_type() == "text/plain"
            [call] = sms.got
            assert call | {"title": "", "version": ""} == {
                "version": "",
                "title": "",
                "message": CALL,
                "attachments": [],
                "type": "info",
                "to": JO_SMS,
            }
            assert "Sam" not in str(call) + letter.as_string()
            assert await story.amira.news() == ["You have a new message. Tap to read."]
            outsiders = (story.leo, story.ruth, story.mina, story.alex)
            assert [await one.news() for one in outsiders] == [[]] * len(outsiders)


async def test_what_telegram_delivers_in_time_goes_no_other_way(
    tmp_path: Path, sms: Gateway
) -> None:
    async with out(tmp_path, sms) as story:
        await fails(story, story.jo, count=4)
        await story.passes(minutes=9)
        assert "has not checked in" in await story.jo.last()
        assert sms.got == []


async def test_nobody_is_called_to_what_a_colleague_has_meanwhile(
    tmp_path: Path, sms: Gateway
) -> None:
    async with out(tmp_path, sms, fallback_seconds=900) as story:
        await fails(story, story.jo)
        await story.passes(minutes=12)
        await story.dev.taps("I've got this")
        await story.passes(minutes=10)
        assert sms.got == []


async def test_who_has_blocked_kith_is_called_at_once_and_slows_nobody(
    tmp_path: Path, sms: Gateway
) -> None:
    async with out(tmp_path, sms) as story:
        await story.play.block(story.jo.id)
        await story.passes(minutes=1)
        assert sms.heard == [(JO_SMS, CALL)]
        [alert] = [m for m in (await story.dev.chat()).from_bot if "not checked in" in m.text]
        assert alert.at == await story.now()
        await story.dev.taps("I've got this", "Safe and well")

        # From now on the ladder passes Jo over; Jo is called all the same, once a round.
        sms.got.clear()
        await story.sets_off()
        await story.passes(minutes=70)
        assert sms.heard == [(JO_SMS, CALL)]
        assert "has not checked in" in (await story.dev.news())[-1]
        await story.passes(minutes=19)
        assert len(sms.got) == 1
        await story.passes(minutes=11)
        assert len(sms.got) == 2
        await story.sam.taps("I need help", "Emergency")
        assert sms.heard == [(JO_SMS, CALL)] * 3


async def test_with_nobody_left_on_telegram_the_rest_of_the_team_is_called(
    tmp_path: Path, sms: Gateway
) -> None:
    async with kith(tmp_path, channels=json.dumps({"sms": sms.template})) as story:
        await gives(story.mina, "sms", JO_SMS)
        await story.sets_off()
        for staff in (story.jo, story.dev, story.priya, story.mina):
            await story.play.block(staff.id)
        sms.got.clear()
        await story.passes(minutes=71)
        assert sms.heard == [(JO_SMS, CALL)]


async def test_a_channel_that_is_down_is_tried_again_until_it_takes_the_call(
    tmp_path: Path, sms: Gateway
) -> None:
    mail = Mail()
    async with listening(mail):
        templates = {"sms": sms.template, "email": mail.template}
        async with kith(tmp_path, channels=json.dumps(templates)) as story:
            await gives(story.jo, "sms", JO_SMS)
            await gives(story.jo, "email", JO_MAIL)
            await story.sets_off()
            await fails(story, story.jo)
            mail.got.clear()
            sms.got.clear()
            mail.refuses, sms.refuses = 1, 2
            await story.passes(minutes=71)
            assert mail.heard == sms.heard == []
            await story.passes(seconds=10)
            assert mail.heard == [(JO_MAIL, CALL)] and sms.got == []
            await story.passes(seconds=20)
            assert sms.heard == [(JO_SMS, CALL)]
            await story.passes(minutes=5)
            assert (len(mail.got), len(sms.got), sms.refused) == (1, 1, 2)


async def test_a_call_without_a_known_end_goes_again_after_a_restart(
    tmp_path: Path, sms: Gateway
) -> None:
    mail = Mail()
    async with listening(mail):
        templates = {"sms": sms.template, "email": mail.template}
        async with kith(tmp_path, channels=json.dumps(templates)) as story:
            await gives(story.jo, "sms", JO_SMS)
            await gives(story.jo, "email", JO_MAIL)
            await story.sets_off()
            await story.passes(minutes=69)
            await story.play.block(story.jo.id)
            sms.got.clear()
            mail.got.clear()
            sms.hangs, mail.refuses = True, 1
            due = asyncio.create_task(story.passes(minutes=1))
            await until(lambda: _taken(sms))
        with suppress(httpx.HTTPError, Refused):
            await due
    # Kith has been stopped in the middle of one call and before another; it starts again while
    # the mail server is away.
    sms.hangs = False
    async with kith(tmp_path, channels=json.dumps(templates)) as story:
        await story.passes(seconds=5)
        assert sms.heard == [(JO_SMS, CALL)] * 2
        await story.passes(minutes=1)
        async with listening(mail):
            await story.passes(minutes=5)
        assert mail.heard == [(JO_MAIL, CALL)]
        assert len(sms.got) == 2


async def test_a_practice_goes_every_way_and_says_so_on_each(tmp_path: Path, sms: Gateway) -> None:
    async with kith(tmp_path, channels=json.dumps({"sms": sms.template})) as story:
        await gives(story.jo, "sms", JO_SMS)
        await gives(story.dev, "sms", "+447700900106")
        await fails(story, story.jo)
        await story.play.block(story.dev.id)
        sms.got.clear()
        await story.sam.says("/practise")
        await story.sam.taps("Start now")
        await story.passes(minutes=1)
        assert sms.heard == [(JO_SMS, PRACTICE)]
        await story.passes(minutes=9)
        assert sms.heard == [(JO_SMS, PRACTICE), ("+447700900106", PRACTICE)]
        assert "This is practice" in await story.priya.last(), "Dev holds nobody up"
        await story.play.clear_faults()
        await story.passes(minutes=1)
        assert any("This is practice" in text for text in (await story.jo.chat()).texts)
        sms.got.clear()

        # In the middle of a practice a real alert goes its own way, unmarked.
        await fails(story, story.jo)
        await story.sam.says("/out")
        await story.sam.taps("Café", "1 hour", "Set off", "I need help")
        await story.passes(minutes=1)
        assert sms.heard == [(JO_SMS, CALL)]


async def test_managers_are_called_when_telegram_refuses_kith_itself(
    tmp_path: Path, sms: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusal, "LASTING", 0.0)
    port = free_port()
    templates = {"sms": sms.template}
    async with kith(tmp_path, channels=json.dumps(templates), admin_port=port) as story:
        await gives(story.priya, "sms", JO_SMS)
        sms.got.clear()
        await interrupted(story)
        await story.play.faults("401")
        await until(lambda: _unwell(port, "Telegram does not know this bot's token."))
        await story.passes(minutes=5)
        assert sms.heard == [(JO_SMS, SOMETHING)]

        await story.play.clear_faults()
        await until(lambda: _well(port))
        await story.passes(minutes=5)
        news = await story.priya.news()
        assert sum("Something inside Kith went wrong" in text for text in news) == 1
        assert len(sms.got) == 1


async def interrupted(story: Story) -> None:
    """Another asks once: Kith's long wait at the playground ends, and it asks again a second
    later."""
    await story.play.http.post(f"/bot{TOKEN}/getUpdates", json={"timeout": 0})


async def _unwell(port: int, why: str) -> bool:
    async with httpx.AsyncClient(trust_env=False) as monitor:
        answer = await monitor.get(f"http://127.0.0.1:{port}/healthz")
    return answer.status_code == 503 and any(why in said for said in answer.json()["reasons"])


async def _well(port: int) -> bool:
    async with httpx.AsyncClient(trust_env=False) as monitor:
        return (await monitor.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200


async def _taken(sms: Gateway) -> bool:
    return bool(sms.got)
