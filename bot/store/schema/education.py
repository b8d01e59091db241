"""Education sessions: dates, places, booking, what was asked for, what was said after."""

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

# --- dates and places ---------------------------------------------------------------------

session = Table(
    "session",
    metadata,
    own_id(),
    Column("uid", String(255), unique=True),  # as the file it came in names it; None: made here
    Column("series", String(16), nullable=False),  # the id of the first of its series
    ref("team", "team", optional=True),  # None: the whole service's
    ref("by", "member", optional=True),  # None: it came in a file
    Column("subject", String(12), nullable=False),
    Column("state", String(12), nullable=False),  # draft, published, cancelled, over
    Column("starts_at", Moment, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("repeats", String(12), nullable=False),
    Column("rule_day", String(10), nullable=False),  # the day its rule goes on from, ISO 8601
    Column("places", Integer),  # None: as many as come
    Column("words", LargeBinary, nullable=False),  # sealed JSON, under the service's key
    Column("languages", JSON, nullable=False),
    Column("meets", JSON, nullable=False),  # which needs
    Column("version", Integer, nullable=False),  # grows with each change
    Column("made_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_session_starts_at", "starts_at"),
)

booking = Table(
    "booking",
    metadata,
    Column("session", String(16), ForeignKey("session.id"), primary_key=True),
    Column("member", String(16), ForeignKey("member.id"), primary_key=True),
    Column("place", String(12), nullable=False),  # booked, waiting, given_back
    Column("number", Integer, nullable=False),  # their place in the line of this session
    Column("at", Moment, nullable=False),
    Index("ix_booking_member", "member"),
)

no_dates = Table(
    "no_dates",
    metadata,
    Column("member", String(16), ForeignKey("member.id"), primary_key=True),
)

# --- what is wished for, what is said after ------------------------------------------------

wish = Table(
    "wish",
    metadata,
    Column("member", String(16), ForeignKey("member.id"), primary_key=True),
    Column("weekday", Integer),  # 0 is Monday; None: any
    Column("part", String(12), nullable=False),  # morning, afternoon, evening, any
    Column("language", String(30), nullable=False),
    Column("at", Moment, nullable=False),
)

suggestion = Table(
    "suggestion",
    metadata,
    own_id(),
    ref("by", "member"),
    Column("words", LargeBinary, nullable=False),  # sealed under their key
    Column("at", Moment, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("session", String(16), ForeignKey("session.id"), primary_key=True),
    Column("member", String(16), ForeignKey("member.id"), primary_key=True),
    Column("asked_at", Moment, nullable=False),
    Column("came", Boolean),  # None: not heard
    Column("useful", String(8)),  # yes, partly, no
    Column("clear", String(8)),
    Column("again", String(8)),
    Column("words", LargeBinary),  # sealed under their key
)

followed = Table(
    "followed",
    metadata,
    own_id(),
    ref("session", "session"),
    ref("by", "member"),
    Column("at", Moment, nullable=False),
    Column("words", LargeBinary, nullable=False),  # sealed: what they said, what came of it
    Column("told", String(16), nullable=False),  # the last who was told; in the order of ids
)

imported = Table(
    "imported",
    metadata,
    Column("session", String(16), ForeignKey("session.id"), primary_key=True),
    Column("source", String(16), nullable=False),  # which calendar it came in
    Index("ix_imported_source", "source"),
)

__all__ = [
    "booking",
    "feedback",
    "followed",
    "imported",
    "no_dates",
    "session",
    "suggestion",
    "wish",
]
