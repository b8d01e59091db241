"""Several replicas, a second way to reach staff, and who has answered a practice alert."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("owner", sa.String(length=40), nullable=True))
    op.create_index("ix_inbox_chat", "inbox", ["chat", "state", "update"], unique=False)
    op.drop_index("ix_deadline_due_at", table_name="deadline")
    op.create_index("ix_deadline_due_at", "deadline", ["due_at", "kind", "key"], unique=False)
    op.create_index(
        "ix_deadline_not_before",
        "deadline",
        ["not_before"],
        unique=False,
        sqlite_where=sa.text("not_before IS NOT NULL"),
        postgresql_where=sa.text("not_before IS NOT NULL"),
    )
    op.drop_index("ix_outbox_member", table_name="outbox")
    op.create_index(
        "ix_outbox_member", "outbox", ["member", "state", "lane", "number"], unique=False
    )
    op.add_column("member", sa.Column("menu", sa.String(length=16), nullable=True))
    op.add_column("member", sa.Column("alert_seen_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "contact",
        sa.Column("member", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_contact_member")),
        sa.PrimaryKeyConstraint("member", "channel", name=op.f("pk_contact")),
    )
    op.create_table(
        "fallback",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("message", sa.String(length=16), nullable=True),
        sa.Column("member", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_fallback_member")),
        sa.ForeignKeyConstraint(["message"], ["outbox.id"], name=op.f("fk_fallback_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fallback")),
        sa.UniqueConstraint("message", "channel", name=op.f("uq_fallback_message")),
    )
    op.create_index("ix_fallback_state", "fallback", ["state", "not_before"], unique=False)
    op.create_table(
        "leader",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leader")),
    )


def downgrade() -> None:
    op.drop_table("leader")
    op.drop_index("ix_fallback_state", table_name="fallback")
    op.drop_table("fallback")
    op.drop_table("contact")
    op.drop_column("member", "alert_seen_at")
    op.drop_column("member", "menu")
    op.drop_index("ix_outbox_member", table_name="outbox")
    op.create_index("ix_outbox_member", "outbox", ["member", "state"], unique=False)
    op.drop_index("ix_deadline_not_before", table_name="deadline")
    op.drop_index("ix_deadline_due_at", table_name="deadline")
    op.create_index("ix_deadline_due_at", "deadline", ["due_at"], unique=False)
    op.drop_index("ix_inbox_chat", table_name="inbox")
    op.drop_column("inbox", "owner")
