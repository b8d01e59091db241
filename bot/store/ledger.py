"""What was decided, told and withheld, and why: written once, chained by hash, never changed.

A line is inserted plainly in its transaction; the sealer chains it within a second, over what
is stored (ciphertext included), so that no write waits and an erased key breaks nothing.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, text

from bot.care.outcome import Log, Value
from bot.store.finding import Finding
from bot.store.schema import ledger, ledger_seal
from bot.store.tools import new_id, pack, readable, seal, unpack

BEGINNING = "0" * 64
"""The hash before the first line's."""

WINDOW = 1000
"""How many lines a slow transaction may be overtaken by before the sealer would miss it."""

SHOWN = 20
"""So many faults of the chain are told one by one."""


_ADD = insert(ledger)
_SEAL = insert(ledger_seal)
_HEAD = select(ledger_seal).order_by(ledger_seal.c.position.desc()).limit(1)
_NEWEST = select(
    func.coalesce(
        select(ledger.c.number)
        .join(ledger_seal, ledger_seal.c.line == ledger.c.id)
        .order_by(ledger_seal.c.position.desc())
        .limit(1)
        .scalar_subquery(),
        0,
    )
)
_CHAIN = (
    select(ledger_seal.c.position, ledger_seal.c.line, ledger_seal.c.hash, ledger)
    .outerjoin(ledger, ledger.c.id == ledger_seal.c.line)
    .order_by(ledger_seal.c.position)
)
_UNSEALED = (
    select(ledger)
    .where(~select(ledger_seal.c.line).where(ledger_seal.c.line == ledger.c.id).exists())
    .order_by(ledger.c.number)
)
_NOT_YET = _UNSEALED.where(ledger.c.number > bindparam("overtaken"))
_LATELY = (
    select(ledger.c.actor, ledger.c.facts)
    .where(
        ledger.c.person == bindparam("person"),
        ledger.c.kind == bindparam("kind"),
        ledger.c.at >= bindparam("since"),
    )
    .order_by(ledger.c.number)
)
_BETWEEN = _LATELY.where(ledger.c.at <= bindparam("until"))
_LEFT_OUT = _UNSEALED.where(ledger.c.number <= bindparam("overtaken"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger; `number` says in what order lines came.

    `words` are what was told, "[erased]" once nobody can read them; None where none were kept.
    """

    number: int
    id: str
    at: datetime
    kind: str
    person: str | None
    actor: str | None
    facts: Mapping[str, Value]
    words: str | None = None


def write(c: Connection, log: Log, now: datetime) -> None:
    """Add a line, in the caller's transaction."""
    write_all(c, (log,), now)


def write_all(c: Connection, logs: Sequence[Log], now: datetime) -> None:
    """Add lines in this order, in the caller's transaction."""
    if not logs:
        return
    added = [
        {
            "id": new_id(c),
            "at": now,
            "kind": log.kind,
            "person": log.person,
            "actor": log.actor,
            "facts": pack(log.facts),
            "words": _sealed(c, log),
        }
        for log in logs
    ]
    c.execute(_ADD, added)


def _sealed(c: Connection, log: Log) -> bytes | None:
    """Words belong to somebody: without a person they are not kept."""
    if log.words is None or log.person is None:
        return None
    return seal(c, log.person, log.words)


def lines(c: Connection, person: str | None = None, after: int | None = None) -> list[Line]:
    """Oldest first: everybody's or one person's, all or those after a line's number."""
    query = select(ledger).order_by(ledger.c.number)
    if person is not None:
        query = query.where(ledger.c.person == person)
    if after is not None:
        query = query.where(ledger.c.number > after)
    return [
        Line(
            number=row.number,
            id=row.id,
            at=row.at,
            kind=row.kind,
            person=row.person,
            actor=row.actor,
            facts=unpack(row.facts),
            words=None if row.words is None else readable(c, row.person, row.words),
        )
        for row in c.execute(query)
    ]


def lately(
    c: Connection, person: str, kind: str, since: datetime, until: datetime | None = None
) -> list[tuple[str | None, Mapping[str, Value]]]:
    """Who wrote lines of this kind about this person since then, up to `until` (None: now), and
    what they say."""
    theirs = {"person": person, "kind": kind, "since": since}
    rows = (
        c.execute(_LATELY, theirs)
        if until is None
        else c.execute(_BETWEEN, theirs | {"until": until})
    )
    return [(row.actor, unpack(row.facts)) for row in rows]


def first(
    c: Connection, kind: str, fact: str, since: datetime, person: str | None = None
) -> Mapping[Value, datetime]:
    """When a line of this kind was first written since then, by what it says of a fact; of lines
    that are this person's own, or no person's."""
    theirs = select(ledger.c.at, ledger.c.facts).where(
        ledger.c.person == person, ledger.c.at >= since, ledger.c.kind == kind
    )
    rows = c.execute(theirs.order_by(ledger.c.number.desc()))
    return {unpack(row.facts)[fact]: row.at for row in rows}


def head(c: Connection) -> tuple[int, str]:
    """The position and the hash of the chain's last link; (0, BEGINNING) before the first."""
    row = c.execute(_HEAD).one_or_none()
    return (0, BEGINNING) if row is None else (row.position, row.hash)


def stands(c: Connection, position: int, hash: str) -> bool:
    """Whether the chain still has this link where it was; the beginning always is."""
    if position == 0:
        return hash == BEGINNING
    there = select(ledger_seal.c.hash).where(ledger_seal.c.position == position)
    return c.execute(there).scalar_one_or_none() == hash


def seal_new(c: Connection) -> int:
    """Chain the lines that are not chained yet; says how many. To be a transaction of its own."""
    if c.dialect.name == "postgresql":
        # One sealer at a time; taken before anything is read, so that the snapshot is later.
        c.execute(text("LOCK TABLE ledger_seal IN EXCLUSIVE MODE"))
    position, link = head(c)
    links = []
    for row in c.execute(_NOT_YET, {"overtaken": _overtaken(c)}):
        position += 1
        link = _link(link, position, row)
        links.append({"position": position, "line": row.id, "hash": link})
    if links:
        c.execute(_SEAL, links)
    return len(links)


def verify(c: Connection) -> list[Finding]:
    """Recompute the chain over every line; each change, loss or swap is a finding of its own."""
    faults = list(_faults(c))
    count, _ = head(c)
    if not faults:
        return [Finding(True, f"The ledger's chain holds: {count} lines.")]
    found = [Finding(False, sentence) for sentence in faults[:SHOWN]]
    if len(faults) > SHOWN:
        found.append(Finding(False, f"The ledger has {len(faults) - SHOWN} more faults."))
    return found


def _faults(c: Connection) -> Iterable[str]:
    link, expected = BEGINNING, 1
    for row in c.execute(_CHAIN):
        if row.position != expected:
            yield f"The ledger's chain goes on at {row.position} where {expected} should be."
        if row.id is None:
            yield f"Line {row.line} of the ledger, link {row.position}, is missing."
        elif _link(link, row.position, row) != row.hash:
            yield f"Line {row.line} of the ledger, link {row.position}, is not as it was written."
        link, expected = row.hash, row.position + 1
    for row in c.execute(_LEFT_OUT, {"overtaken": _overtaken(c)}):
        yield f"Line {row.id} of the ledger stands outside the chain."


def _overtaken(c: Connection) -> int:
    """Up to this number, every line is sealed: no transaction stays open that long."""
    number: int = c.execute(_NEWEST).scalar_one()
    return number - WINDOW


def _link(previous: str, position: int, row: Row[Any]) -> str:
    line = [
        position,
        row.number,
        row.id,
        row.at.isoformat(),
        row.kind,
        row.person,
        row.actor,
        row.facts,
        None if row.words is None else row.words.hex(),
    ]
    canonical = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(f"{previous}\n{canonical}".encode()).hexdigest()
