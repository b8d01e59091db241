"""What every command of `kith` has in common."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.playground.server import TOKEN, Playground


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root, own = logging.getLogger(), logging.getLogger("bot")
    before = root.handlers[:], root.level, own.level
    structlog.reset_defaults()
    yield
    root.handlers[:], root.level, own.level = before
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "command",
    [
        ("init", "Oak", "--team", "Oak", "--manager", "Priya"),
        ("seed", "sample"),
        ("check",),
        ("migrate",),
        ("backup", "somewhere"),
        ("playground",),
    ],
    ids=lambda words: words[0],
)
async def test_no_command_logs_without_the_nets_that_keep_words_out(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    environment = {
        "KITH_DATA": str(tmp_path),
        "KITH_BOT_TOKEN": TOKEN,
        "KITH_TELEGRAM_API": "http://127.0.0.1:1",
    }
    runner = CliRunner(env=environment)
    folder = tmp_path / "held"
    held = Playground(folder)  # so that the one below ends by itself
    more = ["--data", str(folder)] if command == ("playground",) else []
    await asyncio.to_thread(runner.invoke, cli, [*command, *more])
    await held.close()
    assert structlog.is_configured()
    assert logging.getLogger("bot").level == logging.WARNING
