"""Outings that come again, cover on the rota, and outings handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "regular",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column("back", sa.String(length=5), nullable=False),
        sa.Column("holidays", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("agreed_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_regular_by")),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_regular_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regular")),
    )
    op.create_index("ix_regular_person", "regular", ["person", "ended_at"], unique=False)
    op.create_table(
        "cover",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("shift", sa.String(length=16), nullable=False),
        sa.Column("other", sa.String(length=16), nullable=True),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("taken_by", sa.String(length=16), nullable=True),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_cover_by")),
        sa.ForeignKeyConstraint(["taken_by"], ["member.id"], name=op.f("fk_cover_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
    )
    op.create_index("ix_cover_shift", "cover", ["shift", "state"], unique=False)
    op.create_table(
        "duty",
        sa.Column("journey", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("member", sa.String(length=16), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("warned", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["journey"], ["journey.id"], name=op.f("fk_duty_journey")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_duty_member")),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_duty_person")),
        sa.PrimaryKeyConstraint("journey", name=op.f("pk_duty")),
    )


def downgrade() -> None:
    op.drop_table("duty")
    op.drop_index("ix_cover_shift", "cover")
    op.drop_table("cover")
    op.drop_index("ix_regular_person", "regular")
    op.drop_table("regular")
