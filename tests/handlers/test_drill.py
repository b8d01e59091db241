"""Practice of a whole ladder, through the chat: marked everywhere, and nobody beside it."""

from pathlib import Path

from tests.handlers.test_conversation import callback
from tests.handlers.test_news import PUSH
from tests.handlers.test_rung import agreed
from tests.kith import Story, kith

MARK = "🧪"


async def presses(story: Story, who: int, data: str) -> None:
    """Any button, whether they have it or not."""
    await story.play.raw_update(callback(who, 1, data))
    await story.play.settle()


async def test_the_whole_ladder_is_practised_and_each_word_of_it_says_so(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.jo.says("/practise")
        await story.jo.taps("Sam")
        await story.heard(jo=["With whom?", "I have asked Sam"], sam="Jo would like to practise")
        question = (await story.sam.chat()).last
        for outsider in (story.alex, story.leo, story.jo):
            await presses(story, outsider.id, question.data[0])
        await story.heard()

        await story.sam.taps("Yes, now")
        await story.heard(sam="Practice has begun", jo="This is practice. Nobody needs help")
        alert = (await story.jo.chat()).last
        take = alert.data[0]
        for outsider in (story.alex, story.leo, story.dev):
            await presses(story, outsider.id, take)
            await presses(story, outsider.id, take.replace("drilled", "take"))
        await presses(story, story.jo.id, take.replace("drilled", "safe"))
        await story.heard()

        await story.passes(minutes=3)
        await story.jo.taps("I've got this")
        await story.heard(jo="you have answered", dev="This is practice")
        await story.passes(minutes=10)
        await story.heard(priya="This is practice")
        await story.priya.taps("I've got this")
        over = "The practice for Sam is over"
        await story.heard(sam=over, jo=over, dev=over, priya=["you have answered", over])
        result = await story.sam.last()
        assert "Jo answered after 3 minutes" in result
        assert "Dev has not answered" in result and "Priya answered after 0 minutes" in result

        await presses(story, story.dev.id, take)
        await story.heard(dev="This practice is over")
        await story.passes(hours=2)
        await story.heard()
        for who in (story.sam, story.jo, story.dev, story.priya):
            said = (await who.chat()).texts
            assert not any("has not checked in" in text for text in said)
        await story.priya.says("/practise")
        assert "Jo answered after 3 minutes" in await story.priya.last()


async def test_a_real_alert_is_not_marked_and_ends_the_practice(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/practise")
        await story.sam.taps("Start now")
        await story.heard(sam=["one after the other", "Practice has begun"], jo="This is practice")
        await story.sam.says("/out")
        await story.sam.taps("Café", "1 hour", "Set off", "I need help")
        real = [text for text in await story.jo.news() if "asks for help" in text]
        assert real and not any(MARK in text for text in real)
        await story.sam.news()

        await story.passes(minutes=10)
        dev = await story.dev.news()
        assert dev and not any(MARK in text for text in dev), "the next rung, for real alone"
        said = await story.sam.news()
        assert any("has ended early" in text for text in said), said
        await story.sam.says("/practise")
        await story.sam.taps("Start now")
        assert "asked for real" in await story.sam.last()
        await story.dev.taps("Pass it on")
        assert any("asks for help" in text for text in await story.priya.news())


async def test_a_supporter_is_asked_to_practise_only_when_they_said_yes(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await agreed(story)
        await story.listens()
        await story.sam.says("/practise")
        await story.sam.taps("Start now")
        await story.jo.taps("I've got this")
        assert any("This is practice" in text for text in await story.dev.news())
        assert await story.amira.news() == []
        await story.sam.taps("Stop the practice")
        assert "was stopped" in await story.sam.last()
        await story.listens()

        await story.leo.says("/practise")
        await story.heard(leo="no plan yet")
        await story.amira.says("/practise")
        await story.amira.taps("Yes: Sam")
        await story.heard(amira=["Would you like to take part", "Practice reaches you"])
        await story.sam.says("/practise")
        await story.sam.taps("Start now")
        await story.jo.taps("I've got this")
        assert await story.amira.news() == [PUSH]
        await story.amira.taps("Read")
        assert f"{MARK} This is practice" in await story.amira.last()
        await story.amira.taps("I've got this")
        assert "you have answered" in await story.amira.last()
        assert any("This is practice" in text for text in await story.dev.news())
        await story.sam.taps("Stop the practice")
        assert "Amira answered after 0 minutes" in await story.sam.last()


async def test_the_person_says_not_now_and_nobody_is_asked(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.alex.says("/practise")
        await story.heard(alex="no plan yet")
        await story.jo.says("/practise")
        await story.jo.taps("Sam")
        await story.sam.taps("Not now")
        await story.heard(
            jo=["With whom?", "I have asked Sam", "would rather not"],
            sam=["Jo would like to practise", "That is fine"],
        )
        await presses(story, story.jo.id, "drill:begin:-:0")
        await presses(story, story.alex.id, "drill:ask:somebodysomebody:0")
        await story.heard(jo="no plan yet")


async def test_who_may_not_hear_of_outings_is_told_of_no_plan_at_practice(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await agreed(story)
        await story.sam.says("/me")
        await story.sam.taps("More about me", "What others call me")
        await story.sam.says("Sammy")
        await story.listens()
        await story.amira.says("/practise")
        await story.heard(amira="You are in Sammy's plan")

        await story.sam.says("/agreement")
        await story.sam.taps("Stop sharing with Amira", "Yes, stop sharing")
        await story.listens()
        for somebody in (story.amira, story.leo):
            await somebody.says("/practise")
        amira, leo = (await story.amira.chat()).last, (await story.leo.chat()).last
        assert (amira.html, amira.data) == (leo.html, leo.data)
        await story.heard(amira="no plan yet", leo="no plan yet")
        pressed = await story.amira.taps("Yes: Sammy")
        assert "Nothing has changed" in pressed.popups[-1].text
        await story.heard()
