"""A real Chromium, and the playground and the demo as real processes."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests import postgres
from tests.page.hands import PATIENCE

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


expect.set_options(timeout=PATIENCE)


# Of one module: while it lives its event loop runs, and no other test could have one.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        postgres.skip_or_fail("Chromium is not installed: the page is not tried in a browser.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@dataclass
class Running:
    """A playground or demo that answers at `address`."""

    address: str
    process: subprocess.Popen[bytes] = field(repr=False)


def start(command: list[str], data: Path, *, until: Callable[[httpx.Client], bool]) -> Running:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = data / "said.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--port", str(port), "--data", str(data)],
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    last = time.monotonic() + 60
    with httpx.Client(base_url=address) as client:
        while process.poll() is None and time.monotonic() < last:
            try:
                if until(client):
                    return Running(address, process)
            except httpx.TransportError:
                pass
            time.sleep(0.1)
    process.kill()
    process.wait()
    pytest.fail(f"{' '.join(command)} did not start: {log.read_text()[-3000:]}")


def finish(running: Running) -> None:
    running.process.terminate()
    try:
        running.process.wait(20)
    except subprocess.TimeoutExpired:
        running.process.kill()
        running.process.wait()


@pytest.fixture
def playground(chromium: Browser, tmp_path: Path) -> Iterator[str]:
    """The address of a playground without a bot and without people."""
    running = start(
        ["bot.playground"], tmp_path, until=lambda c: c.get("/play/clock").status_code == 200
    )
    yield running.address
    finish(running)


@pytest.fixture
def demo(chromium: Browser, tmp_path: Path) -> Iterator[str]:
    """The address of `kith demo` with the sample circle, when the bot is up."""
    running = start(
        ["bot", "demo"], tmp_path, until=lambda c: c.get("/play/state").json()["bot"] == "up"
    )
    yield running.address
    finish(running)


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Opens the page at a width; afterwards nothing may stand in the console as an error.

    `allowed`: part of the one complaint that a test provokes on purpose.
    """
    complaints: list[str] = []
    contexts = []

    def open_at(address: str, width: int, *, calm: bool = True, allowed: str | None = None) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 844 if width < 800 else 800},
            has_touch=width < 800,
            reduced_motion="reduce" if calm else "no-preference",
        )
        contexts.append(context)
        page = context.new_page()

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error" and not (allowed and allowed in message.text):
                complaints.append(message.text)

        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        page.locator("#bot[data-is]").wait_for()
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert complaints == []
