"""Makes docs/playground.png: starts a demo and pictures it when Dev has been told.

Run it as `python docs/screenshot.py` with the development dependencies and Chromium installed.
"""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

PICTURE = Path(__file__).parent / "playground.png"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
MOMENT = "Dev is told"
"""Part of the title of the step of `Show me` that is pictured."""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for(address: str) -> None:
    last = time.monotonic() + 60
    while time.monotonic() < last:
        try:
            with urllib.request.urlopen(f"{address}/play/clock"):
                return
        except urllib.error.URLError:
            time.sleep(0.2)
    raise SystemExit("The demo did not start.")


def play_until(page: Page, moment: str) -> None:
    page.locator("#bot[data-is=up]").wait_for(timeout=60_000)
    page.locator("#show-me").click()
    title = page.locator(".story-title b")
    following = page.locator("#story-next:not([aria-disabled])")
    following.wait_for(timeout=60_000)
    while moment not in title.inner_text():
        following.click(timeout=60_000)
        following.wait_for(timeout=60_000)
    expect(page.locator(".toast")).to_have_count(0, timeout=20_000)


def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("Chromium is not installed.")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        command = [sys.executable, "-m", "bot", "demo", "--port", str(port), "--data", data]
        demo = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            wait_for(address)
            browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
            page = browser.new_page(
                viewport={"width": 1280, "height": 800},
                device_scale_factor=1.5,
                reduced_motion="reduce",
            )
            page.goto(address)
            play_until(page, MOMENT)
            page.screenshot(path=PICTURE)
            browser.close()
        finally:
            demo.terminate()
            demo.wait()
    print(f"Made {PICTURE.name}.")


if __name__ == "__main__":
    main()
