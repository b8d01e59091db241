"""What is looked at again, and the first weeks with somebody new."""

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
    UniqueConstraint,
)

from bot.store.schema.column import Moment, metadata, own_id, ref

# --- reviews ------------------------------------------------------------------------------

review = Table(
    "review",
    metadata,
    own_id(),
    Column("kind", String(16), nullable=False),
    Column("of", String(16), nullable=False),  # the record's id, or the person's
    ref("person", "member"),
    Column("due_at", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    ref("by", "member", optional=True),
    Column("came", String(12), nullable=False),  # asked, started, stays, changed, ended
    Column("next_at", Moment),  # None: never again
    Column("who", JSON, nullable=False),  # ids: members who took part
    Column("words", LargeBinary),  # sealed JSON, under the person's key
    Column("data", Boolean, nullable=False),
    Column("theatre", Boolean, nullable=False),
    Index("ix_review_person", "person", "kind", "of", "at"),
)

review_snooze = Table(
    "review_snooze",
    metadata,
    own_id(),
    Column("kind", String(16), nullable=False),
    Column("of", String(16), nullable=False),
    ref("person", "member"),
    Column("due_at", Moment, nullable=False),
    ref("by", "member"),
    Column("at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("why", LargeBinary, nullable=False),  # sealed under the person's key
    Index("ix_review_snooze_person", "person"),
)

review_invited = Table(
    "review_invited",
    metadata,
    own_id(),
    Column("kind", String(16), nullable=False),
    Column("of", String(16), nullable=False),
    ref("person", "member"),
    Column("due_at", Moment, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("answer", String(8)),  # yes, no, talk
    Column("answered_at", Moment),
    UniqueConstraint("person", "kind", "of", "due_at"),
)

review_voice = Table(
    "review_voice",
    metadata,
    own_id(),
    ref("invited", "review_invited"),  # with which they heard of it
    Column("kind", String(16), nullable=False),
    Column("of", String(16), nullable=False),
    ref("person", "member"),
    ref("member", "member"),  # who says it
    Column("words", LargeBinary, nullable=False),  # sealed under the writer's key
    Column("at", Moment, nullable=False),
    UniqueConstraint("invited", "member"),
    Index("ix_review_voice_person", "person", "kind", "of"),
)

review_entry = Table(
    "review_entry",
    metadata,
    own_id(),
    ref("member", "member"),  # in whose calendar it is
    Column("kind", String(16), nullable=False),
    Column("of", String(16), nullable=False),
    ref("person", "member"),
    Column("uid", String(16), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("day", String(10), nullable=False),  # ISO 8601
    Column("gone", Boolean, nullable=False),
    UniqueConstraint("member", "uid"),
    Index("ix_review_entry_of", "kind", "of"),
    Index("ix_review_entry_uid", "uid"),
)

team_meeting = Table(
    "team_meeting",
    metadata,
    Column("person", String(16), ForeignKey("member.id"), primary_key=True),
    Column("at", Moment, nullable=False),  # the morning of its day
    ref("by", "member"),
    Column("said_at", Moment, nullable=False),
)

morning = Table(
    "morning",
    metadata,
    Column("team", String(16), ForeignKey("team.id"), primary_key=True),
    Column("told_until", Moment, nullable=False),  # what came up by then has been said
    Column("began_at", Moment),  # this morning, while it is being told
    Column("after", String(16)),  # the last member who has been seen to this morning
    Column("telling", Boolean, nullable=False),  # staff hear now
    Column("counts", JSON, nullable=False),  # by member: how many are up, a moment come, late
    Column("managers_at", Moment),  # when managers last heard what is late
)

# --- the first 12 weeks -------------------------------------------------------------------

first_weeks = Table(
    "first_weeks",
    metadata,
    own_id(),
    ref("person", "member"),
    Column("state", String(12), nullable=False),  # running, paused, stopped, over
    ref("started_by", "member"),
    Column("started_at", Moment, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("week", Integer, nullable=False),
    Column("around", Boolean),  # those around the person are asked too; None: not said
    Column("no_more", JSON, nullable=False),  # ids: members who want no more questions
    Column("paused_at", Moment),
    Column("ended_at", Moment),
    Index("ix_first_weeks_person", "person", "started_at"),
)

first_weeks_answer = Table(
    "first_weeks_answer",
    metadata,
    own_id(),
    ref("weeks", "first_weeks"),
    Column("week", Integer, nullable=False),
    ref("member", "member"),
    ref("acting", "membership", optional=True),
    Column("voice", String(8), nullable=False),  # person, carer, staff
    Column("shift", String(12)),
    Column("asked_at", Moment, nullable=False),
    Column("said", String(16), nullable=False),
    Column("well", LargeBinary),  # sealed under the writer's key
    Column("different", LargeBinary),  # the same
    Column("usual", LargeBinary),  # the same; of the first week alone
    Column("answered_at", Moment),
    Column("read_at", Moment),
    UniqueConstraint("weeks", "week", "member"),
    Index("ix_first_weeks_answer_member", "member", "asked_at"),
)

__all__ = [
    "first_weeks",
    "first_weeks_answer",
    "morning",
    "review",
    "review_entry",
    "review_invited",
    "review_snooze",
    "review_voice",
    "team_meeting",
]
