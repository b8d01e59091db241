"""How a carer is, and to whom their request for an assessment was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "howami",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("member", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_howami_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_howami")),
    )
    op.create_index("ix_howami_member", "howami", ["member", "at"], unique=False)
    op.add_column("concern", sa.Column("sent_to", sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.drop_column("concern", "sent_to")
    op.drop_index("ix_howami_member", table_name="howami")
    op.drop_table("howami")
