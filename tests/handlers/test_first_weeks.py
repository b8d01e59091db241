"""The first 12 weeks in the chat: three voices, each their own, side by side for staff alone."""

from pathlib import Path

from tests.handlers.test_circle import invited
from tests.handlers.test_noticing import pressed_before
from tests.kith import Somebody, Story, kith

TO_FRIDAY = 98
"""Hours from Monday 9:00 to Friday 11:00, when everybody has been asked."""

WEEK = 7 * 24


async def begun(story: Story) -> None:
    await story.jo.says("/first_weeks")
    await story.jo.taps("Sam", "Start the first 12 weeks")


async def says(somebody: Somebody, how: str, *said: str) -> None:
    """Of the first week: well, different, an ordinary good day."""
    await somebody.taps(how)
    for words in said:
        await (somebody.says(words) if words else somebody.taps("Skip"))


async def test_three_voices_are_asked_each_week_and_staff_see_them_side_by_side(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        # Alex works for another team, and nobody but staff can begin it.
        await story.alex.says("/first_weeks")
        assert "nobody here whom you support" in await story.alex.last()
        await story.amira.says("/first_weeks")
        assert "no weekly questions for you" in await story.amira.last()
        await story.listens()

        await begun(story)
        await story.heard(
            jo=["Whose first weeks?", "have not begun", "Fri 6 Mar"],
            sam="May we ask the people around you as well?",
        )
        await story.sam.taps("Yes, ask them too")
        await story.listens()

        await story.passes(hours=TO_FRIDAY)
        await story.heard(
            sam="How was this week?",
            amira="How was this week for Sam",
            leo="How was this week for Sam",
            ruth="How was this week for Sam",
            jo="somebody in their first weeks",
            dev="somebody in their first weeks",
        )
        await says(story.sam, "Good", "Singing.", "More trips.")
        assert "On an ordinary good day, how are you?" in await story.sam.last()
        await story.sam.says("x" * 301, "I sing a lot.")
        await says(story.amira, "Hard", "", "He does not sleep.")
        assert "On an ordinary good day, how is Sam?" in await story.amira.last()
        await story.amira.says("He hums. He eats well.")
        await story.leo.taps("Not this week")
        await story.jo.says("/first_weeks")
        await story.jo.taps("Say how it was: Sam")
        await says(story.jo, "So-so", "", "", "")
        await story.dev.says("/first_weeks")
        await story.dev.taps("Say how it was: Sam")
        await says(story.dev, "Hard", "", "Nights.", "Calm.")
        # What a carer says is theirs: nobody around Sam hears of it, nor Sam.
        await story.listens()
        await story.sam.says("/first_weeks")
        own = await story.sam.last()
        assert "Singing." in own and "sleep" not in own and "Amira" not in own
        assert "I sing a lot." in own and "hums" not in own
        await story.amira.says("/first_weeks")
        theirs = (await story.amira.chat()).last
        assert "He does not sleep." in theirs.text and "Singing." not in theirs.text
        assert "eek 1" not in theirs.text
        await story.listens()

        # On the next working day staff are asked to read it; once, whatever there is.
        await story.passes(hours=71)
        await story.heard(jo="said something about their first weeks")
        await story.jo.taps("Open the first weeks")
        home = (await story.jo.taps("Sam: 2 new to read")).last
        assert "Week 1 of 12" in home.text and "Ruth: not heard" in home.text
        _, usual, *_ = home.text.split("\n\n")
        first, sam, *around, day, none = usual.splitlines()
        assert (first, sam) == ("On an ordinary good day", "Sam: I sing a lot.")
        theirs_too = ["Amira: He hums. He eats well.", "Leo: not heard", "Ruth: not heard"]
        assert sorted(around) == theirs_too, "silence stands as silence"
        assert (day, none) == ("Staff, day shift: Calm.", "Staff, on no shift: not heard")
        assert "Leo: not this week" in home.text and "Singing in the kitchen" in home.text
        read = (await story.jo.taps("What was said (2 new)")).last.text
        for line in (
            "Sam: 🙂 Good",
            "Went well: Singing.",
            "Amira: 🙁 Hard",
            "Should be different: He does not sleep.",
            "Staff, on no shift: 😐 So-so",
            "Staff, day shift: 🙁 Hard",
            "Should be different: Nights.",
            "An ordinary good day: Calm.",
        ):
            assert line in read
        await story.listens()
        await story.passes(hours=24)
        await story.heard()

        # Whoever does not work for Sam sees none of it, whatever they press.
        button = next(one for one in home.data if ":week:" in one)
        for one in (story.alex, story.amira, story.sam):
            await pressed_before(story, one, button)
        await story.heard()

        # The second week: put off, then no more questions; staff see that.
        await story.passes(hours=WEEK - 95)
        await story.listens()
        await story.sam.taps("Ask me tomorrow")
        await story.amira.taps("No more questions")
        await story.listens()
        await story.passes(hours=24)
        await story.heard(sam="How was this week?")
        await story.sam.taps("No more questions")
        await says(story.leo, "So-so", "", "")
        assert "Thank you" in await story.leo.last(), "an ordinary good day is asked once"
        await story.jo.says("/first_weeks")
        await story.jo.taps("Say how it was: Sam", "I was not with them", "Sam: 1 new to read")
        home = (await story.jo.chat()).last
        assert "Staff, on no shift: was not there" in home.text
        assert "Sam wants no more questions." in home.text
        assert "Amira wants no more questions." in home.text
        beside = (await story.jo.taps("All weeks side by side")).last.text
        assert "Sam: 🙂 ·" in beside and "Amira: 🙁 ·" in beside
        assert "Sam, week 1: 🙂 Good" in beside and "Sam, week 2: not heard" in beside
        assert "Leo, week 2: 😐 So-so" in beside
        differ = "Week 1. Staff, day shift: 🙁\nWeek 1. Staff, on no shift: 😐"
        assert f"Shifts saw it differently\n{differ}" in beside

        # The third week: somebody whose place ends while they write is heard to the end.
        await story.passes(hours=WEEK - 24)
        await story.leo.taps("Hard")
        await story.leo.says("He cries.")
        await story.sam.says("/circle")
        await story.sam.taps("Leo", "Take Leo out of my circle", "Yes, end it now")
        await story.leo.says("Less noise.")
        assert "We have kept what you said" in await story.leo.last()
        await story.jo.says("/first_weeks")
        read = (
            await story.jo.taps("Sam: 2 new to read", "What was said (2 new)", "The week after")
        ).last.text
        assert "Went well: He cries." in read and "Should be different: Less noise." in read

        # Where others use the phone too, it is asked who is there.
        await story.amira.says("/me")
        await story.amira.taps("More about me", "Is this phone shared?", "Yes, it is shared")
        await story.amira.says("/first_weeks")
        assert "He does not sleep." not in await story.amira.last()
        await story.amira.taps("Yes, it's me")
        assert "He does not sleep." in await story.amira.last()


async def test_it_is_paused_and_goes_on_and_words_that_were_begun_are_kept(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await begun(story)
        await story.sam.taps("No, do not ask them")
        await story.jo.taps("The first weeks", "Pause")
        await story.listens()
        await story.passes(hours=TO_FRIDAY)
        await story.heard()
        await story.jo.taps("The first weeks", "Go on")
        assert "Fri 13 Mar" in await story.jo.last()
        await story.listens()
        await story.passes(hours=WEEK)
        await story.heard(sam="How was this week?", jo="first weeks", dev="first weeks")
        # A carer was not asked; they may always say something all the same.
        await story.amira.says("/notice")
        assert "What have you noticed about Sam?" in await story.amira.last()

        # Words that were begun are kept, though nobody finished.
        await story.sam.taps("Hard")
        await story.sam.says("Nothing.")
        await story.passes(minutes=20)
        await story.sam.says("/first_weeks")
        assert "Went well: Nothing." in await story.sam.last()

        # For somebody who has just come in it is offered.
        opens = await invited(story, "Kim", role="person", by="jo")
        kim = await story.stranger("Kim")
        await kim.says(opens)
        await kim.taps("Yes, that is me")
        await story.jo.taps("Yes, that is them", "Start the first 12 weeks")
        assert "Your first 12 weeks with us have begun." in await kim.last()
