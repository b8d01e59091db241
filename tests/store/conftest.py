"""What the tests of the store share."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.oak import Oak, sampled


@pytest.fixture
def oak(engine: Engine) -> Iterator[Oak]:
    with engine.begin() as c:
        yield sampled(c)
