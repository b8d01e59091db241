"""What comes in, what is due, what leaves, and half-finished conversations."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from bot.store.schema.column import Moment, metadata, numbered, own_id, ref

flow = Table(
    "flow",
    metadata,
    own_id(),
    Column("chat", BigInteger, nullable=False),
    ref("membership", "membership", optional=True),
    Column("name", String(40), nullable=False),
    Column("step", String(40), nullable=False),
    Column("answers", LargeBinary, nullable=False),  # sealed JSON under the service's key
    Column("path", JSON, nullable=False),  # the steps behind, for Back
    Column("turn", Integer, nullable=False),  # grows with each step: an old button is known
    Column("screen", BigInteger),  # message id of the newest question
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("chat", "name"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", BigInteger),  # None: it belongs to no chat
    Column("body", LargeBinary),  # sealed; erased when the row is closed
    Column("state", String(10), nullable=False),  # open, done, parked
    Column("received_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Moment),
    Column("error", String(200)),
    Column("owner", String(40)),  # the replica that closed it
    Index("ix_inbox_state", "state", "update"),
    Index("ix_inbox_chat", "chat", "state", "update"),
)

stranger = Table(
    "stranger",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("answered_at", Moment, nullable=False),
)

deadline = Table(
    "deadline",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("key", String(40), primary_key=True),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("not_before", Moment),  # it failed: when to try again; due_at stays the event's time
    Column("parked_at", Moment),
    Column("error", String(200)),
    Index("ix_deadline_due_at", "due_at", "kind", "key"),
    # The few that failed are found without a look at the many that wait.
    Index(
        "ix_deadline_not_before",
        "not_before",
        sqlite_where=text("not_before IS NOT NULL"),
        postgresql_where=text("not_before IS NOT NULL"),
    ),
)

outbox = Table(
    "outbox",
    metadata,
    numbered(),
    Column("id", String(16), nullable=False, unique=True),
    Column("key", String(120), unique=True),
    Column("lane", Integer, nullable=False),
    ref("member", "member"),
    Column("text", String(120), nullable=False),  # subject.id of the catalogue
    Column("params", JSON, nullable=False),
    Column("about", JSON(none_as_null=True)),
    Column("state", String(12), nullable=False),  # waiting, sending, sent, withheld, failed
    Column("reason", String(120)),
    Column("created_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", Moment),
    Column("owner", String(40)),
    Column("maybe_sent", Boolean, nullable=False),
    Column("sent_at", Moment),
    Column("message", BigInteger),  # Telegram's message id
    Index("ix_outbox_state", "state", "lane", "not_before", "number"),
    Index("ix_outbox_member", "member", "state", "lane", "number"),
)

fallback = Table(
    "fallback",
    metadata,
    own_id(),
    ref("message", "outbox", optional=True),  # None: a test of the channel itself
    ref("member", "member"),
    Column("channel", String(20), nullable=False),
    Column("state", String(12), nullable=False),  # waiting, sending, sent, needless, failed
    Column("reason", String(120)),
    Column("created_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", Moment),
    Column("owner", String(40)),
    Column("sent_at", Moment),
    UniqueConstraint("message", "channel"),
    Index("ix_fallback_state", "state", "not_before"),
)

leader = Table(
    "leader",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("owner", String(40), nullable=False),
    Column("until", Moment, nullable=False),
)
