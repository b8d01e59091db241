"""What PostgreSQL has committed is on its disk, whatever the server was told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from bot.clock import HandClock
from bot.store import engine
from bot.store.memory import Memory
from tests import postgres
from tests.conftest import KEY, NOON, TEMPLATE
from tests.store.tamper import run

NAME = "kith_durable"


@pytest.fixture
def server(cluster: postgres.Cluster) -> Iterator[str]:
    yield cluster.create(NAME, TEMPLATE)
    cluster.drop(NAME)


def says(url: str, setting: str) -> None:
    run(url, f"ALTER DATABASE {NAME} SET synchronous_commit = {setting}")


def asked(c: Connection) -> str:
    setting: str = c.execute(text("SHOW synchronous_commit")).scalar_one()
    return setting


@pytest.mark.parametrize(
    ("server_says", "kith_has"),
    [("off", "on"), ("on", "on"), ("local", "local"), ("remote_apply", "remote_apply")],
)
def test_whoever_writes_waits_for_the_disk_and_a_stricter_server_is_left_alone(
    server: str, server_says: str, kith_has: str
) -> None:
    says(server, server_says)
    engines: list[Engine] = [
        engine.writing(engine.address(server)),
        engine.serving(engine.address(server)),
    ]
    for each in engines:
        with each.connect() as c:
            assert asked(c) == kith_has
            c.rollback()
            assert asked(c) == kith_has
        each.dispose()


async def test_a_running_kith_waits_for_the_disk_where_the_server_says_off(
    server: str, tmp_path: Path
) -> None:
    says(server, "off")
    memory = await Memory.open(server, key=KEY, data=tmp_path, clock=HandClock(NOON))
    assert await memory.write(asked) == "on"
    await memory.close()
