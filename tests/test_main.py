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
from bot.store.engine import Refused
from tests.play import playing


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root, own = logging.getLogger(), logging.getLogger("bot")
    before = root.handlers[:], root.level, own.level
    yield
    root.handlers[:], root.level, own.level = before
    logging.captureWarnings(False)


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


async def test_the_webhook_is_taken_away_for_whoever_fetches_again(tmp_path: Path) -> None:
    async with playing(tmp_path / "playground") as play:
        hook = {"url": "https://kith.example/hook"}
        await play.http.post(f"/bot{TOKEN}/setWebhook", json=hook)
        environment = {
            "KITH_DATA": str(tmp_path),
            "KITH_BOT_TOKEN": TOKEN,
            "KITH_TELEGRAM_API": play.address,
        }
        still = {"KITH_WEBHOOK_URL": hook["url"], "KITH_WEBHOOK_SECRET": "a-secret-of-some-length"}
        runner = CliRunner(env=environment | still)
        refused = await asyncio.to_thread(runner.invoke, cli, ["unhook"])
        assert refused.exit_code == 1
        told = await play.http.get(f"/bot{TOKEN}/getWebhookInfo")
        assert told.json()["result"]["url"] == hook["url"]
        done = await asyncio.to_thread(CliRunner(env=environment).invoke, cli, ["unhook"])
        assert done.exit_code == 0
        told = await play.http.get(f"/bot{TOKEN}/getWebhookInfo")
        assert told.json()["result"]["url"] == ""


def test_explain_says_in_plain_words_what_the_gate_says(tmp_path: Path) -> None:
    runner = CliRunner(env={"KITH_DATA": str(tmp_path)})
    assert runner.invoke(cli, ["seed", "sample"]).exit_code == 0
    yes = runner.invoke(cli, ["explain", "Sam", "Amira", "daily_life", "3"])
    assert yes.exit_code == 0
    assert "Yes: it may be said." in yes.output
    assert "Sam has agreed to share this with Amira." in yes.output
    assert "version 1" in yes.output and "rests on the person's own consent" in yes.output
    no = runner.invoke(cli, ["explain", "Sam", "Amira", "finances", "1"])
    assert "No: it is kept back." in no.output and "Sam has said no to this" in no.output
    then = runner.invoke(
        cli, ["explain", "Sam", "Amira", "daily_life", "1", "--at", "2020-01-01 12:00"]
    )
    assert "No: it is kept back." in then.output
    unknown = runner.invoke(cli, ["explain", "Bob", "Amira", "daily_life", "1"])
    assert isinstance(unknown.exception, Refused)
