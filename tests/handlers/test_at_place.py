"""One place is not like the others: said by staff, read and agreed by the person, and kept to."""

from pathlib import Path

from tests.handlers.test_plan import drafts
from tests.kith import kith


async def test_the_way_to_the_pool_has_its_own_length_points_and_delays(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await drafts(story, send=False)
        jo, sam = story.jo, story.sam
        asked = await jo.taps("One place", "Swimming pool")
        assert "Swimming pool: what is not as everywhere?" in asked.last.text
        await jo.taps("How long")
        assert "how long may Sam be out" in await jo.last()
        await jo.says("90 minutes")
        await jo.taps("One place", "Swimming pool", "How Kith asks", "At points on the way")
        await jo.says("On the bus 15\nAt the pool 20")
        await jo.taps("One place", "Swimming pool", "Delays we know")
        await jo.says("Bus 9 10")
        await jo.taps("One place", "Park", "How Kith asks", "Every so many minutes", "20 minutes")
        whole = await jo.last()
        for words in (
            "Swimming pool: at the longest you are out for 1 hour 30 minutes.",
            "Swimming pool, “On the bus”: you tell me within 15 minutes of setting off.",
            "Swimming pool, “At the pool”: you tell me within 20 minutes after that.",
            "Swimming pool, “Bus 9”: there you have 10 minutes more.",
            "Park: every 20 minutes I ask if you are OK.",
        ):
            assert words in whole, words
        same = await jo.taps("Where, how long", "The same places", "1 hour")
        assert "Your places: Park and Swimming pool." in same.last.text
        assert "Swimming pool: at the longest" in same.last.text
        await jo.taps("One place", "Park", "As everywhere")
        assert "Park: " not in await jo.last()
        await jo.taps("Send to read")
        assert "thought of first" in await jo.last(), "points restrict, at one place too"
        await jo.taps("What holds back less")
        await jo.says("A lift from Amira. She works on Tuesdays.")
        await jo.taps("Send to read")
        await sam.taps("Read it", "I agree")
        await story.listens()

        await sam.says("/out")
        await sam.taps("Park", "Another time")
        await sam.says("90 minutes")
        await sam.taps("Set off")
        assert "I can keep time until 10:00." in await sam.last()
        await story.listens()
        await sam.taps("Choose a shorter time")
        ready = await sam.taps("Swimming pool", "Another time")
        ready = await sam.says("90 minutes")
        assert "On the bus" in ready.last.text
        await sam.taps("Set off")
        await story.heard(sam=["What time", "Off you go", "On the bus"])
        await story.passes(minutes=15)
        await story.heard(sam="It is 09:15. Are you at “On the bus” yet?")
        slow = await sam.taps("I'm late", "Something else", "Slow or no signal here")
        assert slow.last.buttons[0] == "Bus 9"
        await sam.taps("Bus 9")
        await story.listens()
        await story.passes(minutes=19)
        assert await jo.news() == []
        await sam.says("/home")
        await story.listens()

        await sam.says("/out")
        ready = await sam.taps("Park", "1 hour")
        assert "On the bus" not in ready.last.text
        await sam.taps("Set off")
        await story.listens()
        await story.passes(minutes=59)
        await story.heard()
