"""Concerns for safety, disagreements, complaints."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "concern",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=True),
        sa.Column("team", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("named", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("read_by", sa.String(length=16), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=16), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_by", sa.String(length=16), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("found", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["member.id"], name=op.f("fk_concern_acknowledged_by")
        ),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_concern_by")),
        sa.ForeignKeyConstraint(
            ["finished_by"], ["member.id"], name=op.f("fk_concern_finished_by")
        ),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_concern_person")),
        sa.ForeignKeyConstraint(["read_by"], ["member.id"], name=op.f("fk_concern_read_by")),
        sa.ForeignKeyConstraint(["team"], ["team.id"], name=op.f("fk_concern_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
    )
    op.create_index("ix_concern_by", "concern", ["by", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_concern_by", table_name="concern")
    op.drop_table("concern")
