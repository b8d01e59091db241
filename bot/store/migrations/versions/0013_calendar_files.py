"""Reviews in people's calendars, the dates of the team's meetings, and voices for a review,
and how somebody is on an ordinary good day."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "review_entry",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("member", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("of", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_review_entry_member")),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_review_entry_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_entry")),
        sa.UniqueConstraint("member", "uid", name=op.f("uq_review_entry_member")),
    )
    op.create_index("ix_review_entry_of", "review_entry", ["kind", "of"], unique=False)
    op.create_index("ix_review_entry_uid", "review_entry", ["uid"], unique=False)
    op.create_table(
        "team_meeting",
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_team_meeting_person")),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_team_meeting_by")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_team_meeting")),
    )
    op.create_table(
        "review_voice",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("invited", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("of", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("member", sa.String(length=16), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invited"], ["review_invited.id"], name=op.f("fk_review_voice_invited")
        ),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_review_voice_person")),
        sa.ForeignKeyConstraint(["member"], ["member.id"], name=op.f("fk_review_voice_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_voice")),
        sa.UniqueConstraint("invited", "member", name=op.f("uq_review_voice_invited")),
    )
    op.create_index("ix_review_voice_person", "review_voice", ["person", "kind", "of"])
    op.add_column("first_weeks_answer", sa.Column("usual", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("first_weeks_answer", "usual")
    op.drop_index("ix_review_voice_person", table_name="review_voice")
    op.drop_table("review_voice")
    op.drop_table("team_meeting")
    op.drop_index("ix_review_entry_uid", table_name="review_entry")
    op.drop_index("ix_review_entry_of", table_name="review_entry")
    op.drop_table("review_entry")
