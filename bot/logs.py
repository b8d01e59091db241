"""What Kith writes to its log: a fixed phrase and ids. Never words, names, numbers or secrets.

Two nets below the care taken at each call: only the keys in `KEYS` pass, and nothing that
looks like a bot's token does. Other packages' lines are kept to their first, unfilled line,
since what fills them may be what somebody wrote; an exception is told by its type and place.
"""

import logging
import re
import sys
import traceback
from datetime import datetime
from typing import Final, Protocol, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.clock import Clock

_KEYS = (
    "event level at logger error where dropped "  # what every line has
    "channel chat cause decision entry escalation flow invitation journey key kind lane member "
    "membership message param person plan row shift step subject team update verb "  # ids and kinds
    "attempt attempts code count method next reason state turn "  # how it went
    "due since until seconds "  # when, and how long
    "address database folder locale port signal version"  # the installation
)
KEYS: Final = frozenset(_KEYS.split())
"""The keys a log call may use. `entry` is a catalogue's `subject.id`."""

_TOKEN = re.compile(r"(?<=bot)\d+:[\w-]+|\d+:[\w-]{20,}")
_WORDS = re.compile(r"\s")


class _How(Protocol):
    """The part of the settings that logging needs."""

    @property
    def log_level(self) -> str: ...

    @property
    def log_json(self) -> bool: ...


def set_up(how: _How, clock: Clock, out: TextIO = sys.stderr) -> None:
    """Send every log line of this process, other packages' too, to `out`, one a line."""

    def at(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return {"at": clock.now().isoformat(timespec="milliseconds"), **event}

    own: list[Processor] = [structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name]
    last: list[Processor] = [
        at,
        _exception,
        _allowed,
        structlog.processors.JSONRenderer()
        if how.log_json
        else structlog.dev.ConsoleRenderer(colors=out.isatty(), timestamp_key="at"),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *own,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            foreign_pre_chain=[*own, _foreign],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # httpx tells the token at INFO
    logging.getLogger("bot").setLevel(how.log_level)
    # Its lines hold where it sends and with which password.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    logging.captureWarnings(True)


def _foreign(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Another package's line: its template as written, before anything was filled in."""
    record: logging.LogRecord = event["_record"]
    template = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    event["event"] = next(iter(template.splitlines()), "")
    return event


def _exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """An exception's type and the places it came through; its message may quote somebody."""
    given = event.pop("exc_info", None)
    event.pop("stack_info", None)
    wrong = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(wrong, BaseException):
        event["error"] = type(wrong).__name__
        frames = traceback.extract_tb(wrong.__traceback__)
        event["where"] = ">".join(f"{frame.name}:{frame.lineno}" for frame in frames[-6:])
    return event


def _allowed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Only the keys that may be said, with plain values; what was dropped is named."""
    phrase = _TOKEN.sub("[token]", str(event.pop("event")))
    dropped = ",".join(sorted(key for key in event if key not in KEYS))
    kept = {key: _plain(value) for key, value in event.items() if key in KEYS}
    return {"event": phrase, **kept, **({"dropped": dropped} if dropped else {})}


def _plain(value: object) -> object:
    """Numbers, times, ids and names of things; whatever holds a space is somebody's words."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str):
        return type(value).__name__
    return "[words]" if _WORDS.search(value) else _TOKEN.sub("[token]", value)
