"""An outing, for those around the person: what Kith itself tells, as far as the person lets it."""

from pathlib import Path

from tests.kith import kith

PUSH = "You have a new message. Tap to read."


async def test_a_supporter_hears_what_the_person_lets_them_and_the_person_sees_it(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.passes(minutes=70)
        assert await story.amira.news() == [PUSH]

        await story.amira.taps("Read")
        (read,) = await story.amira.news()
        assert "Sam is out and has not checked in. Staff are being asked to ring Sam." in read
        assert "Café" not in read and "Kith, " in read
        await story.jo.taps("I've got this", "Safe and well")
        assert await story.amira.news() == [PUSH]
        await story.amira.taps("Read")
        assert "The alert about Sam is over." in await story.amira.last()

        shown = (await story.sam.says("/told")).last.text
        assert "Sam is out and has not checked in" in shown and "You chose to share" in shown
        assert "Leo" not in shown and "Written by" not in shown
        await story.sets_off()
        await story.sam.taps("I'm home")
        await story.heard(sam="How did it go", amira=PUSH)
        assert "Sam is home." in (await story.sam.says("/told")).last.text
        await story.sam.says("/stop_sharing")
        await story.sam.taps("Stop sharing with Amira", "Yes, stop sharing")
        await story.amira.taps("Read")
        assert "Nothing to read now" in await story.amira.last()
        await story.sets_off()
        await story.passes(minutes=70)
        assert await story.amira.news() == []
