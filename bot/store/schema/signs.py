"""Early-warning plans, what was noticed, and what followed."""

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

sign_plan = Table(
    "sign_plan",
    metadata,
    own_id(),
    ref("person", "member"),
    Column("version", Integer, nullable=False),
    Column("state", String(12), nullable=False),  # draft, active, ended
    Column("terms", JSON, nullable=False),  # ids, stages, numbers, rungs
    Column("words", LargeBinary, nullable=False),  # sealed: every card, and what is done
    ref("drafted_by", "member"),
    Column("drafted_at", Moment, nullable=False),
    Column("review_at", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("active_at", Moment),
    Column("ended_at", Moment),
    UniqueConstraint("person", "version"),
)

sign_card = Table(
    "sign_card",
    metadata,
    own_id(),
    ref("person", "member"),
    ref("by", "member"),
    Column("at", Moment, nullable=False),
    Column("terms", JSON, nullable=False),
    Column("words", LargeBinary, nullable=False),  # sealed under the person's key: all may read it
    Column("state", String(12), nullable=False),  # open, taken, declined
    ref("plan", "sign_plan", optional=True),  # the version it went into
    ref("answered_by", "member", optional=True),
    Column("answered_at", Moment),
    Index("ix_sign_card_person", "person", "state"),
)

# --- what was noticed ---------------------------------------------------------------------

observation = Table(
    "observation",
    metadata,
    own_id(),
    ref("person", "member"),
    ref("plan", "sign_plan", optional=True),  # the version in force then
    Column("sign", String(16)),  # a card of it; None: something else
    Column("since", Integer, nullable=False),  # for how many days already: 0, 3, 7
    Column("worry", Integer, nullable=False),  # 1 to 3; 0: not asked, of a good thing
    Column("words", LargeBinary),  # sealed under the writer's key
    ref("by", "member"),
    ref("acting", "membership", optional=True),
    Column("voice", String(8), nullable=False),  # person, carer, staff
    Column("at", Moment, nullable=False),
    Column("named", Boolean, nullable=False),  # the person may know who
    Column("withdrawn_at", Moment),
    ref("read_by", "member", optional=True),
    Column("read_at", Moment),
    ref("finished_by", "member", optional=True),
    Column("finished_at", Moment),
    Index("ix_observation_person", "person", "at"),
)

weekly = Table(
    "weekly",
    metadata,
    Column("supporter", String(16), ForeignKey("membership.id"), primary_key=True),
    Column("next_at", Moment, nullable=False),
)

weekly_answer = Table(
    "weekly_answer",
    metadata,
    own_id(),
    ref("supporter", "membership"),
    Column("asked_at", Moment, nullable=False),
    Column("answer", String(16), nullable=False),  # not_heard, yes, nothing_new, not_this_week
    Column("answered_at", Moment),
    Index("ix_weekly_answer_supporter", "supporter", "asked_at"),
)

# --- what happens next --------------------------------------------------------------------

sign_alert = Table(
    "sign_alert",
    metadata,
    Column("id", String(16), ForeignKey("escalation.id"), primary_key=True),
    ref("person", "member"),
    Column("stage", String(12), nullable=False),
    ref("plan", "sign_plan", optional=True),  # the version that was in force
    Column("thresholds", JSON, nullable=False),  # ids: the sentences that were true
    Column("observations", JSON, nullable=False),  # ids: what is behind it
    Column("done", LargeBinary),  # sealed: what staff did
    ref("done_by", "member", optional=True),
    Column("done_at", Moment),
    Index("ix_sign_alert_person", "person"),
)

__all__ = ["observation", "sign_alert", "sign_card", "sign_plan", "weekly", "weekly_answer"]
