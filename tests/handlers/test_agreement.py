"""What we can share, through the chat: the person chooses, reads it back, agrees, and stops."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.handlers.test_conversation import callback
from tests.kith import Somebody, Story, kith

CARDS = ("Yes, share", "Ask me first", "No", "I don't know", "No")
VERBS = {
    *("with", "anew", "agree", "more", "try", "change", "not_now", "yes", "not_sure", "talk"),
    *("stop", "end", "end_all", "keep"),
}
YOURSELF = ("Yes", "Not sure", "Talk to someone")


async def chooses(story: Story, *answers: str) -> str:
    """Sam answers the cards for Amira anew; returns what Sam reads then."""
    await story.sam.says("/agreement")
    await story.sam.taps("Amira", "Change", *answers)
    return await story.sam.last()


def kept(data: Path) -> list[tuple[str, int, str, str | None]]:
    """Each version in the database: for whom, its number, its state, what was answered."""
    with closing(sqlite3.connect(data / "kith.db")) as there:
        return list(
            there.execute(
                "SELECT supporter, version, state, free FROM agreement ORDER BY supporter, version"
            )
        )


def states(data: Path) -> list[str]:
    """Of the versions with Amira: the only one with whom more than one is made here."""
    of: dict[str, list[str]] = {}
    for supporter, _, state, _ in kept(data):
        of.setdefault(supporter, []).append(state)
    return max(of.values(), key=len)


# --- choosing -----------------------------------------------------------------------------


async def test_everyone_around_the_person_is_shown_with_what_they_may_know(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        chat = await story.sam.says("/agreement")
        assert "Amira" in chat.last.text and "Daily life" in chat.last.text
        assert {"Amira", "Leo", "Ruth", "Stop sharing with Amira", "Stop all sharing"} <= {
            *chat.last.buttons
        }


async def test_the_person_chooses_card_by_card_reads_it_back_and_agrees(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/agreement")
        held = (await story.sam.taps("Amira")).last
        assert "What Amira may know" in held.text
        assert held.buttons[:2] == ["Change", "Stop sharing with Amira"]

        card = (await story.sam.taps("Change")).last
        assert card.text.startswith("Health appointments (1 of 5)")
        assert "May Amira know this?" in card.text
        assert card.buttons[:4] == ["Yes, share", "Ask me first", "No", "I don't know"]

        read_back = await taps(story.sam, *CARDS)
        assert "Health appointments: yes. That something happened. Every day." in read_back
        assert "Incidents: ask me first. The details." in read_back
        assert "Money: no." in read_back
        assert "Restrictive practices: I don't know. That is a no for now." in read_back
        assert "Going out: no." in read_back
        assert "Daily life: yes. The details." in read_back, "what was chosen before stays"
        assert "Monday 1 June" in read_back
        assert states(tmp_path) == ["active", "draft"]

        asked = (await story.sam.taps("Agree")).last
        assert asked.text == "Did you choose this yourself?"
        assert asked.buttons[:3] == list(YOURSELF)
        assert states(tmp_path) == ["active", "draft"]

        assert await taps(story.sam, "Yes") == "Thank you. Saved."
        assert states(tmp_path) == ["ended", "active"]
        await story.heard(sam=["What Amira may know", "Thank you. Saved."])


async def test_somebody_with_whom_nothing_is_shared_begins_with_the_first_card(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await stops(story, "Stop sharing with Leo")
        await story.sam.says("/agreement")
        assert "Leo (carer): nothing is shared." in await story.sam.last()
        assert "May Leo know this?" in await taps(story.sam, "Leo")
        read_back = (await story.sam.taps(*CARDS)).last
        assert "Daily life" not in read_back.text, "what was stopped does not come back by itself"
        assert not any("Stop sharing" in label for label in read_back.buttons)


async def test_not_now_keeps_the_choices_and_they_can_be_taken_up_later(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await chooses(story, *CARDS)
        assert "Nothing changes until you agree" in await taps(story.sam, "Not now")
        await story.sam.says("/agreement")
        assert "Your new choices for Amira wait for you" in await story.sam.last()
        assert "Your choices for Amira" in await taps(story.sam, "Amira")
        await story.sam.taps("Agree", "Yes")
        assert states(tmp_path) == ["ended", "active"]


async def test_a_week_and_a_restart_in_the_middle_change_nothing(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await chooses(story, "Yes, share", "No")
        await story.passes(hours=7 * 24)
        now = await story.now()
    async with kith(tmp_path, start=now) as story:
        await story.sam.says("/agreement")
        assert "Money (3 of 5)" in await taps(story.sam, "Amira")
        read_back = await taps(story.sam, "Ask me first", "No", "No")
        assert "Health appointments: yes." in read_back and "Incidents: no." in read_back


async def test_going_on_with_somebody_else_loses_nothing(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await chooses(story, "Yes, share", "Ask me first")
        await story.sam.says("/agreement")
        await story.sam.taps("Leo", "Change", "No")
        await story.sam.says("/agreement")
        read_back = await taps(story.sam, "Amira")
        assert "Health appointments: yes." in read_back
        assert "Incidents: ask me first." in read_back


async def test_words_in_place_of_a_choice_are_answered_with_the_card(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await chooses(story)
        for words in ("maybe", "<b>x</b> " * 400, "لا 🙂"):
            chat = await story.sam.says(words)
            assert chat.last.text.startswith("Please press one of the buttons.")
            assert "Health appointments (1 of 5)" in chat.last.text


async def test_the_cards_are_there_in_easy_read(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        await story.sam.taps("Easy Read")
        await story.sam.says("/agreement")
        await story.sam.taps("Amira", "Change")
        assert "Doctor and dentist" in await story.sam.last()
        assert "Nothing changes before that" in await taps(story.sam, *CARDS)


# --- did you choose this yourself? ---------------------------------------------------------


@pytest.mark.parametrize("unsure", YOURSELF[1:])
async def test_whoever_is_not_sure_sees_the_same_and_only_a_lead_hears_of_it(
    tmp_path: Path, unsure: str
) -> None:
    async with kith(tmp_path) as story:
        await chooses(story, *CARDS)
        sure = (await story.sam.taps("Agree", "Yes")).last
        await chooses(story, *CARDS)
        before = (await story.sam.taps("Agree")).last.id
        await story.listens()

        said = (await story.sam.taps(unsure)).last

        assert (said.text, said.rows) == (sure.text, sure.rows) and said.id == before
        await story.heard(mina="Please talk with Sam alone")
        assert states(tmp_path) == ["ended", "active", "draft"]


async def test_the_first_answer_stands(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await chooses(story, *CARDS)
        asked = (await story.sam.taps("Agree")).last
        agree = next(data for data in asked.data if ":yes:" in data)
        await story.sam.taps("Not sure")
        for data in (agree, agree.replace(":yes:", ":agree:")):
            await press(story, story.sam, data, asked.id)
            assert await story.sam.last() == "Thank you. Saved."
        assert states(tmp_path) == ["active", "draft"]


async def test_a_second_tap_changes_nothing(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await chooses(story, *CARDS)
        read_back = (await story.sam.chat()).last
        agree = next(data for data in read_back.data if ":agree:" in data)
        for data in (agree, agree, agree.replace(":agree:", ":yes:")):
            await press(story, story.sam, data, read_back.id)
        once = kept(tmp_path)
        for data in (agree.replace(":agree:", ":yes:"), agree):
            await press(story, story.sam, data, read_back.id)
            assert await story.sam.last() == "Thank you. Saved."
        assert kept(tmp_path) == once and states(tmp_path) == ["ended", "active"]


async def test_an_old_read_back_cannot_be_agreed_to(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await chooses(story, *CARDS)
        old = (await story.sam.chat()).last
        agree = next(data for data in old.data if ":agree:" in data)
        await story.sam.taps("More choices", "Medication", "Yes, share")
        await story.sam.taps(
            "The details", "Every day", "Until we look at it again", "No, any time"
        )
        await press(story, story.sam, agree, old.id)
        texts = (await story.sam.chat()).texts
        assert any(text.startswith("These are not your newest choices") for text in texts)
        assert states(tmp_path) == ["active", "ended", "draft"]


# --- more choices -------------------------------------------------------------------------


async def test_more_choices_say_how_much_when_until_and_from(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await chooses(story, *CARDS)
        topics = (await story.sam.taps("More choices")).last
        assert topics.buttons[:11] == [
            "Health appointments",
            "Incidents",
            "Money",
            "Restrictive practices",
            "Wellbeing",
            "Early signs",
            "Going out",
            "Whereabouts",
            "Medication",
            "Daily life",
            "Plans and reviews",
        ]
        await story.sam.taps("Wellbeing")
        level = (await story.sam.taps("Yes, share")).last
        assert level.buttons[:3] == ["That something happened", "The main point", "The details"]
        when = (await story.sam.taps("The main point")).last
        assert when.buttons[:3] == ["Every day", "Only when I'm unwell", "In an emergency"]
        await story.sam.taps("Only when I'm unwell")
        assert "Please write a day" in (await story.sam.says("when I am 100")).last.text
        await story.sam.says("3 June", "1/2")

        read_back = await story.sam.last()
        assert "Wellbeing: yes. The main point. Only when I'm unwell." in read_back
        assert "Last day: Wednesday 3 June." in read_back
        assert "Nothing from before Sunday 1 February." in read_back
        assert "Health appointments: yes." in read_back, "the cards stay"

        await story.sam.taps("More choices", "Wellbeing")
        assert "Wellbeing: no." in await taps(story.sam, "No")


async def test_the_person_says_when_it_is_looked_at_again(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await chooses(story, *CARDS)
        await story.sam.taps("More choices", "When we look at it again")
        assert "on Wednesday 1 April" in await taps(story.sam, "In 1 month")
        await story.sam.taps("More choices", "Medication")
        assert "on Wednesday 1 April" in await taps(story.sam, "No"), "and it stays so"


async def tells(story: Story, *choices: str) -> None:
    """Jo has something to tell about Sam."""
    await story.jo.says("/tell")
    await story.jo.taps(*choices)
    await story.jo.says("Sam baked a cake.")
    await story.jo.taps("Send")


async def test_choices_can_be_tried_before_they_are_agreed_to(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await tells(story, "Daily life", "The main point")
        await tells(story, "Medication", "That something happened")
        await story.passes(hours=24)
        await chooses(story, *CARDS)
        await story.listens()

        tried = (await story.sam.taps("Try it first")).last
        assert "Amira would have got this message in the last 30 days" in tried.text
        assert "yesterday 09:00: Daily life." in tried.text and "Medication" not in tried.text
        assert tried.buttons[:4] == ["Agree", "More choices", "Change", "Not now"]

        await story.sam.taps("More choices", "Medication", "Ask me first", "The details")
        await story.sam.taps("Every day", "Until we look at it again", "No, any time")
        tried = (await story.sam.taps("Try it first")).last
        assert "Amira would have got these 2 messages" in tried.text
        assert "Medication. You would be asked first." in tried.text
        assert states(tmp_path) == ["active", "ended", "draft"]
        assert not await story.amira.news(), "a try tells nobody anything"


# --- stopping -----------------------------------------------------------------------------


async def stops(story: Story, label: str) -> None:
    await story.sam.says("/stop_sharing")
    await story.sam.taps(label, "Yes, stop sharing")


async def test_stopping_is_one_press_and_one_confirmation(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/agreement")
        asked = (await story.sam.taps("Stop sharing with Amira")).last
        assert asked.text.startswith("Do you want to stop sharing with Amira?")
        assert "Nothing has changed" in await taps(story.sam, "No, keep sharing")
        assert [state for *_, state, _ in kept(tmp_path)] == ["active"] * 3

        await story.sam.says("/agreement")
        await story.sam.taps("Stop sharing with Amira")
        stopped = await taps(story.sam, "Yes, stop sharing")
        assert "From now on I tell Amira nothing about you" in stopped
        assert "cannot be taken back" in stopped
        assert sorted(state for *_, state, _ in kept(tmp_path)) == ["active", "active", "ended"]
        again = (await story.sam.says("/stop_sharing")).last.buttons
        assert "Stop sharing with Leo" in again and "Stop sharing with Amira" not in again


async def test_what_waits_to_be_read_is_not_told_once_sharing_is_stopped(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await tells(story, "Daily life", "The main point")
        assert "Tap to read" in await story.amira.last()
        await stops(story, "Stop sharing with Amira")
        assert "cake" not in await taps(story.amira, "Read")
        assert "Nothing to read now." in await story.amira.last()


async def test_stopping_all_leaves_nothing_and_a_second_tap_says_the_same(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await chooses(story, *CARDS)
        agree = next(d for d in (await story.sam.chat()).last.data if ":agree:" in d)
        await stops(story, "Stop all sharing")
        said = (await story.sam.chat()).last
        assert {state for *_, state, _ in kept(tmp_path)} == {"ended"}

        await press(story, story.sam, "agreement:end_all:-:0", said.id)
        assert (await story.sam.chat()).last == said
        await press(story, story.sam, agree, said.id)
        assert {state for *_, state, _ in kept(tmp_path)} == {"ended"}
        assert "You share nothing with anybody" in (await story.sam.says("/stop_sharing")).last.text


# --- everybody else -----------------------------------------------------------------------


async def test_it_is_for_the_person_alone(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        for somebody in (story.amira, story.jo, story.priya, story.alex):
            for words in ("/agreement", "/stop_sharing"):
                chat = await somebody.says(words)
                assert "This is for the person themselves" in chat.last.text
                assert not [data for data in chat.last.data if data.startswith("agreement")]
            assert "agreement" not in chat.commands
        assert {"agreement", "stop_sharing"} <= {*(await story.sam.says("/help")).commands}


async def test_nobody_else_can_press_the_persons_buttons(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        found = await buttons(story)
        assert {data.split(":")[1] for data in found} == VERBS
        stranger = await story.stranger("Kim")
        before = kept(tmp_path)
        for somebody in (story.amira, story.leo, story.jo, story.mina, story.alex, stranger):
            texts = (await somebody.chat()).texts
            for data in found:
                await press(story, somebody, data, 1)
            assert (await somebody.chat()).texts == texts
        assert kept(tmp_path) == before


async def buttons(story: Story) -> Sequence[str]:
    """The data of every button of an agreement that Sam could press, now and before."""
    found: dict[str, None] = {}

    async def look() -> None:
        found.update(dict.fromkeys((await story.sam.chat()).last.data))

    await story.sam.says("/agreement")
    await look()
    for label in ("Stop sharing with Leo", "Stop all sharing", "Amira", "Change", *CARDS, "Agree"):
        if label.startswith(("Amira", "Stop all")):
            await story.sam.says("/agreement")
        await story.sam.taps(label)
        await look()
    return [data for data in found if data.startswith("agreement:")]


async def press(story: Story, somebody: Somebody, data: str, message: int) -> None:
    """A tap on any message, with any data."""
    await story.play.raw_update(callback(somebody.id, message, data))
    await story.play.settle()


async def taps(somebody: Somebody, *buttons: str) -> str:
    await somebody.taps(*buttons)
    return await somebody.last()


async def test_to_stop_is_within_reach_from_every_screen_of_the_persons(tmp_path: Path) -> None:
    stop = "Stop sharing with Amira"
    async with kith(tmp_path) as story:
        sam = story.sam

        async def reach() -> bool:
            return stop in (await sam.chat()).last.buttons

        for words in ("/agreement", "/stop_sharing", "/told", "/circle"):
            await sam.says(words)
            assert await reach(), words
        await sam.taps("Amira")
        assert await reach()
        await sam.says("/agreement")
        for button in ("Amira", "Change", *CARDS, "Try it first", "More choices", "Medication"):
            await sam.taps(button)
            assert await reach(), button
        await story.jo.says("/tell")
        await story.jo.taps("Health appointments", "The details")
        await story.jo.says("The dentist, on Tuesday at 10.")
        await story.jo.taps("Send")
        assert "Yes, tell Amira" in (await sam.chat()).last.buttons and await reach()

        await sam.taps(stop, "Yes, stop sharing")
        assert "From now on I tell Amira nothing about you" in await sam.last()
        await story.amira.says("/news")
        assert "Nothing to read now" in await story.amira.last()
        for words in ("/agreement", "/told", "/circle"):
            await sam.says(words)
            assert not await reach(), words
