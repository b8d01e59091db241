"""A guardrail that nobody can see, and an exception that somebody else looks at."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.test_news import NOTHING, PUSH, _forged, shape
from tests.kith import Story, kith

BANK = "The bank closed Sam's account."
CAKE = "Sam baked a cake."
WEEK = 24 * 7


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with kith(tmp_path) as told:
        yield told


async def forbids(story: Story, carer: str, topic: str) -> None:
    await story.mina.says("/safeguarding")
    await story.mina.taps("Never tell somebody about something", carer, topic)
    await story.mina.says("A court order of May.")
    await story.mina.taps("Never tell this")


async def tells(story: Story) -> None:
    """Jo tells of a cake: daily life, which Amira and Leo may know."""
    await story.jo.says("/tell")
    await story.jo.taps("Daily life", "The main point")
    await story.jo.says(CAKE)
    await story.jo.taps("Send")
    await story.jo.news()


async def screens(story: Story) -> list[tuple[str, list[str]]]:
    """What Sam sees of all that is shared: the words, and what is behind the buttons."""
    await story.sam.says("/told", "/agreement", "/circle")
    return [(m.text, m.data) for m in (await story.sam.chat()).from_bot[-3:]]


async def breaks(story: Story, *, told: str = "Tell them", carer: str = "Amira") -> str:
    """Priya has written an exception; what she reads before it goes."""
    await story.priya.says("/safeguarding")
    await story.priya.taps("Tell once, against the choices", carer, "Money", "The details")
    await story.priya.says(BANK)
    await story.priya.taps("To protect a life, or from great harm")
    await story.priya.says("Amira pays the rent today.")
    await story.priya.taps(told)
    return await story.priya.last()


async def test_a_guardrail_beats_every_yes_and_nothing_seen_depends_on_it(story: Story) -> None:
    await story.amira.says("/news")
    empty = (await story.amira.chat()).last
    await tells(story)
    before = await screens(story)
    await story.listens()

    await forbids(story, "Amira", "Everything")
    await story.mina.news()
    await story.heard()
    await story.amira.taps("Read")
    assert shape((await story.amira.chat()).last) == shape(empty)
    await story.amira.news()
    await tells(story)
    await story.heard(leo=PUSH)
    told, *after = await screens(story)
    assert before[1:] == after
    assert told[0].count("Amira") == before[0][0].count("Amira"), "nothing is said of Amira"
    await story.sam.news()

    await story.mina.says("/safeguarding")
    await story.mina.taps("What is never told", "Amira: Daily life")
    assert "A court order of May." in await story.mina.last()
    await story.mina.taps("End it")
    assert "It is over" in await story.mina.last()
    await story.mina.news()
    await tells(story)
    await story.heard(amira=PUSH, leo=PUSH)


async def test_an_exception_is_told_once_to_one_and_looked_at_by_somebody_else(
    story: Story,
) -> None:
    read = await breaks(story)
    assert BANK in read and "The person is told." in read
    await story.listens()
    await story.priya.taps("Send")
    sent = await story.priya.last()
    assert "Amira can read it now. I call them now." in sent and "within 7 days" in sent
    await story.heard(amira=PUSH, sam="To protect a life", mina="Please look at this")
    await story.amira.taps("Read")
    await story.heard(amira=BANK)
    await story.sam.says("/told")
    assert BANK in await story.sam.last() and "made an exception" in await story.sam.last()
    await story.leo.says("/news")
    await story.listens()

    await story.passes(hours=24 * 7)
    await story.heard(mina="One review needs you")
    await story.mina.taps("Open my reviews")
    listed = (await story.mina.chat()).last.buttons
    await story.mina.taps(next(one for one in listed if "Told against" in one))
    await story.listens()
    await story.mina.taps("Look at it")
    shown = await story.mina.last()
    assert BANK in shown and "Amira pays the rent today." in shown
    await story.mina.taps("It was not right")
    await story.heard(priya="It should not have been told", mina="Thank you. Saved.")
    await story.passes(hours=WEEK)
    await story.heard()


async def test_where_telling_the_person_is_unsafe_nothing_they_see_depends_on_it(
    story: Story,
) -> None:
    await story.sam.says("/told")
    before = await story.sam.last()
    await breaks(story, told="Telling them is unsafe")
    await story.listens()
    await story.priya.taps("Send")
    await story.heard(amira=PUSH, mina="Please look at this")
    await story.sam.says("/told")
    assert await story.sam.last() == before
    await story.amira.taps("Read")
    await story.sam.says("/told")
    assert await story.sam.last() == before
    await story.listens()

    await story.mina.taps("Look at it", "It was right", "Yes, tell them now")
    await story.heard(
        sam="Something was told that you had not agreed to",
        priya="It was right",
        mina="Thank you. Saved.",
    )
    looked = (await story.sam.chat()).from_bot[-1].text
    assert "Whenever this is done, somebody else looks at whether it was right" in looked
    await story.sam.says("/told")
    assert BANK in await story.sam.last()


async def test_a_guardrail_beats_an_exception_and_nobody_else_may_do_either(story: Story) -> None:
    await forbids(story, "Amira", "Money")
    await breaks(story)
    await story.listens()
    await story.priya.taps("Send")
    assert "It has not been sent" in await story.priya.last()
    await story.heard()

    await breaks(story, carer="Leo")
    await story.priya.taps("Send")
    review = next(d for d in (await story.mina.chat()).last.data if "review" in d)
    menu = (await story.mina.says("/safeguarding")).last.data
    robin = await story.stranger("Robin")
    await story.listens()
    for stray in (story.jo, story.dev, story.sam, story.amira, story.leo, story.alex, robin):
        for data in (review, *menu):
            if data.startswith("safeguarding"):
                await _forged(story, stray, data)
    await _forged(story, story.priya, review)
    await _forged(story, story.priya, next(d for d in menu if "forbid" in d))
    await _forged(story, story.priya, next(d for d in menu if "rails" in d))
    await story.heard()
    for stray in (story.jo, story.sam, story.amira):
        await stray.says("/safeguarding")
        assert "Only safeguarding leads and managers" in await stray.last()
    await story.leo.says("/news")
    assert BANK in await story.leo.last()
    await story.amira.says("/news")
    assert await story.amira.last() == NOTHING
