"""What the person lets others know: agreements, what stands beside them, and what was told."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from bot.store.schema.column import Moment, metadata, own_id, ref

agreement = Table(
    "agreement",
    metadata,
    own_id(),
    ref("person", "member"),
    ref("supporter", "membership"),
    Column("version", Integer, nullable=False),
    Column("state", String(12), nullable=False),  # draft, active, ended
    Column("review_at", Moment, nullable=False),
    Column("lapses_at", Moment, nullable=False),
    ref("drafted_by", "member"),
    Column("drafted_at", Moment, nullable=False),
    Column("free", String(12)),  # "Did you choose this yourself?": yes, not_sure, talk
    Column("activated_at", Moment),
    Column("ended_at", Moment),
    ref("ended_by", "member", optional=True),
    UniqueConstraint("supporter", "version"),
    Index("ix_agreement_person", "person", "state"),
)

sharing = Table(
    "sharing",
    metadata,
    own_id(),
    ref("agreement", "agreement"),
    Column("topic", String(24), nullable=False),
    Column("situation", String(12), nullable=False),
    Column("choice", String(8), nullable=False),
    Column("level", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Column("data_from", Moment),
    Column("basis", String(16), nullable=False),
    Column("ground", String(16)),  # the decision or authority it rests on
    Index("ix_sharing_agreement", "agreement"),
)

sitting = Table(
    "sitting",
    metadata,
    own_id(),
    ref("person", "member"),
    ref("supporter", "membership"),
    ref("member", "member"),  # of the staff: whom the person asked to sit with them
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("ended_at", Moment),  # before it was over by itself
    Index("ix_sitting_supporter", "supporter"),
)

pause = Table(
    "pause",
    metadata,
    own_id(),
    ref("supporter", "membership"),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),  # the one that stands is the membership's own
    Index("ix_pause_supporter", "supporter"),
)

guardrail = Table(
    "guardrail",
    metadata,
    own_id(),
    ref("person", "member"),
    ref("supporter", "membership"),
    Column("topic", String(24), nullable=False),
    Column("why", LargeBinary, nullable=False),  # sealed under the service's key
    ref("set_by", "member"),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    ref("ended_by", "member", optional=True),
    Index("ix_guardrail_person", "person"),
)

decision = Table(
    "decision",
    metadata,
    own_id(),
    ref("person", "member"),
    Column("kind", String(16), nullable=False),  # capacity, best_interests
    Column("topics", JSON, nullable=False),
    Column("words", LargeBinary, nullable=False),  # sealed JSON: question, help given, views ...
    Column("test", JSON, nullable=False),  # the four parts: understand, retain, weigh, communicate
    Column("outcome", String(24), nullable=False),
    ref("by", "member"),
    Column("since", Moment, nullable=False),
    Column("review_at", Moment, nullable=False),
    Column("until", Moment),  # ended before its review
    Index("ix_decision_person", "person"),
)

authority = Table(
    "authority",
    metadata,
    own_id(),
    ref("person", "member"),
    ref("membership", "membership"),  # the attorney or deputy
    Column("topics", JSON, nullable=False),
    ref("seen_by", "member"),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("ended_at", Moment),  # before it was over by itself
    ref("ended_by", "member", optional=True),
    Index("ix_authority_person", "person"),
)

hold = Table(
    "hold",
    metadata,
    own_id(),
    ref("person", "member"),
    Column("topic", String(24), nullable=False),
    ref("decision", "decision"),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Index("ix_hold_person", "person"),
)

switch = Table(
    "switch",
    metadata,
    own_id(),
    ref("person", "member"),
    Column("situation", String(12), nullable=False),
    ref("asked_by", "member"),
    Column("asked_at", Moment, nullable=False),
    ref("told_by", "member", optional=True),  # who has told the person face to face
    ref("second", "member", optional=True),
    Column("since", Moment),  # None: the second has not confirmed it
    Column("until", Moment, nullable=False),
    Column("ended_at", Moment),  # before it was over by itself
    ref("ended_by", "member", optional=True),
    Index("ix_switch_person", "person"),
)

glass = Table(
    "glass",
    metadata,
    own_id(),
    ref("person", "member"),
    ref("supporter", "membership"),
    ref("news", "news"),
    Column("reason", String(24), nullable=False),
    Column("why", LargeBinary, nullable=False),  # sealed under the service's key
    ref("by", "member"),
    Column("since", Moment, nullable=False),
    Column("tell_person", Boolean, nullable=False),
    Column("review_at", Moment, nullable=False),
    ref("reviewed_by", "member", optional=True),
    Column("reviewed_at", Moment),
    Column("found", String(12)),  # what the review found: right, not_right
    Index("ix_glass_person", "person"),
)

news = Table(
    "news",
    metadata,
    own_id(),
    ref("person", "member"),
    Column("topic", String(24)),  # None: general information, about nobody
    Column("level", Integer, nullable=False),
    Column("words", LargeBinary),  # sealed under the person's key; None: the text says it
    Column("text", String(120)),  # subject.id of the catalogue
    Column("params", JSON, nullable=False),
    ref("by", "member", optional=True),  # None: Kith itself, of an outing
    Column("made_at", Moment, nullable=False),
    Column("at", Moment),  # the time it tells of
    Column("harm", Boolean, nullable=False),
    ref("told_by", "member", optional=True),  # who told the person face to face (candour)
    Column("told_at", Moment),
    Index("ix_news_person", "person", "made_at"),
)

candour = Table(
    "candour",
    metadata,
    own_id(),
    ref("person", "member"),
    ref("news", "news", optional=True),  # what those around the person were told of it
    ref("opened_by", "member"),
    Column("opened_at", Moment, nullable=False),
    ref("told_by", "member", optional=True),  # who told the person face to face
    Column("told_at", Moment),
    Column("done", JSON, nullable=False),  # the other steps
    Index("ix_candour_person", "person"),
)

telling = Table(
    "telling",
    metadata,
    own_id(),
    ref("news", "news"),
    ref("member", "member"),
    ref("supporter", "membership"),
    Column("state", String(12), nullable=False),  # asking, waiting, read, over
    Column("made_at", Moment, nullable=False),
    Column("ask_until", Moment),
    Column("answer", String(8)),  # yes, no, change, silent
    Column("answered_at", Moment),
    Column("read_at", Moment),
    Column("message", BigInteger),  # Telegram's message id while it is shown
    Column("hide_at", Moment),
    Column("version", Integer, nullable=False),
    UniqueConstraint("news", "supporter"),
    Index("ix_telling_member", "member", "state"),
)

heard = Table(
    "heard",
    metadata,
    own_id(),
    ref("member", "member"),
    ref("person", "member"),
    Column("words", LargeBinary, nullable=False),  # sealed under the writer's key
    Column("at", Moment, nullable=False),
    ref("read_by", "member", optional=True),
    Column("read_at", Moment),
    Index("ix_heard_person", "person", "at"),
)

rhythm = Table(
    "rhythm",
    metadata,
    Column("supporter", String(16), ForeignKey("membership.id"), primary_key=True),
    Column("weeks", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("last_at", Moment),
    ref("set_by", "member"),
    Column("asks", Boolean, nullable=False),  # the person, for good news, the day before
)
