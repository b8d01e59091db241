"""The calendar that anybody may follow: every date, nobody's name."""

import asyncio
from dataclasses import replace
from zoneinfo import ZoneInfo

import httpx
import icalendar
import pytest

from bot.care.education import Session, State
from bot.figures import Figures
from bot.i18n import Words
from bot.inbox.webhook import Webhook
from bot.reports.admin import Admin
from bot.reports.feed import Feed
from bot.reports.health import Health
from bot.reports.metrics import Metrics
from bot.store import Connection, booking, education, seed, session
from bot.store.commit import KEEP
from bot.store.memory import Memory
from tests.conftest import NOON
from tests.doors import until
from tests.oak import ACCOUNTS

SQLITE = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)


def sessions(c: Connection) -> list[str]:
    """One with a link, one cancelled after Ruth booked it, one that was never published."""
    ids = seed.seed_sample(c, NOON, ACCOUNTS)
    first, second = session.coming(c, NOON)
    link = "https://meet.example/room?pwd=1"
    KEEP[Session](c, replace(first, place=link, notes=f"Join: {link}", title="Ring <us>"))
    booking.book(c, second.id, ids["Ruth"], NOON)
    education.cancel(c, second.id, ids["Priya"], NOON)
    draft = replace(first, id="draft", state=State.DRAFT, version=0)
    KEEP[Session](c, draft)
    education.cancel(c, draft.id, ids["Priya"], NOON)
    return [first.id, second.id]


def webhook(memory: Memory, feed: Feed | None) -> Webhook:
    secret = "a-secret-of-some-length"
    return Webhook(
        memory, url="https://kith.example/hook", secret=secret, host="127.0.0.1", port=0, feed=feed
    )


def admin(memory: Memory, feed: Feed | None) -> Admin:
    health = Health(memory, [], lambda: True)
    return Admin(health, Metrics(memory, Figures()), feed, host="127.0.0.1", port=0)


async def answered(door: Webhook | Admin) -> httpx.Response:
    task = asyncio.create_task(door.run())

    async def listens() -> bool:
        return door.port is not None

    try:
        await until(listens)
        async with httpx.AsyncClient(trust_env=False) as http:
            head = await http.head(f"http://127.0.0.1:{door.port}/sessions.ics")
            answer = await http.get(f"http://127.0.0.1:{door.port}/sessions.ics")
            assert (head.status_code, head.content) == (answer.status_code, b"")
            return answer
    finally:
        task.cancel()
        await asyncio.wait([task])


@SQLITE
async def test_every_date_is_there_for_anybody_and_nobody_is_named(memory: Memory) -> None:
    first, second = await memory.write(sessions)
    feed = Feed(memory, Words.load(), ZoneInfo("Europe/London"))
    for door in (webhook(memory, feed), admin(memory, feed)):
        answer = await answered(door)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        calendar = icalendar.Calendar.from_ical(answer.content)
        said = {str(e.uid): (str(e["STATUS"]), str(e["SUMMARY"])) for e in calendar.events}
        assert said[f"session-{first}@kith"] == ("CONFIRMED", "Ring <us>")
        assert said[f"session-{second}@kith"][0] == "CANCELLED" and len(said) == 2
        assert b"Online" in answer.content and b"meet.example" not in answer.content
        for name in ("Ruth", "Priya", "Sam"):
            assert name.encode() not in answer.content


@SQLITE
async def test_whoever_asks_at_once_gets_what_was_made_for_the_first(memory: Memory) -> None:
    await memory.write(sessions)
    feed = Feed(memory, Words.load(), ZoneInfo("Europe/London"))
    first, *others = await asyncio.gather(*(feed.page() for _ in range(5)))
    assert first.startswith(b"BEGIN:VCALENDAR") and all(one is first for one in others)
    door = webhook(memory, feed)
    assert (await answered(door)).headers["cache-control"] == "public, max-age=60"


@SQLITE
async def test_there_is_none_unless_the_service_wants_it(memory: Memory) -> None:
    for door in (webhook(memory, None), admin(memory, None)):
        answer = await answered(door)
        assert answer.status_code == 404
