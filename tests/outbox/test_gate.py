"""What is held back at the very last moment."""

from pathlib import Path

from tests.kith import kith


async def test_an_alert_that_was_held_up_is_not_told_once_it_is_closed(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.play.faults("500", methods=["sendMessage"], chats=[story.dev.id])
        await story.sam.taps("I need help", "Emergency")
        await story.jo.taps("I've got this", "Safe and well")
        await story.listens()
        await story.play.clear_faults()
        await story.passes(minutes=2)

        await story.heard(dev=["Jo has closed this", "Jo has this"])
        decided = [each.text for each in await story.play.decisions()]
        assert "Not told: Dev. The alert is closed already." in decided


async def test_an_alert_that_stands_is_told_however_late(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.play.faults("500", methods=["sendMessage"], chats=[story.dev.id])
        await story.sam.taps("I need help", "Emergency")
        await story.listens()
        await story.play.clear_faults()
        await story.passes(minutes=2)

        await story.heard(dev="Sam has pressed Emergency")


async def test_after_an_outage_what_was_pressed_again_comes_after_what_it_takes_back(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.play.faults("500", methods=["sendMessage"], chats=[story.jo.id])
        await story.sam.taps("I need help", "Emergency", "I pressed it by mistake")
        await story.passes(seconds=70)
        await story.sam.taps("Emergency")
        await story.listens()
        await story.play.clear_faults()
        await story.passes(minutes=2)

        news = await story.jo.news()
        pressed = [at for at, text in enumerate(news) if "Sam has pressed Emergency" in text]
        (mistake,) = [at for at, text in enumerate(news) if "by mistake" in text]
        assert len(pressed) == 1 and pressed[0] > mistake
