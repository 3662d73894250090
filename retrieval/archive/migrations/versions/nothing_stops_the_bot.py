"""A digest of everything made of an article, folded names, numbers by collection, and attempts at reading."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Columns are added at the end of their tables; nothing that is stored is touched."""
    _digests()
    _folded_names()
    _numbers()
    _attempts()


def _digests() -> None:
    op.add_column("articles", sa.Column("digest", sa.String(64)))


def _folded_names() -> None:
    op.add_column("articles", sa.Column("title_key", sa.Text))
    op.add_column("articles", sa.Column("publisher_key", sa.Text))


def _numbers() -> None:
    op.add_column("visibility", sa.Column("number", sa.Integer))
    op.create_table(
        "article_numbers",
        sa.Column("collection_id", BIG_ID, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
    )


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("tried_at", UTC, nullable=False),
    )
