"""Kith is killed at any moment under load: nothing is lost, nothing done twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.torture.run import killed_often

KILLS = 20
"""Of each; `python -m tests.torture` makes many more."""


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Cluster]:
    """One of our own: it will be crashed."""
    if postgres.programs() is None:
        postgres.skip_or_fail("PostgreSQL is not installed: apt install postgresql")
    with postgres.cluster() as running:
        yield running


async def test_killed_again_and_again_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kith.db'}"
    await killed_often(tmp_path, url, seed=1, kills=KILLS)


async def test_killed_again_and_again_on_postgresql_which_crashes_too(
    tmp_path: Path, server: postgres.Cluster
) -> None:
    url = server.create("tortured")
    await killed_often(tmp_path, url, seed=2, kills=KILLS, crashes=1, server=server)
