"""Every table. Times are UTC microseconds; sealed columns hold ciphertext; ids are random."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware UTC time, kept as microseconds since 1970; a naive one is refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be kept")
        return (value - _EPOCH) // _TICK

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + int(value) * _TICK


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _id() -> Column[str]:
    return Column("id", String(16), primary_key=True)


def _number() -> Column[int]:
    """The order in which rows came: two of one instant keep it, though ids are random."""
    return Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def _ref(name: str, to: str, *, optional: bool = False) -> Column[str]:
    return Column(name, String(16), ForeignKey(f"{to}.id"), nullable=optional)


# --- circle -------------------------------------------------------------------------------

service = Table(
    "service",
    metadata,
    _id(),
    Column("name", String(200), nullable=False),
    Column("phone", String(40)),
    Column("created_at", Moment, nullable=False),
)

team = Table(
    "team",
    metadata,
    _id(),
    Column("name", String(200), nullable=False),
    Column("phone", String(40)),
)

member = Table(
    "member",
    metadata,
    _id(),
    Column("telegram", BigInteger, unique=True),
    Column("name", LargeBinary, nullable=False),  # sealed under the member's own key
    Column("phone", LargeBinary),  # sealed
    Column("locale", String(20), nullable=False, default="en_GB"),
    Column("menu", String(16)),  # a mark of the commands that Telegram shows them
    Column("unreachable_since", Moment),
    Column("alert_seen_at", Moment),  # when they last answered a practice alert
    Column("joined_at", Moment, nullable=False),
    Column("left_at", Moment),
)

contact = Table(
    "contact",
    metadata,
    Column("member", String(16), ForeignKey("member.id"), primary_key=True),
    Column("channel", String(20), primary_key=True),  # as the installation calls it: email, sms
    Column("address", LargeBinary, nullable=False),  # sealed under the member's own key
    Column("given_at", Moment, nullable=False),
    Column("confirmed_at", Moment),  # a test message sent there has arrived
)

membership = Table(
    "membership",
    metadata,
    _id(),
    _ref("member", "member"),
    Column("role", String(20), nullable=False),
    _ref("team", "team"),
    _ref("person", "member", optional=True),  # whom a carer or advocate is there for
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Index("ix_membership_member", "member"),
    Index("ix_membership_team", "team"),
    Index("ix_membership_person", "person"),
)

support = Table(
    "support",
    metadata,
    _id(),
    _ref("staff", "member"),
    _ref("person", "member"),
    Column("key_worker", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Index("ix_support_staff", "staff"),
    Index("ix_support_person", "person"),
)

shift = Table(
    "shift",
    metadata,
    _id(),
    _ref("team", "team"),
    _ref("member", "member"),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Index("ix_shift_team", "team", "ends_at"),
)

invitation = Table(
    "invitation",
    metadata,
    _id(),
    Column("hash", String(64), unique=True),  # None: no link has been made of it yet
    Column("state", String(12), nullable=False),
    Column("role", String(20), nullable=False),
    _ref("team", "team"),
    _ref("person", "member", optional=True),
    Column("name", LargeBinary, nullable=False),  # sealed under the service's key
    _ref("made_by", "member", optional=True),  # None: made by `kith init`
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("used_by", BigInteger),  # the Telegram id that opened it
    _ref("member", "member", optional=True),  # who they became, once confirmed
    Column("confirmed_at", Moment),
    Column("refused_at", Moment),
)

# --- journey ------------------------------------------------------------------------------

plan = Table(
    "plan",
    metadata,
    _id(),
    _ref("person", "member"),
    Column("version", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("terms", JSON, nullable=False),  # numbers and ids: times, rungs, place ids
    Column("words", LargeBinary, nullable=False),  # sealed: place names, what to do
    _ref("drafted_by", "member"),
    Column("drafted_at", Moment, nullable=False),
    Column("agreed_at", Moment),
    UniqueConstraint("person", "version"),
)

journey = Table(
    "journey",
    metadata,
    _id(),
    _ref("person", "member"),
    _ref("plan", "plan", optional=True),
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
    Column("version", Integer, nullable=False),
    Index("ix_journey_person", "person", "ended_at"),
)

# --- escalation ---------------------------------------------------------------------------

escalation = Table(
    "escalation",
    metadata,
    _id(),
    _ref("person", "member"),
    _ref("team", "team"),
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
    _ref("holder", "member", optional=True),
    Column("held_at", Moment),
    Column("asked", Integer, nullable=False),
    Column("answered_at", Moment),
    Column("due_at", Moment),
    Column("outcome", String(20)),
    Column("closed_at", Moment),
    _ref("closed_by", "member", optional=True),
    Column("version", Integer, nullable=False),
    Index("ix_escalation_subject", "subject"),
    Index("ix_escalation_state", "state"),
)

# --- flows --------------------------------------------------------------------------------

flow = Table(
    "flow",
    metadata,
    _id(),
    Column("chat", BigInteger, nullable=False),
    _ref("membership", "membership", optional=True),
    Column("name", String(40), nullable=False),
    Column("step", String(40), nullable=False),
    Column("answers", LargeBinary, nullable=False),  # sealed JSON under the service's key
    Column("path", JSON, nullable=False),  # the steps behind, for Back
    Column("turn", Integer, nullable=False),  # grows with each step: an old button is known
    Column("screen", BigInteger),  # message id of the newest question
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("chat", "name"),
)

# --- doors and the way out ----------------------------------------------------------------

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
    _number(),
    Column("id", String(16), nullable=False, unique=True),
    Column("key", String(120), unique=True),
    Column("lane", Integer, nullable=False),
    _ref("member", "member"),
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
    _id(),
    _ref("message", "outbox", optional=True),  # None: a test of the channel itself
    _ref("member", "member"),
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

# --- ledger -------------------------------------------------------------------------------

ledger = Table(
    "ledger",
    metadata,
    _number(),
    Column("id", String(16), nullable=False, unique=True),
    Column("at", Moment, nullable=False),
    Column("kind", String(60), nullable=False),
    Column("person", String(16)),
    Column("actor", String(16)),
    Column("facts", JSON, nullable=False),
    Column("words", LargeBinary),
    Index("ix_ledger_person", "person", "at"),
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
