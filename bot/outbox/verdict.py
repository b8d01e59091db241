"""What an error of Telegram means for the message that met it."""

from dataclasses import dataclass
from datetime import timedelta

import aiohttp
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError


@dataclass(frozen=True, slots=True)
class Refused:
    """Too many: not sent, and not to be tried for so long."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class Again:
    """Not sent as far as we know; `ambiguous`: it may have been."""

    reason: str
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Telegram will deliver nothing to this reader."""

    reason: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Telegram will never take this message."""

    reason: str


Verdict = Refused | Again | Unreachable | Broken

_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)

_GONE = {
    "blocked": "blocked",
    "deactivated": "deactivated",
    "initiate": "never_started",
    "chat not found": "chat_not_found",
    "user not found": "chat_not_found",
    "peer_id_invalid": "chat_not_found",
}


def verdict(error: TelegramError) -> Verdict:
    """The one place that knows Telegram's errors."""
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return Refused(wait if isinstance(wait, timedelta) else timedelta(seconds=wait))
    said = error.message.lower()
    gone = next((reason for sign, reason in _GONE.items() if sign in said), None)
    if isinstance(error, Forbidden):
        return Unreachable(gone or "forbidden")
    if isinstance(error, BadRequest):  # a NetworkError by its class, but final
        return Unreachable(gone) if gone else Broken("bad_request")
    if isinstance(error, NetworkError):
        ambiguous = not isinstance(error.__cause__, _NEVER_LEFT)
        return Again("timeout" if ambiguous else "no_network", ambiguous)
    return Again(type(error).__name__, ambiguous=False)
