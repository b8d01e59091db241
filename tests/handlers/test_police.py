"""What an alert carries: the time for the police from the first one on, and what a call needs."""

from pathlib import Path

from tests.handlers.test_conversation import callback
from tests.kith import kith


async def test_the_time_to_tell_the_police_counts_down_and_is_said_when_it_comes(
    tmp_path: Path,
) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.passes(minutes=70)
        assert "told by 11:00. That is in 50 minutes." in await story.jo.last()
        await story.passes(minutes=10)
        assert "told by 11:00. That is in 40 minutes." in await story.dev.last()
        await story.jo.taps("I've got this")
        held = await story.jo.last()
        assert "You have this" in held and "That is in 40 minutes." in held
        await story.jo.taps("Not reached yet")
        summary = await story.jo.last()
        assert "For a 101 or 999 call" in summary and "Last heard from at: 09:00" in summary

        await story.passes(minutes=14)
        await story.jo.taps("Not reached yet")
        await story.passes(minutes=14)
        await story.jo.taps("Not reached yet")
        await story.passes(minutes=11)
        await story.listens()
        await story.passes(minutes=1)
        now = "it is time to tell the police"
        await story.heard(jo=now, priya=now)
        assert "Please ring 101 now" in await story.priya.last()
        await story.jo.taps("Safe and well")
        await story.listens()
        await story.passes(hours=1)
        await story.heard()


async def test_what_is_finished_in_time_never_speaks_of_the_police_again(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.passes(minutes=70)
        await story.jo.taps("I've got this", "Safe and well")
        await story.listens()
        await story.passes(hours=2)
        await story.heard()


async def test_who_has_rung_says_so_and_nobody_is_asked_to_ring_again(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        await story.sets_off()
        await story.passes(minutes=80)
        await story.jo.taps("I've got this", "Not reached yet")
        assert "I have rung 101 or 999" in str((await story.jo.chat()).last.buttons)
        await story.listens()
        await story.jo.taps("I have rung 101 or 999", "Yes, I have rung")
        await story.heard(
            jo=["Have you rung", "Everybody of staff"], dev="Jo has told the police: Sam, Café."
        )
        presses = [
            (message.id, data)
            for message in (await story.jo.chat()).from_bot
            for data in message.data
            if ":police:" in data or ":rung:" in data
        ]
        assert len(presses) >= 2
        for stray in (story.sam, story.amira, story.leo, story.alex):
            for press in presses:
                await story.play.raw_update(callback(stray.id, *press))
                await story.play.settle()
        await story.heard(**dict.fromkeys(("sam", "amira", "leo", "alex"), ()))
        await story.passes(minutes=15)
        await story.heard(jo="How is it")
        await story.jo.taps("Not reached yet")
        assert "Jo told the police at 10:20." in await story.jo.last()
        assert "I have rung 101 or 999" not in str((await story.jo.chat()).last.buttons)
        await story.listens()
        await story.passes(minutes=14)
        await story.jo.taps("Not reached yet")
        await story.passes(minutes=11)
        assert not [one for one in await story.priya.news() if "time to tell" in one]
        await story.sam.taps("I'm OK")
        assert "Sam has answered since: please tell the police, too." in await story.jo.last()
