"""What is over loses its buttons."""

import time
from pathlib import Path

from tests.kith import kith


async def test_what_is_over_loses_its_buttons_on_every_phone(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.sam.taps("I need help", "Emergency")
        await story.jo.taps("I've got this", "Safe and well")

        for who in (story.jo, story.dev, story.priya):
            buttons = [label for m in (await who.chat()).messages for label in m.buttons]
            assert not [label for label in buttons if "got this" in label or "Safe" in label]


async def test_a_telegram_that_hangs_holds_nobody_up_for_long(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.sam.taps("I need help", "Emergency")
        await story.jo.taps("I've got this")
        await story.play.faults("timeout", methods=["editMessageReplyMarkup"])
        began = time.monotonic()
        await story.jo.taps("Safe and well")
        assert time.monotonic() - began < 6
        assert "Closed" in await story.jo.last()
