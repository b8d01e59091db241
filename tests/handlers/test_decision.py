"""One decision written down through the chat: a worry holds, a decision lets somebody know."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.test_news import _forged
from tests.kith import Story, kith

PUSH = "You have a new message. Tap to read."
TEST = ("Yes", "Yes", "No", "Yes")
BANK = "The bank wrote."
REHAB = "Sam was at the gym."


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with kith(tmp_path) as told:
        yield told


async def worries(story: Story, topics: str, *then: str) -> str:
    """Jo has answered up to the review, and then this; what Jo reads now."""
    await story.jo.says("/decision")
    await story.jo.taps("A worry about one decision", *topics.split(", "), "That is all")
    await story.jo.says("Pictures, and somebody Sam knows.")
    await story.jo.taps(*TEST, "In a month", *then)
    return await story.jo.last()


async def decides(story: Story, topic: str, result: str = "Somebody may know") -> str:
    """Jo has written down a decision together; the last page before it is saved."""
    await worries(story, topic, "It cannot wait: decide together")
    await story.jo.says("Sam likes it when Amira helps.")
    await story.jo.says("Amira: Sam would want me to know.")
    await story.jo.taps("That is all", result)
    return await story.jo.last()


async def tells(story: Story, topic: str, words: str, level: str = "The details") -> str:
    """Jo's preview; it has been sent."""
    await story.jo.says("/tell")
    await story.jo.taps(topic, level)
    preview = (await story.jo.says(words)).last.text
    await story.jo.taps("Send")
    return preview


async def test_a_worry_holds_what_was_chosen_until_it_is_looked_at_again(story: Story) -> None:
    await story.jo.says("/decision")
    assert "Everybody can decide until it is shown otherwise" in await story.jo.last()
    await story.jo.taps("A worry about one decision", "Health appointments", "That is all")
    assert "Please help first" in (await story.jo.taps("Nothing yet")).last.text

    assert "Sam is asked first" in await tells(story, "Health appointments", "The dentist.")
    read = await worries(story, "Health appointments")
    assert "Sam cannot decide this just now" in read and "Weighs it up: no" in read
    assert "Where Sam said “ask me first”, it is a no for now." in read
    await story.listens()
    await story.jo.taps("Save")
    await story.heard(sam="hard to decide for you just now: Health appointments")
    assert "Where you said “ask me first”, it is a no for now." in await story.sam.last()
    chat = await story.sam.taps("Yes, tell Amira")
    assert any("Your yes is kept" in text for text in chat.texts)
    await story.listens()
    await story.amira.says("/news")
    await story.heard(amira="Nothing to read now")
    preview = await tells(story, "Health appointments", "The dentist.")
    assert "Amira may get it" not in preview and "Amira will get it" not in preview
    assert "Amira will get it." in await tells(story, "Daily life", "A cake.")

    await story.passes(hours=24 * 31)
    await story.jo.says("/reviews")
    record = next(
        one for one in (await story.jo.chat()).last.buttons if "Health appointments" in one
    )
    await story.jo.taps(record, "Write a new record", "Health appointments", "That is all")
    await story.jo.says("A quiet room.")
    await story.jo.taps("Yes", "Yes", "Yes", "Yes")
    assert "Sam can decide this" in await story.jo.last()
    await story.listens()
    await story.jo.taps("Save")
    await story.heard(sam="You decide about this yourself")
    preview = await tells(story, "Health appointments", "The dentist.")
    assert "Amira may get it. Sam is asked first." in preview
    await story.listens()
    await story.passes(hours=24 * 10)
    assert not any("look again" in said for said in await story.jo.news())


async def test_a_decision_together_lets_somebody_know_beside_the_persons_own_word(
    story: Story,
) -> None:
    read = await decides(story, "Wellbeing")
    assert "Sam likes it when Amira helps." in read and "Amira: Sam would want" in read
    await story.listens()
    await story.jo.taps("Save")
    await story.heard(sam="Somebody may know about it")
    await story.jo.taps("Say who may know", "Amira", "The main point")
    assert "Amira may know about Sam: Wellbeing." in await story.jo.last()
    await story.listens()
    await story.jo.taps("Save")
    await story.heard(sam="From now on Amira may know about this: Wellbeing")

    assert "Leo will not get it" in await tells(story, "Wellbeing", REHAB, "The main point")
    await story.jo.news()
    await story.heard(amira=PUSH)
    await story.amira.taps("Read")
    await story.heard(amira=REHAB)
    await story.sam.says("/told")
    assert REHAB in await story.sam.last() and "decided for you" in await story.sam.last()
    assert "Amira will not get it" in await tells(story, "Wellbeing", REHAB)

    await story.sam.says("/agreement")
    await story.sam.taps("Amira")
    assert "Wellbeing" in await story.sam.last() and "decided for you" in await story.sam.last()

    await story.jo.says("/decision")
    await story.jo.taps("What stands now")
    assert "Wellbeing: Somebody may know. Jo wrote it on" in await story.jo.last()
    await story.jo.taps("Who may know: Wellbeing", "Amira", "Nothing any more", "Save")
    assert "It is over from now on" in await story.jo.last()
    assert "Amira will not get it" in await tells(story, "Wellbeing", REHAB, "The main point")


async def test_one_decision_about_two_topics_is_held_told_and_allowed_topic_by_topic(
    story: Story,
) -> None:
    read = await decides(story, "Medication, Wellbeing")
    assert "Medication and Wellbeing, about Sam" in read
    await story.listens()
    await story.jo.taps("Save")
    await story.heard(sam="best for you just now: Wellbeing and Medication")
    await story.jo.taps("Say who may know", "Amira")
    asked = (await story.jo.chat()).last
    assert asked.buttons[:2] == ["Wellbeing", "Medication"]
    await story.jo.taps("Medication", "The main point", "Save")
    await story.listens()
    assert "Leo will not get it" in await tells(story, "Medication", REHAB, "The main point")
    await story.jo.news()
    await story.heard(amira=PUSH)
    assert "Amira will not get it" in await tells(story, "Wellbeing", REHAB, "The main point")

    await worries(story, "Medication", "Save")
    await story.jo.says("/decision")
    await story.jo.taps("What stands now")
    shown = await story.jo.last()
    assert "• Wellbeing: Somebody may know" in shown and "• Medication: Cannot" in shown
    await story.listens()
    await story.amira.taps("Read")
    await story.heard(amira="Nothing to read now")


async def test_the_persons_own_no_stands_against_every_decision(story: Story) -> None:
    await decides(story, "Money")
    await story.jo.taps("Save", "Say who may know", "Amira", "The details", "Save")
    assert "Sam has chosen about this already" in await story.jo.last()
    assert "Amira will not get it" in await tells(story, "Money", BANK)

    await decides(story, "Wellbeing", "Nobody else is told")
    await story.jo.taps("Save")
    assert "Nothing new is told. What you chose stays." in await story.sam.last()
    assert "Say who may know" not in (await story.jo.chat()).last.buttons


async def test_outsiders_write_nothing_down_and_let_nobody_know(story: Story) -> None:
    robin = await story.stranger("Robin")
    await decides(story, "Wellbeing")
    saved = (await story.jo.taps("Save")).last
    allow = next(data for data in saved.data if data.startswith("decision:allow"))
    look = (await story.jo.says("/decision")).last.data[0]
    await story.listens()
    for stray in (robin, story.alex, story.amira, story.ruth, story.sam):
        for data in (allow, look, look.replace("worry", "stands")):
            await _forged(story, stray, data)
    await story.heard()
    await story.alex.says("/decision")
    await story.heard(alex="You support nobody")
    for stray in (story.amira, story.sam):
        await stray.says("/decision")
    await story.heard(amira="Only staff can use /decision", sam="Only staff can use /decision")

    # after its review date it lets nobody know, and staff have no button that says so
    await story.passes(hours=24 * 30)
    await story.listens()
    await _forged(story, story.jo, allow)
    await story.heard()
    await story.jo.says("/decision")
    await story.jo.taps("What stands now")
    assert "Wellbeing: Somebody may know" in await story.jo.last()
    assert not any("Who may know" in label for label in (await story.jo.chat()).last.buttons)
