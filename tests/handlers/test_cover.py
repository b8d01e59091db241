"""Cover on the rota, and an outing that is handed over when a time on call ends."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.care.circle import Shift
from bot.care.plan import LADDERS, Rung, RungKind
from bot.care.terms import Terms
from bot.store import Connection, circle, schema
from bot.store.commit import KEEP
from tests.handlers.agreed import on
from tests.kith import kith
from tests.play import MONDAY_MORNING

WEEK = 7 * 24


async def test_a_colleague_takes_a_shift_and_then_an_outing_is_handed_over(tmp_path: Path) -> None:
    async with kith(tmp_path) as story:
        for nobody in (story.amira, story.sam):
            await nobody.says("/my_shifts")
        await story.heard(amira="This is for staff", sam="This is for staff")
        await story.dev.says("/my_shifts")
        shifts = (await story.dev.chat()).last.buttons
        await story.dev.taps(shifts[1])
        await story.listens()
        await story.dev.taps("Cover me")
        await story.heard(jo="Dev asks for cover", priya="Dev asks for cover", mina="Dev asks")
        await story.mina.taps("I cannot")
        await story.jo.taps("Yes, I can")
        await story.heard(dev="Jo has your shift", priya="Jo is on call from", jo=[], mina=[])
        await story.priya.taps("Yes, I can")
        assert any("Jo has taken this" in m.text for m in (await story.priya.chat()).from_bot)

        await story.passes(hours=WEEK, minutes=-30)
        await story.sets_off()
        await story.passes(minutes=15)
        await story.heard(dev="Please hand over to Jo")
        await story.passes(minutes=15)
        await story.heard(dev="I am asking Jo to take over", jo="Sam is out until 09:30")
        await story.passes(minutes=10)
        await story.heard(priya="Sam is out until 09:30")
        await story.alex.says("/my_shifts")
        await story.listens()
        await story.jo.taps("I have it")
        await story.heard(
            dev="Jo has taken over: Sam, Café", priya="Jo has taken over", jo="You have this"
        )
        await story.sam.taps("I'm home")
        await story.listens()
        await story.passes(hours=1)
        await story.heard()


def rests_on(rungs: tuple[Rung, ...]) -> Callable[[Connection], None]:
    """Dev's time on call is followed by Jo's, and Sam's plan has this ladder."""

    def agree(c: Connection) -> None:
        ids = {circle.name(c, id): id for id in c.execute(select(schema.member.c.id)).scalars()}
        after = schema.shift.c.starts_at > MONDAY_MORNING
        c.execute(schema.shift.update().where(after).values(member=ids["Jo"]))
        on(Terms(), rungs=rungs)(c)

    return agree


@pytest.mark.parametrize("on_call", [True, False])
async def test_an_outing_that_rests_on_nobody_on_call_is_handed_over_by_nobody(
    tmp_path: Path, on_call: bool
) -> None:
    """Whom a ladder asks as key worker or manager it asks whatever the rota says: when a time on
    call ends, whoever would be asked about that outing is the same as before."""
    rungs = tuple(r for r in LADDERS["on_call"] if on_call or r.kind is not RungKind.ON_CALL)
    async with kith(tmp_path, agreed=rests_on(rungs)) as story:
        await story.passes(hours=WEEK, minutes=-30)
        await story.sets_off()
        await story.passes(minutes=30)
        heard = str(await story.dev.news()) + str(await story.jo.news())
        assert ("I am asking Jo to take over" in heard) is on_call
        assert (heard == "[][]") is not on_call
        await story.listens()
        if not on_call:
            await story.passes(minutes=30)
            await story.passes(minutes=10)
            assert "I have asked Jo" in await story.sam.last()
            assert "has not checked in" in str(await story.jo.news())
            await story.passes(minutes=10)
            assert "has not checked in" in str(await story.priya.news())
            assert await story.dev.news() == []


def jo_is_on_call_in_a_month(c: Connection) -> None:
    ids = {circle.name(c, id): id for id in c.execute(select(schema.member.c.id)).scalars()}
    team = c.execute(select(schema.shift.c.team).limit(1)).scalar_one()
    starts = MONDAY_MORNING + timedelta(weeks=4)
    KEEP[Shift](c, Shift("jos", team, ids["Jo"], starts, starts + timedelta(days=1)))


async def test_two_swap_and_everybody_who_hears_of_it_hears_both_times(tmp_path: Path) -> None:
    async with kith(tmp_path, agreed=jo_is_on_call_in_a_month) as story:
        times: dict[str, list[str]] = {}
        for staff in (story.dev, story.jo):
            await staff.says("/my_shifts")
            chat = await staff.chat()
            times[staff.name] = [label for label in chat.last.buttons if " to " in label]
        devs, jos = times["Dev"][-1], times["Jo"][0]
        asked = await story.dev.taps(devs, "Swap")
        assert any(label == f"Jo: {jos}" for label in asked.last.buttons), asked.last.buttons
        await story.listens()
        await story.dev.taps(f"Jo: {jos}")
        await story.heard(jo=f"You would do {devs}")
        assert f"Dev would do yours, {jos}" in await story.jo.last()
        await story.jo.taps("Yes, I can")
        assert f"You are on call from {devs}" in await story.jo.last()
        assert f"Dev does yours, {jos}" in await story.jo.last()
        await story.heard(dev=f"Jo says yes to the swap, and has your shift from {devs}", priya="")
        assert f"You are on call from {jos}" in await story.dev.last()
        manager = await story.priya.last()
        assert f"Jo is on call from {devs}" in manager and f"Dev is on call from {jos}" in manager
        for staff, gained, given in ((story.dev, jos, devs), (story.jo, devs, jos)):
            await staff.says("/my_shifts")
            labels = (await staff.chat()).last.buttons
            assert gained in labels and given not in labels
        assert not any("on call" in text for text in (await story.alex.chat()).texts)
