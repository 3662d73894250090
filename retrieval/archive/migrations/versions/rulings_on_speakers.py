"""Who is who, as decided by hand; and each quotation's speaker as the article prints the name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nothing that is stored is touched: the names of older quotations stay those of their speakers."""
    op.add_column("quotation_speakers", sa.Column("name", sa.Text))
    op.create_table(
        "rulings",
        sa.Column("id", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("collection_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False, comment="merge, apart, part or alias: see `rulings`"),
        sa.Column("key", sa.Text, nullable=False, comment="the folded name of whom it is about; no id, for those go"),
        sa.Column("name", sa.Text, nullable=False, comment="that name as it was shown"),
        sa.Column("other_key", sa.Text, comment="merge: of whom they are; part: the office that tells the part"),
        sa.Column("other", sa.Text, comment="as it was shown; alias: the alias"),
        sa.Column("made_at", UTC, nullable=False),
        sa.Column("made_by", BIG_ID, comment="null: the command line"),
        sa.Column("undone_at", UTC),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rulings_collection_id", "rulings", ["collection_id"])
    op.create_table(
        "ruling_articles",
        sa.Column(
            "ruling_id", BIG_ID, sa.ForeignKey("rulings.id", ondelete="CASCADE"), nullable=False, primary_key=True
        ),
        sa.Column("mark", sa.Text, primary_key=True, comment="a hash of the article, or its address: see `rulings`"),
    )
