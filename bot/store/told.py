"""Who was told what about a person, and what was kept from whom: read back from the ledger.

Never in it: guardrails, exceptions whose telling would be unsafe, what the person has yet to hear
face to face, and what a carer asked or wrote. Alerts to the team are no such lines.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, text

from bot.care import notice
from bot.care.agreement import Decision, Effect, Reason, Sharing, decide
from bot.care.location import LOOKED, SHOWED
from bot.care.outcome import About, Topic, Value
from bot.care.text import Text
from bot.store import agreement, schema
from bot.store.glass import HIDDEN
from bot.store.schema import Moment
from bot.store.tools import readable, unpack

PAGE = 5
"""So many entries are looked at together."""

SMALL_PAGE = 2
"""So many by those who read in large chunks."""

_AT_ONCE = 50

_SHOWN = frozenset(Reason) - {Reason.GUARDRAIL, Reason.NOT_TOLD_IN_PERSON}
"""Why something is in it; what is not the gate's word (it was read meanwhile) is not in it."""

# In the very words of the index `ix_ledger_told`: it holds these lines and no others.
_LINES = (
    select(schema.ledger)
    .where(
        schema.ledger.c.person == bindparam("person"),
        schema.ledger.c.number < bindparam("before"),
        text("(words IS NOT NULL OR kind = 'withheld')"),
    )
    .order_by(schema.ledger.c.number.desc())
    .limit(_AT_ONCE)
)
# By time: what was kept back was so first soon after it was written, however long the ledger is.
_FIRST = (
    select(schema.ledger.c.number)
    .where(
        schema.ledger.c.person == bindparam("person"),
        schema.ledger.c.at >= bindparam("since", type_=Moment),
        schema.ledger.c.kind == "withheld",
        schema.ledger.c.facts["news"].as_string() == bindparam("news"),
        schema.ledger.c.facts["to"].as_string() == bindparam("to"),
    )
    .order_by(schema.ledger.c.at, schema.ledger.c.number)
    .limit(1)
)
_NEWS = select(schema.news).where(
    schema.news.c.id == bindparam("id"), schema.news.c.id.not_in(HIDDEN)
)
_UNREAD = (
    select(schema.news, schema.telling.c.member)
    .join(schema.telling, schema.telling.c.news == schema.news.c.id)
    .where(
        schema.news.c.person == bindparam("person"),
        schema.news.c.topic.is_not(None),
        schema.telling.c.state == "waiting",
        schema.news.c.id.not_in(HIDDEN),
    )
    .order_by(schema.telling.c.made_at.desc(), schema.telling.c.id)
    .limit(PAGE)
)
_READ = (
    select(schema.telling.c.id, schema.telling.c.read_at)
    .join(schema.membership, schema.membership.c.id == schema.telling.c.supporter)
    .where(
        schema.telling.c.member == bindparam("member"),
        schema.telling.c.read_at.is_not(None),
        schema.membership.c.until.is_(None),
    )
    .order_by(schema.telling.c.read_at.desc(), schema.telling.c.id)
)

WHERE = {
    LOOKED: Text("location", "in_told"),
    SHOWED: Text("location", "in_told_shown"),
}
"""The lines that somebody saw where they were, and what the person reads of them."""

NEWEST = 2**62
"""Before this number are all lines."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line as the person may see it: `to` was told, or was not, and why.

    `row` is the choice of the person's that decided, `by` who wrote it (None: Kith itself).
    `maybe`: it was held back, but an earlier try may have arrived.
    """

    number: int
    at: datetime
    to: str
    topic: Topic
    level: int
    told: bool
    reason: str
    row: Sharing | None
    by: str | None
    words: str | None
    maybe: bool
    text: Text | None
    """What Kith itself said, where nobody wrote words."""


@dataclass(frozen=True, slots=True)
class Unread:
    """It is on its way to `to`, who has not read it."""

    to: str
    topic: Topic
    words: str | None
    text: Text | None


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first; the next page begins before the number `older`, if there is one."""

    entries: tuple[Entry, ...]
    older: int | None


def page(c: Connection, person: str, before: int = NEWEST, most: int = PAGE) -> Page:
    """What was told about this person, and what was not, before that line of the ledger."""
    found: list[Entry] = []
    for entry in _entries(c, person, before):
        if len(found) == most:
            return Page(tuple(found), found[-1].number)
        found.append(entry)
    return Page(tuple(found), None)


def unread(c: Connection, person: str) -> list[Unread]:
    """What waits to be read by somebody around this person, newest first."""
    return [
        Unread(row.member, Topic(row.topic), _words(c, person, row), _text(row))
        for row in c.execute(_UNREAD, {"person": person})
    ]


def read_by(c: Connection, member: str, skip: int = 0) -> list[datetime]:
    """When this supporter read something they were told, newest first; one more than a page."""
    rows = c.execute(_READ.limit(PAGE + 1).offset(skip), {"member": member})
    return [row.read_at for row in rows]


_Firsts = dict[tuple[str, str], int | None]
"""The first line that kept an item back from somebody, by both; asked once for each."""


def _entries(c: Connection, person: str, before: int) -> Iterator[Entry]:
    firsts: _Firsts = {}
    while True:
        rows = c.execute(_LINES, {"person": person, "before": before}).all()
        for row in rows:
            entry = _entry(c, row, firsts)
            if entry is not None:
                yield entry
        if len(rows) < _AT_ONCE:
            return
        before = rows[-1].number


def _entry(c: Connection, line: Row[Any], firsts: _Firsts) -> Entry | None:
    """None for what is not the person's to see here."""
    facts = unpack(line.facts)
    if line.kind in WHERE:
        return _seen(c, line, facts)
    told = line.kind == "told"
    if line.kind not in ("told", "withheld") or "news" not in facts:
        return None
    if facts["reason"] not in _SHOWN and facts["reason"] != Reason.GUARDRAIL:
        return None
    news = c.execute(_NEWS, {"id": facts["news"]}).one_or_none()
    if news is None or (not told and not _first(c, line, news, str(facts["to"]), firsts)):
        return None
    reason, rows = str(facts["reason"]), _ids(facts)
    if reason == Reason.GUARDRAIL:
        besides = _besides(c, line, news, str(facts["to"]))
        if besides is None:
            return None
        reason, rows = besides.reason.value, list(besides.rows)
    return Entry(
        number=line.number,
        # When somebody asked for what was kept back is theirs alone to know.
        at=line.at if told else news.made_at,
        to=str(facts["to"]),
        topic=Topic(str(facts["topic"])),
        level=int(str(facts["level"])),
        told=told,
        reason=reason,
        row=_row(c, rows),
        by=news.by,
        words=_words(c, line.person, line if told else news),
        maybe=bool(facts.get("maybe")),
        text=_text(news),
    )


def _seen(c: Connection, line: Row[Any], facts: Mapping[str, Value]) -> Entry:
    """Somebody saw where they were: no word of where is kept."""
    return Entry(
        number=line.number,
        at=line.at,
        to=str(facts["to"]),
        topic=Topic(str(facts["topic"])),
        level=int(str(facts["level"])),
        told=True,
        reason=str(facts["reason"]),
        row=_row(c, _ids(facts)),
        by=None,
        words=None,
        maybe=False,
        text=WHERE[line.kind],
    )


def _besides(c: Connection, line: Row[Any], news: Row[Any], to: str) -> Decision | None:
    """Why it would have been kept from them then without any guardrail; None if it would not.

    So the person reads what they would read if there were none.
    """
    about = About(line.person, Topic(news.topic), news.level, None, news.id, news.at)
    facts = agreement.facts(c, to, about, line.at, line.at, guardrails=False)
    places = () if facts.recipient is None else facts.recipient.places
    asked = [decide(facts, replace(about, acting=one.membership), line.at) for one in places]
    withheld = [one for one in asked if one.effect is Effect.WITHHOLD and one.reason in _SHOWN]
    return withheld[0] if withheld and len(withheld) == len(asked) else None


def _ids(facts: Mapping[str, Value]) -> list[str]:
    return [id for id in str(facts.get("rows", "")).split(",") if id]


def _first(c: Connection, line: Row[Any], news: Row[Any], to: str, firsts: _Firsts) -> bool:
    """Whether this is where it was first kept from them, and nothing to be heard face to face.

    Each time they ask there is one more such line: that they asked is not the person's to see.
    """
    if news.harm and news.told_at is None:
        return False
    if (news.id, to) not in firsts:
        asked = {"person": line.person, "since": news.made_at, "news": news.id, "to": to}
        firsts[news.id, to] = c.execute(_FIRST, asked).scalar_one_or_none()
    return bool(line.number == firsts[news.id, to])


def _row(c: Connection, ids: list[str]) -> Sharing | None:
    """The choice that decided: the first id is that of the agreement it is in."""
    found = agreement.agreement(c, ids[0]) if len(ids) > 1 else None
    return None if found is None else next((r for r in found.rows if r.id == ids[1]), None)


def _text(news: Row[Any]) -> Text | None:
    return None if news.text is None else notice.TEXTS[news.text]


def _words(c: Connection, person: str, row: Row[Any]) -> str | None:
    return None if row.words is None else readable(c, person, row.words)
