"""`/told`: the person sees who was told what and why; everybody else, what is theirs."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.test_circle import STRANGER
from tests.handlers.test_conversation import callback
from tests.kith import Story, kith

CAKE = "Sam baked a cake & ate it"


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with kith(tmp_path) as told:
        yield told


async def tells(story: Story, topic: str, words: str) -> None:
    """Jo writes it, that something happened, and sends it."""
    await story.jo.says("/tell")
    await story.jo.taps(topic, "That something happened")
    await story.jo.says(words)
    await story.jo.taps("Send")


async def test_sam_sees_who_read_what_in_which_words_and_by_which_choice(story: Story) -> None:
    await tells(story, "Daily life", CAKE)
    waiting = (await story.sam.says("/told")).last.text
    assert "Amira has not read this yet" in waiting and CAKE in waiting

    await story.amira.taps("Read")

    seen = (await story.sam.says("/told")).last.text
    assert "Amira has read this" in seen and CAKE in seen
    assert "You chose to share this with Amira" in seen and "Your choice: " in seen
    assert "Written by Jo" in seen
    assert "Leo has not read this yet" in seen


async def test_sam_sees_what_kith_refused_to_tell_and_why(story: Story) -> None:
    await tells(story, "Money", "Sam has spent a lot")
    seen = (await story.sam.says("/told")).last.text
    assert "Amira was not told this" in seen and "You said no to this for Amira" in seen
    assert "You have not chosen to share this with Leo" in seen
    assert "Sam has spent a lot" in seen


async def test_before_anything_was_told_that_is_said_plainly(story: Story) -> None:
    await story.sam.says("/told")
    await story.heard(sam="Nobody around you has been told anything yet")


async def test_alerts_to_the_team_and_what_a_carer_wrote_stay_out_of_it(story: Story) -> None:
    await story.sam.says("/stop_sharing")
    await story.sam.taps("Stop all sharing", "Yes, stop sharing")
    await story.sets_off()
    await story.passes(minutes=70)
    assert "has not checked in" in await story.jo.last()
    await story.sam.says("/told")
    assert "Nobody around you has been told anything yet" in await story.sam.last()


async def test_a_supporter_sees_when_they_read_and_never_the_words_again(story: Story) -> None:
    before = (await story.amira.says("/told")).last.text
    assert before == (await story.leo.says("/told")).last.text
    await tells(story, "Daily life", CAKE)
    await story.amira.taps("Read")
    own = (await story.amira.says("/told")).last.text
    assert "When you read something" in own
    assert CAKE not in own and "Sam" not in own and "Daily life" not in own
    assert (await story.leo.says("/told")).last.text == before


async def test_a_denied_supporter_and_one_with_nothing_see_the_same(story: Story) -> None:
    await tells(story, "Money", "Sam has spent a lot")
    amira = (await story.amira.says("/told")).last
    ruth = (await story.ruth.says("/told")).last
    assert (amira.text, amira.buttons) == (ruth.text, ruth.buttons)


async def test_outsiders_see_nothing(story: Story) -> None:
    await tells(story, "Daily life", CAKE)
    await story.leo.taps("Read")
    await story.sam.says("/circle")
    await story.sam.taps("Leo", "Take Leo out", "Yes, end it now")
    eve = await story.stranger("Eve")
    await story.listens()
    for somebody in (eve, story.leo):
        await somebody.says("/told")
    await story.heard(eve=STRANGER, leo=STRANGER)
    for staff in (story.alex, story.jo, story.mina):
        shown = (await staff.says("/told")).last.text
        assert "This is for the person" in shown and CAKE not in shown


async def test_sam_turns_the_pages_and_nobody_else_does(story: Story) -> None:
    for number in range(3):
        await tells(story, "Money", f"Bill {number}")
    first = (await story.sam.says("/told")).last
    older = next(data for data in first.data if data.startswith("told:older:"))
    assert "Bill 2" in first.text and "Bill 0" not in first.text
    second = (await story.sam.taps("Older")).last.text
    assert "Bill 0" in second and "Bill 2" not in second
    await story.listens()
    for outsider in (story.amira, story.jo, story.alex):
        await story.play.raw_update(callback(outsider.id, 1, older))
        await story.play.raw_update(callback(outsider.id, 1, "told:more:0:0"))
        await story.play.settle()
        assert not any("Bill" in said for said in await outsider.news())
