"""The command that takes over the sessions which a service publishes in a calendar elsewhere."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import httpx
import typer

from bot.app import open_memory
from bot.care.published import file_of
from bot.clock import SystemClock
from bot.network import by_proxy, on_this_machine, trusted
from bot.published import LARGEST, MOST, Published, Wrong, read
from bot.settings import Settings
from bot.store import published
from bot.store.engine import Refused
from bot.store.published import Taken
from bot.terminal import out, settings_or_exit

PATIENCE = 20.0
"""Seconds that the other side may take for a word."""

LONGEST = 60.0
"""Seconds for the whole of it: some send a drop at a time, and some rules are searched for ever."""

MOST_REDIRECTS = 3

WRONG = {
    Wrong.TOO_LARGE: "This is larger than a calendar of sessions can be. Is it the right one?",
    Wrong.NO_CALENDAR: "This is no calendar that Kith can read. "
    "An iCalendar file begins with BEGIN:VCALENDAR.",
    Wrong.TOO_MANY: f"This calendar has more than {MOST} dates in a year, or something in it "
    "happens more than once a day.",
}

NOTHING = "Nothing has been changed."

cli = typer.Typer()


@cli.command("import-sessions")
def import_sessions(
    source: Annotated[str, typer.Argument(help="An iCalendar file, or its address.")],
    name: Annotated[
        str,
        typer.Option(
            "--calendar", help="What its calendar is called, if its files say that differently."
        ),
    ] = "",
    whole: Annotated[
        bool,
        typer.Option("--whole", help="A file has all dates: what is not in it is cancelled."),
    ] = False,
) -> None:
    """Take over the sessions that a service publishes in a calendar elsewhere."""
    settings = settings_or_exit()
    far = "://" in source
    with within(LONGEST):
        data = fetched(source) if far else _opened(Path(source))
        found = read(data, SystemClock().now(), settings.timezone)
    if isinstance(found, Wrong):
        raise Refused(f"{WRONG[found]} {NOTHING}")
    if not found.dates and (far or whole):
        raise Refused(f"Nothing is to come in this calendar. {NOTHING}")
    taken = asyncio.run(
        _take(
            settings, found, _named(source, name or found.calendar, far), whole or far, sure=whole
        )
    )
    out.print(
        f"New: {taken.new}. Changed: {taken.changed}. Cancelled: {taken.cancelled}.",
        "Those who booked are told of what has changed. New dates are in /sessions.",
        sep="\n",
    )
    if taken.gone:
        out.print(f"No longer in it: {taken.gone}. With --whole these are cancelled.")
    if taken.back:
        out.print(
            f"In it, but cancelled here: {taken.back}. People were told that these do not take "
            "place. If they do, put them in anew with /session_new."
        )
    if taken.elsewhere:
        out.print(
            f"Also in another calendar: {taken.elsewhere}. These stay as they are there. With "
            "--whole they are taken from this one."
        )
    if found.left_out:
        out.print(f"Left out, for they have no time or go on for days: {found.left_out}.")


class _Late(BaseException):
    """Not an Exception: whoever reads somebody else's file takes those for the file's faults."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Refused, with a sentence, when it takes longer. In the main thread only."""

    def late(*_: object) -> None:
        raise _Late

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _Late:
        raise Refused(f"It takes too long to read this calendar. {NOTHING}") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def fetched(address: str) -> bytes:
    """What is there, or a little more than a calendar may have of it. Refused, with a sentence."""
    address = _safe(address.replace("webcal://", "https://", 1))
    try:
        with httpx.Client(timeout=PATIENCE, trust_env=by_proxy(address), verify=trusted()) as http:
            for _ in range(MOST_REDIRECTS + 1):
                with http.stream("GET", address) as answer:
                    if answer.next_request is None:
                        return _content(answer)
                    address = _on(address, str(answer.next_request.url))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        wrong = type(error).__name__
        raise Refused(f"The address cannot be read ({wrong}). {NOTHING}") from None
    raise Refused(f"The address leads on and on to others. {NOTHING}")


def _content(answer: httpx.Response) -> bytes:
    if answer.status_code != httpx.codes.OK:
        raise Refused(f"The address answers {answer.status_code}. {NOTHING}")
    data = bytearray()
    for part in answer.iter_bytes():
        data += part
        if len(data) > LARGEST:
            break
    return bytes(data)


def _on(address: str, to: str) -> str:
    """Where one address leads on to: whoever answers there does not choose what Kith calls in its
    own network, as whoever types an address may."""
    host = urlsplit(to).hostname
    if host != urlsplit(address).hostname and _inside(host or ""):
        raise Refused(f"The address leads on into a private network. {NOTHING}")
    return _safe(to)


def _inside(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False  # nobody here knows it; a proxy may
    return any(not ip_address(one[4][0]).is_global for one in found)


def _safe(address: str) -> str:
    """What comes over an open line can be changed on its way."""
    if urlsplit(address).scheme != "https" and not on_this_machine(address):
        raise Refused(f"The address must start with https://. {NOTHING}")
    return address


def _opened(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise Refused(f"{path} cannot be read ({error.strerror}). {NOTHING}") from None


def _named(source: str, calendar: str, far: bool) -> str:
    """Which calendar it is: by its address, or by what a file says that it is."""
    return sha256(source.encode()).hexdigest()[:16] if far else file_of(calendar)


async def _take(
    settings: Settings, found: Published, source: str, whole: bool, *, sure: bool
) -> Taken:
    memory = await open_memory(settings, SystemClock())
    try:
        return await memory.write(
            lambda c, now: published.take(c, found.dates, source, whole, now, sure=sure),
            await memory.now(),
        )
    finally:
        await memory.close()
