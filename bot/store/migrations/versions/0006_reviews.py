"""What is looked at again, and the first weeks."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("of", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=True),
        sa.Column("came", sa.String(length=12), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("who", sa.JSON(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("data", sa.Boolean(), nullable=False),
        sa.Column("theatre", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_review_by")),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_review_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index("ix_review_person", "review", ["person", "kind", "of", "at"], unique=False)
    op.create_table(
        "review_snooze",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("of", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_review_snooze_by")),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_review_snooze_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_snooze")),
    )
    op.create_index("ix_review_snooze_person", "review_snooze", ["person"], unique=False)
    op.create_table(
        "review_invited",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("of", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_review_invited_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_invited")),
        sa.UniqueConstraint(
            "person", "kind", "of", "due_at", name=op.f("uq_review_invited_person")
        ),
    )
    op.create_table(
        "morning",
        sa.Column("team", sa.String(length=16), nullable=False),
        sa.Column("told_until", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=True),
        sa.Column("after", sa.String(length=16), nullable=True),
        sa.Column("telling", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("managers_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["team"], ["team.id"], name=op.f("fk_morning_team")),
        sa.PrimaryKeyConstraint("team", name=op.f("pk_morning")),
    )
    _into_the_morning()
    op.create_table(
        "first_weeks",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("started_by", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("around", sa.Boolean(), nullable=True),
        sa.Column("no_more", sa.JSON(), nullable=False),
        sa.Column("paused_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_first_weeks_person")),
        sa.ForeignKeyConstraint(
            ["started_by"], ["member.id"], name=op.f("fk_first_weeks_started_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_weeks")),
    )
    op.create_index("ix_first_weeks_person", "first_weeks", ["person", "started_at"], unique=False)
    op.create_table(
        "first_weeks_answer",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("weeks", sa.String(length=16), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=16), nullable=False),
        sa.Column("acting", sa.String(length=16), nullable=True),
        sa.Column("voice", sa.String(length=8), nullable=False),
        sa.Column("shift", sa.String(length=12), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.String(length=16), nullable=False),
        sa.Column("well", sa.LargeBinary(), nullable=True),
        sa.Column("different", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["acting"], ["membership.id"], name=op.f("fk_first_weeks_answer_acting")
        ),
        sa.ForeignKeyConstraint(
            ["member"], ["member.id"], name=op.f("fk_first_weeks_answer_member")
        ),
        sa.ForeignKeyConstraint(
            ["weeks"], ["first_weeks.id"], name=op.f("fk_first_weeks_answer_weeks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_weeks_answer")),
        sa.UniqueConstraint("weeks", "week", "member", name=op.f("uq_first_weeks_answer_weeks")),
    )
    op.create_index(
        "ix_first_weeks_answer_member",
        "first_weeks_answer",
        ["member", "asked_at"],
        unique=False,
    )


def _into_the_morning() -> None:
    """What staff were reminded of one by one is said in their morning from now on."""
    op.execute(
        """
        INSERT INTO review (id, kind, "of", person, due_at, "at", came, next_at, who, data, theatre)
        SELECT deadline.key, 'sign_plan', deadline.key, sign_plan.person, deadline.due_at,
            deadline.due_at, 'asked', deadline.due_at, '[]', false, false
        FROM deadline JOIN sign_plan ON sign_plan.id = deadline.key
        WHERE deadline.kind = 'sign_review_alert'
        """
    )
    op.execute(
        """
        DELETE FROM deadline WHERE kind IN ('sign_review', 'sign_review_alert', 'glass_review')
        """
    )


def downgrade() -> None:
    op.drop_index("ix_first_weeks_answer_member", table_name="first_weeks_answer")
    op.drop_table("first_weeks_answer")
    op.drop_index("ix_first_weeks_person", table_name="first_weeks")
    op.drop_table("first_weeks")
    op.drop_table("morning")
    op.drop_table("review_invited")
    op.drop_index("ix_review_snooze_person", table_name="review_snooze")
    op.drop_table("review_snooze")
    op.drop_index("ix_review_person", table_name="review")
    op.drop_table("review")
