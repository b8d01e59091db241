"""Staff whom the person asks sit with them over the cards; only the person agrees."""

from pathlib import Path

from tests.handlers.test_agreement import CARDS, kept, press, states, taps
from tests.kith import Somebody, Story, kith


async def asks(story: Story, staff: str = "Jo (", carer: str = "Amira") -> None:
    """Sam asks somebody of the team to sit with them."""
    await story.sam.says("/agreement")
    await story.sam.taps("Ask someone to help", carer, staff)


async def prepares(story: Story, staff: Somebody) -> None:
    await staff.taps("Start the cards", *CARDS)


async def test_staff_prepare_the_cards_and_the_person_alone_agrees(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/agreement")
        await story.sam.taps("Ask someone to help", "Amira")
        offered = (await story.sam.chat()).last.buttons
        assert {"Jo (staff)", "Mina (safeguarding lead)"} <= {*offered}
        assert not any(name in label for label in offered for name in ("Alex", "Leo", "Ruth"))
        await story.listens()
        await story.sam.taps("Jo (")
        await story.heard(jo="Sam asks you to sit with them")
        assert "I have asked Jo to sit with you" in await story.sam.last()
        started = (await story.jo.chat()).last.data[0]

        card = (await story.jo.taps("Start the cards")).last
        assert card.text.startswith("Health appointments (1 of 5)")
        assert not any("Stop sharing" in label for label in card.buttons)
        await story.jo.taps(*CARDS[:2])
        assert "Money (3 of 5)" in await taps(story.jo, "Start the cards"), "it can wait"
        await story.listens()
        await story.jo.taps(*CARDS[2:])
        assert "Sam has it on their own phone now" in await story.jo.last()
        await story.heard(sam="Your choices for Amira")
        read_back = (await story.sam.chat()).last
        assert "Health appointments: yes." in read_back.text
        assert {"Agree", "Stop sharing with Amira"} <= {*read_back.buttons}
        assert states(tmp_path) == ["active", "draft"]

        agree = next(data for data in read_back.data if ":agree:" in data)
        for stray in (story.jo, story.mina, story.amira, story.alex):
            await press(story, stray, agree, 1)
            await press(story, stray, agree.replace(":agree:", ":yes:"), 1)
            await press(story, stray, started, 1) if stray is not story.jo else None
        assert states(tmp_path) == ["active", "draft"]
        await story.sam.taps("Agree", "Yes")
        assert states(tmp_path) == ["ended", "active"]
        await story.listens()
        await press(story, story.jo, started, 1)
        await story.heard()  # with the person's yes, sitting together is over


async def test_whoever_sat_there_does_not_hear_that_the_person_was_not_sure(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await asks(story, "Mina (")
        await prepares(story, story.mina)
        # Sam changes something alone: Mina has sat there all the same.
        await story.sam.taps("More choices", "Medication", "No", "Agree")
        await story.listens()
        await story.sam.taps("Not sure")
        await story.heard(priya="Please talk with Sam alone")
        assert await story.sam.last() == "Thank you. Saved."
        assert states(tmp_path)[0] == "active" and "active" not in states(tmp_path)[1:]


async def test_the_person_sends_them_away_and_asks_somebody_else(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await asks(story)
        await asks(story, "Dev (")
        await story.listens()
        await story.jo.taps("Start the cards")
        assert "That button is from before" in (await story.jo.chat()).popups[-1].text
        await story.dev.taps("Start the cards", *CARDS[:4])
        assert "Dev does not go on with it" in await taps(story.sam, "I want no help now")
        before = kept(tmp_path)
        assert "Nothing has been saved" in await taps(story.dev, "No")
        assert kept(tmp_path) == before
        await story.listens()
        await story.passes(hours=1)
        await story.heard()
