"""A service that does not take a call: tried again, never counted as told; the other way stands."""

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from bot import channels
from bot.care.outcome import NOBODY, Lane, Message, Outcome, Tell
from bot.care.text import Text
from bot.clock import HandClock
from bot.figures import Figures
from bot.i18n import Words
from bot.outbox.choice import CALLS
from bot.outbox.fallback import Fallback
from bot.store import contact, ledger, schema, seed
from bot.store.commit import commit
from bot.store.memory import Memory
from tests.conftest import NOON
from tests.doors import until
from tests.gateways import Gateway, Serve, listening, served
from tests.oak import ACCOUNTS

GOOD, BAD = "+447700900105", "jo@oak.example"
SOON = "cto=0.3&rto=0.3"
"""Seconds that the service may take to answer."""


async def never(reader: StreamReader, writer: StreamWriter) -> None:
    """Half-open: it takes the connection, reads, and says nothing."""
    await reader.read()


async def hung_up(reader: StreamReader, writer: StreamWriter) -> None:
    """Takes the connection, and drops it."""
    writer.close()


async def mail(reader: StreamReader, writer: StreamWriter, end: bytes | None) -> None:
    """Takes a letter to its last line and answers that with this; None: drops the connection."""
    writer.write(b"220 mail.example\r\n")
    while said := await reader.readline():
        if said.startswith(b"DATA"):
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            if end is None:
                break
            writer.write(end)
        else:
            writer.write(b"250 ok\r\n")
    writer.close()


async def silent_mail(reader: StreamReader, writer: StreamWriter) -> None:
    """Takes a letter, and says nothing to it."""
    await mail(reader, writer, b"")


async def web(reader: StreamReader, writer: StreamWriter, status: str, *headers: str) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    if "content-length:" in head:
        await reader.readexactly(int(head.split("content-length:")[1].split()[0]))
    lines = (f"HTTP/1.1 {status}", *headers, "Content-Length: 0", "", "")
    writer.write("\r\n".join(lines).encode())
    await writer.drain()
    writer.close()


@pytest.fixture(autouse=True)
def _near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def by_mail(port: int) -> str:
    return f"mailto://127.0.0.1:{port}/?from=kith@kith.example&to={{to}}&format=text&{SOON}"


def by_web(port: int) -> str:
    return f"json://127.0.0.1:{port}/sms?:to={{to}}&{SOON}"


FAULTS: dict[str, tuple[Callable[[int], str], Serve]] = {
    "mail: half-open": (by_mail, never),
    "mail: hangs up": (by_mail, hung_up),
    "mail: drops after the letter": (by_mail, partial(mail, end=None)),
    "mail: hangs after the letter": (by_mail, silent_mail),
    "mail: 554": (by_mail, partial(mail, end=b"554 not taken\r\n")),
    "web: half-open": (by_web, never),
    "web: hangs up": (by_web, hung_up),
    "web: 429": (by_web, lambda r, w: web(r, w, "429 Too Many Requests", "Retry-After: 1")),
    "web: 401": (by_web, lambda r, w: web(r, w, "401 Unauthorized")),
    "web: 302": (by_web, lambda r, w: web(r, w, "302 Found", "Location: /login")),
    "web: 503": (by_web, lambda r, w: web(r, w, "503 Service Unavailable")),
}


def _circle(c: Connection) -> str:
    """Jo has two addresses, and an alert that Telegram has refused."""
    jo = seed.seed_sample(c, NOON, ACCOUNTS)["Jo"]
    for channel, address in (("good", GOOD), ("bad", BAD)):
        contact.give(c, jo, channel, address, NOON)
    c.execute(update(schema.contact).values(confirmed_at=NOON))
    c.execute(delete(schema.fallback))
    alert = Message(Text("escalation", "alert_missed"))
    commit(c, Outcome(tells=(Tell(jo, alert, Lane.SAFETY),)), NOBODY, NOON)
    c.execute(update(schema.outbox).values(state="failed", reason="blocked"))
    return jo


def _calls(c: Connection) -> dict[str, Any]:
    return {row.channel: row for row in c.execute(select(schema.fallback))}


def _about_to_give_up(c: Connection) -> None:
    """As after half an hour."""
    bad = schema.fallback.c.channel == "bad"
    c.execute(update(schema.fallback).where(bad).values(attempts=CALLS - 1))


def _said(c: Connection) -> tuple[list[Any], list[str]]:
    """Who was told by which channel, as the ledger has it; and who hears that a call failed."""
    kinds = ("told_another_way", "not_told_another_way")
    lines = [(one.kind, one.facts["channel"]) for one in ledger.lines(c) if one.kind in kinds]
    told = select(schema.outbox.c.member).where(schema.outbox.c.text == "general.set_aside")
    return lines, list(c.execute(told).scalars())


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fault", FAULTS)
async def test_what_does_not_take_a_call_is_tried_again_given_up_and_never_counts_as_told(
    memory: Memory, clock: HandClock, fault: str
) -> None:
    template, serve = FAULTS[fault]
    await memory.write(_circle)
    good, figures = Gateway(), Figures()
    async with listening(good), served(serve) as port:
        made = channels.read(json.dumps({"good": good.template, "bad": template(port)}))
        door = Fallback(
            memory, made, Words.load(), patience=timedelta(0), owner="one", figures=figures
        )

        async def tried(times: int) -> bool:
            bad = (await memory.read(_calls)).get("bad")
            return bad is not None and bad.attempts == times and bad.state != "sending"

        running = asyncio.create_task(door.run())
        for times in (1, 2):
            await until(partial(tried, times))
            bad = (await memory.read(_calls))["bad"]
            assert (bad.state, bad.reason) == ("waiting", "not_taken")
            clock.set(bad.not_before)
            if times == 2:
                await memory.write(_about_to_give_up)
            door.bell.ring()
        await until(partial(tried, CALLS))
        running.cancel()
        await asyncio.wait([running])
    kept = await memory.read(_calls)
    assert {name: row.state for name, row in kept.items()} == {"good": "sent", "bad": "failed"}
    assert [to for to, _ in good.heard] == [GOOD]
    lines, hear = await memory.read(_said)
    assert lines == [("told_another_way", "good"), ("not_told_another_way", "bad")]
    assert len(hear) == 1, "the manager hears that a call failed"
    counted = {
        (one.labels["channel"], one.labels["result"]): one.value
        for family in figures.registry.collect()
        for one in family.samples
        if one.name == "kith_calls_total"
    }
    assert counted == {("good", "sent"): 1, ("bad", "again"): 2, ("bad", "failed"): 1}


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"])
@pytest.mark.parametrize("asks", ["", "&redirect=yes"])
async def test_who_sends_a_call_on_has_not_taken_it_and_nobody_else_is_asked(
    status: str, asks: str
) -> None:
    asked: list[StreamReader] = []

    async def elsewhere(reader: StreamReader, writer: StreamWriter) -> None:
        asked.append(reader)
        await web(reader, writer, "200 OK")

    async with served(elsewhere) as other:
        to = f"Location: http://127.0.0.1:{other}/"
        async with served(lambda r, w: web(r, w, status, to)) as port:
            made = channels.read(json.dumps({"sms": by_web(port) + asks}))
            assert not await asyncio.to_thread(made.send, "sms", GOOD, "", "words")
    assert asked == []
