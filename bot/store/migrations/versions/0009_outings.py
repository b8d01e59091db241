"""Patterns and points of an outing, pauses, and who set off for whom."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

COUNTS = ("point", "slack", "extends")


def upgrade() -> None:
    op.add_column("journey", sa.Column("back_at", sa.BigInteger(), nullable=True))
    for name in COUNTS:
        op.add_column(
            "journey", sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)
        )
    op.add_column("journey", sa.Column("stretches", sa.JSON(none_as_null=True), nullable=True))
    op.add_column(
        "journey",
        sa.Column("phone_low", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("journey", sa.Column("set_off_by", sa.String(length=16), nullable=True))


def downgrade() -> None:
    for name in ("set_off_by", "phone_low", "stretches", *reversed(COUNTS), "back_at"):
        op.drop_column("journey", name)
