"""Words the person has chosen, and where they are, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    _words()
    _locations()


def downgrade() -> None:
    op.drop_table("opening")
    op.drop_table("spot")
    op.drop_table("location")
    op.drop_table("word")


def _words() -> None:
    op.create_table(
        "word",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("pepper", sa.LargeBinary(), nullable=False),
        sa.Column("digests", sa.JSON(), nullable=False),
        sa.Column("chosen_at", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=True),
        sa.Column("question", sa.LargeBinary(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_word_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word")),
    )
    op.create_index("ix_word_person", "word", ["person"])


def _locations() -> None:
    op.create_table(
        "location",
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("opens", sa.String(length=10), nullable=False),
        sa.Column("chosen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_location_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_location")),
    )
    op.create_table(
        "spot",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("journey", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["journey"], ["journey.id"], name=op.f("fk_spot_journey")),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_spot_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot")),
        sa.UniqueConstraint("journey", name=op.f("uq_spot_journey")),
    )
    op.create_index("ix_spot_person", "spot", ["person"], unique=False)
    op.create_table(
        "opening",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("journey", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("alert", sa.String(length=16), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=True),
        sa.Column("message", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["journey"], ["journey.id"], name=op.f("fk_opening_journey")),
        sa.ForeignKeyConstraint(["person"], ["member.id"], name=op.f("fk_opening_person")),
        sa.ForeignKeyConstraint(["by"], ["member.id"], name=op.f("fk_opening_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
    )
    op.create_index("ix_opening_person", "opening", ["person"], unique=False)
