"""A supporter is a rung of the ladder: agreed, asked, answered, and called off, in the chat."""

from pathlib import Path

from tests.kith import Story, kith

NEW_MESSAGE = "You have a new message"


async def agreed(story: Story) -> None:
    """Jo and Sam have put Amira into Sam's plan, after Jo."""
    await story.jo.says("/plan_outings")
    await story.jo.taps("Sam")
    await story.jo.says("Park")
    await story.jo.taps("1 hour", "Key worker, on call, manager")
    plain = await story.jo.says("Ring Sam.")
    assert "Amira" not in plain.last.text
    chosen = await story.jo.taps("Ask a supporter, too")
    assert sorted(chosen.last.buttons[:4]) == ["Amira", "Leo", "Only staff", "Ruth"]
    preview = await story.jo.taps("Amira", "After the first of staff")
    assert "After the first I ask Amira, too" in preview.last.text
    await story.jo.taps("Send to read")
    assert "After the first I ask Amira, too" in await story.sam.last()
    await story.sam.taps("I agree")


async def test_a_supporter_is_asked_answers_and_staff_close_it(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await agreed(story)
        await story.sets_off("Park")
        await story.passes(minutes=70)
        await story.heard(
            sam=["Are you OK", "Are you OK", "asked Jo"], jo="not checked in", amira=NEW_MESSAGE
        )
        await story.passes(minutes=10)
        await story.heard(
            sam="Jo has not answered yet. I am asking Amira", amira="Sam has not checked in"
        )
        alert = (await story.amira.chat()).last
        assert alert.protected and "Park" not in alert.text
        assert alert.buttons[:2] == ["✋ I've got this", "➡️ Pass it on"]

        await story.amira.taps("I've got this")
        await story.heard(sam="Amira has seen this", amira="You have this", jo="Amira is not staff")
        assert (await story.amira.chat()).last.buttons[:2] == ["✅ Safe and well", "➡️ Pass it on"]
        await story.amira.taps("Safe and well")
        await story.heard(
            sam="I am asking Dev",
            amira="one of them still speaks with Sam",
            jo="Amira says that Sam is safe and well",
            dev=["has not checked in", "Amira says that Sam is safe and well"],
        )
        await story.jo.taps("I've got this", "Safe and well")
        over = await story.amira.news()
        assert "Somebody is seeing to it" in over[0] and "is over" in over[1]
        assert over[2] == "You have a new message. Tap to read." and len(over) == 3
        assert not any(word in text for text in over for word in ("Jo", "Dev", "Park"))

        seen = (await story.sam.says("/told")).last.text
        assert "Amira</b> has read this" in seen or "Amira has read this" in seen
        assert "You chose to share this with Amira" in seen


async def test_when_sharing_stops_it_moves_on_at_once_and_is_taken_back(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await agreed(story)
        await story.sets_off("Park")
        await story.passes(minutes=80)
        assert "Sam has not checked in" in await story.amira.last()
        await story.listens()

        await story.sam.says("/stop_sharing")
        await story.sam.taps("Stop sharing with Amira", "Yes, stop sharing")

        assert any("has not checked in" in text for text in await story.dev.news())
        assert not any("checked in" in text for text in (await story.amira.chat()).texts)
        await story.passes(minutes=60)
        assert await story.amira.news() == []
