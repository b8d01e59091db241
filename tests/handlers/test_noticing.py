"""Noticing through the chat: four taps, a true receipt, and nobody hears who did not have to."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.handlers.test_circle import invited
from tests.kith import Somebody, Story, kith

SATURDAY_NIGHT = datetime(2026, 3, 7, 2, 14, tzinfo=UTC)

NOBODY_YET = "Nobody has read this yet. The team reads until 17:00 today. Anyone in danger: 999."
STAFF_ASKED = "Staff on call are being asked now. Anyone in danger: 999."
THANKS = "Thank you for telling us."
NIGHT, MESSAGES, LATE = (
    "Up in the night",
    "Not answering messages",
    "Says people are watching the flat",
)


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with kith(tmp_path) as told:
        yield told


async def notices(somebody: Somebody, *taps: str) -> str:
    """`/notice` and these taps; the receipt as it stands."""
    await somebody.says("/notice")
    return (await somebody.taps(*taps)).last.text


async def pressed_before(story: Story, who: Somebody, data: str) -> None:
    """A press of a button that is on no screen of theirs any more."""
    query = {
        "id": f"{who.id}{data}"[:60],
        "from": {"id": who.id, "is_bot": False, "first_name": who.name},
        "chat_instance": "1",
        "data": data,
        "message": {"message_id": 1, "date": 1, "chat": {"id": who.id, "type": "private"}},
    }
    await story.play.raw_update({"callback_query": query})
    await story.play.settle()


async def test_a_carer_reports_in_four_taps_and_nobody_else_hears(story: Story) -> None:
    first = (await story.amira.says("/notice")).last
    assert "Ring 999" in first.text and "What have you noticed about Sam?" in first.text
    assert any(NIGHT in label for label in first.buttons)
    assert first.buttons[5] == "Something else"
    assert any("999" in label for label in first.buttons)

    await story.amira.taps(NIGHT, "Since today", "Quite", "Skip")

    saved = f"Saved 09:00. {NOBODY_YET}"
    await story.heard(amira=[THANKS, saved])

    # May Sam know who said it? Not unless the carer says so, and they may change their mind.
    receipt = (await story.amira.chat()).last
    assert "May Sam know who said it? No." in receipt.text
    assert "Sam may guess. Sometimes the law means we must say." in receipt.text
    # In the receipt itself, which goes on saying what is true; yes is asked once more.
    await story.amira.taps("Change")
    sure = await story.amira.last()
    assert saved in sure and "Sam may then see that you said it." in sure
    await story.amira.taps("No, keep it as it is")
    assert "May Sam know who said it? No." in await story.amira.last()
    await story.amira.taps("Change", "Yes, Sam may know")
    named = await story.amira.last()
    assert saved in named and "May Sam know who said it? Yes." in named
    await story.amira.taps("Change")
    assert await story.amira.last() == receipt.text
    await story.heard()

    # Taken back, once, and by nobody else.
    await story.amira.taps("Take it back", "Yes, take it back")
    await story.heard(amira="You have taken it back.")
    await pressed_before(story, story.amira, receipt.data[1])
    await pressed_before(story, story.leo, receipt.data[0])
    await story.heard()


async def test_the_receipt_says_when_somebody_reads_it_and_who_is_asked(tmp_path: Path) -> None:
    async with kith(tmp_path, start=SATURDAY_NIGHT) as story:
        told = await notices(story.amira, MESSAGES, "Since today", "A bit", "Skip")
        assert "Saved 02:14. Nobody has read this yet. The team reads from Monday 9:00." in told
        assert "Anyone in danger: 999." in told
        assert "If it cannot wait, ring the team: " in told and "ring NHS 111" in told
        await story.listens()

        # A late sign: staff are asked at once. Neither Sam nor Leo hears of it, nor of Amira.
        told = await notices(story.amira, LATE, "Since today", "Very", "Skip")
        assert f"Saved 02:14. {STAFF_ASKED}" in told
        await story.amira.news()
        jo = await story.jo.news()
        assert len(jo) == 1 and "Amira" not in jo[0]
        await story.heard()
        await story.passes(minutes=15)
        dev = await story.dev.news()
        assert dev and "Amira" not in "".join(dev)


async def test_everybody_may_notice_and_each_in_their_own_voice(story: Story) -> None:
    # Leo did not write the plan with Sam: he is shown no word of it, and is heard all the same.
    shown = (await story.leo.says("/notice")).last
    assert shown.buttons[:1] == ["Something else"]
    await story.leo.taps("Something else", "A week or more", "Quite")
    assert "Skip" not in (await story.leo.chat()).last.buttons, "there is nothing in it yet"
    await story.leo.says("Sam sold the bike. " * 200)
    await story.heard(leo=["What have you noticed?", THANKS, NOBODY_YET])

    # Sam, of a good thing: nobody asks how worried.
    await story.sam.says("/notice")
    await story.sam.taps("Singing in the kitchen", "A few days", "Skip")
    kind = await story.sam.last()
    assert "know who said it" not in kind and "999" not in kind
    assert "It is good to know what goes well.\nNobody has read this yet." in kind
    await story.heard(sam=[THANKS, "Saved 09:00"])

    # Staff, about somebody they support; of another team, nobody.
    await story.jo.says("/notice")
    await story.jo.taps(NIGHT, "Since today", "A bit", "Skip")
    assert NOBODY_YET in await story.jo.last()
    await story.alex.says("/notice")
    assert "nobody here whom you could tell us about" in await story.alex.last()


async def test_tired_hands_lose_nothing(story: Story) -> None:
    # Words instead of a button are kept; a second tap and an old card change nothing.
    await story.amira.says("/notice")
    first = (await story.amira.chat()).last.data[0]
    await story.amira.says("She has not slept.")
    assert "I have this:" in await story.amira.last()
    await story.amira.taps("Since today")
    await pressed_before(story, story.amira, first)
    asked = (await story.amira.chat()).last.data[0]
    await story.amira.says("And no food.")
    assert "I have this:" in await story.amira.last()
    await story.amira.taps("Very")
    await pressed_before(story, story.amira, asked)
    photo = await story.play.send_photo(story.amira.id)
    assert "I can only read words here." in photo.last.text and "Anything else?" in photo.last.text
    assert "She has not slept.\nAnd no food." in photo.last.text
    await story.listens()
    await story.play.send_photo(story.amira.id, "Look at this bruise.")
    kept = "I have what you wrote. I cannot keep a picture"
    await story.heard(amira=[kept, f"Saved 09:00. {NOBODY_YET}"])

    # The key worker hears of it in a few minutes, once, and of all the words.
    await story.passes(minutes=11)
    await story.heard(jo="1 thing was noticed about Sam")
    await story.jo.taps("Show me")
    for words in ("She has not slept.", "And no food.", "Look at this bruise."):
        assert words in await story.jo.last()


async def test_who_is_removed_while_writing_is_heard_to_the_end(story: Story) -> None:
    await story.amira.says("/me")
    await story.amira.taps("Easy Read")
    await story.sam.says("/stop_sharing")
    await story.sam.taps("Stop sharing with Amira", "Yes, stop sharing")
    await story.amira.says("/notice")
    await story.amira.taps("Something else", "Since today", "Very")
    await story.sam.says("/circle")
    await story.sam.taps("Amira", "Take Amira out of my circle", "Yes, end it now")
    await story.listens()

    # In the form that she reads: a sentence a line.
    photo = await story.play.send_photo(story.amira.id)
    assert "I can only read words here.\nPlease write it" in photo.from_bot[-2].text
    await story.amira.says("Sam gave the cat away.")

    gone = "You have no role here any more. So we cannot write to you about it."
    assert gone in await story.amira.last()
    await story.heard(
        amira=[
            "I can only read words here.",
            "What have you noticed?",
            "Saved 09:00. Nobody has read this yet: the team reads until 17:00 today.",
        ]
    )
    await story.amira.says("Hello?")
    assert "Saved" not in await story.amira.last()
    await story.passes(hours=24)
    await story.jo.taps("Show me")
    assert "Sam gave the cat away." in await story.jo.last()


async def test_a_report_that_is_left_before_its_last_question_is_sent_as_it_is(
    story: Story,
) -> None:
    # The first screen says so. A tired hand that asks for it again is where it was.
    await story.amira.says("/notice")
    assert "I send what you have said after 15 minutes." in await story.amira.last()
    await story.amira.taps(NIGHT, "Since today")
    await story.amira.says("/notice")
    assert "How worried are you?" in await story.amira.last()
    await story.listens()
    await story.passes(minutes=14)
    await story.heard()
    await story.passes(minutes=1)
    await story.heard(amira=["You stopped before the last question.", f"Saved 09:15. {NOBODY_YET}"])

    # Stop asks what becomes of it; where nothing has been said there is nothing to ask.
    await story.amira.says("/notice")
    await story.amira.taps("Stop")
    assert "Nothing has been sent" in await story.amira.last()
    await story.amira.says("/notice")
    await story.amira.taps(NIGHT, "Stop")
    assert (await story.amira.chat()).last.buttons[:3] == [
        "Send it like this",
        "Throw it away",
        "⬅️ Back",
    ]
    await story.amira.taps("Back", "Stop", "Throw it away")
    await story.amira.says("/notice", "Sam shouted at the wall.")
    await story.amira.taps("Stop", "Send it like this")
    await story.listens()
    await story.passes(minutes=16)
    await story.heard(jo="2 things were noticed about Sam")

    # Whoever is taken out meanwhile is heard, and is told nothing more.
    await story.amira.says("/notice")
    await story.amira.taps(MESSAGES)
    await story.sam.says("/circle")
    await story.sam.taps("Amira", "Take Amira out of my circle", "Yes, end it now")
    await story.listens()
    await story.passes(minutes=16)
    assert await story.amira.news() == []
    news = "".join(await story.jo.news())
    assert "2 different signs in 7 days" in news and "Amira" not in news
    await story.jo.taps("I've got this")
    shown = "".join((await story.jo.chat()).texts[-4:])
    assert NIGHT in shown and MESSAGES in shown


async def test_a_supporter_is_asked_each_week_who_wants_it(story: Story) -> None:
    await notices(story.amira, NIGHT, "Since today", "A bit", "Skip")
    receipt = (await story.amira.chat()).last
    await story.amira.taps("Ask me each week")
    assert "The next time is Mon 9 Mar 10:00." in await story.amira.last()
    await story.play.tap(story.amira.id, "Take it back", receipt.id)
    await story.amira.taps("Yes, take it back")
    await story.listens()

    await story.passes(hours=7 * 24 + 2)
    await story.heard(amira="Anything new this week?")
    await story.jo.says("/mdt")
    assert "Asked each week. not heard: 1 ×" in "".join((await story.jo.chat()).texts[-4:])
    await story.amira.taps("Nothing new")
    await story.jo.says("/mdt")
    assert "Asked each week. nothing new: 1 ×" in "".join((await story.jo.chat()).texts[-4:])
    await story.jo.news()
    assert "We have written down that you saw nothing new." in await story.amira.last()

    await story.passes(hours=7 * 24)
    await story.heard(amira="Anything new this week?")
    await story.amira.taps("Yes")
    await story.amira.taps(MESSAGES)
    await story.amira.taps("Stop", "Throw it away")
    await story.play.tap(story.amira.id, "Stop asking")
    assert "We will not ask you any more." in await story.amira.last()
    await story.listens()
    await story.passes(hours=7 * 24)
    await story.heard()


async def test_whoever_has_two_roles_says_first_in_which_they_speak(story: Story) -> None:
    opens = await invited(story, "Leo", "manager")
    await story.leo.says(opens)
    await story.leo.taps("Yes, that is me")
    await story.priya.taps("Yes, that is them")

    asked = (await story.leo.says("/notice")).last
    assert asked.buttons[:2] == ["Sam (carer of Sam)", "Sam (manager, Oak House)"]
    await story.leo.taps("Sam (manager, Oak House)")
    assert any(NIGHT in label for label in (await story.leo.chat()).last.buttons)
    await story.play.tap(story.leo.id, asked.data[0], asked.id)
    shown = (await story.leo.chat()).last
    assert "Something else" in shown.buttons[0] and "You are here as carer of Sam" in shown.text
