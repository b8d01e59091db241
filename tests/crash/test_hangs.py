"""What is away when Kith starts, and what hangs when it is asked to stop."""

import asyncio
import itertools
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests import postgres
from tests.crash.process import Kith, until
from tests.torture.forked import Forked
from tests.torture.run import Place, place

SOON = 5.0
"""Seconds that a supervisor waits."""

NUMBERS = itertools.count()

NO_RESOLVER = """
import socket, time

def hangs(*_args, **_more):
    time.sleep(60)

socket.getaddrinfo = hangs
"""


@pytest.fixture
async def at(tmp_path: Path, server: postgres.Cluster) -> AsyncIterator[Place]:
    """One circle in a database of its own, and no Kith yet."""
    url = server.create(f"hangs{next(NUMBERS)}")
    async with place(tmp_path, url, [("at home", None)], seed=1) as made:
        yield made


async def test_a_resolver_that_hangs_holds_up_no_stop(sample: Path, tmp_path: Path) -> None:
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    (tmp_path / "sitecustomize.py").write_text(NO_RESOLVER)
    path = os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", "")))
    kith = Kith(tmp_path, "https://telegram.example", PYTHONPATH=path, NO_PROXY="*")
    await kith.start()
    try:
        await until(partial(_says, kith, "this replica leads"))
        await asyncio.sleep(0.5)  # by now it asks
        began = time.monotonic()
        assert await kith.terminate() == 0
        assert time.monotonic() - began < SOON
    finally:
        await kith.kill()
    assert "something hangs" in kith.log.read_text().splitlines()[-1]


async def test_a_database_that_stands_still_holds_up_no_stop_and_loses_nothing(at: Place) -> None:
    person, kith = at.circles[0].person, at.kith()
    await kith.start()
    try:
        await at.phones.writes(person, "/help")
        assert await at.phones.sees(person, "I am a computer program", within=60)
        frozen = _backends(at.url)
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        try:
            await at.phones.writes(person, "/privacy")
            await asyncio.sleep(1)
            began = time.monotonic()
            assert await kith.terminate() == 0
            assert time.monotonic() - began < SOON
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)
        await kith.start()
        assert await at.phones.sees(person, "What you write to me", within=60)
    finally:
        await kith.kill()


async def test_a_database_that_starts_later_is_waited_for(
    at: Place, server: postgres.Cluster
) -> None:
    person, kith = at.circles[0].person, at.kith()
    server.crash()
    try:
        await kith.start()
        await until(partial(_says, kith, "The database does not answer."))
        began = time.monotonic()
        assert await kith.terminate() == 0
        assert time.monotonic() - began < 2
        await kith.start()
        await until(partial(_says, kith, "Kith waits for it.", times=2))
        await asyncio.sleep(3)
        assert kith.runs and "Traceback" not in kith.log.read_text()
    finally:
        server.start()
    try:
        await at.phones.writes(person, "/help")
        assert await at.phones.sees(person, "I am a computer program", within=60)
    finally:
        await kith.kill()
    assert kith.log.read_text().count("Kith waits for it.") == 2


async def test_what_no_waiting_mends_is_refused_at_once(
    tmp_path: Path, server: postgres.Cluster
) -> None:
    empty = Kith(tmp_path, "http://127.0.0.1:9", KITH_DATABASE_URL=server.create("empty"))
    (tmp_path / "kith.key").write_text("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
    (tmp_path / "kith.key").chmod(0o600)
    code, said = await empty.command("run")
    assert code == 1
    assert "The database is empty. Run: kith migrate" in said


async def _says(kith: Kith | Forked, words: str, times: int = 1) -> bool:
    return kith.log.exists() and kith.log.read_text().count(words) >= times


def _backends(url: str) -> list[int]:
    with psycopg.connect(url) as c:
        others = c.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in others]
