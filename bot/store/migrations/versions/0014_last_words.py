"""Who of staff has told the police about an alert, and when; and of somebody's words on the way,
that they are lost, and that they are home."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("escalation", sa.Column("police_told_at", sa.BigInteger(), nullable=True))
    op.add_column("escalation", sa.Column("police_told_by", sa.String(length=16), nullable=True))
    op.add_column(
        "escalation", sa.Column("lost", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "journey", sa.Column("said_home", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("journey", "said_home")
    op.drop_column("escalation", "lost")
    op.drop_column("escalation", "police_told_by")
    op.drop_column("escalation", "police_told_at")
