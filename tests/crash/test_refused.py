"""Telegram refuses Kith itself: who is out is not forgotten, and what it said goes once."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.crash.process import Killable, Quick, killable, until
from tests.gateways import Gateway, listening
from tests.outbox.test_fallback import CALL, JO_SMS, gives, interrupted


@pytest.fixture
async def sms() -> AsyncIterator[Gateway]:
    gateway = Gateway()
    async with listening(gateway):
        yield gateway


@pytest.fixture
async def out(
    sample: Path, tmp_path: Path, sms: Gateway, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Killable]:
    """Sam is out for an hour; Jo can be reached by SMS."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    async with killable(tmp_path, KITH_CHANNELS=json.dumps({"sms": sms.template})) as story:
        await gives(story.jo, "sms", JO_SMS)
        sms.got.clear()
        await story.sets_off()
        yield story


async def test_a_token_that_is_revoked_keeps_no_alert_from_staff(
    out: Killable, sms: Gateway
) -> None:
    await interrupted(out)
    await out.play.faults("401")
    await until(lambda: _says(out, "[error    ] Telegram does not know this bot's token"))
    await out.passes(minutes=71)
    assert sms.heard == [(JO_SMS, CALL)]
    assert out.process.runs
    assert await out.jo.news() == []

    await out.play.clear_faults()
    await until(lambda: _says(out, "Telegram takes this bot again"))
    await out.passes(minutes=1)
    assert alerts(await out.jo.news()) == 1
    assert len(sms.got) == 1


async def test_a_kith_that_starts_with_a_token_that_is_refused_acts_on_what_is_due(
    out: Killable, sms: Gateway, tmp_path: Path
) -> None:
    await out.process.kill()
    await out.play.faults("401")
    channels = json.dumps({"sms": sms.template})
    # By the system's clock Sam has been out for long.
    again = Quick(tmp_path, out.play.address, KITH_CHANNELS=channels, KITH_FALLBACK_SECONDS="1")
    try:
        await again.start()
        await until(lambda: _called(sms))
        assert sms.heard == [(JO_SMS, CALL)]
        assert again.runs

        await out.play.clear_faults()
        await until(lambda: _has_heard(out))
        await asyncio.sleep(1)
        assert alerts(await out.jo.news()) == 1
    finally:
        await again.kill()


async def test_one_who_may_not_fetch_keeps_time_and_hears_later(
    out: Killable, sms: Gateway
) -> None:
    await interrupted(out)
    await out.play.faults("409", methods=["getUpdates"])
    await until(lambda: _says(out, "[error    ] Another program reads this bot's messages"))
    await out.passes(minutes=71)
    assert alerts(await out.jo.news()) == 1
    assert sms.got == []
    assert out.process.runs

    asks = asyncio.ensure_future(out.sam.says("/privacy"))
    await asyncio.wait([asks], timeout=0.5)
    await out.play.clear_faults()
    await asks
    assert sum("What you write to me" in text for text in await out.sam.news()) == 1


def alerts(news: list[str]) -> int:
    return sum(text.startswith("⚠️ Sam has not checked in") for text in news)


async def _says(story: Killable, words: str) -> bool:
    return words in story.process.log.read_text()


async def _called(sms: Gateway) -> bool:
    return bool(sms.got)


async def _has_heard(story: Killable) -> bool:
    return alerts((await story.jo.chat()).texts) > 0
