"""`kith import-sessions`, as an operator types it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from bot.ics import Event, feed
from bot.importing import within
from bot.published import read
from bot.store.engine import Refused
from tests.test_keeping import runner, types  # noqa: F401 -- a fixture
from tests.test_main import _as_before  # noqa: F401 -- the commands set the logs up

LONDON = ZoneInfo("Europe/London")
TODAY = datetime.now(UTC).replace(microsecond=0)
STARTS, ENDS = TODAY + timedelta(days=9), TODAY + timedelta(days=9, hours=1)


def calendar(*uids: str) -> bytes:
    return feed("Trust", [Event(uid, 0, STARTS, ENDS, "Rights", LONDON, TODAY) for uid in uids])


class _Answers(BaseHTTPRequestHandler):
    pages: dict[str, bytes]

    def do_GET(self) -> None:
        page = self.pages.get(self.path)
        leads = page is not None and page.startswith(b"to ")
        self.send_response(404 if page is None else 302 if leads else 200)
        if page is not None and leads:
            self.send_header("Location", page.decode().removeprefix("to "))
        self.end_headers()
        self.wfile.write(page or b"")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def trust() -> Iterator[tuple[str, dict[str, bytes]]]:
    """A service's own web server, and what it answers where."""
    pages: dict[str, bytes] = {}
    handler = type("_Trust", (_Answers,), {"pages": pages})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", pages
        server.shutdown()


def test_a_calendar_is_taken_over_from_an_address_and_from_a_file(
    runner: CliRunner,  # noqa: F811 -- the fixture above
    tmp_path: Path,
) -> None:
    types(runner, "seed", "sample")
    with trust() as (address, pages):
        there = f"{address}/sessions.ics"
        pages["/sessions.ics"] = calendar("a", "b")
        assert "New: 2. Changed: 0. Cancelled: 0." in types(runner, "import-sessions", there)
        pages["/sessions.ics"] = calendar("b")
        assert "New: 0. Changed: 0. Cancelled: 1." in types(runner, "import-sessions", there)
        pages["/sessions.ics"] = calendar()
        for path, sentence in (
            ("/sessions.ics", "Nothing is to come in this calendar. Nothing has been changed."),
            ("/gone", "answers 404"),
        ):
            with pytest.raises(Refused, match=sentence):
                types(runner, "import-sessions", f"{address}{path}")
        _, port = address.rsplit(":", 1)
        for to, sentence in (
            (f"http://localhost:{port}/secret", "leads on into a private network"),
            ("https://169.254.169.254/latest", "leads on into a private network"),
            ("http://93.184.215.14/calendar", "must start with https://"),
            (there, "leads on and on"),
        ):
            pages["/sessions.ics"] = f"to {to}".encode()
            with pytest.raises(Refused, match=sentence):
                types(runner, "import-sessions", there)
        pages["/large"] = b"x" * 2**21
        with pytest.raises(Refused, match="larger than a calendar"):
            types(runner, "import-sessions", f"{address}/large")
    with pytest.raises(Refused, match="cannot be read"):
        types(runner, "import-sessions", there)

    file = tmp_path / "sessions.ics"
    file.write_bytes(calendar("c", "d"))
    assert "New: 2" in types(runner, "import-sessions", str(file))
    file.write_bytes(calendar("d"))
    assert "No longer in it: 1." in types(runner, "import-sessions", str(file))
    assert "Cancelled: 1" in types(runner, "import-sessions", str(file), "--whole")


def test_a_rule_that_is_searched_for_ever_is_given_up() -> None:
    never = calendar("a").replace(
        b"SUMMARY", b"RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\nSUMMARY"
    )
    with pytest.raises(Refused, match="takes too long"), within(0.3):
        read(never, TODAY, LONDON)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("http://trust.example/sessions.ics", "must start with https://"),
        ("ftp://trust.example/sessions.ics", "must start with https://"),
        ("nowhere.ics", "No such file"),
        ("README.md", "This is no calendar that Kith can read"),
    ],
)
def test_a_bad_source_is_refused_in_a_sentence(
    runner: CliRunner,  # noqa: F811 -- the fixture above
    source: str,
    sentence: str,
) -> None:
    with pytest.raises(Refused, match=sentence):
        types(runner, "import-sessions", source)
