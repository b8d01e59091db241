"""The door out, on a served Bot API: what leaves, when, and what becomes of what cannot."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.care.outcome import About, Lane, Topic
from bot.outbox.budget import Limits
from bot.outbox.sender import Presented, Withheld
from bot.store import Connection, circle, ledger
from bot.store.outbox import Row
from tests.doors import open_doors, plainly, tell, until, up
from tests.play import MONDAY_MORNING, Play

EVERY_LANE = [Lane.SAFETY, Lane.REPLY, Lane.NEWS, Lane.REMINDER]


async def test_a_message_arrives_with_its_buttons_and_cannot_be_passed_on(
    play: Play, tmp_path: Path
) -> None:
    jo = await play.new_person("Jo", role="staff")
    async with open_doors(play, tmp_path) as doors:
        await up(play)
        await doors.tell(await doors.member("Jo", jo.id), Lane.SAFETY, "alert")
        await play.settle()
        last = (await play.chat(jo.id)).last
        assert (last.text, last.buttons, last.protected) == ("alert", ["OK"], True)
        assert await doors.states() == [("sent", None)]


async def test_what_may_not_be_said_is_not_said_and_the_reason_is_kept(
    play: Play, tmp_path: Path
) -> None:
    amira = await play.new_person("Amira", role="carer")
    async with open_doors(
        play, tmp_path, present=lambda c, row, now: Withheld("no_agreement")
    ) as doors:
        await up(play)
        member = await doors.member("Amira", amira.id)
        about = About(member, Topic.JOURNEYS, 1)
        await doors.tell(member, Lane.NEWS, "news", about=about)
        await play.settle()
        assert (await play.chat(amira.id)).texts == []
        assert await doors.states() == [("withheld", "no_agreement")]
        [line] = await doors.memory.read(ledger.lines)
        assert (line.kind, line.facts["reason"]) == ("withheld", "no_agreement")


@pytest.mark.parametrize("why", ["blocked", "never_started", "chat_not_found"])
async def test_when_a_member_cannot_be_reached_the_next_is_told_at_once(
    play: Play, tmp_path: Path, why: str
) -> None:
    jo = await play.new_person("Jo", role=None if why == "never_started" else "staff")
    dev = await play.new_person("Dev", role="staff")
    told: dict[str, str] = {}

    def to_dev(c: Connection, member: str, now: datetime, alert: str | None) -> None:
        assert (member, alert) == (told["Jo"], None)  # whatever waits on Jo, not this alert alone
        tell(c, told["Dev"], Lane.SAFETY, "instead")

    async with open_doors(play, tmp_path, undeliverable=to_dev) as doors:
        await up(play)
        if why == "blocked":
            await play.block(jo.id)
        nowhere = why == "chat_not_found"
        told["Jo"] = await doors.member("Jo", 999 if nowhere else jo.id)
        told["Dev"] = await doors.member("Dev", dev.id)
        await doors.tell(told["Jo"], Lane.SAFETY, "alert")
        await play.settle()
        assert (await play.chat(dev.id)).texts == ["instead"]
        assert (await play.clock()).now == MONDAY_MORNING
        assert await doors.states() == [("failed", why), ("sent", None)]
        member = await doors.memory.read(circle.member, told["Jo"])
        assert member is not None
        assert member.unreachable_since == MONDAY_MORNING


async def test_a_message_telegram_never_takes_fails_and_an_alert_moves_on(
    play: Play, tmp_path: Path
) -> None:
    jo = await play.new_person("Jo", role="staff")
    moved: list[str | None] = []

    def broken(c: Connection, row: Row, now: datetime) -> Presented | Withheld:
        return Presented(jo.id, "<b>half" if row.text.id == "bad" else row.text.id)

    async with open_doors(
        play,
        tmp_path,
        present=broken,
        undeliverable=lambda c, member, now, alert: moved.append(alert),
    ) as doors:
        await up(play)
        member = await doors.member("Jo", jo.id)
        await doors.tell(member, Lane.NEWS, "bad", "good")
        await doors.tell(member, Lane.SAFETY, "bad", alert="this one")
        await doors.tell(member, Lane.SAFETY, "bad")  # about no alert: none moves
        await play.settle()
        failed = ("failed", "bad_request")
        assert await doors.states() == [failed, ("sent", None), failed, failed]
        assert moved == ["this one"]
        await doors.tell(member, Lane.REPLY, "bad", alert="of early signs")
        await play.settle()
        assert moved == ["this one", "of early signs"]
        assert (await play.chat(jo.id)).texts == ["good"]


async def test_a_refusal_on_a_low_lane_never_delays_safety(play: Play, tmp_path: Path) -> None:
    jo = await play.new_person("Jo", role="staff")
    async with open_doors(play, tmp_path) as doors:
        await up(play)
        member = await doors.member("Jo", jo.id)
        await play.faults("429", methods=["sendMessage"], count=1)
        await doors.tell(member, Lane.NEWS, "news")
        await play.settle()
        await doors.tell(member, Lane.SAFETY, "alert")
        await play.settle()
        assert (await play.chat(jo.id)).texts == ["alert"]
        await play.advance(seconds=1.9)
        assert (await play.chat(jo.id)).texts == ["alert"]
        await play.advance(seconds=0.1)
        assert (await play.chat(jo.id)).texts == ["alert", "news"]


async def test_an_alert_without_an_answer_goes_again_as_a_possible_repeat(
    play: Play, tmp_path: Path
) -> None:
    jo = await play.new_person("Jo", role="staff")
    async with open_doors(play, tmp_path) as doors:
        await up(play)
        await play.faults("timeout", methods=["sendMessage"], count=1)
        await doors.tell(await doors.member("Jo", jo.id), Lane.SAFETY, "alert")
        await play.settle()
        assert (await play.clock()).next == MONDAY_MORNING + timedelta(seconds=1)
        await play.advance(seconds=1)
        assert (await play.chat(jo.id)).texts == ["alert", "Again: alert"]


async def test_a_broadcast_without_an_answer_does_not_go_again(play: Play, tmp_path: Path) -> None:
    jo = await play.new_person("Jo", role="staff")
    async with open_doors(play, tmp_path) as doors:
        await up(play)
        await play.faults("reset", methods=["sendMessage"], count=1)
        await doors.tell(await doors.member("Jo", jo.id), Lane.BROADCAST, "class")
        await play.settle()
        assert await doors.states() == [("failed", "ambiguous")]
        await play.advance(hours=1)
        assert (await play.chat(jo.id)).texts == []


@pytest.mark.parametrize("kind", ["500", "reset"])
async def test_tries_grow_rarer_but_never_rarer_than_a_minute(
    play: Play, tmp_path: Path, kind: str
) -> None:
    jo = await play.new_person("Jo", role="staff")
    async with open_doors(play, tmp_path) as doors:
        await up(play)
        await play.faults("500" if kind == "500" else "reset", methods=["sendMessage"], count=9)
        await doors.tell(await doors.member("Jo", jo.id), Lane.SAFETY, "alert")
        waits, before = [], (await play.settle()).now
        while (after := await play.clock()).next:
            waits.append(round((after.next - before).total_seconds()))
            before = (await play.next()).now
        assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
        assert (await play.chat(jo.id)).texts == ["Again: alert"]


async def test_one_chat_is_not_flooded_and_the_wait_is_skipped_by_hand(
    play: Play, tmp_path: Path
) -> None:
    jo = await play.new_person("Jo", role="staff")
    numbers = [str(n) for n in range(9)]
    async with open_doors(play, tmp_path, limits=Limits(burst=3)) as doors:
        await up(play)
        await doors.tell(await doors.member("Jo", jo.id), Lane.NEWS, *numbers)
        await play.settle()
        assert (await play.chat(jo.id)).texts == numbers
        assert (await play.clock()).now == MONDAY_MORNING + timedelta(seconds=6)


async def test_a_great_broadcast_is_never_refused_and_an_alert_goes_before_it(
    play: Play, tmp_path: Path
) -> None:
    people = [await play.new_person(f"P{n}", role="carer") for n in range(60)]
    async with open_doors(play, tmp_path) as doors:
        await up(play)
        members = [await doors.member(person.name, person.id) for person in people]
        for member in members:
            await doors.tell(member, Lane.BROADCAST, "class")
        await doors.tell(members[-1], Lane.SAFETY, "alert")
        await play.settle()
        assert Counter(await doors.states()) == {("sent", None): 61}
        sends = [call for call in await play.calls() if call["method"] == "sendMessage"]
        assert len(sends) == 61  # none was refused
        order = [call["params"]["text"] for call in sends]
        assert order.index("alert") < 30


async def test_what_is_in_flight_when_kith_stops_goes_again_when_it_starts(
    play: Play, tmp_path: Path
) -> None:
    jo = await play.new_person("Jo", role="staff")
    async with open_doors(play, tmp_path) as doors:
        await up(play)
        await play.faults("timeout", methods=["sendMessage"], count=1)
        await doors.tell(await doors.member("Jo", jo.id), Lane.SAFETY, "alert")
        await until(lambda: _heard(play, jo.id))
        send = next(task for task in asyncio.all_tasks() if task.get_name().startswith("send "))
        send.cancel()  # as a killed process: nothing is recorded
        doors.runs["sender"].cancel()
        await asyncio.wait([send])
        assert await doors.states() == [("sending", None)]
    async with open_doors(play, tmp_path) as doors:
        await up(play)
        await play.settle()
        assert (await play.chat(jo.id)).texts[-1] == "Again: alert"
        assert await doors.states() == [("sent", None)]
        assert (await play.clock()).now == MONDAY_MORNING  # nobody waited for the lease


async def test_a_message_that_cannot_be_made_is_tried_again(play: Play, tmp_path: Path) -> None:
    jo = await play.new_person("Jo", role="staff")
    tries: list[Lane] = []

    def failing(c: Connection, row: Row, now: datetime) -> Presented | Withheld:
        tries.append(row.lane)
        if row.lane is Lane.NEWS or tries.count(row.lane) < 8:
            raise KeyError("a bug")
        return plainly(c, row, now)

    async with open_doors(play, tmp_path, present=failing) as doors:
        await up(play)
        member = await doors.member("Jo", jo.id)
        await doors.tell(member, Lane.SAFETY, "alert")
        await doors.tell(member, Lane.NEWS, "news")
        await play.advance(minutes=10)
        assert await doors.states() == [("sent", None), ("failed", "not_made")]
        assert (await play.chat(jo.id)).texts == ["alert"]


async def test_every_message_arrives_in_order_through_a_bad_line(
    play: Play, tmp_path: Path
) -> None:
    people = [await play.new_person(name, role="staff") for name in ("Jo", "Dev")]
    async with open_doors(play, tmp_path) as doors:
        await up(play)
        for kind in ("429", "500", "reset"):
            await play.faults(kind, 0.15)
        for person in people:
            member = await doors.member(person.name, person.id)
            for lane in EVERY_LANE:
                await doors.tell(member, lane, *(f"{lane.name} {n}" for n in range(4)))
        await play.advance(minutes=15)
        await play.clear_faults()
        await play.advance(minutes=15)
        assert Counter(await doors.states()) == {("sent", None): 32}
        for person in people:
            said = [text.removeprefix("Again: ") for text in (await play.chat(person.id)).texts]
            for lane in EVERY_LANE:
                mine = list(dict.fromkeys(text for text in said if text.startswith(lane.name)))
                assert mine == [f"{lane.name} {n}" for n in range(4)]


async def _heard(play: Play, person: int) -> bool:
    return bool((await play.chat(person)).texts)
