"""Where articles come from: feeds, versions, notices, who added what; ranks, and who passed a quotation on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Columns are added at the end of their tables; nothing that is stored is touched."""
    for name, column_type in (
        ("address", sa.Text),
        ("updated_at", UTC),
        ("notice", sa.String(16)),
        ("fetched_at", UTC),
        ("gone_at", UTC),
    ):
        op.add_column("articles", sa.Column(name, column_type))
    op.create_index("ix_articles_address", "articles", ["address"])
    op.add_column("quotation_speakers", sa.Column("rank", sa.Text))
    op.add_column("quotations", sa.Column("via_start", sa.Integer))
    op.add_column("quotations", sa.Column("via_end", sa.Integer))
    op.add_column("visibility", sa.Column("added_by", BIG_ID))
    op.add_column("visibility", sa.Column("shown_at", UTC))
    _revisions()
    _feeds()
    _audit()


def _revisions() -> None:
    op.create_table(
        "revisions",
        _id(),
        _of("articles", "article_id"),
        sa.Column("collection_id", BIG_ID, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("published_at", UTC),
        sa.Column("updated_at", UTC),
        sa.Column("added_at", UTC, nullable=False),
        sa.Column("replaced_at", UTC, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_revisions_article_id", "revisions", ["article_id"])


def _feeds() -> None:
    op.create_table(
        "feeds",
        _id(),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("etag", sa.Text),
        sa.Column("modified", sa.Text),
        sa.Column("due_at", UTC, nullable=False),
        sa.Column("succeeded_at", UTC),
        sa.Column("failing_since", UTC),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_error", sa.Text),
        sa.Column("stopped_at", UTC),
        sa.UniqueConstraint("url"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "subscriptions",
        _of("feeds", "feed_id", key=True),
        sa.Column("collection_id", BIG_ID, primary_key=True, comment="a Discord server, or 0: shared"),
        sa.Column("channel_id", BIG_ID, comment="where new articles are announced, if anywhere"),
        sa.Column("added_by", BIG_ID),
        sa.Column("added_at", UTC, nullable=False),
        sa.Column("told_at", UTC, comment="when the moderators were told that it fails"),
    )
    op.create_index("ix_subscriptions_collection_id", "subscriptions", ["collection_id"])
    op.create_table(
        "feed_entries",
        _of("feeds", "feed_id", key=True),
        sa.Column("key", sa.String(64), primary_key=True, comment="a hash of what makes the entry the same entry"),
        sa.Column("version", sa.String(64), nullable=False, comment="a hash of what it said when it was last read"),
        sa.Column("article_id", BIG_ID, sa.ForeignKey("articles.id", ondelete="SET NULL")),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text, comment="why it is no article"),
        sa.Column("seen_at", UTC, nullable=False),
    )
    op.create_index("ix_feed_entries_article_id", "feed_entries", ["article_id"])


def _audit() -> None:
    op.create_table(
        "audit",
        _id(),
        sa.Column("collection_id", BIG_ID, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("user_id", BIG_ID, comment="null: the bot itself, or the command line"),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_collection_id", "audit", ["collection_id"])


def _id() -> sa.Column[int]:
    return sa.Column("id", BIG_ID, primary_key=True, autoincrement=True)


def _of(target: str, column: str, *, key: bool = False) -> sa.Column[int]:
    reference = sa.ForeignKey(f"{target}.id", ondelete="CASCADE")
    return sa.Column(column, BIG_ID, reference, nullable=False, primary_key=key)
