"""Staff draft a plan; it counts when the person has read it and agreed."""

from pathlib import Path

from tests.handlers.test_conversation import callback
from tests.handlers.test_news import NOTHING, PUSH
from tests.kith import Somebody, Story, kith


async def drafts(story: Story, *, send: bool = True) -> None:
    await story.jo.says("/plan_outings")
    await story.jo.taps("Sam")
    await story.jo.says("Park\nSwimming pool")
    await story.jo.taps("1 hour", "On call, key worker, manager")
    await story.jo.says("Ring Sam, then the pool.")
    await story.jo.taps("Send to read" if send else "Say more")


async def presses(story: Story, somebody: Somebody, data: str) -> None:
    """Any button, whether they have it or not."""
    await story.play.raw_update(callback(somebody.id, 1, data))
    await story.play.settle()


async def test_a_draft_changes_nothing_until_the_person_agrees(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await drafts(story)
        assert "Jo made it for you" in await story.sam.last()
        chat = await story.sam.taps("Read it")
        assert "Park and Swimming pool" in chat.last.text and "whoever is on call" in chat.last.text
        assert chat.last.buttons[:4] == [
            "👍 I agree",
            "Not now",
            "💬 Say what I think",
            "👥 Ask somebody else what they think",
        ]
        await story.listens()
        await story.sam.taps("I agree")
        assert "Sam has agreed" in await story.jo.last()
        await story.listens()

        await story.passes(minutes=70)
        assert any("has not checked in" in text for text in await story.jo.news())
        assert not await story.dev.news(), "an outing keeps the plan it began under"
        await story.sam.says("/home")
        await story.jo.taps("I've got this", "Safe and well")

        await story.sam.says("/out")
        assert (await story.sam.chat()).last.buttons[:2] == ["Park", "Swimming pool"]


async def test_saying_not_now_keeps_what_was_agreed_before(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await drafts(story)
        await story.listens()

        await story.sam.taps("Not now")
        await story.heard(sam="It waits for you")
        await story.sam.says("/plan_outings")
        assert "Do you agree?" in await story.sam.last()
        await story.sam.taps("Not now")
        await story.listens()
        asks = (await story.sam.chat()).last
        for stray in (story.amira, story.jo, story.alex):
            await presses(story, stray, asks.data[0])
        await story.heard()
        await story.sam.taps("I do not want this plan")
        await story.heard(sam="Nothing has changed", jo="does not want this plan now")
        await story.sam.says("/out")
        assert (await story.sam.chat()).last.buttons[0] == "Café"


async def test_staff_of_another_team_and_carers_cannot_draft(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.alex.says("/plan_outings")
        await story.heard(alex="nobody here yet whom you support")
        await story.amira.says("/plan_outings")
        await story.heard(amira="This is for staff")


async def test_staff_say_more_and_the_person_reads_it_page_by_page(tmp_path: Path) -> None:
    """All of a plan: written by Jo, changed by Priya, read by Sam in Easy Read and agreed to."""
    async with kith(tmp_path) as story:
        await drafts(story, send=False)
        jo = story.jo
        page = (await jo.chat()).last
        assert "Sam has not seen it yet" in page.text
        page_of = page.data[0].split(":")[2]

        await jo.taps("How much support", "Stop")
        assert "The rest of the plan is kept" in await jo.last()
        assert "Sam has not seen it yet" in (await jo.taps("The whole plan")).last.text
        await jo.taps("How much support", "Shadowing at a distance", "3")
        await jo.taps("How Kith asks", "At points on the way")
        assert "I did not understand" in (await jo.says("the bus")).last.text
        await jo.says("On the bus 20\nAt the café 30 minutes")
        await jo.taps("15 minutes", "twice")
        await jo.taps("Delays we know")
        await jo.says("The bus: 10")
        await jo.taps("Later and pauses", "15 minutes", "once", "30 minutes")
        await jo.taps("Safe places", "Add a safe place")
        await jo.says("Library", "1 High Street", "020 7946 0001")
        await story.play.location(jo.id, 51.5, -0.1)
        await jo.taps("Who is told, when", "1. whoever is on call", "How long they have", "5 min")
        await jo.taps("Who is told, when", "3. the manager", "Do not ask them")
        await jo.taps("Who is told, when", "Ask a supporter", "Amira", "After the key worker")
        await jo.taps("10 minutes")
        await jo.taps("If it is missed", "Usual places")
        await jo.says("The canal.")
        await jo.taps("If it is missed", "When upset")
        await jo.says("Talk about the cat.")
        await jo.taps("If it is missed", "When lost")
        await jo.says("Stay on the phone.")
        await jo.taps("If it is missed", "When lost", "Skip")
        await jo.taps("If it is missed", "More support at once", "Yes, at once")
        await jo.taps("If it is missed", "When the police", "1 hour 30 minutes")
        await jo.taps("My own words")
        await jo.says("Sam knows the way.")
        await jo.taps("Keep it")
        await jo.news()
        await story.heard()

        refused = await jo.taps("Send to read")
        assert "thought of first" in refused.last.text
        await jo.taps("What holds back less")
        whole = (await jo.says("Going with a friend. Nobody is free on Tuesdays.")).last.text
        for said in (
            "somebody of staff comes a little way behind",
            "“On the bus”: you tell me within 20 minutes",
            "“At the café”",
            "“The bus”: there you have 10 minutes more",
            "up to 15 minutes",
            "You can say that once",
            "pause me for up to 30 minutes",
            "Library, 1 High Street, 020 7946 0001",
            "After 15 minutes without an answer I ask whoever is on call",
            "After 20 minutes without an answer I ask your key worker",
            "After them I ask Amira, too",
            "straight away",
            "After 1 hour 30 minutes with no word",
            "If you say that you are upset, they will do this: Talk about the cat.",
            "The canal.",
            "After 3 good outings",
            "Jo thinks: Sam knows the way.",
            "We thought of this first: Going with a friend.",
        ):
            assert said in whole, said
        assert "the manager" not in whole and "Stay on the phone" not in whole
        for outsider in (story.alex, story.amira, story.sam):
            for verb in ("support", "send", "page", "ladder", "view", "read"):
                await presses(story, outsider, f"plan:{verb}:{page_of}:0")
        await jo.news()
        await story.heard()

        await story.sam.says("/me")
        await story.sam.taps("Easy Read")
        await jo.taps("Send to read")
        await story.sam.taps("Read it")
        number = 0
        while "I agree" not in str((await story.sam.chat()).last.buttons):
            shown = (await story.sam.chat()).last
            number += 1
            assert shown.text.startswith(f"{number} of ")
            assert len(shown.text.splitlines()) <= 3 and shown.buttons[0] == "▶️ Next"
            await story.sam.taps("Next")
        await story.sam.taps("I agree")
        assert "This is your plan now" in await story.sam.last()
        assert PUSH in await story.amira.last()
        asked = await story.amira.taps("Read")
        assert "one of those whom Kith asks when Sam is out" in asked.last.text
        await story.sam.news()
        await jo.news()
        await story.amira.taps("Please not me")
        await story.heard(
            sam="Amira would rather not be asked",
            amira=["one of those whom Kith asks", "Thank you for saying so"],
            jo="Amira would rather not be on the ladder",
        )
        await presses(story, jo, f"plan:support:{page_of}:0")
        assert await story.sam.news() == []

        changed = await jo.says("/plan_outings")
        await jo.taps("Sam", "The plan that stands", "Change the plan")
        changed = await jo.taps("How Kith asks", "Once, when due back", "10 minutes", "once")
        assert "(version 3)" in changed.last.text and "The canal." in changed.last.text
        await jo.says("/plan_outings")
        again = await jo.taps("Sam", "Go on with what was begun")
        assert "(version 3)" in again.last.text
        await jo.taps("Send to read")
        new = await story.sam.taps("Read it")
        assert "🆕 New" in new.last.text and "When you are due back" in new.last.text
        while "🆕" in (await story.sam.chat()).last.text:
            await story.sam.taps("Next")
        gone = (await story.sam.chat()).last
        assert "Not any more" in gone.text and "On the bus" in gone.text


async def test_the_person_says_what_they_think_and_asks_whom_they_choose(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await drafts(story)
        read = await story.sam.taps("Read it")
        plan = read.last.data[0].split(":")[2]
        for outsider in (story.alex, story.leo, story.amira):
            await presses(story, outsider, f"view:say:{plan}:0")
            await presses(story, outsider, "view:who:-:0")
        await story.sam.taps("Say what I think")
        await story.listens()
        await story.sam.says("I want to go by bus.")
        await story.sam.taps("Keep it")
        await story.heard(
            sam="It stands in your plan now", jo="Sam has said something about Sam's plan"
        )

        await story.sam.taps("Read it", "Ask somebody else", "Leo")
        assert "You do not share going out with Leo" in await story.sam.last()
        assert await story.leo.news() == []
        await story.sam.taps("Somebody else", "Amira")
        await story.sam.news()
        await story.heard(amira=PUSH)
        asked = await story.amira.taps("Read")
        assert "would like to know what you think" in asked.last.text
        for outsider in (story.leo, story.ruth):
            await presses(story, outsider, f"view:say:{plan}:0")
        await story.listens()
        await story.amira.taps("Say what I think")
        await story.amira.says("I would like a text from the pool.")
        await story.amira.taps("Keep it")
        await story.heard(
            amira=["What do you think", "Thank you"],
            sam="Amira has said something",
            jo="Amira has said something",
        )
        plan_now = (await story.sam.taps("Read it")).last.text
        assert "Amira thinks: I would like a text from the pool." in plan_now
        assert "Sam thinks: I want to go by bus." in plan_now
        await story.sam.taps("I agree")
        assert "Amira" in (await story.sam.says("/told")).last.text
        await story.leo.says("/news")
        assert NOTHING in await story.leo.last()
        await story.sam.says("/plan_outings")
        await story.sam.taps("Ask somebody else", "Leo", "Change what we share")
        assert "Leo" in await story.sam.last()

        await story.jo.says("/plan_outings")
        stands = await story.jo.taps("Sam", "The plan that stands")
        assert "Amira thinks: I would like a text" in stands.last.text
        await story.jo.taps("My own words")
        await story.jo.says("I agree with Sam.")
        await story.jo.taps("Keep it")
        assert "Jo has said something about your plan" in await story.sam.last()
