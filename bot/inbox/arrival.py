"""An update as it came, before anybody has understood it. Polling keeps it, the webhook will."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.store import Connection, inbox

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update that Kith asks for; the same for every way in."""

_LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class Arrival:
    """`chat` is None when none can be found; `body` is the whole update as JSON."""

    update: int
    chat: int | None
    body: str


def arrival(raw: object) -> Arrival | None:
    """What can be kept of whatever came; None when it has no id to keep it by."""
    update = _id(raw, "update_id")
    if update is None or update < 0:
        return None
    # Half a character, which JSON can hold, could be neither kept as a word nor said again.
    body = json.dumps(raw, ensure_ascii=False).encode(errors="replace").decode()
    return Arrival(update, _chat(raw), body)


def arrive(c: Connection, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Keep them all, each once; says how many are new."""
    return sum(inbox.arrive(c, one.update, one.chat, one.body, now) for one in arrivals)


def _chat(raw: object) -> int | None:
    for path in (
        ("message", "chat", "id"),
        ("edited_message", "chat", "id"),
        ("callback_query", "message", "chat", "id"),
        ("callback_query", "from", "id"),
        ("my_chat_member", "chat", "id"),
    ):
        found = _id(raw, *path)
        if found is not None:
            return found
    return None


def _id(raw: object, *path: str) -> int | None:
    for name in path:
        raw = raw.get(name) if isinstance(raw, dict) else None
    fits = isinstance(raw, int) and not isinstance(raw, bool) and -_LARGEST <= raw < _LARGEST
    return raw if fits and isinstance(raw, int) else None
