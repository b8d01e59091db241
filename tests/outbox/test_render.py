"""From a message's id and parameters to what one reader sees."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, delete

from bot.care.circle import Role
from bot.care.outcome import Message
from bot.care.text import Text
from bot.i18n import EASY, STANDARD, Words, placeholders
from bot.outbox.render import CARD, WRONG, Reader, render
from bot.outbox.shapes import SHAPES
from bot.store import schema
from tests.members import add_member

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
WORDS = Words.load()
READER = Reader("readeraaaaaaaaaa", STANDARD)

pytestmark = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)


def test_an_id_becomes_a_name_that_cannot_break_the_message(engine: Engine) -> None:
    with engine.begin() as c:
        sam = add_member(c, "<b>Sam & Co")
        message = Message(Text("journey", "not_kept_no_plan"), {"person": sam})
        text = render(c, WORDS, message, READER, LONDON, NOW).text
    assert "&lt;b&gt;Sam &amp; Co" in text
    assert sam not in text


def test_a_name_nobody_can_know_any_more_is_said_to_be_erased(engine: Engine) -> None:
    with engine.begin() as c:
        sam = add_member(c, "Sam")
        c.execute(delete(schema.member))
        message = Message(Text("journey", "not_kept_no_plan"), {"person": sam})
        assert "[erased]" in render(c, WORDS, message, READER, LONDON, NOW).text


def test_a_time_is_said_by_the_services_wall_clock(engine: Engine) -> None:
    due = datetime(2026, 5, 4, 14, 20, tzinfo=UTC)
    with engine.begin() as c:
        sam = add_member(c, "Sam")
        message = Message(Text("journey", "not_kept_longer"), {"person": sam, "due": due})
        assert "15:20" in render(c, WORDS, message, READER, LONDON, NOW).text


def test_a_role_is_said_in_words(engine: Engine) -> None:
    message = Message(Text("circle", "your_role_ended"), {"role": Role.ON_CALL_LEAD.value})
    with engine.begin() as c:
        assert "on-call lead" in render(c, WORDS, message, READER, LONDON, NOW).text


def test_it_is_said_in_the_readers_form(engine: Engine) -> None:
    message = Message(Text("general", "unknown"))
    with engine.begin() as c:
        standard = render(c, WORDS, message, READER, LONDON, NOW).text
        easy = render(c, WORDS, message, Reader("x", EASY), LONDON, NOW).text
    assert standard == WORDS.say(STANDARD, message.text)
    assert easy == WORDS.say(EASY, message.text) != standard


def test_a_possible_repeat_says_so_first(engine: Engine) -> None:
    message = Message(Text("general", "unknown"))
    with engine.begin() as c:
        once = render(c, WORDS, message, READER, LONDON, NOW).text
        again = render(c, WORDS, message, READER, LONDON, NOW, repeat=True).text
    assert again == f"{WORDS.say(STANDARD, Text('general', 'maybe_repeat'))}\n\n{once}"


@pytest.mark.parametrize("text", sorted(SHAPES), ids=str)
def test_every_message_carries_its_buttons_and_the_emergency_card_last(
    engine: Engine, text: Text
) -> None:
    presses = (press for row in SHAPES[text].rows for press in row)
    ids = {name: name[:1] * 16 for press in presses for name in placeholders(press.data)}
    ids["channel"] = "c" * 20  # the longest name of a channel
    with engine.begin() as c:
        message = Message(text, {**ids, "mark": 1, "version": 1})
        rows = render(c, WORDS, message, READER, LONDON, NOW).buttons
    assert [button.data for button in rows[-1]] == [CARD, WRONG]
    always = [[press for press in row if not press.only] for row in SHAPES[text].rows]
    assert [len(row) for row in rows[:-1]] == [len(row) for row in always if row]
    for button in (button for row in rows for button in row):
        assert len(button.data.encode()) <= 64
        assert "{" not in button.data
