"""What somebody says of themselves, and what follows from it."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.kith import Story, kith

LONDON = ZoneInfo("Europe/London")


async def tells(story: Story) -> None:
    """Jo tells of a cake those who may know of Sam's daily life."""
    await story.jo.says("/tell")
    await story.jo.taps("Daily life", "That something happened")
    await story.jo.says("There was a cake")
    await story.jo.taps("Send")


async def test_staff_see_the_number_the_person_gave(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        await story.sam.taps("My phone number")
        await story.sam.says("ring me!")
        assert "could not read that number" in await story.sam.last()
        await story.sam.says("07700 900555")
        assert "they see this number" in await story.sam.last()
        await story.sets_off()

        await story.passes(minutes=70)

        assert "07700 900555" in await story.jo.last()
        assert not any("900555" in text for text in (await story.amira.chat()).texts)


async def test_in_quiet_hours_what_can_wait_waits_until_morning(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.amira.says("/me")
        await story.amira.taps("More about me", "Quiet hours")
        await story.amira.says("soon")
        assert "like 21:30 to 7:00" in await story.amira.last()
        now = (await story.now()).astimezone(LONDON)
        since, until = now - timedelta(hours=1), now + timedelta(hours=2)
        await story.amira.says(f"{since:%H:%M} to {until:%H:%M}")
        assert "I keep what can wait" in await story.amira.last()
        await story.listens()

        await tells(story)
        assert await story.amira.news() == []
        assert "new message" in await story.leo.last()

        await story.passes(hours=2)
        assert "new message" in await story.amira.last()


async def test_quiet_hours_hold_no_check_in_back(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        await story.sam.taps("More about me", "Quiet hours")
        now = (await story.now()).astimezone(LONDON)
        before, after = now - timedelta(hours=1), now + timedelta(hours=8)
        await story.sam.says(f"{before:%H:%M} to {after:%H:%M}")
        await story.sets_off()
        await story.passes(minutes=70)
        assert any("Are you OK" in said for said in await story.sam.news())
        assert "has not checked in" in await story.jo.last()


async def test_staff_are_offered_no_quiet_hours(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.jo.says("/me")
        offered = (await story.jo.taps("More about me")).last.buttons
        assert "Quiet hours" not in offered and "What others call me" in offered


async def test_those_around_the_person_read_the_name_the_person_chose_for_that(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        await story.sam.taps("More about me", "What others call me")
        await story.sam.says("Bluebird")
        assert "call you Bluebird" in await story.sam.last()
        await tells(story)
        await story.leo.taps("Read")
        assert "about Bluebird" in await story.leo.last()
        assert "Sam" not in await story.leo.last()
        await story.sam.says("/me")
        mine = (await story.sam.taps("More about me")).last.text
        assert "You are called: Bluebird" in mine
        await story.sam.taps("What others call me", "Use my name")
        await story.sam.says("/me")
        assert "Bluebird" not in (await story.sam.taps("More about me")).last.text


async def test_how_it_is_safe_to_reach_somebody_is_for_staff_alone(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.amira.says("/me")
        await story.amira.taps("More about me", "How to reach me safely")
        await story.amira.says("Never ring after six")
        await story.amira.says("/me")
        await story.amira.taps("More about me", "Is this phone shared?", "Yes, it is shared")
        seen = (await story.jo.says("/circle")).last.text
        assert "Never ring after six" in seen and "Others use their phone too" in seen
        for somebody in (story.sam, story.leo, story.ruth, story.alex):
            shown = (await somebody.says("/circle")).last.text
            assert "Never ring" not in shown and "use their phone" not in shown


async def test_large_chunks_say_one_idea_at_a_time(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        for somebody in (story.sam, story.leo):
            await somebody.says("/me")
            await somebody.taps("Large chunks")
        assert "From now on I write one idea at a time" in await story.sam.last()
        await story.listens()
        await story.sam.says("/agreement")
        overview = await story.sam.news()
        assert len(overview) > 1 and all(len(said) <= 300 for said in overview)
        ideas = [idea.split("\n") for said in overview for idea in said.split("\n\n")]
        assert all("." not in one[:-1] for idea in ideas for one in idea)
        shown = (await story.sam.chat()).from_bot
        assert [bool(m.buttons) for m in shown[-len(overview) :]] == [False] * (
            len(overview) - 1
        ) + [True]
        await story.sam.taps("Amira", "Change", "No")
        assert "(2 of 5)" in "".join((await story.sam.chat()).texts)

        await tells(story)
        assert await story.leo.last() == "You have a new message.\nTap to read."
        await story.leo.taps("Read", "Hide now")
        assert not any("There was a cake" in text for text in (await story.leo.chat()).texts)
