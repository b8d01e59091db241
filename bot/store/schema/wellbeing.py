"""How a carer is: theirs, and private to them."""

from sqlalchemy import Column, Index, LargeBinary, Table

from bot.store.schema.column import Moment, metadata, own_id, ref

howami = Table(
    "howami",
    metadata,
    own_id(),
    ref("member", "member"),
    Column("at", Moment, nullable=False),
    Column("said", LargeBinary, nullable=False),  # sealed JSON under the member's key, number too
    Index("ix_howami_member", "member", "at"),
)

__all__ = ["howami"]
