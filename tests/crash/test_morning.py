"""A morning in the midst of which Kith is killed: each hears of their reviews, and hears once."""

import shutil
import sqlite3
from pathlib import Path

from tests.crash.process import killable
from tests.crash.test_noticed import killed_within
from tests.kith import Somebody
from tests.play import MONDAY_MORNING

REVIEWS, COME = "needs you", "Would you like to come?"
REPEAT = "You may have had this message already."


async def heard(somebody: Somebody, words: str) -> int:
    """How often they have heard it since the last look; said again, it is marked as a repeat."""
    return sum(words in text and REPEAT not in text for text in await somebody.news())


def came_today(kith: Path) -> None:
    """The sample's people came when the tests' own time begins, and not when it was made."""
    with sqlite3.connect(kith / "kith.db") as c:
        now = int(MONDAY_MORNING.timestamp()) * 1_000_000
        c.execute("UPDATE membership SET since = ?", (now,))


async def test_a_morning_is_told_once_however_often_kith_is_killed(
    sample: Path, tmp_path: Path
) -> None:
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    came_today(tmp_path)
    async with killable(tmp_path, KITH_REVIEWS="Fire plan: every week") as story:
        await story.listens()
        # A week before, and on the day; nobody else hears of it.
        for hours, reminders, invitations in ((24, 1, 1), (6 * 24, 1, 0)):
            await killed_within(story, story.passes(hours=hours))
            assert await heard(story.jo, REVIEWS) == reminders
            assert await heard(story.sam, COME) == invitations
            for nobody in (story.amira, story.leo, story.ruth, story.dev, story.alex):
                assert await heard(nobody, REVIEWS) == 0
