"""A served playground, a real bot library on it, and the judge of all that passes between them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import Bot

from bot.playground.server import TOKEN
from bot.playground.world import Patience
from tests.judge import objections
from tests.play import Person, Play, playing


@pytest.fixture
async def play(tmp_path: Path) -> AsyncIterator[Play]:
    """A playground whose every accepted request and served object is judged at the end."""
    async with playing(tmp_path, patience=Patience(5, 50, 1)) as play:
        yield play
        await play.clear_faults()
        assert objections(await play.calls()) == []


@pytest.fixture
async def sam(play: Play) -> Person:
    return await play.new_person("Sam", role="person")


@pytest.fixture
async def bot(play: Play) -> AsyncIterator[Bot]:
    """A real python-telegram-bot Bot."""
    base = f"{play.address}/bot"
    async with Bot(TOKEN, base_url=base, base_file_url=f"{play.address}/file/bot") as bot:
        yield bot


class Raw:
    """The Bot API without a library between."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def __call__(self, method: str, **params: object) -> Any:
        """The `result` of a call, sent as JSON."""
        said = (await self.http.post(f"/bot{TOKEN}/{method}", json=params)).json()
        assert said["ok"], said
        return said["result"]

    async def refusal(self, method: str, **params: object) -> tuple[int, str]:
        """The status and description of a call that is refused."""
        answer = await self.http.post(f"/bot{TOKEN}/{method}", json=params)
        said = answer.json()
        assert not said["ok"] and said["error_code"] == answer.status_code
        return answer.status_code, said["description"]


@pytest.fixture
def raw(play: Play) -> Raw:
    return Raw(play.http)
