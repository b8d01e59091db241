"""A time for which the person has chosen otherwise: two members of staff, and the person hears."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.test_news import _forged
from tests.kith import Story, kith

PUSH = "You have a new message. Tap to read."
WORDS = "Sam is in hospital."
CONFIRM = "Please confirm"


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    """Sam lets Amira know about wellbeing when unwell, and at no other time."""
    async with kith(tmp_path) as told:
        await told.sam.says("/agreement")
        await told.sam.taps("Amira", "Change", "No", "No", "No", "No", "No", "More choices")
        await told.sam.taps("Wellbeing", "Yes, share", "The details", "Only when I'm unwell")
        await told.sam.taps("Until we look at it again", "No, any time", "Agree", "Yes")
        await told.listens()
        yield told


async def asks(story: Story, told: str = "Yes, I have told them", length: str = "24 hours") -> None:
    await story.jo.says("/decision")
    await story.jo.taps("Unwell, or an emergency", "Unwell", length, told, "Ask a colleague")
    await story.jo.news()


async def tells(story: Story) -> None:
    await story.jo.says("/tell")
    await story.jo.taps("Wellbeing", "The details")
    await story.jo.says(WORDS)
    await story.jo.taps("Send")
    await story.jo.news()


async def test_two_of_staff_switch_it_on_the_person_hears_and_it_ends_by_itself(
    story: Story,
) -> None:
    await asks(story)
    await story.heard(dev=CONFIRM, priya=CONFIRM)
    ask = (await story.dev.chat()).last
    assert "and has told Sam" in ask.text
    await _forged(story, story.jo, ask.data[0])
    await story.heard(jo="Somebody else has to confirm it")
    for stray in (story.sam, story.amira, story.alex):
        await _forged(story, stray, ask.data[0])
    await tells(story)
    await story.heard()

    assert "Sam is told, and it holds until tomorrow" in (await story.dev.taps("Confirm")).last.text
    await story.heard(sam="Jo and Dev think that you are unwell", jo="Dev has confirmed it")
    await tells(story)
    await story.heard(amira=PUSH)
    await story.amira.taps("Read")
    await story.heard(amira=WORDS)

    await story.passes(hours=24)
    over = "Your choices for when you are unwell do not hold any more.\nThe choices for every day"
    await story.heard(sam=over, jo="the choices for being unwell do not hold")
    await tells(story)
    await story.heard()
    await story.amira.says("/news")
    await story.heard(amira="Nothing to read now")


async def test_nobody_confirms_what_the_person_has_not_been_told(story: Story) -> None:
    await asks(story, "Not yet", "7 days")
    ask = (await story.priya.chat()).last
    assert "Please tell Sam first, face to face" in ask.text
    await story.listens()
    await _forged(story, story.priya, ask.data[0].replace("told", "confirm"))
    await story.heard()

    await story.priya.taps("I have told them. Confirm")
    await story.heard(sam="Jo and Priya think", jo="Priya has confirmed it")
    await story.dev.taps("I have told them. Confirm")
    await story.heard()

    await story.dev.says("/decision")
    await story.dev.taps("What stands now", "End it now")
    await story.listens()
    await tells(story)
    await story.heard()
    await story.passes(hours=24 * 8)
    await story.heard()


async def test_a_colleague_may_see_it_differently_and_a_request_does_not_wait_for_ever(
    story: Story,
) -> None:
    await asks(story)
    await story.listens()
    await story.dev.taps("No")
    await story.heard(jo="Dev sees it differently about Sam")
    await story.priya.taps("Confirm")
    await story.heard()

    await asks(story)
    await story.listens()
    await story.passes(hours=24)
    await story.heard(jo="Nobody has confirmed that Sam is unwell")
    await story.dev.taps("Confirm")
    await tells(story)
    await story.heard()
