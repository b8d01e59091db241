"""`/howami`: a carer's own words, for nobody but them; and what goes only where they send it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.test_news import _forged
from tests.kith import Story, kith

TIRED = "I have not slept since Friday."


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with kith(tmp_path) as told:
        yield told


async def test_what_a_carer_says_of_themselves_is_shown_to_nobody_else(story: Story) -> None:
    await story.sam.says("/told")
    seen = await story.sam.last()
    await story.listens()
    await story.amira.says("/howami")
    numbers = (await story.amira.chat()).last
    assert "0 is as bad as it can be" in numbers.text
    await story.amira.taps("7")
    await story.heard(amira=["How are you, today?", "You said 7. It is kept."])
    await story.amira.taps("No, that is all")
    assert "I show it to nobody else" in await story.amira.last()
    await story.passes(hours=30)
    await story.amira.says("/howami")
    await story.amira.taps("2")
    chat = (await story.amira.chat()).from_bot[-2:]
    assert "Samaritans" in chat[0].text, "whom to ring comes first"
    assert "You said 2" in chat[1].text
    await story.amira.says(TIRED)
    await story.amira.taps("What I said before")
    past = (await story.amira.chat()).last
    assert f"2 “{TIRED}”\n" in past.text and past.text.endswith(": 7"), "the newest first"
    await story.amira.news()
    await story.heard()  # nobody of the team, nor Sam
    await story.sam.says("/told")
    assert await story.sam.last() == seen

    past_button = "howami:past:-:0"
    for stray in (story.jo, story.sam, story.alex):
        await _forged(story, stray, "howami:say:3:0")
        await _forged(story, stray, past_button)
        await story.listens()
    await story.leo.says("/howami")
    await story.leo.taps("3", "Stop")
    assert "It is kept for you" in await story.leo.last(), "the number was kept at once"
    await story.leo.taps("What I said before", "Take it all away", "Yes, take it all away")
    await story.leo.says("/howami")
    await story.leo.taps("What I said before")
    assert "You have not said anything here yet." in await story.leo.last()
    await story.jo.says("/howami")
    assert "for people who support somebody" in await story.jo.last()

    await story.amira.says("/me")
    await story.amira.taps("More about me", "Is this phone shared?", "Yes, it is shared")
    await story.amira.says("/howami")
    await story.amira.taps("What I said before")
    asked = await story.amira.last()
    assert TIRED not in asked and "Amira" in asked, "others use this phone too"
    await story.amira.taps("Yes, it's me")
    assert TIRED in await story.amira.last()
    await story.amira.taps("Take it all away", "Yes, take it all away")
    await story.amira.says("/howami")
    await story.amira.taps("What I said before", "Yes, it's me")
    assert "You have not said anything here yet." in await story.amira.last()


async def test_a_request_for_an_assessment_goes_only_where_it_is_sent(story: Story) -> None:
    await story.amira.says("/howami")
    await story.amira.taps("1")
    await story.amira.says(TIRED)
    await story.amira.taps("What could help me")
    assert "Oak House" in await story.amira.last(), "whom to ring"
    await story.amira.taps("Ask for a carer's assessment", "The key worker")
    await story.amira.says("A free Sunday. Mina knows why.")
    check = await story.amira.last()
    assert "Who is asked: The key worker. It goes to nobody else." in check
    assert "A free Sunday." in check
    await story.listens()
    await story.amira.taps("Send it")
    await story.heard(
        amira=["You have asked for a carer's assessment"],
        jo="Somebody asks for a carer's assessment",
    )
    assert "by Monday 9 March" in await story.amira.last()
    read = (await story.jo.chat()).last.data[0]
    for stray in (story.sam, story.leo, story.mina, story.priya, story.dev, story.alex):
        await _forged(story, stray, read)
    await story.heard()

    await story.passes(hours=24)
    await story.heard(jo="Somebody asks for a carer's assessment")
    await story.jo.taps("Read it")
    await story.heard(jo="Amira", amira="Read 09:00")
    shown = await story.jo.last()
    assert "A free Sunday." in shown and TIRED not in shown, "and nothing else of hers"
    await story.priya.says("/safeguarding")
    assert not any("assessment" in one for one in (await story.priya.chat()).last.buttons)
    await story.listens()
    await story.jo.taps("It is finished")
    await story.jo.says("Rang the council with her. They come on the 12th.")
    await story.jo.taps("Close it")
    await story.jo.news()
    await story.heard(amira="The team has finished looking at your message")
    await story.passes(hours=24 * 14)
    await story.heard()
