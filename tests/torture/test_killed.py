"""Kith is killed at any moment under load: nothing is lost, nothing done twice."""

from pathlib import Path

from tests import postgres
from tests.torture.run import killed_often

KILLS = 20
"""Of each; `python -m tests.torture` makes many more."""


async def test_killed_again_and_again_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kith.db'}"
    await killed_often(tmp_path, url, seed=1, kills=KILLS)


async def test_killed_again_and_again_on_postgresql_which_crashes_too(
    tmp_path: Path, server: postgres.Cluster
) -> None:
    url = server.create("tortured")
    await killed_often(tmp_path, url, seed=2, kills=KILLS, crashes=1, server=server)
