"""What tests of every floor share: a clock that stands still and a real, migrated database.

`memory` and `engine` come twice, on SQLite and on PostgreSQL. A test that needs one only says
`@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)`.
"""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Engine

from bot.clock import HandClock
from bot.store import engine as store_engine
from bot.store import migrate
from bot.store.memory import Memory
from bot.store.tools import Tools
from bot.store.vault import Vault
from tests import alike, postgres

# By itself structlog draws every local of every frame, which takes seconds.
PLAIN: list[structlog.typing.Processor] = [
    structlog.processors.add_log_level,
    structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
]
structlog.configure(processors=PLAIN)
alike.share()

KEY = bytes(range(32))
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
TEMPLATE = "kith_template"

LONGEST = ("simulation", "torture", "power", "crash", "page")
"""The folders whose tests take longest: begun first, so that no worker is left with them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {folder: number for number, folder in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.parent.name, len(LONGEST)))


@pytest.fixture(autouse=True)
def _plain_logs() -> Iterator[None]:
    """Whatever a test sets up, the next one logs plainly."""
    yield
    structlog.reset_defaults()
    structlog.configure(processors=PLAIN)


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@contextmanager
def _server() -> Iterator[postgres.Cluster]:
    if postgres.programs() is None:
        postgres.skip_or_fail("PostgreSQL is not installed: apt install postgresql")
    with postgres.cluster() as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Cluster]:
    """A PostgreSQL of a module's own, which its tests may crash."""
    with _server() as running:
        yield running


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    with _server() as running:
        migrate.upgrade(running.create(TEMPLATE))
        yield running


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "kith.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def shared(cluster: postgres.Cluster) -> Iterator[postgres.Shared]:
    made = postgres.Shared(cluster, "kith_shared", TEMPLATE)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database at the newest schema."""
    if request.param == "sqlite":
        path = tmp_path / "kith.db"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
    else:
        yield request.getfixturevalue("shared").anew()


@pytest.fixture
async def memory(engine_url: str, tmp_path: Path, clock: HandClock) -> AsyncIterator[Memory]:
    opened = await Memory.open(engine_url, key=KEY, data=tmp_path, clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
def engine(engine_url: str, tmp_path: Path) -> Iterator[Engine]:
    """A blocking engine whose connections carry the tools: `with engine.begin() as c: ...`."""
    where = store_engine.address(engine_url)
    keys = store_engine.key_file(tmp_path) if store_engine.is_sqlite(where) else None
    vault = Vault(KEY, keys)
    tools = Tools(vault, alone=keys is not None, channels=("sms",))
    opened = store_engine.writing(where, kith=tools)
    with opened.begin() as c:
        vault.prepare(c, fresh=True)
    yield opened
    opened.dispose()
    if keys is not None:
        keys.dispose()
