"""What `/healthz` of a running Kith says: which of its doors has really looked lately."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.app import App
from bot.playground.faults import Kind
from bot.settings import Settings
from bot.store import Connection
from tests.doors import until
from tests.play import Play, playing
from tests.test_app import running

CHANNELS = json.dumps({"sms": "json://127.0.0.1:9/{to}"})


class Hands:
    """Real time, which no test waits for: it is put forward, and whatever sleeps wakes up."""

    def __init__(self) -> None:
        self._real = time.monotonic
        self._on = 0.0

    def monotonic(self) -> float:
        return self._real() + self._on

    async def pass_(self) -> None:
        """Longer than anything may take that Kith does again and again, and the last request for
        updates besides; in steps, as time goes."""
        for _ in range(18):
            self._on += 5.0
            await asyncio.sleep(0.06)


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    found = Hands()
    monkeypatch.setattr(time, "monotonic", found.monotonic)
    return found


class Kith:
    """A running Kith, and a monitor that asks how it is."""

    def __init__(self, play: Play, app: App, http: httpx.AsyncClient) -> None:
        self.play = play
        self._app = app
        self._http = http

    async def health(self) -> tuple[int, list[str]]:
        assert self._app.admin is not None
        if self._app.admin.port is None:
            return 0, []
        answer = await self._http.get(f"http://127.0.0.1:{self._app.admin.port}/healthz")
        return answer.status_code, answer.json()["reasons"]

    async def is_well(self) -> bool:
        return await self.health() == (200, [])

    async def rename(self, table: str, to: str) -> None:
        await self._app.memory.write(_rename, table, to)


def _rename(c: Connection, table: str, to: str) -> None:
    c.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {to}")


@asynccontextmanager
async def monitored(data: Path) -> AsyncIterator[Kith]:
    async with (
        playing(data / "playground") as play,
        running(play, data, admin_port=0, channels=CHANNELS) as app,
        httpx.AsyncClient(trust_env=False) as http,
    ):
        kith = Kith(play, app, http)
        await until(kith.is_well)
        yield kith


async def only(kith: Kith, hands: Hands, *what: str) -> None:
    """After a while this speaks against it, and nothing else does."""
    await hands.pass_()

    async def said() -> bool:
        status, reasons = await kith.health()
        late = [f"Kith has not {one}" for one in what]
        return status == 503 and [one.rsplit(" for ", 1)[0] for one in reasons] == late

    await until(said)


async def test_it_is_well_as_long_as_everything_is_done_again_and_again(
    tmp_path: Path, hands: Hands
) -> None:
    async with monitored(tmp_path) as kith:
        for _ in range(2):
            await hands.pass_()
            assert await kith.is_well()


@pytest.mark.parametrize("kind", ["half_open", "reset", "500", "429"])
async def test_who_hears_nothing_from_telegram_is_not_well(
    tmp_path: Path, hands: Hands, kind: Kind
) -> None:
    async with monitored(tmp_path) as kith:
        await kith.play.faults(kind, methods=["getUpdates"])
        await only(kith, hands, "heard from Telegram")
        await kith.play.clear_faults()
        await hands.pass_()
        await until(kith.is_well)


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ("deadline", ["looked at what is due"]),
        ("inbox", ["looked at what has arrived"]),
        ("outbox", ["looked at what is to be sent", "looked at whom to call"]),
        ("fallback", ["looked at whom to call"]),
    ],
)
async def test_who_does_not_look_is_not_well(
    tmp_path: Path, hands: Hands, table: str, what: list[str]
) -> None:
    async with monitored(tmp_path) as kith:
        await kith.rename(table, "lost")
        await only(kith, hands, *what)
        await kith.rename("lost", table)
        await until(kith.is_well)


def test_what_it_says_is_for_this_machine_unless_the_operator_says_otherwise() -> None:
    assert Settings.model_fields["admin_host"].default == "127.0.0.1"
    assert Settings.model_fields["webhook_host"].default == "127.0.0.1"
