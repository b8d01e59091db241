"""An attorney or a deputy: papers that staff have seen, and what they then ask to be told."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.handlers.test_news import NOTHING, PUSH, _forged
from tests.kith import Story, kith

BANK = "The bank wrote."
PAPERS = ("Attorney or deputy", "Ruth", "Money and property", "Yes, I have seen them")


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    """Ruth is Sam's attorney here."""
    async with kith(tmp_path) as told:
        with closing(sqlite3.connect(tmp_path / "kith.db")) as there, there:
            there.execute("UPDATE membership SET role = 'attorney' WHERE role = 'advocate'")
        yield told


async def tells(story: Story, topic: str = "Money") -> None:
    await story.jo.says("/tell")
    await story.jo.taps(topic, "The main point")
    await story.jo.says(BANK)
    await story.jo.taps("Send")
    await story.jo.news()


async def own(story: Story, *chosen: str) -> str:
    await story.ruth.says("/circle")
    await story.ruth.taps("What I am told", *chosen)
    return await story.ruth.last()


async def test_papers_that_staff_have_seen_let_an_attorney_ask_for_their_own_topics(
    story: Story,
) -> None:
    assert "What I am told" not in (await story.ruth.says("/circle")).last.buttons
    await story.jo.says("/decision")
    await story.jo.taps(*PAPERS[:-1], "Not yet")
    assert "Please look at the papers first" in await story.jo.last()
    await story.jo.says("/decision")
    await story.jo.taps(*PAPERS, "In six months")
    assert "Ruth may stand for Sam: Money and property" in await story.jo.last()
    assert "papers of Ruth before? These take their place." in await story.jo.last()
    await story.listens()
    await story.jo.taps("Save")
    await story.heard(sam="Ruth may stand for you in some things")
    await tells(story)
    await story.heard()

    await own(story)
    offered = (await story.ruth.chat()).last.buttons
    assert "Money" in offered and "Wellbeing" not in offered
    assert "It is written down" in await own(story, "Money", "The main point", "Save")
    await story.ruth.news()
    await story.heard(sam="From now on Ruth may know about this: Money")
    await tells(story)
    await story.heard(ruth=PUSH)
    await story.ruth.taps("Read")
    await story.heard(ruth=BANK)
    await tells(story, "Wellbeing")
    await story.heard()

    await story.jo.says("/decision")
    await story.jo.taps("What stands now")
    assert "Ruth may stand for them: Money" in await story.jo.last()
    papers = next(d for d in (await story.jo.chat()).last.data if d.startswith("authority"))
    for stray in (story.amira, story.sam, story.ruth, story.alex):
        await _forged(story, stray, papers)
        await _forged(story, stray, papers.replace("sure", "end"))
    await story.jo.taps("End: Ruth's papers")
    assert "End Ruth's papers?" in await story.jo.last()
    await story.listens()
    await story.jo.taps("Yes, end it")
    await story.heard(sam="Ruth does not stand for you any more")
    await tells(story)
    await story.heard()
    await story.ruth.says("/news")
    assert await story.ruth.last() == NOTHING
    assert "What I am told" not in (await story.ruth.says("/circle")).last.buttons


async def test_what_the_person_has_chosen_comes_first_and_the_attorney_does_not_learn_it(
    story: Story,
) -> None:
    await story.jo.says("/decision")
    await story.jo.taps("Attorney or deputy", "Ruth", "Both", "Yes, I have seen them")
    await story.jo.taps("In three months", "Save")
    allowed = await own(story, "Money", "The details", "Save")
    await story.sam.says("/agreement")
    await story.sam.taps("Ruth", "Change", "No", "No", "No", "No", "No", "Agree", "Yes")
    await story.listens()
    refused = await own(story, "Money", "The details", "Save")
    assert refused == allowed
    await story.ruth.news()
    await story.heard()
    await tells(story)
    await story.heard()

    await story.passes(hours=24 * 78)
    listed = (await story.jo.says("/reviews")).last.buttons
    assert any("Papers of an attorney" in one for one in listed)
    for name in ("sam", "amira"):
        await _forged(story, story.people[name], "authority:own:x:0")
    await story.passes(hours=24 * 14)
    assert "What I am told" not in (await story.ruth.says("/circle")).last.buttons
