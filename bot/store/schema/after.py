"""How outings went, steps of support that are proposed, and drills."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from bot.store.schema.column import Moment, metadata, own_id, ref

drill = Table(
    "drill",
    metadata,
    own_id(),  # that of its alert, too
    ref("person", "member"),
    ref("by", "member"),
    Column("asked_at", Moment, nullable=False),
    Column("state", String(20), nullable=False),
    Column("began_at", Moment),
    Column("ended_at", Moment),
    Column("why", String(20)),
    Column("asked", JSON, nullable=False),  # [[member, when asked, when they answered]]
    Column("empty", Integer, nullable=False),
    Index("ix_drill_person", "person", "asked_at"),
)

practises = Table(
    "practises",
    metadata,
    Column("membership", String(16), ForeignKey("membership.id"), primary_key=True),
    Column("since", Moment, nullable=False),
)

afterwards = Table(
    "afterwards",
    metadata,
    Column("journey", String(16), ForeignKey("journey.id"), primary_key=True),
    ref("person", "member"),
    Column("at", Moment, nullable=False),
    Column("worried", Boolean, nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("words", LargeBinary),  # sealed: the person's
    Index("ix_afterwards_person", "person"),
)

worry = Table(
    "worry",
    metadata,
    own_id(),
    ref("supporter", "membership"),
    ref("person", "member"),
    Column("asked_at", Moment, nullable=False),
    Column("worry", Integer),
    Column("answered_at", Moment),
    Column("no_more", Boolean, nullable=False),
    Index("ix_worry_supporter", "supporter", "asked_at"),
    Index("ix_worry_person", "person", "asked_at"),
)

stepping = Table(
    "stepping",
    metadata,
    own_id(),
    ref("person", "member"),
    ref("plan", "plan"),
    Column("way", String(20), nullable=False),
    Column("why", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("journey", String(16)),
    ref("by", "member", optional=True),
    Column("state", String(20), nullable=False),
    Column("person_at", Moment),
    ref("staff", "member", optional=True),
    Column("staff_at", Moment),
    ref("became", "plan", optional=True),
    Column("disagreed_at", Moment),
    Column("version", Integer, nullable=False),
    Index("ix_stepping_person", "person", "at"),
)
