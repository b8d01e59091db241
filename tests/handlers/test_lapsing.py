"""What is shared is looked at again: reminders, the cards with what was chosen, and the end."""

from pathlib import Path

from tests.handlers.agreed import invited_only
from tests.handlers.test_agreement import CARDS, chooses, taps
from tests.handlers.test_agreement import press as pressed
from tests.kith import Story, kith
from tests.play import Message

DAY = 24


async def agrees(story: Story) -> None:
    """Sam and Amira have a version of today, to be looked at in 91 days."""
    await chooses(story, *CARDS)
    await story.sam.taps("More choices", "Medication", "I don't know", "Agree", "Yes")
    await story.listens()


async def only_of(story: Story, carer: str, sam: str) -> None:
    """Sam hears this of one supporter, Jo that there is something to be done, nobody else."""
    heard = await story.sam.news()
    assert [sam in text for text in heard if carer in text] == [True], heard
    buttons = (await story.jo.says("/reviews")).last.buttons
    assert any("What is shared" in one for one in buttons), "a bank holiday has no morning"
    for other in (story.amira, story.leo, story.dev, story.mina, story.alex):
        assert await other.news() == []


async def reminded(story: Story) -> Message:
    """The newest reminder about Amira."""
    messages = (await story.sam.chat()).from_bot
    return [m for m in messages if "Look at it now" in m.buttons and "Amira" in m.text][-1]


async def test_an_agreement_is_looked_at_again_with_what_was_chosen_before(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await agrees(story)
        await story.passes(hours=84 * DAY - 1)
        assert not [text for text in await story.sam.news() if "Amira" in text]
        await story.listens()
        await story.passes(hours=1)
        await only_of(story, "Amira", "The day is Monday 1 June")
        assert await story.ruth.news() == []

        await story.passes(hours=7 * DAY)
        await only_of(story, "Amira", "Today is the day")
        await invited_only(story, "early-warning plan")
        reminder = await reminded(story)

        await pressed(story, story.sam, reminder.data[0], reminder.id)
        card = (await story.sam.chat()).last
        assert card.text.startswith("Health appointments (1 of 7)")
        assert "So far:\n✅ Health appointments: yes." in card.text
        assert "Stop sharing with Amira" in card.buttons
        unsure = await taps(story.sam, *CARDS)
        assert unsure.startswith("Medication (6 of 7)"), "what was not known is asked again"
        assert "I don't know. That is a no for now." in unsure
        daily = await taps(story.sam, "No")
        assert daily.startswith("Daily life (7 of 7)") and "So far:" in daily
        read_back = await taps(story.sam, "Yes, share")
        assert "Daily life: yes. The details." in read_back and "Medication: no." in read_back
        await story.sam.taps("Agree", "Yes")
        await story.listens()

        await pressed(story, story.sam, reminder.data[0], reminder.id)
        await story.heard()  # there is a newer one
        await story.passes(hours=30 * DAY)
        assert not [text for text in await story.sam.news() if "look" in text and "Amira" in text]


async def test_nobody_looks_and_it_ends_by_itself_after_a_word_every_week(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await agrees(story)
        await story.passes(hours=(91 + 27) * DAY)
        of_amira = [text for text in await story.sam.news() if "Amira" in text]
        assert [("is still waiting" in text) for text in of_amira] == [False] * 2 + [True] * 3
        await story.passes(hours=2 * DAY)
        ended = [text for text in await story.sam.news() if "Amira" in text]
        assert len(ended) == 1 and "has ended" in ended[0]
        await story.passes(hours=60 * DAY)
        assert not [text for text in await story.sam.news() if "Amira" in text]
        invited = await story.ruth.news()  # to say something for each of Sam's two plans
        assert invited == ["You have a new message. Tap to read."] * 2
        for carer in (story.amira, story.leo):
            assert await carer.news() == []

        reminder = await reminded(story)
        await pressed(story, story.sam, reminder.data[0], reminder.id)
        card = (await story.sam.chat()).last
        assert "So far:" in card.text and "(1 of 7)" in card.text
        assert not [data for data in card.data if "agreement:stop" in data]


async def test_only_the_person_begins_a_review(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await agrees(story)
        await story.passes(hours=85 * DAY)
        reminder = await reminded(story)
        await story.listens()
        for stray in (story.amira, story.leo, story.jo, story.mina, story.alex):
            await pressed(story, stray, reminder.data[0], 1)
        await story.heard()

        await chooses(story, "No", "Ask me first")
        await pressed(story, story.sam, reminder.data[0], reminder.id)
        card = await story.sam.last()
        assert "(1 of 7)" in card and "So far:\n❌ Health appointments: no." in card
