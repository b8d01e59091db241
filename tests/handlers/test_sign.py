"""The early-warning plan through the chat: written together, put in force by the person alone."""

from pathlib import Path

from tests.handlers.test_news import _forged
from tests.kith import Somebody, kith

NOTHING = "Nothing to read now"


async def suggests(somebody: Somebody, name: str) -> None:
    await somebody.says("/plan")
    await somebody.taps("Suggest a card")
    await somebody.says(name)
    await somebody.taps("Early sign", "Skip", "Save")


async def test_it_is_written_together_and_counts_by_the_persons_own_press(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.jo.says("/plan")
        assert "🌙 Up in the night (Early sign)" in await story.jo.last()
        await story.jo.taps("Add a card")
        await story.jo.says("Wears a coat indoors")
        await story.jo.taps("Middle sign")
        await story.jo.says("Ask about the heating.")
        await story.jo.taps("More", "🌱")
        await story.jo.says("All day")
        await story.jo.taps("Skip", "Skip", "Skip", "A carer")
        card = await story.jo.last()
        assert "🌱 Wears a coat indoors (Middle sign)" in card and "What it looks like: All" in card
        await story.jo.taps("Save")
        assert "It counts only when Sam puts it in force" in await story.jo.last()

        await story.jo.taps("The plan", "When staff are asked", "Several different", "3 different")
        await story.jo.taps("14 days")
        assert "after this: 3 different signs in 14 days." in await story.jo.last()
        await story.jo.taps("Save", "The plan", "When staff are asked")
        rows = (await story.jo.chat()).last.buttons
        assert rows[:2] == ["✖ any late sign", "✖ 2 different signs in 7 days"]
        assert "➕ Any late sign" not in rows and "➕ Two people notice it" in rows
        await story.jo.taps("✖ any late sign")
        assert "“any late sign”" in await story.jo.last()
        await story.jo.taps("Keep it", "the same sign 3 days", "Take it out")
        assert "Taken out of the new version: “the same sign 3 days running”" in (
            await story.jo.last()
        )
        await story.jo.taps("The plan", "What we do", "Late sign", "On call, key", "After 5")
        await story.jo.says("Go there, and ring 111 together.")
        assert "First asked: whoever is on call\nAfter 5 minutes:" in await story.jo.last()
        await story.jo.taps("Save", "The plan", "What we do", "Middle", "Key worker", "After 5")
        assert "It says now: See Sam today." in await story.jo.last()
        await story.jo.taps("Keep it as it is")
        assert "What we do: See Sam today." in await story.jo.last()
        await story.jo.taps("Save", "The plan", "Change a card", "Singing", "What is usual")
        assert "What is usual for Sam: nothing yet" in await story.jo.last()
        await story.jo.taps("Back", "What helps")
        assert "What helps: Keep the radio on." in await story.jo.last()
        await story.jo.says("A louder radio.")
        await story.jo.taps("The plan", "Change a card", "Not answering", "Take it out")
        await story.jo.taps("Take it out")
        await story.listens()
        await story.jo.taps("The plan", "Ask Sam to read it")
        await story.jo.news()
        await story.heard(sam="Jo has written on your early-warning plan")

        await story.sam.taps("Read it")
        draft = await story.sam.last()
        assert draft.startswith(
            "Your early-warning plan\nVersion 2. Nothing of it is in force yet."
        )
        draft, new = draft.partition("\n\n")[2].split("\n\n", 1)[::-1]
        assert new.splitlines() == [
            "What is new",
            "✏️ A changed card: 🎵 Singing in the kitchen",
            "➕ A new card: 🌱 Wears a coat indoors",
            "✖ A card taken out: 📵 Not answering messages",
            "➕ Staff are asked at once after: 3 different signs in 14 days",
            "✖ Staff are not asked any more after: the same sign 3 days running",
            "✏️ What we do: Middle sign",
            "✏️ What we do: Late sign",
        ]
        assert "A louder radio." in draft and "Written by Jo" in draft and "Written by Sam" in draft
        assert "Not answering" not in draft and "3 days running" not in draft
        activate = next(d for d in (await story.sam.chat()).last.data if ":activate:" in d)
        await story.jo.taps("The plan", "Add a card")
        await story.jo.says("Sings in the night")
        await story.jo.taps("Early sign", "Skip", "Save")
        await story.sam.taps("Put it in force")
        assert "Something was changed after you read it" in await story.sam.last()
        for somebody in (story.jo, story.amira, story.alex):
            await _forged(story, somebody, activate.rpartition(":")[0] + ":6")
        await story.listens()
        await story.sam.taps("The plan", "Read the new version", "Put it in force")
        assert "Your plan is in force from now on." in await story.sam.last()
        await story.sam.news()
        await story.heard(jo="Sam has put the early-warning plan in force.")
        await story.sam.taps("Put it in force")
        assert "not open any more" in await story.sam.last()

        await story.sam.says("/plan")
        await story.sam.taps("I want no plan", "Yes, I want no plan")
        assert "You have no early-warning plan now" in await story.sam.last()
        assert "Sam wants no early-warning plan" in await story.jo.last()


async def test_those_around_suggest_cards_and_read_what_the_gate_lets_through(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await suggests(story.amira, "Leaves the post unopened")
        assert "Sam and the team will read it, and that it comes from you" in (
            await story.amira.last()
        )
        await story.amira.news()
        await story.heard(sam="Amira has suggested a card", jo="Amira has suggested a card")
        await story.passes(seconds=1)
        await suggests(story.leo, "Stays in bed")
        await story.listens()
        await story.jo.taps("Suggested cards")
        assert "Stays in bed" in await story.jo.last()
        await story.jo.taps("No, because…")
        await story.jo.says("Sam says that this is a good day.")
        await story.jo.taps("The plan", "Suggested cards", "Put it into the new version")
        await story.jo.news()
        looked_at = "The card that you suggested has been looked at."
        await story.heard(amira=looked_at, leo=looked_at)
        await story.jo.taps("Put it into the new version")
        assert "answered this already" in await story.jo.last()

        await story.jo.says("/mdt")
        edits = (await story.jo.chat()).texts[-1]
        assert "A new card: Leaves the post unopened" in edits
        assert "put into version 2: Leaves the post unopened" in edits
        assert "stays out: Stays in bed. Why: Sam says that this is a good day." in edits

        await story.sam.says("/plan")
        front = (await story.sam.chat()).last.data
        await story.listens()
        robin = await story.stranger("Robin")
        for somebody in (story.amira, story.leo):
            await somebody.says("/plan")
            assert "in your own words" in await somebody.last()
            chat = await somebody.taps("Read the plan")
            assert NOTHING in chat.last.text and "night" not in " ".join(chat.texts[1:])
        await story.ruth.says("/plan")
        await story.ruth.taps("Read the plan")
        assert "Up in the night" in await story.ruth.last(), "Sam lets Ruth know the plan"
        assert "Leaves the post" not in await story.ruth.last(), "a draft is nobody's to read"
        await story.sam.says("/told")
        assert "Ruth has read this" in await story.sam.last()
        assert "The early-warning plan, version 1" in await story.sam.last()
        assert "Amira has read" not in await story.sam.last()
        await story.passes(minutes=11)
        assert "Up in the night" not in " ".join((await story.ruth.chat()).texts)

        await story.ruth.says("/me")
        await story.ruth.taps("More about me", "Is this phone shared?", "Yes, it is shared")
        for asks, shows in (("/plan", "Up in the night"), ("/signs", "What was noticed")):
            await story.ruth.says(asks)
            if asks == "/plan":
                await story.ruth.taps("Read the plan")
            await story.listens()
            assert "Is it you, Ruth?" in await story.ruth.last()
            assert shows not in " ".join((await story.ruth.chat()).texts)
            await story.ruth.taps("Yes, it's me")
            await story.heard(ruth=shows)
        await story.ruth.says("/notice")
        assert "Others use this phone too. I write here again" in await story.ruth.last()
        await story.ruth.taps("Stop")

        await story.listens()
        for stray in (story.amira, story.leo, story.alex, robin):
            for data in front:
                if data.startswith("sign:") and not data.startswith("sign:card"):
                    await _forged(story, stray, data)
        await story.amira.says("/mdt")
        await story.alex.says("/plan", "/mdt", "/signs")
        nobody = "nobody here yet whose plan"
        await story.heard(amira="This is for staff", alex=[nobody] * 3)


async def test_each_sees_of_what_was_noticed_what_is_theirs(tmp_path: Path) -> None:
    """What a carer said for the team alone is nothing that Sam or Leo can see, and the reverse."""
    async with kith(tmp_path) as story:
        for name, card in (("amira", "Not answering"), ("sam", "Up in the night")):
            await story.people[name].says("/notice")
            await story.people[name].taps(card, "Since today", "A bit", "Skip")
        assert "asked now" not in await story.sam.last(), "else Sam would know of somebody else"
        assert "2 different signs in 7 days" in await story.jo.last()
        await story.listens()
        looking = ("amira", "leo", "sam", "ruth", "dev")
        for name in looking:
            await story.people[name].says("/signs")
        seen = {name: (await story.people[name].chat()).last for name in looking}
        assert "Not answering messages\nYou: 2/3" in seen["amira"].text
        assert "Up in the night\nYou: 2/3" in seen["sam"].text
        assert seen["dev"].photo and seen["sam"].photo and seen["dev"].protected
        assert "The person: 2/3" in seen["dev"].text and "A carer: 2/3" in seen["dev"].text
        assert "Amira" not in seen["dev"].text
        assert "for the team alone" in seen["dev"].text and "team" not in seen["sam"].text
        assert seen["leo"].text == seen["ruth"].text and "nothing here" in seen["leo"].text
        assert "night" not in seen["amira"].text and "Not answering" not in seen["sam"].text
        await story.listens()
        await story.sam.says("/plan", "/told")
        plan, told = await story.sam.news()
        assert "Amira" not in plan and "time to look at it again" not in plan
        assert "arly" not in told and "Amira has" not in told

        await story.passes(minutes=5)
        await story.jo.taps("I've got this", "Write what was done")
        await story.jo.says("We had tea together.")
        await story.jo.taps("Useful")
        await story.jo.says("/mdt")
        pack = "\n".join((await story.jo.chat()).texts[-4:])
        assert "A carer: 1 ×" in pack
        assert "for the team alone. Please do not show it to Sam" in pack
        assert "Useful: 1" in pack and "Amira" not in pack
        assert "Early sign: first taken on after 5 minutes. Useful" in pack
        assert "What staff did: We had tea together." in pack
        await story.jo.says("/plan")
        assert "time to look at it again" in await story.jo.last()
        await story.sam.says("/plan")
        assert await story.sam.last() == plan, "Sam hears of no alert"
        await story.jo.says("/reviews")
        await story.jo.taps("Early-warning plan")
        assert "For the team alone" in await story.jo.last()
        await story.jo.taps("Done", "Stays as it is", "On that day", "Only staff")
        await story.jo.taps("Not asked", "Not asked")
        await story.jo.says("We went through the marks.")
        await story.jo.taps("Save")
        await story.jo.says("/plan")
        assert "time to look at it again" not in await story.jo.last()
        await story.passes(hours=25)
        await story.sam.says("/plan")
        assert await story.sam.last() == plan, "and of no review because of it"
