"""What must hold of what is told to those around Sam, whatever happens: see `invariants`."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bot.care.agreement import Effect
from bot.care.text import Text
from tests.simulation import judging
from tests.simulation.telegram import Send

if TYPE_CHECKING:
    from bot.store.outbox import Row as Asked
    from tests.simulation.watch import Commit, Watch

AROUND = ("Amira", "Leo", "Ruth")

FORMS = ("en_GB", "en_GB@easy")

MARK = "You may have had this message already"

WORDS = "Sam baked a cake, and it was number"
"""What every item says, and what nobody may read but those who are told."""

PUSH, READING, REMOVE = "news.push", "news.reading", "general.remove"


# --- what the second gate says --------------------------------------------------------------


def judged(watch: "Watch", row: "Asked", now: datetime) -> None:
    """A process looks for the last time before it sends this: what may it say?"""
    if row.member not in watch.around:
        return
    telling = _telling(str(row.text), row.key, row.params)
    if telling is not None:
        verdict = judging.of_telling(watch.cells, telling, now)
    elif str(row.text) == READING:
        verdict = None
    else:
        about = watch.cells("SELECT about FROM outbox WHERE id = ?", row.id)[0][0]
        verdict = None if about is None else judging.of_about(watch.cells, row.member, about, now)
    watch.judged[row.id, row.attempts] = verdict


def _telling(text: str, key: str | None, params: object) -> str | None:
    if text == READING and isinstance(params, dict):
        return params.get("telling")
    if text == PUSH and ":push:" in (key or ""):
        return str(key).partition(":")[0]
    return None


# --- when Telegram takes a message ----------------------------------------------------------


def nobody_is_told_without_a_yes(watch: "Watch", send: Send) -> str | None:
    """Whoever is around Sam reads words, or is called to read some, only if the second gate said
    so at the moment at which the message was made; whatever else they get says nothing."""
    name = watch.world.people.name(send.shown.chat)
    row = watch.rows.get(send.row or "")
    if name not in AROUND:
        outside = name not in ("Sam", "Jo", "Dev", "Priya", "Mina")
        return f"{name} read {send.text!r}" if outside and WORDS in send.text else None
    verdict = None if row is None else watch.judged.get((row.id, send.attempt))
    if row is None or (row.about is None and row.text != READING):
        return f"{name} read {send.text!r}" if WORDS in send.text else None
    if row.text == READING and _plain(send) in _said(watch, "nothing"):
        return None
    if verdict is not Effect.SHARE:
        return f"{name} got {row.text} {send.text!r}, and the answer was {verdict}"
    return None


def a_call_says_nothing(watch: "Watch", send: Send) -> str | None:
    """The call to read something about Sam is a constant."""
    row = watch.rows.get(send.row or "")
    if row is None or row.member not in watch.around or row.about is None or row.lane != 2:
        return None
    if _plain(send) not in _said(watch, "push"):
        return f"{watch.world.people.name(send.shown.chat)} was called by {send.text!r}"
    return None


def _plain(send: Send) -> str:
    """Without the mark of a possible repeat; where a reader's form parts it does not matter."""
    said = send.text.partition("\n\n")[2] if MARK in send.text else send.text
    return " ".join(said.split())


def _said(watch: "Watch", text: str) -> set[str]:
    words = watch.world.words
    return {" ".join(words.label(form, Text("news", text)).split()) for form in FORMS}


# --- after each commit ----------------------------------------------------------------------


def nothing_waits_where_nothing_is_shared(watch: "Watch", commit: "Commit") -> str | None:
    """Once sharing has stopped, nothing waits to be read or answered, or is still shown."""
    if not commit.tables & {"telling", "agreement"}:
        return None
    found = watch.cells(WAITING)
    return f"{found[0][0]} is {found[0][1]} after {commit.what}" if found else None


def a_yes_is_a_press_of_sams(watch: "Watch", commit: "Commit") -> str | None:
    """Asked first, nobody and nothing else says yes for them: no silence, and no other hand."""
    if "telling" not in commit.tables:
        return None
    said = {id for (id,) in watch.cells("SELECT id FROM telling WHERE answer = 'yes'")}
    for id in sorted(said - watch.said_yes):
        watch.said_yes.add(id)
        update = None if commit.cause is None else commit.cause.update
        query = watch.world.telegram.made.get(update or 0, {}).get("callback_query")
        data = "" if query is None else query["data"]
        by = "" if query is None else watch.world.people.name(query["from"]["id"])
        if by != "Sam" or not data.startswith(f"news:yes:{id}:"):
            return f"{id} by {commit.what}, {by} {data}"
    return None


def what_sam_stopped_has_ended(watch: "Watch", commit: "Commit") -> str | None:
    """When the update has ended in which Sam stopped sharing, nothing is shared any more that
    was before it."""
    for update in commit.ended:
        query = watch.world.telegram.made[update].get("callback_query")
        if query is None or not query["data"].startswith("agreement:end"):
            continue
        if watch.world.people.name(query["from"]["id"]) != "Sam":
            continue
        of = query["data"].split(":")[2]
        pressed = round(watch.world.telegram.made_at[update].timestamp() * 1_000_000)
        for id, supporter in watch.cells(STANDS, pressed):
            if of in ("-", supporter) and not watch.world.faults.stepped:
                return f"update {update}: {id} still holds"
    return None


# --- at the end -----------------------------------------------------------------------------


def what_was_told_is_written_down(watch: "Watch", _: None) -> str | None:
    """Of each item that somebody has read there is a line, or one that they may have read it; but
    for general information, which is about nobody, where Kith never heard that it arrived."""
    lines = watch.cells(TOLD)
    known = {(json.loads(facts)["news"], json.loads(facts)["to"]) for (facts,) in lines}
    for telling, send in _told(watch):
        item, member, topic = watch.cells(OF_ITEM, telling)[0]
        unheard = topic is None and watch.rows[str(send.row)].state != "sent"
        if (item, member) not in known and not unheard:
            return f"{send.row} told {item} to {watch.world.people.name(send.shown.chat)}"
    return None


def what_was_withdrawn_is_taken_away(watch: "Watch", _: None) -> str | None:
    """Words that may not be told any more stand in no chat; but for one of which Kith never heard
    that it arrived, or that Telegram would not take away."""
    over = {id for (id,) in watch.cells("SELECT id FROM telling WHERE state = 'over'")}
    for telling, send in _told(watch):
        chat = watch.world.telegram.chats[send.shown.chat]
        if telling not in over or send.shown not in chat.messages:
            continue
        known = watch.cells("SELECT message FROM outbox WHERE id = ?", send.row)[0][0]
        refused = [
            row
            for row in watch.rows.values()
            if row.text == REMOVE
            and row.state == "failed"
            and json.loads(row.params)["message"] == send.shown.id
        ]
        if known == send.shown.id and not refused:
            return f"{send.row} still stands in the chat of {watch.world.people.name(chat.id)}"
    return None


def _told(watch: "Watch") -> Iterator[tuple[str, Send]]:
    """What was read, by its telling."""
    for id, sends in watch.sends.items():
        row = watch.rows[id]
        telling = _telling(row.text, None, json.loads(row.params))
        for send in sends:
            if row.text == READING and telling and _plain(send) not in _said(watch, "nothing"):
                yield telling, send


WAITING = """SELECT telling.id, telling.state FROM telling JOIN news ON news.id = telling.news
WHERE telling.state != 'over' AND news.topic IS NOT NULL AND NOT EXISTS
(SELECT 1 FROM agreement WHERE agreement.supporter = telling.supporter AND state = 'active')
AND NOT EXISTS (SELECT 1 FROM glass WHERE glass.news = news.id)"""
STANDS = "SELECT id, supporter FROM agreement WHERE state = 'active' AND activated_at < ?"
TOLD = """SELECT facts FROM ledger WHERE json_extract(facts, '$.news') IS NOT NULL
AND (kind IN ('told', 'informed') OR json_extract(facts, '$.maybe') IS NOT NULL)"""
OF_ITEM = """SELECT news, telling.member, topic FROM telling
JOIN news ON news.id = telling.news WHERE telling.id = ?"""
