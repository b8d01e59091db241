"""How long a person waits for a page of who was told what, beside reading all of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from benchmarks import service
from benchmarks.measure import Figure, Verdict, apart, quantile, ratios, spread
from bot.care.circle import SUPPORTERS
from bot.care.outcome import Log, Topic, Value
from bot.i18n import Words
from bot.reports import told as reports
from bot.store import agreement, circle, ledger, schema, seed, tell, told

PEERS = ()
ASKED = 50.0
"""Milliseconds that a page may take at most."""

ZONE = ZoneInfo("Europe/London")

EACH = 100
"""So many lines to an item: what was read and what was kept back, and what is on no page (outings,
alerts, calls to read something)."""

AT_ONCE = 50
"""So many items are made in one transaction."""


@dataclass(frozen=True, slots=True)
class Size:
    rounds: int
    lines: int
    pages: int


FULL = Size(rounds=3, lines=100_000, pages=200)
QUICK = Size(rounds=1, lines=300, pages=3)


async def pages(lines: int, pages: int) -> dict[str, float]:
    """Milliseconds to a page of a ledger with so many lines about one person, at the 99th percent:
    the newest page, in the middle, and the oldest."""

    def look(c: Connection, person: str, number: int, now: datetime) -> dict[str, float]:
        voice = Words.load().voice("en_GB", ZONE, now)
        where = {"newest": told.NEWEST, "middle": number // 2, "oldest": number // 100 + 10}
        return {
            name: _slowest(pages, partial(reports.for_person, c, voice, person, at))
            for name, at in where.items()
        }

    return await _measured(lines, look)


async def everything(lines: int, pages: int) -> dict[str, float]:
    """The same for the newest page, by reading all of the person's lines and keeping the last."""

    def look(c: Connection, person: str, _number: int, _now: datetime) -> dict[str, float]:
        def naive() -> list[ledger.Line]:
            kept = [line for line in ledger.lines(c, person) if line.kind in ("told", "withheld")]
            return kept[-told.PAGE :]

        return {"newest": _slowest(max(1, pages // 100), naive)}

    return await _measured(lines, look)


def _slowest(times: int, work: Callable[[], object]) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return quantile(took, 0.99)


async def _measured(
    lines: int, look: Callable[[Connection, str, int, datetime], dict[str, float]]
) -> dict[str, float]:
    with service.folder() as data:
        async with service.memory(service.settings(data)) as memory:
            now = await memory.now()
            ids = await memory.write(seed.seed_sample, now, {})
            for first in range(0, lines // EACH, AT_ONCE):
                items = range(first, min(first + AT_ONCE, lines // EACH))
                await memory.write(_items, ids, items, now)
            return await memory.survey(lambda c: look(c, ids["Sam"], lines, now))


def _items(c: Connection, ids: dict[str, str], numbers: range, now: datetime) -> None:
    places = {
        name: next(m.id for m in circle.memberships(c, ids[name]) if m.role in SUPPORTERS)
        for name in ("Amira", "Leo", "Ruth")
    }
    (agreed,) = agreement.active(c, places["Amira"], now)
    row = next(row.id for row in agreed.rows if row.topic is Topic.DAILY_LIFE)
    for number in numbers:
        at = now + timedelta(minutes=number)
        words = f"Sam baked cake {number}, and all of the house had some of it with custard."
        tell.send(c, ids["Sam"], Topic.DAILY_LIFE, 2, words, ids["Jo"], at)
        item = c.execute(schema.news.select().order_by(schema.news.c.made_at.desc()).limit(1)).one()
        about: dict[str, Value] = {"topic": "daily_life", "level": 2, "news": item.id}
        read = about | {"to": ids["Amira"], "reason": "agreed", "rows": f"{agreed.id},{row}"}
        kept = about | {"to": ids["Ruth"], "reason": "no_row", "rows": agreed.id}
        other: dict[str, Value] = {"journey": "a" * 16}
        logs = [Log("told", ids["Sam"], None, read, words)]
        logs += [Log("withheld", ids["Sam"], None, kept)] * 4
        logs += [Log("journey_ok", ids["Sam"], ids["Sam"], other)] * (EACH - 8)
        ledger.write_all(c, logs, at)


def measure(size: Size, *, peers: bool = True) -> Figure:  # noqa: ARG001 -- the peer is our own
    given = {"lines": size.lines, "pages": size.pages}
    rounds = [
        (apart("benchmarks.told:pages", **given), apart("benchmarks.told:everything", **given))
        for _ in range(size.rounds)
    ]
    ours = {name: [one[name] for one, _ in rounds] for name in ("newest", "middle", "oldest")}
    theirs = [naive["newest"] for _, naive in rounds]
    slowest = [max(one.values()) for one, _ in rounds]
    return Figure(
        name="told",
        title="A page of who was told what",
        how=f"{size.lines:,} lines of the ledger about one person on SQLite, of which one in"
        " twenty belongs on a page; a page is looked up, opened and put into words. The peer reads"
        " all of the person's lines and keeps the last: what a page would be without an index of"
        f" its own. {size.pages} pages a place, {size.rounds} rounds in turn, each in a process of"
        " its own; milliseconds at the 99th percent.",
        columns=("side", "milliseconds"),
        rows=(
            *((f"the {name} page", spread(took, 1)) for name, took in ours.items()),
            ("all lines read", spread(theirs, 0)),
            ("all lines read over the newest page", spread(ratios(theirs, ours["newest"]), 0, "×")),
        ),
        verdicts=(
            Verdict(
                f"at most {ASKED:.0f} ms for a page of {size.lines:,} lines, at the 99th percent",
                f"{spread(slowest, 1)} ms",
                max(slowest) <= ASKED,
            ),
        ),
    )
