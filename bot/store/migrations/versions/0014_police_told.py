"""Who of staff has told the police about an alert, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("escalation", sa.Column("police_told_at", sa.BigInteger(), nullable=True))
    op.add_column("escalation", sa.Column("police_told_by", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("escalation", "police_told_by")
    op.drop_column("escalation", "police_told_at")
