"""A killed process loses no write that it has answered."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.store import check, engine
from bot.store.schema import stranger
from tests.conftest import KEY

ROUNDS = 2


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_what_was_answered_survives_a_kill(engine_url: str, tmp_path: Path) -> None:
    answered: set[int] = set()
    for killed in range(ROUNDS):
        start = 1_000_000 * (killed + 1)
        writing = [sys.executable, "-m", "tests.store.writes_until_killed"]
        with subprocess.Popen(
            [*writing, engine_url, str(tmp_path), str(start)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                answered.add(int(line))
                if len(answered) >= 300 * (killed + 1):
                    process.kill()
                    break
            answered |= {int(line) for line in process.stdout if line.endswith("\n")}
    assert len(answered) >= 300 * ROUNDS

    looking = engine.looking(engine.address(engine_url))
    with looking.connect() as c:
        kept = set(c.execute(select(stranger.c.chat)).scalars())
    looking.dispose()
    assert answered <= kept
    assert all(finding.ok for finding in check.check(engine_url, key=KEY, data=tmp_path))
