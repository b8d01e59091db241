"""Settling and advancing, with a small bot on the other side of the channel."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.play import MONDAY_MORNING, Person, Play, Refused, playing
from tests.playground.outsider import Outsider


@asynccontextmanager
async def running(play: Play) -> AsyncIterator[Outsider]:
    """The small bot, up and settled."""
    outsider = Outsider(play.address)
    task = asyncio.create_task(outsider.run())
    try:
        await up(play)
        yield outsider
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def up(play: Play) -> None:
    """Wait until a bot settles."""
    async with asyncio.timeout(15):
        while True:
            with suppress(Refused):
                await play.settle()
                return


async def down(play: Play) -> None:
    """Wait until nobody settles any more."""
    async with asyncio.timeout(15):
        with suppress(Refused):
            while True:
                await play.settle()


@pytest.fixture
async def outsider(play: Play) -> AsyncIterator[Outsider]:
    async with running(play) as outsider:
        yield outsider


async def test_an_act_is_answered_when_the_bot_has_answered_it(
    play: Play, sam: Person, outsider: Outsider
) -> None:
    chat = await play.write(sam.id, "hello")

    assert chat.texts == ["You said hello"]


async def test_a_tap_is_answered_with_its_popup(
    play: Play, sam: Person, outsider: Outsider
) -> None:
    await play.write(sam.id, "/ask")

    chat = await play.tap(sam.id, "Yes")

    assert [popup.text for popup in chat.popups] == ["Thank you."]


async def test_advancing_stops_at_each_moment_that_is_due(
    play: Play, sam: Person, outsider: Outsider
) -> None:
    for seconds in (600, 300, 3600):
        await play.write(sam.id, f"/remind {seconds}")

    time = await play.advance(minutes=15)

    assert time.now == MONDAY_MORNING + timedelta(minutes=15)
    assert outsider.said_at == [MONDAY_MORNING + timedelta(minutes=n) for n in (5, 10)]
    assert time.next == MONDAY_MORNING + timedelta(hours=1)


async def test_what_the_bot_says_before_it_is_idle_takes_no_turn_more(
    play: Play, sam: Person, outsider: Outsider
) -> None:
    await play.write(sam.id, "/remind 600")
    before = outsider.turns

    await play.advance(minutes=20)

    assert (await play.chat(sam.id)).texts == ["Reminder"]
    assert outsider.turns - before == 3  # as it stands, at the reminder, at the end


async def test_a_moment_at_the_very_end_of_the_way_is_reached(
    play: Play, sam: Person, outsider: Outsider
) -> None:
    await play.write(sam.id, "/remind 300")

    await play.advance(minutes=5)

    assert (await play.chat(sam.id)).texts == ["Reminder"]


async def test_the_next_thing_that_happens_can_be_asked_for(
    play: Play, sam: Person, outsider: Outsider
) -> None:
    await play.write(sam.id, "/remind 420")

    time = await play.next()

    assert time.now == MONDAY_MORNING + timedelta(minutes=7)
    assert (await play.chat(sam.id)).texts == ["Reminder"]
    with pytest.raises(Refused, match="409"):
        await play.next()


async def test_a_pause_of_the_sending_budget_is_no_reason_to_wait(
    play: Play, sam: Person, outsider: Outsider
) -> None:
    chat = await play.write(sam.id, "/burst 3")

    assert chat.texts == ["Burst", "Burst", "Burst"]
    assert (await play.clock()).now == MONDAY_MORNING + timedelta(seconds=2)


async def test_what_never_stops_being_due_is_named(
    play: Play, sam: Person, outsider: Outsider
) -> None:
    await play.write(sam.id, "/stuck")

    with pytest.raises(Refused, match="never done with 2026-03-02T09:00:00Z") as refused:
        await play.advance(seconds=60)
    assert refused.value.status == 500


async def test_a_bot_that_is_never_idle_is_named(
    play: Play, sam: Person, outsider: Outsider
) -> None:
    with pytest.raises(Refused, match="that the bot has not confirmed") as refused:
        await play.write(sam.id, "/slow")
    assert refused.value.status == 504


async def test_decisions_and_what_is_due_are_shown(
    play: Play, sam: Person, outsider: Outsider
) -> None:
    await play.write(sam.id, "/remind 60")
    due = (await play.state())["due"]
    await play.advance(minutes=1)

    assert [one["text"] for one in due] == ["Reminder"]
    assert [(one.text, one.to) for one in await play.decisions()] == [("Told: Reminder.", "Sam")]
    assert (await play.state())["due"] == []


async def test_a_turn_in_which_nothing_happens_is_no_news_for_the_page(
    play: Play, sam: Person, outsider: Outsider
) -> None:
    before = (await play.state())["version"]

    await play.settle()

    assert (await play.state())["version"] == before


async def test_two_people_may_act_at_once(play: Play, sam: Person, outsider: Outsider) -> None:
    jo = await play.new_person("Jo")

    chats = await asyncio.gather(*(play.write(one.id, one.name) for one in (sam, jo)))

    assert [chat.texts for chat in chats] == [["You said Sam"], ["You said Jo"]]


async def test_without_a_bot_the_update_waits_and_the_clock_moves_alone(
    play: Play, sam: Person
) -> None:
    with pytest.raises(Refused, match="503"):
        await play.write(sam.id, "hello")
    with pytest.raises(Refused, match="503"):
        await play.settle()
    time = await play.advance(minutes=20)

    assert time.now == MONDAY_MORNING + timedelta(minutes=20)
    assert (await play.state())["health"]["pending_updates"] == 1
    async with running(play):
        assert (await play.chat(sam.id)).texts == ["You said hello"]


async def test_a_killed_bot_is_down_and_its_successor_goes_on(play: Play, sam: Person) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.playground.outsider", play.address)
    )
    try:
        await up(play)
        assert (await play.write(sam.id, "one")).texts == ["You said one"]
    finally:
        process.kill()
        await process.wait()
    await down(play)

    with pytest.raises(Refused, match="503"):
        await play.write(sam.id, "two")
    async with running(play):
        assert (await play.chat(sam.id)).texts == ["You said one", "You said two"]


async def test_faults_do_not_unsettle_a_bot_that_asks_again(
    play: Play, sam: Person, outsider: Outsider
) -> None:
    await play.faults("429", 0.3)
    await play.faults("500", 0.3)
    await play.faults("reset", 0.3)

    chats = [await play.write(sam.id, f"word{n}") for n in range(10)]

    assert chats[-1].texts == [f"You said word{n}" for n in range(10)]


async def test_a_real_clock_is_not_moved_by_hand(tmp_path: Path) -> None:

    async with playing(tmp_path, clock="real") as play, running(play):
        sam = await play.new_person("Sam")
        with pytest.raises(Refused, match="409"):
            await play.advance(seconds=1)
        assert (await play.write(sam.id, "hello")).texts == ["You said hello"]
