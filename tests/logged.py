"""What Kith logs, and whether anything of it is nobody's business: a name, words, a secret."""

import io
import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import structlog

from bot import logs
from bot.clock import HandClock
from bot.playground.server import TOKEN
from bot.settings import Settings
from tests.play import Chat

WORDS = re.compile(r"\S+ \S")
"""A line of a text that can be told from a phrase of the log: one word may stand anywhere."""


class Loud(io.StringIO):
    """What is written is shown, too."""

    def write(self, text: str) -> int:
        sys.stdout.write(text)
        return super().write(text)


@contextmanager
def logged(*, loud: bool = False) -> Iterator[io.StringIO]:
    """All that this process logs, at DEBUG, through Kith's own processors; `loud`: shown as well,
    as a test that fails shows what was printed."""
    root, own = logging.getLogger(), logging.getLogger("bot")
    before = root.handlers[:], root.level, own.level
    config = structlog.get_config()
    out = Loud() if loud else io.StringIO()
    clock = HandClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    logs.set_up(Settings(log_level="DEBUG", log_json=True), clock, out)
    try:
        yield out
    finally:
        root.handlers[:], root.level, own.level = before
        logging.captureWarnings(False)
        structlog.configure(**config)


def spilt(log: str, chats: Iterable[Chat], *secrets: str) -> list[str]:
    """The lines of a log that hold the name of somebody with a chat, a line of what was written
    there by either side, the bot's token or another secret."""
    words = {TOKEN, TOKEN.partition(":")[2], *secrets}
    names: set[str] = set()
    for chat in chats:
        names |= set(chat.name.split())
        for message in chat.messages:
            words |= {line for line in message.text.splitlines() if WORDS.search(line)}
    found = {word for word in words if word in log or json.dumps(word)[1:-1] in log}
    named = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b") if names else None
    if not found and not (named and named.search(log)):
        return []
    return [
        line
        for line in log.splitlines()
        if (named and named.search(line))
        or any(word in line or json.dumps(word)[1:-1] in line for word in found)
    ]
