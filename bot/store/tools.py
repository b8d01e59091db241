"""What a transaction carries besides its connection: new ids, sealing, SQL of both kinds."""

import base64
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from bot.care.hours import USUAL, Hours
from bot.care.outcome import Value
from bot.care.review import NOTHING_OWN, Rules
from bot.store.vault import SERVICE, KeyErased, Vault

__all__ = [
    "SERVICE",
    "KeyErased",
    "Tools",
    "insert",
    "insert_for",
    "new_id",
    "pack",
    "random_id",
    "seal",
    "tools",
    "unpack",
    "unseal",
]


def random_id() -> str:
    """16 characters of a-z and 2-7: 80 random bits."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


@dataclass(frozen=True, slots=True)
class Tools:
    """Travels on the connection's execution options, under "kith".

    `owner` names this process among the replicas; `alone`: no other one writes. `hours` are the
    service's, in its zone; `reviews` what it has settled about them. `channels` names the other
    ways to reach staff that there are now.
    """

    vault: Vault
    new_id: Callable[[], str] = random_id
    owner: str = field(default_factory=random_id)
    alone: bool = True
    hours: Hours = USUAL
    reviews: Rules = NOTHING_OWN
    channels: tuple[str, ...] = ()


def tools(c: Connection) -> Tools:
    found = c.get_execution_options()["kith"]
    assert isinstance(found, Tools)
    return found


def new_id(c: Connection) -> str:
    """A new random id."""
    return tools(c).new_id()


def seal(c: Connection, owner: str, text: str) -> bytes:
    """Encrypt `text` under the key of `owner`: a member's id, or SERVICE."""
    return tools(c).vault.seal(c, owner, text)


def unseal(c: Connection, owner: str, blob: bytes) -> str:
    """Read what was sealed for `owner`; raises KeyErased when nobody can read it any more."""
    return tools(c).vault.unseal(c, owner, blob)


def insert(c: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say ON CONFLICT, in the words of the database at hand."""
    return insert_for(c.dialect.name, table)


def insert_for(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


ERASED = "[erased]"
"""What stands for words that nobody can read any more."""


def readable(c: Connection, owner: str, blob: bytes) -> str:
    """The words, or `ERASED`: nothing that is due may wait for words."""
    try:
        return unseal(c, owner, blob)
    except KeyErased:
        return ERASED


def pack(values: Mapping[str, Value]) -> dict[str, Any]:
    """Message parameters or facts as JSON: a time becomes {"utc": ISO 8601}."""
    return {name: _packed(value) for name, value in values.items()}


def unpack(values: Mapping[str, Any]) -> dict[str, Value]:
    """The reverse of `pack`."""
    return {
        name: datetime.fromisoformat(value["utc"]) if isinstance(value, dict) else value
        for name, value in values.items()
    }


def _packed(value: Value) -> Any:
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError("a naive time cannot be kept")
    return {"utc": value.astimezone(UTC).isoformat()}
