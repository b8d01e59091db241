"""A playground with a few people on it, for what is counted on the way out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground.world import Patience
from tests.play import Play, playing


@pytest.fixture
async def play(tmp_path: Path) -> AsyncIterator[Play]:
    async with playing(tmp_path / "playground", patience=Patience(15, 50, 3)) as play:
        yield play
