"""Several replicas behind one address: one leads, all listen, and any may die."""

import asyncio
import time
from functools import partial
from pathlib import Path
from random import Random

import httpx

from tests import postgres
from tests.crash.process import until
from tests.torture.forked import Forked
from tests.torture.replicas import PATH, SECRET, Replicas, disturbed_often, replicas
from tests.torture.run import Place, place

HOUR = 3600.0

SLOW = 4.0
"""Seconds for a busy machine."""

WORDS = {"/help": "I am", "/privacy": "What you write to me"}


async def test_any_replica_may_die_stop_or_end_at_any_moment(
    tmp_path: Path, server: postgres.Cluster
) -> None:
    await disturbed_often(tmp_path, server.create("disturbed"), seed=3, times=6, number=4)


async def test_whoever_leads_is_replaced_in_seconds_and_at_once_when_it_says_goodbye(
    tmp_path: Path, server: postgres.Cluster
) -> None:
    parts = [("silent", HOUR), ("silent", HOUR)]
    url = server.create("replaced")
    async with place(tmp_path, url, parts, seed=1) as at, replicas(at, 2) as running:
        first = running.leader()
        await first.kith.kill()
        assert await answered(at, running, 0) < 6.0 + SLOW

        await first.kith.start()
        second = running.leader()
        assert second is not first
        await up(at, running, first.port)
        began = time.monotonic()
        assert await second.kith.terminate() == 0
        assert time.monotonic() - began < 5
        assert await answered(at, running, 1) < 1.0 + SLOW


async def test_what_one_chat_says_is_answered_in_order_whoever_is_called(
    tmp_path: Path, server: postgres.Cluster
) -> None:
    parts = [("at home", None)] * 8
    url = server.create("ordered")
    dice = Random(4)
    async with place(tmp_path, url, parts, seed=1) as at, replicas(at, 3) as running:
        said = {
            circle.person: [dice.choice(list(WORDS)) for _ in range(8)] for circle in at.circles
        }
        ids = iter(range(1, 1000))
        async with httpx.AsyncClient(trust_env=False, timeout=20) as telegram:

            async def says(chat: int) -> None:
                for text in said[chat]:
                    port = dice.choice(running.all).port
                    address = f"http://127.0.0.1:{port}{PATH}"
                    update = command(next(ids), chat, text)
                    secret = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
                    answer = await telegram.post(address, json=update, headers=secret)
                    assert answer.status_code == 200

            await asyncio.gather(*(says(chat) for chat in said))
        await at.settled()
        for chat, texts in said.items():
            answers = (await at.play.chat(chat)).texts
            wanted = [WORDS[text] for text in texts]
            assert len(answers) == len(wanted), chat
            assert all(a in b for a, b in zip(wanted, answers, strict=True)), (texts, answers)


async def test_two_that_fetch_for_one_bot_refuse_each_other_loudly(
    tmp_path: Path, server: postgres.Cluster
) -> None:
    url = server.create("fetched")
    async with place(tmp_path, url, [("at home", None)], seed=1) as at:
        both = [at.kith("one"), at.kith("other")]
        try:
            for kith in both:
                await kith.start()
                await asyncio.sleep(1.0)
            for kith in both:
                await until(partial(says, kith, "Another program reads this bot's messages"))
            # Each keeps what it fetches, and one leads: nobody is answered twice.
            person = at.circles[0].person
            await at.phones.writes(person, "/help")
            assert await at.phones.sees(person, WORDS["/help"], within=60)
            await at.settled()
            answers = (await at.play.chat(person)).texts
            assert sum(WORDS["/help"] in text for text in answers) == 1
            for kith in both:
                assert kith.runs, "the ladder must go on"
                assert "Traceback" not in kith.log.read_text()
        finally:
            for kith in both:
                await kith.kill()


async def answered(at: Place, running: Replicas, number: int) -> float:
    """The seconds until this circle's person has an answer."""
    person = at.circles[number].person
    began = time.monotonic()
    await at.phones.writes(person, "/help")
    assert await at.phones.sees(person, "You are out", within=60)
    return time.monotonic() - began


async def says(kith: Forked, words: str) -> bool:
    return words in kith.log.read_text()


async def up(at: Place, running: Replicas, port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return


def command(id: int, chat: int, text: str) -> dict[str, object]:
    person = {"id": chat, "is_bot": False, "first_name": "Sam"}
    message = {
        "message_id": 100000 + id,
        "date": 1767225600,
        "chat": {"id": chat, "type": "private", "first_name": "Sam"},
        "from": person,
        "text": text,
        "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}],
    }
    return {"update_id": id, "message": message}
