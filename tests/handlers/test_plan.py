"""Staff draft a plan; it counts when the person has read it back and agreed."""

from pathlib import Path

from tests.kith import Story, kith


async def drafts(story: Story) -> None:
    await story.jo.says("/plan_outings")
    await story.jo.taps("Sam")
    await story.jo.says("Park\nSwimming pool")
    await story.jo.taps("1 hour", "On call, key worker, manager")
    await story.jo.says("Ring Sam, then the pool.")
    await story.jo.taps("Send to read")


async def test_a_draft_changes_nothing_until_the_person_agrees(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await drafts(story)
        chat = await story.sam.chat()
        assert "Park and Swimming pool" in chat.last.text and "whoever is on call" in chat.last.text
        await story.listens()

        await story.sam.says("/out")
        assert (await story.sam.chat()).last.buttons[0] == "Café"
        await story.sam.taps("I agree")
        await story.sam.says("/out")

        assert (await story.sam.chat()).last.buttons[:2] == ["Park", "Swimming pool"]
        assert "Sam has agreed" in await story.jo.last()


async def test_saying_not_now_keeps_what_was_agreed_before(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await drafts(story)
        await story.listens()

        await story.sam.taps("Not now")

        await story.heard(sam="Nothing has changed", jo="does not want this plan now")
        await story.sam.says("/out")
        assert (await story.sam.chat()).last.buttons[0] == "Café"


async def test_a_later_edit_touches_the_next_outing_only(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await drafts(story)
        await story.sam.taps("I agree")
        await story.listens()

        await story.passes(minutes=70)

        assert any("has not checked in" in text for text in await story.jo.news())
        assert not await story.dev.news()


async def test_staff_of_another_team_and_carers_cannot_draft(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.alex.says("/plan_outings")
        await story.heard(alex="nobody here yet whom you support")
        await story.amira.says("/plan_outings")
        await story.heard(amira="This is for staff")
