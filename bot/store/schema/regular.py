"""Outings that come again, cover on the rota, and outings handed over."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, LargeBinary, String, Table

from bot.store.schema.column import Moment, metadata, own_id, ref

regular = Table(
    "regular",
    metadata,
    own_id(),
    ref("person", "member"),
    Column("place", LargeBinary, nullable=False),  # sealed: where to, as the person said it
    Column("days", JSON, nullable=False),  # Monday is 0
    Column("at", String(5), nullable=False),  # 10:00, on the service's clock
    Column("back", String(5), nullable=False),
    Column("holidays", Boolean, nullable=False),
    ref("by", "member"),
    Column("made_at", Moment, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("agreed_at", Moment),
    Column("ended_at", Moment),
    Index("ix_regular_person", "person", "ended_at"),
)

cover = Table(
    "cover",
    metadata,
    own_id(),
    Column("shift", String(16), nullable=False),  # a shift that never began is deleted
    Column("other", String(16)),
    ref("by", "member"),
    Column("asked_at", Moment, nullable=False),
    Column("state", String(20), nullable=False),
    ref("taken_by", "member", optional=True),
    Column("taken_at", Moment),
    Index("ix_cover_shift", "shift", "state"),
)

duty = Table(
    "duty",
    metadata,
    Column("journey", String(16), ForeignKey("journey.id"), primary_key=True),
    ref("person", "member"),
    ref("member", "member"),
    Column("ends_at", Moment),
    Column("warned", Moment),
)
