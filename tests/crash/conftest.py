"""The sample circle, loaded once by the real command and copied for each test."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.crash.process import Killable, killable, seed


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("sample")
    asyncio.run(seed(data))
    return data


@pytest.fixture
async def story(sample: Path, tmp_path: Path) -> AsyncIterator[Killable]:
    """Nine phones, and a running Kith that may be killed."""
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    async with killable(tmp_path) as told:
        yield told
