"""An outing that comes again: set, asked an hour before, and fine whatever the answer."""

from pathlib import Path

from tests.handlers.test_conversation import callback
from tests.handlers.test_words import has_both_words
from tests.kith import kith


async def test_the_person_sets_one_is_asked_and_goes_or_does_not(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.amira.says("/regular")
        await story.heard(amira="for the person who goes out")
        none = await story.sam.says("/regular")
        assert "no regular outings" in none.last.text or "comes again yet" in none.last.text
        await story.sam.taps("Add one", "Café")
        await story.sam.says("Tue and Thu")
        await story.sam.says("10")
        check = await story.sam.taps("2 hours", "Not on bank holidays")
        assert (
            "Café" in check.last.text and "Tuesday and Thursday, 10:00 to 12:00" in check.last.text
        )
        await story.sam.taps("Yes")
        assert "tomorrow 10:00" in await story.sam.last()
        await story.listens()

        await story.passes(hours=24)
        await story.heard(sam="Would you like to go to")
        assert (await story.sam.chat()).last.buttons[:3] == [
            "👟 I'm going",
            "Not today",
            "🕒 Ask me later",
        ]
        await story.sam.taps("Ask me later")
        await story.listens()
        await story.passes(minutes=30)
        await story.heard(sam="Would you like to go to")
        await story.sam.taps("I'm going")
        wait = await story.sam.last()
        assert "I do not keep time for you yet" in wait and "I ask you again at 10:00" in wait
        await story.listens()
        await story.passes(minutes=30)
        await story.heard(sam="Would you like to go to")
        await story.sam.taps("I'm going")
        await story.heard(sam="Have a good time at Café")
        assert "12:00" in await story.sam.last()
        await story.sam.taps("I'm home")
        await story.listens()
        await story.sam.taps("I'm going")  # the button is still there, and they have been there
        await story.sam.news()
        await story.jo.says("/whos_out")
        assert "Nobody you support is out now" in await story.jo.last()
        await story.listens()

        await story.passes(hours=47)
        await story.heard(sam="Would you like to go to")
        await story.sam.taps("Not today")
        await story.listens()
        await story.passes(hours=20)
        await story.heard()
        await story.sam.says("/regular")
        await story.sam.taps("Stop one", "Café: Tuesday and Thursday")
        await story.listens()
        await story.passes(hours=24 * 4 - 1)
        await story.heard()


async def test_staff_think_of_one_and_only_the_persons_yes_begins_it(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.alex.says("/regular")
        assert "Sam" not in (await story.alex.chat()).last.buttons
        await story.jo.says("/regular")
        await story.jo.taps("Sam", "Library", "Another day", "Friday", "13:00", "1 hour")
        await story.jo.taps("Yes, on those too")
        assert "I keep time for" not in await story.jo.last()
        await story.listens()
        await story.jo.taps("Yes")
        await story.heard(jo=[], sam="Jo has an idea: Library, Friday, 13:00 to 14:00")
        await story.passes(hours=24 * 5)
        await story.listens()
        await story.sam.taps("Yes please")
        await story.heard(sam=[], jo="Sam says yes to Library")
        await story.passes(hours=24 * 7)
        assert "Would you like to go to Library" in await story.sam.last()


async def test_on_a_shared_phone_it_is_asked_who_is_there_also_by_old_buttons(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await has_both_words(story)
        await story.sam.says("/me")
        await story.sam.taps("More about me", "Is this phone shared?", "Yes, it is shared")
        asks = "Is it you, Sam?"
        await story.sam.says("/regular")
        assert asks in await story.sam.last()
        await story.sam.taps("Yes, it's me", "Add one", "Café")  # one question is enough
        assert asks not in await story.sam.last()
        await story.sam.says("Tue", "10")
        await story.sam.taps("2 hours", "Not on bank holidays", "Yes")
        for command in ("/regular", "/my_words", "/my_location"):
            await story.sam.says(command)
            await story.sam.taps("Yes, it's me")
        assert "✓ Nobody: keep it off" in (await story.sam.chat()).last.buttons

        await story.passes(minutes=20)
        for old in ("Stop one", "Add one", "My code word", "Practise", "Whoever is asked first"):
            before = len((await story.sam.chat()).from_bot)
            asked = await story.sam.taps(old)
            assert asks in asked.last.text and len(asked.from_bot) == before + 1
        await story.sam.taps("Yes, it's me")
        assert "It is on" in await story.sam.last()

        await story.sam.taps("Stop using my words")
        assert asks in await story.sam.last()
        await story.sam.taps("Yes, it's me")
        await story.passes(minutes=20)
        await story.sam.taps("Yes, stop")
        assert asks in await story.sam.last()
        await story.sam.taps("Yes, it's me")
        assert "Your words are gone" in await story.sam.last()
        await story.listens()
        for stray in (story.amira, story.leo, story.alex):
            await story.play.raw_update(callback(stray.id, 1, "regular:me:-:0"))
        await story.play.settle()
        await story.heard()


async def test_one_that_is_longer_than_the_plan_says_so_when_it_is_set(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/regular")
        await story.sam.taps("Add one", "Café", "Tuesday", "10:00")
        await story.sam.says("18:00")
        check = await story.sam.taps("Not on bank holidays")
        assert "By your plan I keep time for 2 hours at the most." in check.last.text
