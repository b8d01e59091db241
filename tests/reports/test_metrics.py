"""What Prometheus is told: how late, how much, what became of it; and nobody's name."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.care.agreement import Reason
from bot.care.outcome import NOBODY, About, Lane, Message, Outcome, Tell, Topic
from bot.care.text import Text
from bot.clock import HandClock
from bot.deadlines.loop import Loop
from bot.figures import Figures
from bot.outbox.sender import Presented, Withheld
from bot.reports.health import Health
from bot.store import Connection, deadlines, inbox, schema
from bot.store.commit import commit
from bot.store.deadlines import Due
from bot.store.memory import Memory
from bot.store.outbox import Row
from bot.store.tools import new_id
from tests.conftest import NOON
from tests.doors import open_doors, plainly, until, up, wake
from tests.members import add_member
from tests.play import Play
from tests.reports.asking import lose, monitor

MINUTE = timedelta(minutes=1)
NAME, WORDS, CHAT = "Marmalade", "I am frightened", 7_700_000_001
WELL = ("kith_well",)


def leads(memory: Memory, well: bool = True) -> Health:
    return Health(memory, [], lambda: well)


def _tell(c: Connection, to: str, lane: Lane, at: datetime, times: int = 1) -> None:
    message = Message(Text("test", "alert"), {"person": to})
    commit(c, Outcome(tells=(Tell(to, message, lane),) * times), NOBODY, at)


def _call(c: Connection, to: str, at: datetime) -> None:
    """A call by another way that has not been made."""
    call = {"id": new_id(c), "member": to, "channel": "sms", "state": "waiting", "attempts": 1}
    c.execute(insert(schema.fallback).values(**call, created_at=at, not_before=NOON + MINUTE))


def _park(c: Connection, key: str, due_at: datetime) -> None:
    wake(c, "a", key, due_at)
    for _ in range(len(deadlines.BACK_OFF) + 1):
        deadlines.poison(c, Due("a", key, due_at), "KeyError", NOON)


async def test_it_says_what_waits_and_for_how_long(memory: Memory) -> None:
    async with monitor(memory, leads(memory)) as ask:
        quiet = await ask.figures()
        for item in ("deadline", "update", "safety_message", "fallback"):
            assert quiet["kith_oldest_overdue_seconds", item] == 0
        assert {lane: quiet["kith_outbox_messages", lane.name.lower()] for lane in Lane} == (
            dict.fromkeys(Lane, 0)
        )
        to = await memory.write(add_member, NAME, CHAT)
        await memory.write(_tell, to, Lane.SAFETY, NOON - 3 * MINUTE, 2)
        await memory.write(_tell, to, Lane.NEWS, NOON - 60 * MINUTE)
        await memory.write(wake, "a", "late", NOON - 5 * MINUTE)
        await memory.write(wake, "a", "to come", NOON + MINUTE)
        await memory.write(_park, "broken", NOON - 4 * MINUTE)
        await memory.write(inbox.arrive, 1, CHAT, WORDS, NOON - 2 * MINUTE)
        await memory.write(inbox.arrive, 2, CHAT, WORDS, NOON - 9 * MINUTE)
        await memory.write(inbox.failed, 2, "KeyError", NOON, final=True)
        await memory.write(_call, to, NOON - 7 * MINUTE)
        seen = await ask.figures()
        assert seen["kith_oldest_overdue_seconds", "fallback"] == 420
        assert seen["kith_oldest_overdue_seconds", "deadline"] == 300
        assert seen["kith_oldest_overdue_seconds", "update"] == 120
        assert seen["kith_oldest_overdue_seconds", "safety_message"] == 180
        assert seen["kith_parked", "deadline"] == 1
        assert seen["kith_parked", "update"] == 1
        assert seen["kith_outbox_messages", "safety"] == 2
        assert seen["kith_outbox_messages", "news"] == 1
        assert seen[WELL] == seen["kith_leads",] == seen["kith_store_up",] == 1


async def test_no_figure_names_anybody(memory: Memory) -> None:
    async with monitor(memory, leads(memory)) as ask:
        to = await memory.write(add_member, NAME, CHAT)
        await memory.write(_tell, to, Lane.SAFETY, NOON)
        await memory.write(inbox.arrive, 1, CHAT, WORDS, NOON)
        page = await ask.page() + (await ask.get("/healthz")).text
        assert [found for found in (NAME, WORDS, str(CHAT), to) if found in page] == []


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
async def test_without_a_database_it_says_so_and_tells_the_rest(memory: Memory) -> None:
    figures = Figures()
    figures.called(200)
    async with monitor(memory, leads(memory, False), figures) as ask:
        await memory.write(lose, "outbox")
        seen = await ask.figures()
        assert seen["kith_store_up",] == seen[WELL] == seen["kith_leads",] == 0
        assert seen["kith_webhook_calls_total", "200"] == 1
        assert not any(name == "kith_outbox_messages" for name, *_ in seen)


async def test_lateness_is_from_the_moment_due_to_the_deed(
    memory: Memory, clock: HandClock
) -> None:
    def act(c: Connection, key: str, due_at: datetime, now: datetime) -> None:
        if key == "broken":
            raise KeyError(key)
        commit(c, Outcome(), NOBODY, now)

    figures = Figures()
    loop = Loop(memory, {"a": act}, figures=figures)
    for key, late in (("an hour", 60), ("twenty minutes", 20), ("broken", 5)):
        await memory.write(wake, "a", key, NOON - late * MINUTE)
    running = asyncio.create_task(loop.run())
    async with monitor(memory, leads(memory), figures) as ask:

        async def met() -> bool:
            return (await ask.figures()).get(("kith_deadline_lateness_seconds_count", "a")) == 2

        await until(met)
        seen = await ask.figures()
        total = seen["kith_deadline_lateness_seconds_sum", "a"]
        assert 80 * 60 <= total < 80 * 60 + 30
        assert seen["kith_deadline_lateness_seconds_bucket", "a", "900.0"] == 0
        assert seen["kith_deadline_lateness_seconds_bucket", "a", "3600.0"] == 1
    running.cancel()
    await asyncio.wait([running])


async def test_each_try_to_send_is_counted_by_what_became_of_it(play: Play, tmp_path: Path) -> None:
    jo = await play.new_person("Jo", role="staff")
    amira = await play.new_person("Amira", role="carer")
    never = await play.new_person("Leo")
    figures = Figures()

    def present(c: Connection, row: Row, now: datetime) -> Presented | Withheld:
        if row.text.id == "secret":
            return Withheld(Reason.NO_AGREEMENT)
        shown = plainly(c, row, now)
        assert isinstance(shown, Presented)
        return Presented(shown.chat, shown.text, reason=Reason.OWN if row.about else None)

    async with open_doors(play, tmp_path, present=present, figures=figures) as doors:
        await up(play)
        to = {who.name: await doors.member(who.name, who.id) for who in (jo, amira, never)}
        about = About(to["Jo"], Topic.JOURNEYS, 1)
        await play.faults("429", methods=["sendMessage"], count=1)
        await doors.tell(to["Jo"], Lane.SAFETY, "alert", about=about)
        await play.settle()
        await play.advance(seconds=10)
        await play.faults("500", methods=["sendMessage"], count=1)
        await doors.tell(to["Jo"], Lane.REPLY, "reply")
        await play.settle()
        await play.advance(seconds=10)
        await doors.tell(to["Amira"], Lane.NEWS, "secret", about=about)
        await doors.tell(to["Leo"], Lane.NEWS, "news")
        await play.settle()
        async with monitor(doors.memory, leads(doors.memory), figures) as ask:
            seen = await ask.figures()
    sends = {labels[1:]: n for labels, n in seen.items() if labels[0] == "kith_sends_total"}
    assert sends == {
        ("safety", "too_many", "refused"): 1,
        ("safety", "", "sent"): 1,
        ("reply", "timeout", "again"): 1,
        ("reply", "", "sent"): 1,
        ("news", "no_agreement", "withheld"): 1,
        ("news", "never_started", "failed"): 1,
    }
    assert seen["kith_decisions_total", "share", "own"] == 2  # asked again at the second try
    assert seen["kith_decisions_total", "withhold", "no_agreement"] == 1
    assert seen["kith_message_seconds_count", "safety"] == 1
