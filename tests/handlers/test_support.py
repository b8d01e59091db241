"""A step of support is more than a word: whoever goes with somebody is asked of that first, and the
first of staff hears that they are on their way."""

from pathlib import Path

from bot.care.terms import Support, Terms
from tests.handlers.agreed import on
from tests.kith import kith


async def test_with_support_staff_hear_once_of_setting_off_and_nothing_keeps_sam_at_home(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path, agreed=on(Terms(support=Support.ROUTE))) as story:
        await story.sam.says("/out")
        asked = await story.sam.taps("Café", "1 hour")
        assert "practise the way with staff" in asked.last.text
        assert asked.last.text.count("?") == 1 and "arranged" in asked.last.text
        assert asked.last.buttons[:2] == ["👍 Yes", "Not yet: tell my team"]
        ready = await story.sam.taps("Not yet")
        assert "Shall we go" in ready.last.text
        await story.listens()
        await story.sam.taps("Set off")
        await story.heard(
            sam="Have a good time at Café",
            jo="Practising the route. Sam says that it is not arranged yet",
        )
        assert "Please ring Sam now: 07700" in await story.jo.last()
        assert "I have told Jo that you are going" in str((await story.sam.chat()).texts)

        await story.jo.says("/whos_out")
        assert "Sam" in await story.jo.last()
        assert "The plan says: Practising the route" in await story.jo.last()
        for outsider in (story.alex, story.amira, story.leo):
            await outsider.says("/whos_out")
            assert "Practising" not in await outsider.last()
        await story.listens()

    async with kith(tmp_path) as story:  # started again: what was told is not told again
        await story.listens()
        await story.passes(minutes=30)
        await story.heard()
        await story.sam.taps("I'm home", "Skip")
        await story.sam.says("/out")
        await story.sam.taps("Café", "1 hour", "👍 Yes")
        await story.listens()
        await story.sam.taps("Set off")
        await story.heard(sam="Have a good time", jo="Sam has set off for Café")
        assert "not arranged" not in await story.jo.last()


async def test_staff_who_write_it_down_are_asked_the_same(tmp_path: Path) -> None:
    async with kith(tmp_path, agreed=on(Terms(support=Support.SHADOWED))) as story:
        for staff, back in ((story.dev, "30 minutes"), (story.jo, "1 hour")):
            await staff.says("/by_phone")
            asked = await staff.taps("Sam", "Sam rang: going out", "Café", back)
            assert "The plan says: Shadowing at a distance" in asked.last.text
            assert asked.last.buttons[:2] == ["👍 Yes", "Not yet"]
            await staff.taps("Not yet")
            await story.listens()
            await staff.taps("Yes, start")
            news = await story.jo.news()
            told = [text for text in news if "Shadowing at a distance" in text]
            assert len(told) == (1 if staff is story.dev else 0), "Jo knows what Jo writes down"
            await story.sam.news()
            await staff.news()
            await story.heard()
            await story.sam.taps("I'm home")
