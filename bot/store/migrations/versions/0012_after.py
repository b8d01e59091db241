"""How outings went, steps of support that are proposed, and drills."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "drill",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(length=20), nullable=True),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("empty", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_drill_person")),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_drill_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill")),
    )
    op.create_index("ix_drill_person", "drill", ["person", "asked_at"], unique=False)
    op.create_table(
        "practises",
        sa.Column("membership", sa.String(length=16), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership"], ["membership.id"], name=op.f("fk_practises_membership")
        ),
        sa.PrimaryKeyConstraint("membership", name=op.f("pk_practises")),
    )
    op.create_table(
        "afterwards",
        sa.Column("journey", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("worried", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["journey"], ["journey.id"], name=op.f("fk_afterwards_journey")),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_afterwards_person")),
        sa.PrimaryKeyConstraint("journey", name=op.f("pk_afterwards")),
    )
    op.create_index("ix_afterwards_person", "afterwards", ["person"], unique=False)
    op.create_table(
        "worry",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("supporter", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("worry", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("no_more", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["supporter"], ["membership.id"], name=op.f("fk_worry_supporter")),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_worry_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worry")),
    )
    op.create_index("ix_worry_supporter", "worry", ["supporter", "asked_at"], unique=False)
    op.create_index("ix_worry_person", "worry", ["person", "asked_at"], unique=False)
    op.create_table(
        "stepping",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("plan", sa.String(length=16), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("journey", sa.String(length=16), nullable=True),
        sa.Column("by", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("person_at", sa.BigInteger(), nullable=True),
        sa.Column("staff", sa.String(length=16), nullable=True),
        sa.Column("staff_at", sa.BigInteger(), nullable=True),
        sa.Column("became", sa.String(length=16), nullable=True),
        sa.Column("disagreed_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_stepping_person")),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_stepping_plan")),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_stepping_by")),
        sa.ForeignKeyConstraint(["staff"], ["member.id"], name=op.f("fk_stepping_staff")),
        sa.ForeignKeyConstraint(["became"], ["plan.id"], name=op.f("fk_stepping_became")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stepping")),
    )
    op.create_index("ix_stepping_person", "stepping", ["person", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_stepping_person", table_name="stepping")
    op.drop_table("stepping")
    op.drop_index("ix_worry_person", table_name="worry")
    op.drop_index("ix_worry_supporter", table_name="worry")
    op.drop_table("worry")
    op.drop_index("ix_afterwards_person", table_name="afterwards")
    op.drop_table("afterwards")
    op.drop_table("practises")
    op.drop_index("ix_drill_person", table_name="drill")
    op.drop_table("drill")
