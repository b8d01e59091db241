"""The number somebody can be rung on stands beside the alert about them."""

from pathlib import Path

from tests.kith import kith


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
