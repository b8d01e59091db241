"""Plans, outings and alerts."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from bot.store.schema.column import Moment, metadata, own_id, ref

plan = Table(
    "plan",
    metadata,
    own_id(),
    ref("person", "member"),
    Column("version", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("terms", JSON, nullable=False),  # numbers and ids: times, rungs, place ids
    Column("words", LargeBinary, nullable=False),  # sealed: place names, what to do
    ref("drafted_by", "member"),
    Column("drafted_at", Moment, nullable=False),
    Column("agreed_at", Moment),
    UniqueConstraint("person", "version"),
)

journey = Table(
    "journey",
    metadata,
    own_id(),
    ref("person", "member"),
    ref("plan", "plan", optional=True),
    Column("place", LargeBinary, nullable=False),  # sealed: where to, as the person said it
    Column("state", String(20), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("limit_at", Moment, nullable=False),
    Column("nudges", Integer, nullable=False),
    Column("heard_at", Moment),
    Column("escalation", String(16)),
    Column("late", Boolean, nullable=False),
    Column("off", JSON(none_as_null=True)),  # [from, to]: Kith did not run over the due time
    Column("ended_at", Moment),
    Column("ended_by", String(16)),
    Column("feeling", Integer),
    Column("back_at", Moment),
    Column("point", Integer, nullable=False, server_default=text("0")),
    Column("slack", Integer, nullable=False, server_default=text("0")),
    Column("stretches", JSON(none_as_null=True)),  # ids of those that were used
    Column("extends", Integer, nullable=False, server_default=text("0")),
    Column("phone_low", Boolean, nullable=False, server_default=false()),
    Column("set_off_by", String(16)),
    Column("said_home", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False),
    Index("ix_journey_person", "person", "ended_at"),
)

escalation = Table(
    "escalation",
    metadata,
    own_id(),
    ref("person", "member"),
    ref("team", "team"),
    Column("cause", String(20), nullable=False),
    Column("subject", String(16), nullable=False),  # the journey it is about
    Column("state", String(20), nullable=False),
    Column("event_at", Moment, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("rungs", JSON, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("told", JSON, nullable=False),
    Column("current", String(16)),
    Column("need", String(20)),
    Column("ask_again", Integer, nullable=False),
    Column("police_at", Moment, nullable=False),
    ref("holder", "member", optional=True),
    Column("held_at", Moment),
    Column("asked", Integer, nullable=False),
    Column("answered_at", Moment),
    Column("due_at", Moment),
    Column("outcome", String(20)),
    Column("closed_at", Moment),
    ref("closed_by", "member", optional=True),
    Column("police_told_at", Moment),
    Column("police_told_by", String(16)),
    Column("lost", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False),
    Index("ix_escalation_subject", "subject"),
    Index("ix_escalation_state", "state"),
    Index("ix_escalation_person", "person", "state"),
)
