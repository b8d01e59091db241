"""What Telegram should not send, and may: twice the same, and what nobody can read."""

from pathlib import Path

from tests.kith import kith


async def test_an_update_that_comes_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        sam = {"id": story.sam.id, "is_bot": False, "first_name": "Sam"}
        chat = {"id": story.sam.id, "type": "private", "first_name": "Sam"}
        command = {"type": "bot_command", "offset": 0, "length": 4}
        out = {"message_id": 900, "date": 1, "chat": chat, "from": sam, "text": "/out"}
        out |= {"entities": [command]}
        id = await story.play.raw_update({"message": out})
        await story.play.settle()
        await story.heard(sam="Where are you going")

        await story.play.raw_update({"message": out, "update_id": id})
        await story.jo.says("/help")

        await story.heard(jo="I am Kith")


async def test_what_nobody_can_read_is_set_aside_and_the_next_is_handled(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        chat = {"id": story.sam.id, "type": "private"}
        for malformed in (
            {"message": {"chat": chat, "message_id": "?", "date": "soon", "text": 7}},
            {"message": {"chat": chat}},
            {"callback_query": {"id": 1, "from": chat}},
            {"message": "nothing"},
            {"something_new": {"chat": chat}},
            {},
        ):
            await story.play.raw_update(malformed)
        await story.sam.says("/out")

        said = await story.sam.news()
        assert any("Where are you going" in text for text in said)
        assert any("That did not work. Nothing has been saved." in text for text in said)
        await story.heard(priya="Something inside Kith went wrong")
