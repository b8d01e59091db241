"""Killed in the middle of a practice, and before an alert went its second way: both go on."""

import json
import shutil
from pathlib import Path

import pytest

from tests.crash.process import killable
from tests.gateways import Gateway, listening
from tests.outbox.test_fallback import CALL, JO_SMS, PRACTICE, fails, gives


async def test_a_practice_and_a_call_outlive_their_process(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    sms = Gateway()
    async with listening(sms):
        channels = json.dumps({"sms": sms.template})
        async with killable(tmp_path, KITH_CHANNELS=channels) as story:
            await gives(story.jo, "sms", JO_SMS)
            sms.got.clear()
            await fails(story, story.jo)
            await story.sam.says("/practise")
            await story.sam.taps("Start now")
            await story.process.kill()
            await story.passes(minutes=12)
            await story.starts()
            assert sms.heard == [(JO_SMS, PRACTICE)]
            assert "This is practice" in await story.dev.last()
            await story.play.clear_faults()
            await story.dev.taps("I've got this")
            await story.priya.taps("I've got this")
            assert "The practice for Sam is over" in await story.sam.last()

            sms.got.clear()
            await story.sets_off()
            await fails(story, story.jo)
            await story.sam.taps("I need help")
            assert sms.heard == []
            await story.process.kill()
            await story.passes(minutes=2)
            await story.starts()
            assert sms.heard == [(JO_SMS, CALL)]
            outsiders = (story.leo, story.ruth, story.alex, story.mina)
            assert [await one.news() for one in outsiders] == [[]] * len(outsiders)
