"""What somebody says is wrong: concerns for safety, disagreements, complaints."""

from sqlalchemy import JSON, Column, Index, LargeBinary, String, Table

from bot.store.schema.column import Moment, metadata, own_id, ref

concern = Table(
    "concern",
    metadata,
    own_id(),
    Column("kind", String(12), nullable=False),  # safety, disagree, complaint, assessment
    ref("person", "member", optional=True),  # None: about no person in particular
    ref("team", "team"),
    ref("by", "member"),
    Column("words", LargeBinary, nullable=False),  # sealed JSON, under the writer's key
    Column("named", JSON, nullable=False),  # the members it is about: none of them is ever asked
    Column("at", Moment, nullable=False),
    Column("sent_to", String(20)),  # the part in the team it goes to, and to nobody else
    Column("told", JSON, nullable=False),  # whom it was put in front of; a safety one has its alert
    Column("due_at", Moment),
    ref("read_by", "member", optional=True),
    Column("read_at", Moment),
    ref("acknowledged_by", "member", optional=True),
    Column("acknowledged_at", Moment),
    ref("finished_by", "member", optional=True),
    Column("finished_at", Moment),
    Column("found", LargeBinary),  # sealed under the service's key: what was done, and why
    Index("ix_concern_by", "by", "at"),
)

__all__ = ["concern"]
