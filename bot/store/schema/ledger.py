"""What was decided, told and withheld; and when Kith last lived."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    text,
)

from bot.store.schema.column import Moment, metadata, numbered

# What /told shows is among these: a few lines of very many.
_TOLD = text("(words IS NOT NULL OR kind = 'withheld')")

ledger = Table(
    "ledger",
    metadata,
    numbered(),
    Column("id", String(16), nullable=False, unique=True),
    Column("at", Moment, nullable=False),
    Column("kind", String(60), nullable=False),
    Column("person", String(16)),
    Column("actor", String(16)),
    Column("facts", JSON, nullable=False),
    Column("words", LargeBinary),
    Index("ix_ledger_person", "person", "at"),
    Index("ix_ledger_told", "person", "number", sqlite_where=_TOLD, postgresql_where=_TOLD),
)

ledger_seal = Table(
    "ledger_seal",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("line", String(16), ForeignKey("ledger.id"), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
)
