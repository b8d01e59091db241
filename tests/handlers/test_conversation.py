"""The one door of all flows, on a real phone: bad input is answered and loses nothing."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.flows import flow
from bot.handlers.conversation import FLOW_DATA
from tests.flows.tables import conversations
from tests.kith import Story, kith

QUESTION = "How should I write to you?"


async def test_words_where_a_choice_was_asked_are_answered_with_the_question(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        chat = await story.sam.says("the short one")
        assert chat.last.text.startswith("Please press one of the buttons.")
        assert QUESTION in chat.last.text
        assert "I will use short sentences" in (await story.sam.taps("Easy Read")).last.text


async def test_a_photo_where_a_choice_was_asked_is_answered_with_the_question(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/me")
        chat = await story.play.send_photo(story.sam.id)
        assert "Please press one of the buttons." in chat.last.text
        assert "Easy Read" in chat.last.buttons


async def test_the_question_before_loses_its_buttons(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        asked = (await story.sam.says("/me")).last
        chat = await story.sam.says("hello")
        before = next(m for m in chat.messages if m.id == asked.id)
        assert before.buttons == []
        assert before.text == asked.text


async def test_a_tap_moves_the_question_on_in_its_place(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        asked = (await story.leo.says("/leave")).last
        assert (await story.leo.taps("Go on")).last.id == asked.id
        back = await story.leo.taps("Back")
        assert back.last.id == asked.id and back.last.text == asked.text


async def test_a_second_tap_changes_nothing_and_needs_no_word(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        chat = await story.leo.says("/leave")
        old = next(data for data in chat.last.data if data.startswith("flow:go_on:"))
        await story.leo.taps("Go on")
        before = await story.leo.chat()
        await story.play.raw_update(callback(story.leo.id, before.last.id, old))
        await story.play.settle()
        after = await story.leo.chat()
        assert after.texts == before.texts
        assert [popup.text for popup in after.popups if popup.text] == []


async def test_an_old_button_is_answered_kindly_and_shows_where_we_are(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        asked = await old_question(story)
        await story.leo.taps("Go on")
        chat = await story.play.tap(story.leo.id, "Go on", asked)
        assert "That button is from before" in chat.popups[-1].text
        assert chat.last.text.startswith("Do you want to leave now?")
        assert "Yes, leave" in chat.last.buttons


async def test_a_button_of_a_talk_that_is_over_changes_nothing_and_needs_no_word(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        asked = await old_question(story)
        said = await story.leo.taps("No, stay")
        chat = await story.play.tap(story.leo.id, "Go on", asked)
        assert [popup.text for popup in chat.popups if popup.text] == []
        assert chat.texts == said.texts


async def test_a_second_tap_on_set_off_does_not_say_that_nothing_happened(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/out")
        asked = (await story.sam.taps("Café", "1 hour")).last.id
        await story.play.faults("500", methods=["editMessageText"])
        before = await story.sam.taps("Set off")
        assert "Have a good time" in before.last.text
        after = await story.play.tap(story.sam.id, "Set off", asked)
        assert [popup.text for popup in after.popups if popup.text] == []
        assert after.texts == before.texts


async def test_a_plan_that_can_no_longer_be_drafted_is_not_said_to_be_sent(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.jo.says("/plan_outings")
        await story.jo.taps("Sam")
        await story.jo.says("Park")
        await story.jo.taps("1 hour", "Key worker, on call")
        await story.jo.says("Ring Sam.")
        await story.sam.says("/leave")
        await story.sam.taps("Go on", "Yes, leave")
        said = await story.jo.taps("Send to read")
        assert said.last.text != "Sent."


async def test_somebody_elses_button_changes_nothing(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        asked = (await story.leo.says("/leave")).last
        go_on = next(data for data in asked.data if ":go_on:" in data)
        jo = (await story.jo.says("/help")).texts
        await story.play.raw_update(callback(story.jo.id, 1, go_on))
        await story.play.settle()
        assert (await story.jo.chat()).texts == jo
        assert (await story.leo.chat()).last == asked


async def test_a_lost_answer_is_shown_again_at_the_next_word(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.play.faults("500", methods=["sendMessage"], count=2)
        await story.sam.says("/me")
        assert (await story.sam.chat()).texts == []
        assert QUESTION in (await story.sam.says("hello?")).last.text


async def test_one_fault_of_the_network_is_not_noticed(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.play.faults("reset", methods=["sendMessage"], count=1)
        assert QUESTION in (await story.sam.says("/me")).last.text


async def test_a_talk_left_at_a_step_that_is_gone_begins_again_and_can_be_finished(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/out")
        tamper(tmp_path, "UPDATE flow SET step = 'renamed'")
        assert "Let us begin again" in (await story.sam.says("hello")).last.text
        await story.sam.taps("Café", "1 hour", "Set off")
        assert "Have a good time at Café" in await story.sam.last()


async def test_a_talk_that_nobody_can_read_any_more_ends_kindly(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/out")
        tamper(tmp_path, "UPDATE flow SET answers = x'00112233445566778899'")
        assert "I cannot read any more" in (await story.sam.taps("Café")).last.text
        assert "Café" in (await story.sam.says("/out")).last.buttons


async def test_a_place_may_be_called_else(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sam.says("/out", "else")
        assert "else" in (await story.sam.taps("1 hour")).last.text


def tamper(data: Path, statement: str) -> None:
    """Change the database behind Kith's back."""
    with closing(sqlite3.connect(data / "kith.db")) as kept, kept:
        kept.execute(statement)


async def old_question(story: Story) -> int:
    """Leo is asked again, and the first question keeps its buttons: the edit is lost."""
    asked = (await story.leo.says("/leave")).last.id
    await story.play.faults("500", methods=["editMessageReplyMarkup"])
    await story.leo.says("what?")
    await story.play.clear_faults()
    return asked


def callback(user: int, message: int, data: str) -> dict[str, object]:
    """A tap as Telegram would deliver it, on any message and with any data."""
    chat = {"id": user, "type": "private", "first_name": "x"}
    return {
        "callback_query": {
            "id": "1",
            "from": {"id": user, "is_bot": False, "first_name": "x"},
            "chat_instance": "1",
            "data": data,
            "message": {"message_id": message, "date": 1, "chat": chat, "text": "x"},
        }
    }


def test_every_button_of_every_table_is_understood() -> None:
    """A choice may be called anything: a time of day has a colon in it."""
    for conversation in conversations().values():
        for step in conversation.flow.steps.values():
            for choice in step.choices:
                read = re.fullmatch(FLOW_DATA, flow.callback(choice.id, "a" * 16, 3))
                assert read is not None and read["choice"] == choice.id
                assert read["talk"] == "a" * 16 and read["turn"] == "3"
