"""The person asks what could have been told on a day that is over."""

from pathlib import Path

from tests.handlers.test_conversation import callback
from tests.kith import Story, kith


async def asks(story: Story, *chosen: str) -> str:
    await story.sam.says("/told")
    await story.sam.taps("Could they have been told?", *chosen[:-2])
    said = chosen[-2]
    await (story.sam.taps(said) if said in ("Today", "Yesterday") else story.sam.says(said))
    await story.sam.taps(chosen[-1])
    return await story.sam.last()


async def test_the_past_is_answered_in_plain_words_with_the_reason(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.passes(hours=24)  # Tuesday at nine; the circle stands since Monday at nine
        no = await asks(story, "Amira (carer)", "Money", "Yesterday", "The details")
        assert "Could Amira have been told?\nMoney. The details.\nMonday 2 March." in no
        assert "❌ No" in no and "You said no to this for Amira." in no

        some = await asks(story, "Leo", "Daily life", "2/3", "The main point")
        assert "✅ Yes, from yesterday 09:00" in some and "You chose to share this" in some
        details = await asks(story, "Leo", "Daily life", "2 March", "The details")
        assert "It was more than you share with Leo." in details and "✅" not in details
        asked = await asks(story, "Amira", "Health appointments", "Today", "The details")
        assert "✋ Only if I had asked you first." in asked

        await story.sam.says("/circle")
        await story.sam.taps("Leo", "Pause Leo")
        await story.passes(hours=2)
        await story.sam.says("/circle")
        await story.sam.taps("Leo", "Start again with Leo")
        await story.passes(hours=1)
        await story.sam.says("/stop_sharing")
        await story.sam.taps("Stop sharing with Leo", "Yes, stop sharing")
        await story.passes(hours=24)
        parted = await asks(story, "Leo", "Daily life", "Yesterday", "The main point")
        lines = parted.split("\n")
        assert [line for line in lines if line.startswith(("✅", "❌"))] == [
            "✅ Yes, from yesterday 00:00 to yesterday 09:00.",
            "❌ No, from yesterday 09:00 to yesterday 11:00.",
            "✅ Yes, from yesterday 11:00 to yesterday 12:00.",
            "❌ No, from yesterday 12:00 to 00:00.",
        ]
        assert "You had paused Leo." in lines and "You have not chosen" in parted
        await story.listens()

        await story.sam.says("/told")
        button = next(d for d in (await story.sam.chat()).last.data if d.startswith("told:past"))
        await story.listens()
        for stray in (story.amira, story.jo, story.mina, story.alex):
            await story.play.raw_update(callback(stray.id, 1, button))
            await story.play.settle()
        await story.heard()


async def test_today_stays_the_day_it_was_when_the_talk_goes_on_after_midnight(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/told")
        await story.sam.taps("Could they have been told?", "Amira", "Money", "Today")
        await story.passes(hours=24)
        await story.sam.taps("The details")
        assert "Monday 2 March." in await story.sam.last()


async def test_a_day_that_is_to_come_and_words_that_are_no_day(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/told")
        await story.sam.taps("Could they have been told?", "Ruth", "Money")
        assert "Please write a day" in (await story.sam.says("last week")).last.text
        assert "still to come" in (await story.sam.says("3 March 2031")).last.text
        await story.sam.says("1 March")
        answer = (await story.sam.taps("That something happened")).last
        assert "❌ No, not on this day." in answer.text
        assert "Ruth was not in your circle then." in answer.text
