"""Practice alerts, through the chat."""

from pathlib import Path

from tests.kith import kith


async def test_a_practice_alert_says_so_and_tells_who_sent_it_that_it_arrived(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        chat = await story.priya.says("/test_alert")
        assert "Dev" in chat.last.buttons and "Alex" not in chat.last.buttons
        await story.listens()

        await story.priya.taps("Dev")
        await story.heard(priya="on its way", dev="This is practice")
        await story.dev.taps("I've got this")

        await story.heard(dev="Alerts reach you here", priya="Dev has answered the practice alert")


async def test_carers_cannot_send_practice_alerts(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.amira.says("/test_alert")
        await story.heard(amira="This is for staff")
