"""Who is around the person: the service, its teams, members, roles, shifts, invitations."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    false,
)

from bot.store.schema.column import Moment, metadata, own_id, ref

service = Table(
    "service",
    metadata,
    own_id(),
    Column("name", String(200), nullable=False),
    Column("phone", String(40)),
    Column("created_at", Moment, nullable=False),
)

team = Table(
    "team",
    metadata,
    own_id(),
    Column("name", String(200), nullable=False),
    Column("phone", String(40)),
)

member = Table(
    "member",
    metadata,
    own_id(),
    Column("telegram", BigInteger, unique=True),
    Column("name", LargeBinary, nullable=False),  # sealed under the member's own key
    Column("phone", LargeBinary),  # sealed
    Column("locale", String(20), nullable=False, default="en_GB"),
    Column("menu", String(16)),  # a mark of the commands that Telegram shows them
    Column("alias", LargeBinary),  # sealed: what notices call them; None: their name
    Column("quiet", JSON(none_as_null=True)),  # [from, to] in minutes of the day, wall time
    Column("shared_phone", Boolean, nullable=False, server_default=false()),
    Column("safe_contact", LargeBinary),  # sealed: how and when it is safe to reach them
    Column("needs", LargeBinary),  # sealed JSON: what they need to come to a session
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
    own_id(),
    ref("member", "member"),
    Column("role", String(20), nullable=False),
    ref("team", "team"),
    ref("person", "member", optional=True),  # whom a supporter is there for
    Column("helps_with", LargeBinary),  # sealed under the person's key, in the person's words
    Column("paused_at", Moment),  # the person has paused sharing with them
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Index("ix_membership_member", "member"),
    Index("ix_membership_team", "team"),
    Index("ix_membership_person", "person"),
)

support = Table(
    "support",
    metadata,
    own_id(),
    ref("staff", "member"),
    ref("person", "member"),
    Column("key_worker", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Index("ix_support_staff", "staff"),
    Index("ix_support_person", "person"),
)

shift = Table(
    "shift",
    metadata,
    own_id(),
    ref("team", "team"),
    ref("member", "member"),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Index("ix_shift_team", "team", "ends_at"),
)

invitation = Table(
    "invitation",
    metadata,
    own_id(),
    Column("hash", String(64), unique=True),  # None: no link has been made of it yet
    Column("state", String(12), nullable=False),
    Column("role", String(20), nullable=False),
    ref("team", "team"),
    ref("person", "member", optional=True),
    Column("name", LargeBinary, nullable=False),  # sealed under the service's key
    ref("made_by", "member", optional=True),  # None: made by `kith init`
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("used_by", BigInteger),  # the Telegram id that opened it
    ref("member", "member", optional=True),  # who they became, once confirmed
    Column("confirmed_at", Moment),
    Column("refused_at", Moment),
)
