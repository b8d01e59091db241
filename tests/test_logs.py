"""No log line holds a bot's token or a word that somebody wrote."""

import ast
import asyncio
import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from bot import logs
from bot.clock import HandClock
from bot.settings import Settings

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
SECRET_WORDS = "I am frightened, please do not tell Mum"
BOT = Path(logs.__file__).parent


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root, own = logging.getLogger(), logging.getLogger("bot")
    before = root.handlers[:], root.level, own.level
    out = io.StringIO()
    clock = HandClock(datetime(2026, 5, 4, 15, 20, tzinfo=UTC))
    logs.set_up(Settings(log_level="DEBUG", log_json=True), clock, out)
    yield out
    root.handlers[:], root.level, own.level = before
    logging.captureWarnings(False)


def test_a_line_says_when_how_bad_and_which(lines: io.StringIO) -> None:
    structlog.get_logger("bot.outbox.sender").warning("sent_again", row="abcdefgh23456789", lane=0)
    assert json.loads(lines.getvalue()) == {
        "at": "2026-05-04T15:20:00.000+00:00",
        "level": "warning",
        "logger": "bot.outbox.sender",
        "event": "sent_again",
        "row": "abcdefgh23456789",
        "lane": 0,
    }


def test_an_unknown_key_is_dropped_and_named(lines: io.StringIO) -> None:
    structlog.get_logger("bot").info("arrived", words="hello", update=7)
    line = json.loads(lines.getvalue())
    assert line["dropped"] == "words"
    assert line["update"] == 7
    assert "hello" not in lines.getvalue()


@pytest.mark.parametrize("key", sorted(logs.KEYS - {"event", "level", "logger", "at"}))
def test_words_pass_under_no_key(lines: io.StringIO, key: str) -> None:
    structlog.get_logger("bot").info("arrived", **{key: SECRET_WORDS})
    structlog.get_logger("bot").info("arrived", **{key: {"text": SECRET_WORDS}})
    assert lines.getvalue().count("\n") == 2
    assert "frightened" not in lines.getvalue()


@pytest.mark.parametrize("token", [TOKEN, "1:playground"])
def test_a_token_passes_nowhere(lines: io.StringIO, token: str) -> None:
    address = f"https://api.telegram.org/bot{token}/sendMessage"
    structlog.get_logger("bot").info(f"asked {address}", address=address)
    logging.getLogger("httpx").warning(f"HTTP Request: POST {address}")
    logging.getLogger("httpx").warning("HTTP Request: POST %s", address)
    assert lines.getvalue().count("\n") == 3
    assert token.split(":")[1] not in lines.getvalue()


def test_an_exception_is_told_by_its_type_and_place(lines: io.StringIO) -> None:
    for logger in (structlog.get_logger("bot"), logging.getLogger("telegram.ext")):
        try:
            raise ValueError(SECRET_WORDS)
        except ValueError:
            logger.exception("a_handler_broke")
    for line in map(json.loads, lines.getvalue().splitlines()):
        assert line["error"] == "ValueError"
        assert line["where"].startswith("test_an_exception_is_told_by_its_type_and_place:")
    assert lines.getvalue().count("\n") == 2
    assert "frightened" not in lines.getvalue()


async def test_a_lost_task_does_not_quote_its_exception(lines: io.StringIO) -> None:
    async def breaks() -> None:
        raise ValueError(SECRET_WORDS)

    task = asyncio.create_task(breaks())
    await asyncio.wait([task])
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": task.exception()}
        | {"future": task}
    )
    assert "Task exception was never retrieved" in lines.getvalue()
    assert "frightened" not in lines.getvalue()


@pytest.mark.parametrize("package", ["httpx", "httpcore", "telegram", "apprise", "uvicorn.access"])
def test_the_chatter_of_other_packages_is_left_out(lines: io.StringIO, package: str) -> None:
    logging.getLogger(package).info("POST %s", SECRET_WORDS)
    assert lines.getvalue() == ""


def test_a_person_can_read_it_too() -> None:
    out = io.StringIO()
    handlers = logging.getLogger().handlers[:]
    try:
        logs.set_up(Settings(), HandClock(datetime(2026, 5, 4, tzinfo=UTC)), out)
        structlog.get_logger("bot").warning("token_in_use", port=8080)
    finally:
        logging.getLogger().handlers[:] = handlers
        logging.captureWarnings(False)
    assert "token_in_use" in out.getvalue()
    assert "8080" in out.getvalue()


CALLS = {"debug", "info", "warning", "error", "exception", "critical"}


def log_calls() -> Iterator[tuple[str, ast.Call]]:
    for file in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=attr)) if (
                    attr in CALLS
                ):
                    yield f"{file.relative_to(BOT)}:{node.lineno}", node


def test_every_log_call_in_the_code_is_a_fixed_phrase_with_known_keys() -> None:
    faults = [
        place
        for place, call in log_calls()
        if [type(argument) for argument in call.args] != [ast.Constant]
        or {keyword.arg for keyword in call.keywords} - logs.KEYS - {"exc_info"}
    ]
    assert faults == []
