"""Early-warning plans, what was noticed, and what followed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "sign_plan",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("drafted_by", sa.String(length=16), nullable=False),
        sa.Column("drafted_at", sa.BigInteger(), nullable=False),
        sa.Column("review_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("active_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["drafted_by"], ["member.id"], name=op.f("fk_sign_plan_drafted_by")
        ),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_sign_plan_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_plan")),
        sa.UniqueConstraint("person", "version", name=op.f("uq_sign_plan_person")),
    )
    op.create_table(
        "sign_card",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("plan", sa.String(length=16), nullable=True),
        sa.Column("answered_by", sa.String(length=16), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["member.id"], name=op.f("fk_sign_card_answered_by")
        ),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_sign_card_by")),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_sign_card_person")),
        sa.ForeignKeyConstraint(["plan"], ["sign_plan.id"], name=op.f("fk_sign_card_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_card")),
    )
    op.create_index("ix_sign_card_person", "sign_card", ["person", "state"], unique=False)
    op.create_table(
        "observation",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("plan", sa.String(length=16), nullable=True),
        sa.Column("sign", sa.String(length=16), nullable=True),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("worry", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("acting", sa.String(length=16), nullable=True),
        sa.Column("voice", sa.String(length=8), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("read_by", sa.String(length=16), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_by", sa.String(length=16), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["acting"], ["membership.id"], name=op.f("fk_observation_acting")),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_observation_by")),
        sa.ForeignKeyConstraint(
            ["finished_by"], ["member.id"], name=op.f("fk_observation_finished_by")
        ),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_observation_person")),
        sa.ForeignKeyConstraint(["plan"], ["sign_plan.id"], name=op.f("fk_observation_plan")),
        sa.ForeignKeyConstraint(["read_by"], ["member.id"], name=op.f("fk_observation_read_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    op.create_index("ix_observation_person", "observation", ["person", "at"], unique=False)
    op.create_table(
        "weekly",
        sa.Column("supporter", sa.String(length=16), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["supporter"], ["membership.id"], name=op.f("fk_weekly_supporter")),
        sa.PrimaryKeyConstraint("supporter", name=op.f("pk_weekly")),
    )
    op.create_table(
        "weekly_answer",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("supporter", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["supporter"], ["membership.id"], name=op.f("fk_weekly_answer_supporter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_answer")),
    )
    op.create_index(
        "ix_weekly_answer_supporter", "weekly_answer", ["supporter", "asked_at"], unique=False
    )
    # --- what happens next
    op.create_table(
        "sign_alert",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("plan", sa.String(length=16), nullable=True),
        sa.Column("thresholds", sa.JSON(), nullable=False),
        sa.Column("observations", sa.JSON(), nullable=False),
        sa.Column("done", sa.LargeBinary(), nullable=True),
        sa.Column("done_by", sa.String(length=16), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["done_by"], ["member.id"], name=op.f("fk_sign_alert_done_by")),
        sa.ForeignKeyConstraint(["id"], ["escalation.id"], name=op.f("fk_sign_alert_id")),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_sign_alert_person")),
        sa.ForeignKeyConstraint(["plan"], ["sign_plan.id"], name=op.f("fk_sign_alert_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_alert")),
    )
    op.create_index("ix_sign_alert_person", "sign_alert", ["person"], unique=False)
    op.create_index("ix_escalation_person", "escalation", ["person", "state"], unique=False)


def downgrade() -> None:
    # --- what happens next
    op.drop_index("ix_escalation_person", table_name="escalation")
    op.drop_index("ix_sign_alert_person", table_name="sign_alert")
    op.drop_table("sign_alert")

    op.drop_index("ix_weekly_answer_supporter", table_name="weekly_answer")
    op.drop_table("weekly_answer")
    op.drop_table("weekly")
    op.drop_index("ix_observation_person", table_name="observation")
    op.drop_table("observation")

    op.drop_index("ix_sign_card_person", table_name="sign_card")
    op.drop_table("sign_card")
    op.drop_table("sign_plan")
