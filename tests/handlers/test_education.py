"""Education sessions in the chat: set up by staff, booked by anybody, told to nobody else."""

from pathlib import Path

from tests.handlers.agreed import invited_only
from tests.kith import Story, kith


async def sets_up(story: Story, places: str = "8") -> None:
    """Jo is about to publish a session two weeks from now, before the clocks change."""
    await story.jo.says("/session_new")
    await story.jo.taps("Something else")
    await story.jo.says("Sleeping well", "16 March")
    await story.jo.taps("2 in the afternoon", "1½ hours")
    await story.jo.says("Oak House", "Garden room")
    await story.jo.taps("Nothing", "together with a carer", "Every three months")
    await story.jo.says(places)
    await story.jo.taps("English", "☐ a quiet room", "That is all")


async def test_a_session_is_set_up_and_told_of_once_to_whoever_wants_to_hear(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.amira.says("/session_new")
        await story.heard(amira="Only staff can set up a session")
        await story.leo.says("/sessions")
        await story.leo.taps("No dates for me")
        await sets_up(story)
        asked = await story.jo.last()
        assert "Where: Oak House\nRoom: Garden room\n" in asked
        assert "Sleeping well" in asked and "a quiet room" in asked and "Places: 8" in asked
        await story.listens()
        await story.jo.taps("Publish it")
        await story.passes(minutes=1)
        new = "A new date for an education session"
        everybody = dict.fromkeys(["sam", "amira", "ruth", "dev", "priya", "mina", "alex"], new)
        assert "new date" in await story.jo.last()
        await story.heard(jo=new, **everybody)
        await story.passes(hours=24)
        await story.heard()

        await story.alex.says("/sessions")
        shown = await story.alex.taps("Sleeping well")
        assert "Book" in shown.last.buttons and "Change" not in shown.last.buttons
        assert "For staff" not in shown.last.text

        await story.jo.taps("See the session", "Change", "The place or the link")
        await story.jo.says("https://meet.example/sleep")
        assert "Room:" not in (await story.jo.taps("No room")).last.text
        await story.jo.taps("Keep the change", "See the session")
        assert "meet.example" in await story.jo.last()
        await story.alex.says("/sessions")
        assert "whoever books gets the link" in (await story.alex.taps("Sleeping well")).last.text
        await story.alex.taps("Book")
        assert "meet.example" in (await story.alex.chat()).from_bot[-2].text


async def test_the_last_place_the_line_behind_it_and_what_those_in_it_hear(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await sets_up(story, "1")
        await story.jo.taps("Publish it")
        await story.passes(minutes=1)
        await story.amira.taps("See the session", "What I need to come")
        await story.amira.taps("☐ hearing loop", "☐ step-free", "☑ step-free", "That is all")
        await story.amira.says("/sessions")
        shown = await story.amira.taps("Sleeping well")
        assert "does not say that it has: hearing loop." in shown.last.text
        await story.listens()
        await story.amira.taps("Book")
        await story.heard(amira=["You have a place", "For your calendar"])
        await story.leo.taps("See the session", "Join the waiting list")
        assert "on the waiting list now" in await story.leo.last()
        await story.ruth.taps("See the session", "Join the waiting list", "See the session")
        assert "People before you: 1." in await story.ruth.last()

        seen = await story.jo.taps("See the session")
        assert "Taken: 1 of 1 places. Waiting: 2." in seen.last.text
        assert "hearing loop: 1" in seen.last.text
        for name in ("Amira", "Leo", "Ruth"):
            assert name not in seen.last.text
        await story.listens()

        await story.jo.taps("Change", "Day and time")
        await story.jo.says("30 March", "2 pm")
        assert "Mon 30 Mar 14:00" in await story.jo.last()
        await story.jo.taps("Keep the change")
        await story.passes(minutes=1)
        told = "It was Mon 16 Mar 14:00 before."
        assert "The change is kept" in await story.jo.last()
        await story.listens()
        for chat in (story.amira, story.leo, story.ruth):
            assert told in await chat.last()

        await story.passes(hours=24 * 20 + 23)
        assert await story.amira.news() == []
        await story.passes(hours=1)
        (reminder,) = await story.amira.news()
        assert "In a week you have a place" in reminder
        await story.listens()
        await story.amira.taps("I can't come")
        gone = ["Thank you for telling us", "takes it out of your calendar"]
        await story.heard(amira=gone, leo="A place has come free")
        await story.leo.taps("I can't come")
        await story.heard(leo=gone, ruth="A place has come free")

        await story.jo.says("/sessions")
        await story.jo.taps("Sleeping well", "Cancel the session", "Yes, cancel it")
        await story.passes(minutes=1)
        asked = ["Do you want to cancel", "The session is cancelled"]
        await story.heard(jo=asked, ruth="this session does not take place")
        await story.ruth.taps("All dates")
        assert not [b for b in (await story.ruth.chat()).last.buttons if "Sleeping" in b]
        await story.listens()
        await story.passes(hours=24 * 6)
        await invited_only(story, "plan for going out")


async def test_the_next_of_a_series_waits_for_staff(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await sets_up(story)
        await story.jo.taps("Publish it")
        await story.passes(minutes=1)
        await story.sam.taps("See the session", "Book")
        await story.passes(hours=24 * 13)
        assert "Tomorrow you have a place" in await story.sam.last()
        await story.passes(hours=24 + 7)
        drafted = await story.jo.last()
        assert "The next session of this series" in drafted and "Mon 15 Jun 14:00" in drafted
        await story.amira.says("/sessions")
        assert "Sleeping well" not in str((await story.amira.chat()).last.buttons)
        await story.jo.taps("Publish it")
        await story.passes(minutes=1)
        assert "A new date" in await story.amira.last()


async def test_in_easy_read_a_session_is_read_a_little_at_a_time(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        await story.sam.taps("Easy Read")
        await sets_up(story)
        await story.jo.taps("Publish it")
        await story.passes(minutes=1)
        shown = (await story.sam.taps("See the session")).last
        assert shown.text.startswith("1 of ") and "Book" not in shown.buttons
        while "▶️ Next" in shown.buttons:
            assert len(shown.text.splitlines()) <= 3
            shown = (await story.sam.taps("Next")).last
        await story.sam.news()
        await story.sam.taps("Book")
        assert "You have a place" in (await story.sam.news())[0]
