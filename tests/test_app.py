"""How a running Kith begins, and what does not stop it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import app as kith
from bot import key
from bot.clock import HandClock
from bot.i18n import Words
from bot.playground.server import TOKEN
from bot.settings import Settings
from bot.store import Connection, migrate
from tests.doors import until, up
from tests.kith import kith as demo
from tests.play import Play, playing


@asynccontextmanager
async def running(
    play: Play, data: Path, *statements: str, **settings_: object
) -> AsyncIterator[kith.App]:
    """Kith on this playground, after these statements to its database."""
    given = {"data": data, "telegram_api": play.address, "admin_port": None}
    settings = Settings.model_validate(given | settings_)
    key.make(data)
    migrate.upgrade(settings.database_url)
    clock = await kith.playground_clock(play.address)
    assert isinstance(clock, HandClock)
    memory = await kith.open_memory(settings, clock)
    app = kith.App(settings, memory, Words.load(), TOKEN, play.address)
    await memory.write(_run, *statements)
    both = [
        asyncio.create_task(app.run()),
        asyncio.create_task(app.turn(play.address, clock).run()),
    ]
    try:
        yield app
    finally:
        for task in both:
            task.cancel()
        ended = await asyncio.gather(*both, return_exceptions=True)
        await memory.close()
    assert all(isinstance(end, asyncio.CancelledError) for end in ended), ended


def _run(c: Connection, *statements: str) -> None:
    for statement in statements:
        c.exec_driver_sql(statement)


async def test_a_refusal_at_the_start_is_waited_out(tmp_path: Path) -> None:
    async with playing(tmp_path / "playground") as play:
        somebody = await play.new_person("Sam")
        await play.faults("429", methods=["getMe"], count=1)
        async with running(play, tmp_path):
            await until(lambda: _asked(play, "getMe", 3))  # refused, then each of its two bots
            await up(play)
            assert (await play.write(somebody.id, "/start")).texts


async def test_menus_that_cannot_be_set_stop_nothing(tmp_path: Path) -> None:
    async with playing(tmp_path / "playground") as play:
        somebody = await play.new_person("Sam")
        async with running(play, tmp_path, "ALTER TABLE member RENAME TO away") as app:
            await until(lambda: _asked(play, "setMyCommands", 1))
            await up(play)
            await app.memory.write(_run, "ALTER TABLE away RENAME TO member")
            assert (await play.write(somebody.id, "/start")).texts


async def test_a_proxy_of_the_environment_does_not_come_between_kith_and_its_playground(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with demo(tmp_path) as story:
        assert "Where are you going" in (await story.sam.says("/out")).last.text


async def _asked(play: Play, method: str, times: int) -> bool:
    calls = [call for call in await play.calls() if call["method"] == method]
    return len(calls) >= times
