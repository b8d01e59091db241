"""What somebody has begun to tell outlives every kill of Kith: it ends in somebody's hands."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import httpx

from tests.crash.process import Killable
from tests.kith import Somebody
from tests.play import Refused

SIGN = "Says people are watching the flat"


async def killed_within(story: Killable, act: Coroutine[Any, Any, object]) -> None:
    """Kith dies in the midst of it, without a warning, and is started again."""
    story.process.halt()
    doing = asyncio.ensure_future(act)
    await asyncio.wait({doing}, timeout=0.1)
    await story.process.kill()
    with suppress(Refused, httpx.HTTPError):
        await doing
    await story.starts()


async def has_heard(somebody: Somebody, words: str) -> bool:
    return any(words in text for text in (await somebody.chat()).texts)


async def test_a_report_is_never_lost_however_often_kith_is_killed(story: Killable) -> None:
    await story.amira.says("/notice")
    await killed_within(story, story.amira.taps(SIGN))
    assert "Since when?" in "".join((await story.amira.chat()).texts)
    await killed_within(story, story.amira.taps("Since today"))

    # She falls asleep: it is sent as it is, and staff are asked as for every sign.
    await killed_within(story, story.passes(minutes=15))
    assert await has_heard(story.amira, "Staff on call are being asked now.")
    assert await has_heard(story.jo, SIGN)
    await killed_within(story, story.passes(minutes=15))
    assert await has_heard(story.dev, SIGN)
    await killed_within(story, story.dev.taps("I've got this"))
    assert await has_heard(story.dev, "You have this")
    await killed_within(story, story.dev.taps("Useful"))

    assert await has_heard(story.amira, "The team has finished looking at your message")
    for nobody in (story.sam, story.leo):
        assert not await has_heard(nobody, SIGN)
    await story.listens()
    await story.passes(hours=5)
    assert not await story.dev.news() and not await story.amira.news()
