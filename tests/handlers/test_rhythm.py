"""Planned contact in the chat: agreed by staff, reminded, answered; good news by the person."""

from pathlib import Path

from tests.kith import kith

PUSH = "You have a new message. Tap to read."


async def test_contact_is_planned_and_the_person_picks_the_good_news(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.amira.says("/contact_rhythm")
        await story.heard(amira="Only staff can use /contact_rhythm")
        await story.jo.says("/contact_rhythm")
        asked = await story.jo.taps("Sam", "Amira")
        assert "How often" in asked.last.text
        await story.jo.taps("Every week", "Yes, ask them")
        assert "Staff are reminded to be in touch with Amira" in await story.jo.last()
        await story.listens()

        await story.passes(hours=24 * 6)
        await story.heard(sam="Is there good news you would like Amira to hear?")
        await story.sam.taps("Yes, I write it")
        ready = await story.sam.says("I saw a heron.")
        assert "I saw a heron." in ready.last.text and "Amira" in ready.last.text
        await story.listens()
        await story.sam.taps("Send")
        await story.heard(amira=PUSH)
        await story.amira.taps("Read")
        shown = await story.amira.last()
        assert "I saw a heron." in shown and "Sam, " in shown
        assert "I saw a heron." in (await story.sam.says("/told")).last.text
        await story.listens()

        await story.passes(hours=24)
        await story.heard(jo="You agreed to be in touch with Amira about Sam every week")
        card = (await story.jo.chat()).last
        assert card.buttons[:3] == ["Write now", "Done by phone", "Later"]
        await story.jo.taps("Later")
        await story.listens()
        await story.passes(hours=24)
        await story.heard(jo="It is time")
        await story.jo.taps("Done by phone")
        said = await story.jo.last()
        assert "The next time with Amira" in said and "erased" not in said
        await story.listens()
        await story.passes(hours=24 * 6)
        await story.heard(sam="Is there good news")
        await story.sam.taps("Not this time")
        assert "Nothing has been sent" in await story.sam.last()
        await story.listens()
        await story.passes(hours=24)
        await story.heard(jo="It is time")
        await story.jo.taps("Write now", "Daily life", "The main point")
        await story.jo.says("Sam is well.")
        await story.jo.taps("Send")
        await story.listens()
        await story.passes(hours=24 * 5)
        await story.heard()
