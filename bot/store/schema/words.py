"""What the person has chosen to say and show when they are not well: sealed or hashed."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from bot.store.schema.column import Moment, metadata, own_id, ref

word = Table(
    "word",
    metadata,
    own_id(),
    ref("person", "member"),
    Column("kind", String(10), nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("pepper", LargeBinary, nullable=False),  # sealed: without it no guess can be tried
    Column("digests", JSON, nullable=False),  # hex: of the word itself, then of its slips
    Column("chosen_at", Moment, nullable=False),
    Column("how", String(10)),
    Column("question", LargeBinary),  # sealed: what staff ask, and what is answered
    Column("ended_at", Moment),  # kept for the alert that stands because of it
    Index("ix_word_person", "person"),
)

location = Table(
    "location",
    metadata,
    Column("person", String(16), ForeignKey("member.id"), primary_key=True),
    Column("opens", String(10), nullable=False),  # from which rung on it may be looked at
    Column("chosen_at", Moment, nullable=False),
)

spot = Table(
    "spot",
    metadata,
    own_id(),  # the owner of a key of its own, erased with it
    ref("journey", "journey"),
    ref("person", "member"),
    Column("at", Moment, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # degrees, under both keys
    UniqueConstraint("journey"),
    Index("ix_spot_person", "person"),
)

opening = Table(
    "opening",
    metadata,
    own_id(),
    ref("journey", "journey"),
    ref("person", "member"),
    ref("by", "member"),
    Column("alert", String(16)),  # None: the person showed it themselves
    Column("at", Moment, nullable=False),
    Column("chat", BigInteger),
    Column("message", BigInteger),  # while it stands in that chat
    Index("ix_opening_person", "person"),
)
