"""The gate asked again about any moment, for `kith explain`: looks only, whoever has the store."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from bot.care.agreement import Agreement, Decision, Sharing
from bot.care.circle import Member, Role
from bot.care.outcome import About
from bot.store import agreement, around, circle, engine, migrate, schema
from bot.store.engine import Refused
from bot.store.tools import Tools
from bot.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Explained:
    """What the gate says of one place of the reader's, and what it rests on.

    `role` is None where they have no place in the person's circle. `others` are ids that decided
    and are neither the agreement's nor a row's of it: a guardrail's, an exception's.
    """

    role: Role | None
    about: About
    decision: Decision
    agreement: Agreement | None
    rows: tuple[Sharing, ...]
    others: tuple[str, ...]


@contextmanager
def looking(url: str, *, key: bytes, data: Path) -> Iterator[Connection]:
    """A connection that cannot write and can read what is sealed. Refused when there is none."""
    refusal = migrate.refusal(url)
    if refusal is not None:
        raise Refused(refusal)
    address = engine.address(url)
    keys = engine.looking_at_keys(data) if engine.is_sqlite(address) else None
    opened = engine.looking(address)
    try:
        with opened.connect() as c:
            yield c.execution_options(kith=Tools(Vault(key, keys)))
    finally:
        opened.dispose()
        if keys is not None:
            keys.dispose()


def member(c: Connection, called: str) -> Member:
    """Whoever has this id or this name; Refused with a sentence when that is not one."""
    ids = c.execute(select(schema.member.c.id).order_by(schema.member.c.joined_at)).scalars().all()
    if called in ids:
        ids = [called]
    everybody = circle.members(c, ids)
    found = [m for m in everybody if called in (m.id, m.name)]
    found = found or [m for m in everybody if m.name.casefold() == called.casefold()]
    if not found:
        raise Refused(f"Nobody here is called {called}.")
    if len(found) > 1:
        some = ", ".join(m.id for m in found)
        raise Refused(f"{len(found)} people here are called {called}. Give an id: {some}.")
    return found[0]


def explain(c: Connection, to: str, about: About, at: datetime) -> list[Explained]:
    """What the gate said, or would have said, at that moment; one answer for each place."""
    try:
        around.team_of(c, about.person)
    except LookupError:
        name = circle.name(c, about.person)
        raise Refused(f"{name} is not a person whom a team supports here.") from None
    known = agreement.facts(c, to, about, at, at)
    places = () if known.recipient is None else known.recipient.places
    if not places:
        return [_explained(c, to, None, about, at)]
    return [
        _explained(c, to, place.role, replace(about, acting=place.membership), at)
        for place in places
    ]


def _explained(c: Connection, to: str, role: Role | None, about: About, at: datetime) -> Explained:
    decision = agreement.replay(c, to, about, at)
    agreed = agreement.agreement(c, decision.rows[0]) if decision.rows else None
    rows = () if agreed is None else tuple(r for r in agreed.rows if r.id in decision.rows)
    known = {row.id for row in rows} | ({agreed.id} if agreed is not None else set())
    others = tuple(id for id in decision.rows if id not in known)
    return Explained(role, about, decision, agreed, rows, others)
