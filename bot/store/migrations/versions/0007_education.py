"""Education sessions, and what people need to come to one."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("uid", sa.String(length=255), nullable=True),
        sa.Column("series", sa.String(length=16), nullable=False),
        sa.Column("team", sa.String(length=16), nullable=True),
        sa.Column("by", sa.String(length=16), nullable=True),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.String(length=12), nullable=False),
        sa.Column("rule_day", sa.String(length=10), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("meets", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_session_by")),
        sa.ForeignKeyConstraint(["team"], ["team.id"], name=op.f("fk_session_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("uid", name=op.f("uq_session_uid")),
    )
    op.create_index("ix_session_starts_at", "session", ["starts_at"], unique=False)
    op.create_table(
        "booking",
        sa.Column("session", sa.String(length=16), nullable=False),
        sa.Column("member", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_booking_member")),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name=op.f("fk_booking_session")),
        sa.PrimaryKeyConstraint("session", "member", name=op.f("pk_booking")),
    )
    op.create_index("ix_booking_member", "booking", ["member"], unique=False)
    op.create_table(
        "no_dates",
        sa.Column("member", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_no_dates_member")),
        sa.PrimaryKeyConstraint("member", name=op.f("pk_no_dates")),
    )
    op.add_column("member", sa.Column("needs", sa.LargeBinary(), nullable=True))
    op.create_table(
        "wish",
        sa.Column("member", sa.String(length=16), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=30), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_wish_member")),
        sa.PrimaryKeyConstraint("member", name=op.f("pk_wish")),
    )
    op.create_table(
        "suggestion",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_suggestion_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
    )
    op.create_table(
        "feedback",
        sa.Column("session", sa.String(length=16), nullable=False),
        sa.Column("member", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=True),
        sa.Column("useful", sa.String(length=8), nullable=True),
        sa.Column("clear", sa.String(length=8), nullable=True),
        sa.Column("again", sa.String(length=8), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_feedback_member")),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name=op.f("fk_feedback_session")),
        sa.PrimaryKeyConstraint("session", "member", name=op.f("pk_feedback")),
    )
    op.create_table(
        "followed",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("session", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("told", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_followed_by")),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name=op.f("fk_followed_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followed")),
    )
    op.create_table(
        "imported",
        sa.Column("session", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name=op.f("fk_imported_session")),
        sa.PrimaryKeyConstraint("session", name=op.f("pk_imported")),
    )
    op.create_index("ix_imported_source", "imported", ["source"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_imported_source", table_name="imported")
    op.drop_table("imported")
    op.drop_table("followed")
    op.drop_table("feedback")
    op.drop_table("suggestion")
    op.drop_table("wish")
    op.drop_column("member", "needs")
    op.drop_table("no_dates")
    op.drop_index("ix_booking_member", table_name="booking")
    op.drop_table("booking")
    op.drop_index("ix_session_starts_at", table_name="session")
    op.drop_table("session")
