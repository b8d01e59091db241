"""What an alert carries: the time for the police from the first one on, and what a call needs."""

from pathlib import Path

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
