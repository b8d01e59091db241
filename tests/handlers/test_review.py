"""`/reviews` through the chat: one message in the morning, what is needed, done, put off."""

from pathlib import Path

from tests.handlers.test_news import _forged
from tests.kith import Somebody, kith

DAY = 24


async def opens(who: Somebody, what: str) -> str:
    """This member of staff opens the review of this from their list; what they read then."""
    buttons = (await who.says("/reviews")).last.buttons
    await who.taps(next(one for one in buttons if what in one))
    return await who.last()


async def listed(who: Somebody) -> list[str]:
    """What is on this member's list."""
    buttons = (await who.says("/reviews")).last.buttons
    return [one for one in buttons if "·" in one]


def mornings(news: list[str]) -> list[str]:
    return [text for text in news if "Good morning" in text]


async def test_one_message_in_the_morning_and_what_sam_said_stands_beside_the_next(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path, reviews="Fire plan: every month") as story:
        assert "Nothing is up" in (await story.jo.says("/reviews")).last.text
        await story.listens()
        await story.passes(hours=24 * DAY)  # a week before: the plan for outings and the fire plan
        said = mornings(await story.jo.news())
        assert len(said) == 1 and "2 reviews need you" in said[0]
        invited = await story.sam.news()
        assert len(invited) == 1 and "your plan for going out" in invited[0]
        for other in (story.dev, story.priya):
            assert mornings(await other.news()) == []
        for other in (story.amira, story.leo, story.alex):
            assert await other.news() == [], "Sam does not share their plans with them"
        assert await story.ruth.news() == ["You have a new message. Tap to read."]
        read = (await story.ruth.taps("Read")).last
        assert "Soon we look again at Sam's plan for going out" in read.text
        await story.ruth.taps("Say something for it")
        await story.ruth.says("The bus is hard for Sam.")
        await story.ruth.taps("Send it to the team")
        assert "The team reads it when they look" in await story.ruth.last()
        await story.listens()
        for stray in (story.amira, story.leo, story.alex, story.sam, story.jo):
            await _forged(story, stray, next(one for one in read.data if "review:say" in one))
        await story.heard()
        await story.sam.taps("Talk to somebody first")
        assert "Somebody will talk to you first" in await story.sam.last()
        await story.heard(jo="like to talk to somebody")
        await story.passes(hours=DAY)
        await story.heard(sam="We will look at Fire plan again")

        await story.jo.taps("Open my reviews")
        page = await opens(story.jo, "Plan for outings")
        assert "Sam would like to talk to somebody first" in page
        assert "Ruth said for this on Thursday 26 March: “The bus is hard for Sam.”" in page
        assert "Its rule: every month" in page and "The plan for outings: as it was" in page
        assert "• What Sam agreed to share with" in page and "nothing" not in page
        taken = next(one for one in (await story.jo.chat()).last.data if "review:file" in one)
        await story.jo.taps("Calendar file")
        assert "Here is the day for your calendar" in await story.jo.last()
        file = (await story.jo.chat()).last.document
        assert file and file["name"] == "kith.ics"
        await story.listens()
        for stray in (story.sam, story.amira, story.alex):
            await _forged(story, stray, taken)
        await story.heard()
        await opens(story.jo, "Plan for outings")
        await story.jo.taps("Done", "Stays as it is", "On that day", "Sam", "That is all")
        await story.jo.says("I like the café. I go on Mondays.")
        await story.jo.taps("Not asked")
        assert "Sam: I like the café." in await story.jo.last()
        await story.jo.taps("Save")
        news = await story.jo.news()
        assert any("Done. Next time: Mon 27 Apr" in one for one in news)
        assert "A review in your calendar is over" in news[-1], "the day that Jo had taken"
        assert await listed(story.jo) == ["Sam · Fire plan · Thursday 2 April"]

        await story.passes(minutes=1)
        await story.sam.says("/stop_sharing")
        await story.sam.taps("Amira", "Yes, stop sharing")
        assert "I tell Amira nothing" in await story.sam.last()
        await story.sets_off()
        await story.passes(minutes=30)
        await story.sam.taps("I'm home")
        await story.passes(hours=25 * DAY)
        page = await opens(story.jo, "Plan for outings")
        assert "Sam said on Friday 27 March: “I like the café." in page
        assert "The bus is hard" not in page, "that was said for the last time"
        assert "Outings: 1, on time 1, since Friday 27 March" in page
        assert "What was shared with Amira ended on Friday 27 March" in page
        assert "Nothing is shared with Amira." in page
        (stands,) = [line for line in page.splitlines() if "agreed to share with" in line]
        assert "Leo" in stands and "Amira" not in stands
        done = next(one for one in (await story.jo.chat()).last.data if "review:done" in one)
        for stray in (story.sam, story.amira, story.alex):
            await story.listens()
            await _forged(story, stray, done)
            await story.heard()


async def test_it_is_put_off_twice_goes_to_the_manager_and_is_seen_when_nobody_was_heard(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path, review_days=10) as story:
        await story.passes(hours=31 * DAY)
        assert len(await listed(story.jo)) == 1
        for length, back in (("One week", "It comes back"), ("Two weeks", "cannot be put off")):
            await opens(story.jo, "Plan for outings")
            await story.jo.taps("Not now", length)
            await story.jo.says("Sam is in hospital.")
            assert back in await story.jo.last()
            await story.passes(hours=7 * DAY)
        page = await opens(story.jo, "Plan for outings")
        assert page.count("Sam is in hospital.") == 2
        assert any("💤 Sam" in row and "until" in row for row in await listed(story.jo))
        await story.jo.taps("Not now")
        assert "put off twice already" in await story.jo.last(), "before anybody writes why"

        await story.listens()
        await story.passes(hours=7 * DAY)
        assert len(mornings(await story.jo.news())) == 1, "it has come back"
        late = mornings(await story.priya.news())
        assert len(late) == 1 and "More than 10 days late: 1" in late[0]
        await story.priya.taps("My team's")
        assert any("⏰ Sam" in one for one in (await story.priya.chat()).last.buttons)

        await opens(story.jo, "Plan for outings")
        await story.jo.taps("Done")
        assert "Ended" not in (await story.jo.chat()).last.buttons
        await story.jo.taps("Changed", "Another day")
        await story.jo.says("1 January 2029")
        assert "too far off" in await story.jo.last()
        await story.jo.says("1 June")
        assert "later than its rule" in await story.jo.last()
        await story.jo.says("Sam is in hospital until May.")
        await story.jo.taps("Only staff", "Not asked", "Not asked", "Save")
        assert "Done, without anybody's words. Next time: Mon 1 Jun" in await story.jo.last()
        assert "We have looked at your plan for going out" in (await story.sam.news())[-1]
        await story.listens()
        await story.passes(hours=7 * DAY)
        late = mornings(await story.priya.news())
        assert len(late) == 1 and "without anybody's words: 1" in late[0]
        await story.priya.taps("Without words")
        assert "Sam, Plan for outings: Jo" in await story.priya.last()
        assert mornings(await story.mina.news()) == mornings(await story.alex.news()) == []


async def test_something_that_restricts_is_looked_at_every_three_months(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.jo.says("/reviews")
        await story.jo.taps("Add a restrictive-practice plan", "Sam")
        await story.jo.says("The kitchen is locked.")
        assert "every 3 months" in await story.jo.last()
        await story.jo.says("/reviews")
        await story.jo.taps("Add a restrictive-practice plan", "Sam")
        await story.jo.says("the kitchen  is locked.")
        assert "looked at with Sam already" in await story.jo.last()
        assert "The next time: Tue 2 Jun 09:00" in await story.jo.last()
        await story.passes(hours=85 * DAY)
        for who in (story.jo, story.dev):
            await who.says("/reviews")
            await who.taps("My team's")
            found = next(one for one in (await who.chat()).last.buttons if "Restrictive" in one)
            assert "plan: The kitchen is locked." in found
            await who.taps(found)
            assert (await who.last()).startswith("🔒 For the team alone")
            await who.taps("Done", "Ended", "Only staff", "Not asked", "Not asked")
        assert "Next time: not again" in await story.dev.last()
        await story.jo.taps("Save")
        await story.dev.taps("Save")
        assert "somebody has put it off" in await story.dev.last(), "Jo was quicker"
        for outside in (story.sam, story.amira):
            await outside.says("/reviews")
            assert "Reviews are for the team" in await outside.last()
        assert await listed(story.alex) == []


async def test_the_plan_is_looked_at_when_the_team_meets_and_its_file_moves_with_the_meeting(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        for outside in (story.sam, story.amira):
            await outside.says("/plan")
            assert "Next team meeting" not in (await outside.chat()).last.buttons
        await story.jo.says("/plan")
        talk = next(one for one in (await story.jo.chat()).last.data if "sign:meeting" in one)
        await story.jo.taps("Next team meeting")
        assert "Now there: no date." in await story.jo.last()
        await story.jo.says("the 40th")
        assert "a day from today on" in await story.jo.last()
        await story.jo.says("10 March")
        assert "The team meets on Tuesday 10 March" in await story.jo.last()
        await story.jo.taps("The plan")
        assert "The team meets about it: Tuesday 10 March." in await story.jo.last()
        await story.listens()
        for stray in (story.sam, story.amira, story.alex):
            await _forged(story, stray, talk)
        await story.heard()

        await story.passes(hours=2 * DAY)
        assert len(mornings(await story.jo.news())) == 1
        await story.listens()
        await opens(story.jo, "Early-warning plan · Tuesday 10 March")
        await story.jo.taps("Calendar file")
        await story.jo.taps("Next team meeting")
        await story.jo.says("17 March")
        news = await story.jo.news()
        assert "A review in your calendar has another day" in news[-1]
        await story.jo.says("/plan")
        await story.jo.taps("Next team meeting", "No meeting: take the date away")
        news = await story.jo.news()
        assert any("no date of a team meeting" in one for one in news)
        assert "A review in your calendar has another day" in news[-1], "that of its rule"
        assert await listed(story.jo) == []
