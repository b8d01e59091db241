"""What may come in the middle of telling, agreeing and replying, and buttons of long ago: a clear
answer, nothing lost, nothing leaked; whoever has no business with a button gets nothing by it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.handlers.test_conversation import callback
from tests.kith import Somebody, Story, kith

CAKE = "Sam baked a cake."
DENTIST = "The dentist, on Tuesday at 10."
HOSTILE = "<b>Sam</b> &amp; {person} 🍰🦔 مرحبا بكم \u202eback\u202c %s"


async def test_bad_input_gets_a_clear_answer_and_loses_nothing(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.amira.says("/news")
        await story.amira.taps("Reply")
        assert "too many" in (await story.amira.says("x" * 4096)).last.text
        assert "words" in (await story.play.send_photo(story.amira.id, "Sam")).last.text
        await story.listens()
        await story.amira.says(HOSTILE)
        await story.heard(amira="Your words have gone to the team", jo=HOSTILE)

        await story.ruth.says("/news")
        await story.ruth.taps("Reply")
        await story.listens()
        await _forwards(story, story.ruth, "A friend wrote: look after Sam.")
        await story.heard(ruth="Your words have gone to the team", jo="look after Sam.")

        await story.sam.says("/agreement")
        await story.sam.taps("Amira", "Change")
        card = await story.sam.last()
        for words in ("x" * 4096, HOSTILE):
            again = (await story.sam.says(words)).last
            assert "Yes, share" in again.buttons and card[:20] in again.text

        await story.jo.says("/tell")
        await story.jo.taps("Daily life", "The main point")
        await _forwards(story, story.jo, CAKE)
        preview = (await story.jo.chat()).last
        assert CAKE in preview.text and "Send" in preview.buttons


async def test_a_button_of_last_month_and_anothers_button_do_nothing(tmp_path: Path) -> None:
    """Each button that Sam, Amira and Jo have had, pressed by others, and a month later by them."""
    async with kith(tmp_path) as story:
        mine = await _much_goes_on(story)
        assert all(len(data) > 1 for data in mine.values()), mine
        await story.sam.says("/circle")
        await story.sam.taps("Leo", "Take Leo out", "Yes, end it now")
        eve = await story.stranger("Eve")
        await story.listens()

        before = _kept(tmp_path)
        for outsider in (story.alex, story.leo, eve):
            for data in sorted({one for each in mine.values() for one in each}):
                await story.play.raw_update(callback(outsider.id, 1, data))
        await story.play.settle()
        assert _kept(tmp_path) == before
        heard = {name: await who.news() for name, who in story.people.items()}
        for name in ("alex", "leo", "eve"):
            said = " ".join(heard.pop(name))
            assert not any(word in said for word in ("Sam", "Amira", CAKE, DENTIST, "Tuesday"))
        assert not any(heard.values()), heard

        await story.passes(hours=24 * 31)
        await story.listens()
        before = _kept(tmp_path)
        for who, each in mine.items():
            for data in sorted(each):
                if data.startswith(PRESSED_ONCE):
                    await story.play.raw_update(callback(story.people[who].id, 1, data))
        await story.play.settle()
        assert _kept(tmp_path) == before
        assert not any(CAKE in one or DENTIST in one for one in await story.amira.news())


PRESSED_ONCE = ("news:yes", "news:no", "news:change", "agreement:agree", "flow:")
"""Buttons that belong to one moment; the others open a screen on any day."""


EVERYWHERE = ("general:", "concern:begin:")
"""Buttons under every screen, for whoever sees it."""


async def _much_goes_on(story: Story) -> dict[str, set[str]]:
    """Told, read, asked first, agreed to and looked back at: every button on the way."""
    seen: dict[str, set[str]] = {"sam": set(), "amira": set(), "jo": set()}

    async def look() -> None:
        for who, found in seen.items():
            chat = await story.people[who].chat()
            data = {data for message in chat.messages for data in message.data}
            found |= {one for one in data if not one.startswith(EVERYWHERE)}

    for topic, level, words in (
        ("Daily life", "The main point", CAKE),
        ("Health appointments", "The details", DENTIST),
    ):
        await story.jo.says("/tell")
        await story.jo.taps(topic)
        await look()
        await story.jo.taps(level)
        await story.jo.says(words)
        await look()
        await story.jo.taps("Send")
    await look()
    await story.amira.taps("Read")
    await look()
    for command in ("/told", "/stop_sharing", "/circle", "/agreement"):
        await story.sam.says(command)
        await look()
    for press in ("Amira", "Change", "Yes, share"):
        await story.sam.taps(press)
        await look()
    await story.amira.says("/told", "/circle")
    await look()
    return seen


async def _forwards(story: Story, who: Somebody, words: str) -> None:
    user = {"id": who.id, "is_bot": False, "first_name": who.name}
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}
    await story.play.raw_update(
        {
            "message": {
                "message_id": 900_000,
                "date": 1,
                "chat": {"id": who.id, "type": "private"},
                "from": user,
                "forward_origin": origin,
                "text": words,
            }
        }
    )
    await story.play.settle()


def _kept(data: Path) -> dict[str, list[str]]:
    """What is shared, told and on its way, as it stands in the file."""
    with closing(sqlite3.connect(data / "kith.db")) as c:
        return {
            table: sorted(map(repr, c.execute(f"SELECT * FROM {table}")))
            for table in ("agreement", "sharing", "telling", "news", "heard", "membership")
        }
