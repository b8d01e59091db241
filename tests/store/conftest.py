"""What the tests of the store share."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.store import seed
from tests.conftest import NOON
from tests.oak import ACCOUNTS, Oak


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    with engine.begin() as c:
        yield Oak(c, seed.seed_sample(c, NOON, ACCOUNTS))
