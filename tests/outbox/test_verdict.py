"""What Telegram's errors mean."""

from datetime import timedelta

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.outbox.verdict import Again, Broken, Refused, Unreachable, Verdict, verdict

NOWHERE = ConnectionKey("api.test", 443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), Unreachable("blocked")),
        (Forbidden("Forbidden: user is deactivated"), Unreachable("deactivated")),
        (
            Forbidden("Forbidden: bot can't initiate conversation with a user"),
            Unreachable("never_started"),
        ),
        (Forbidden("Forbidden: something new"), Unreachable("forbidden")),
        (BadRequest("Bad Request: chat not found"), Unreachable("chat_not_found")),
        (BadRequest("Bad Request: user not found"), Unreachable("chat_not_found")),
        (BadRequest("Bad Request: PEER_ID_INVALID"), Unreachable("chat_not_found")),
        (BadRequest("Bad Request: can't parse entities: ..."), Broken("bad_request")),
        (BadRequest("Bad Request: message text is empty"), Broken("bad_request")),
        (RetryAfter(timedelta(seconds=7)), Refused(timedelta(seconds=7))),
        (TimedOut(), Again("timeout", ambiguous=True)),
        (NetworkError("Bad Gateway"), Again("timeout", ambiguous=True)),
        (InvalidToken(), Again("InvalidToken", ambiguous=False)),
        (Conflict("x"), Again("Conflict", ambiguous=False)),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_error_has_its_meaning(error: TelegramError, means: Verdict) -> None:
    assert verdict(error) == means


@pytest.mark.parametrize("as_a_span", ["true", "false"])
def test_the_wait_is_the_same_in_either_of_the_librarys_forms(
    monkeypatch: pytest.MonkeyPatch, as_a_span: str
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", as_a_span)
    error = RetryAfter(timedelta(seconds=7))
    assert isinstance(error.retry_after, timedelta) == (as_a_span == "true")
    assert verdict(error) == Refused(timedelta(seconds=7))


@pytest.mark.parametrize(
    ("cause", "ambiguous"),
    [
        (aiohttp.ClientConnectorError(NOWHERE, OSError("no route")), False),
        (aiohttp.ConnectionTimeoutError("no connection, or none free"), False),
        (aiohttp.SocketTimeoutError("no answer"), True),
        (aiohttp.ServerDisconnectedError("hung up"), True),
        (aiohttp.ClientOSError("hung up"), True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_never_left_cannot_have_arrived(cause: Exception, ambiguous: bool) -> None:
    error = NetworkError("no answer")
    error.__cause__ = cause
    assert verdict(error) == Again("timeout" if ambiguous else "no_network", ambiguous)
