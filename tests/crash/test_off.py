"""Kith was not running: it says so, blames nobody, and goes on one rung at a time."""

from contextlib import suppress

from tests.crash.process import Killable
from tests.play import Refused


async def test_off_over_the_due_time_it_says_so_and_counts_nothing_as_missed(
    story: Killable,
) -> None:
    await story.sets_off()
    left = await story.now()
    await story.process.kill()
    await story.passes(minutes=80)
    await story.starts()

    off = f"from {left:%H:%M} to {await story.now():%H:%M}"
    await story.heard(
        sam=[
            f"Check-ins were off {off}.\nThis was not your fault.",
            "Are you OK",
            "I have asked Jo to ring you",
        ],
        jo=f"Kith was not running {off}",
    )
    assert "This is not Sam's fault." in await story.jo.last()
    await story.passes(minutes=9)
    await story.heard()
    await story.passes(minutes=1)
    await story.heard(sam="Jo has not answered yet. I am asking Dev", dev="not checked in")

    await story.sam.taps("I'm OK")
    await story.heard(
        sam="I am glad to hear from you", jo="Sam has answered", dev="Sam has answered"
    )


async def test_off_while_the_ladder_climbs_it_goes_on_one_rung_at_a_time(story: Killable) -> None:
    await story.sets_off()
    await story.passes(minutes=70)
    await story.listens()
    await story.process.kill()
    await story.passes(minutes=50)
    await story.starts()

    police = "it is time to tell the police"  # its hour has passed as well
    await story.heard(
        sam="Jo has not answered yet. I am asking Dev", dev=["not checked in", police], priya=police
    )
    await story.passes(minutes=9)
    await story.heard()
    await story.passes(minutes=1)
    await story.heard(sam="Dev has not answered yet. I am asking Priya", priya="not checked in")


async def test_what_was_pressed_while_kith_was_off_is_heard_before_anybody_is_alarmed(
    story: Killable,
) -> None:
    await story.sets_off()
    await story.process.kill()
    with suppress(Refused):
        await story.sam.taps("I'm home")
    await story.passes(minutes=80)
    await story.starts()

    await story.heard(sam="How did it go")
    await story.passes(minutes=30)
    await story.heard()
