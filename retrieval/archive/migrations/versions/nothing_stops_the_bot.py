"""Checksums of every stored row, folded names, numbers by collection, attempts at reading, and edits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from retrieval.text.search_keys import search_key

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Columns are added at the end of their tables; nothing that was stored is changed."""
    _checksums()
    _folded_names()
    _numbers()
    _subscriptions()
    _attempts()
    _edits()


def _checksums() -> None:
    """Made here and filled by `migrating`, once every step is taken."""
    op.create_table(
        "checksums",
        sa.Column("part", sa.String(32), nullable=False),
        sa.Column("owner", BIG_ID, nullable=False, autoincrement=False),
        sa.Column("value", BIG_ID, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("part", "owner", name="pk_checksums"),
        sqlite_with_rowid=False,
    )


def _folded_names() -> None:
    op.add_column("articles", sa.Column("title_key", sa.Text))
    op.add_column("articles", sa.Column("publisher_key", sa.Text))
    articles = sa.table("articles", *map(sa.column, ("id", "title", "publisher", "title_key", "publisher_key")))
    connection = op.get_bind()
    rows = connection.execute(sa.select(articles.c.id, articles.c.title, articles.c.publisher)).all()
    for id_, title, publisher in rows:
        keys = {"title_key": search_key(title), "publisher_key": search_key(publisher) if publisher else None}
        connection.execute(sa.update(articles).where(articles.c.id == id_).values(keys))


def _numbers() -> None:
    """Every collection counts its articles from 1, in the order in which it got them."""
    op.add_column("visibility", sa.Column("number", sa.Integer))
    op.create_table(
        "article_numbers",
        sa.Column("collection_id", BIG_ID, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.execute(
        "UPDATE visibility SET number = counted.number FROM ("
        " SELECT article_id, collection_id, row_number() OVER ("
        "  PARTITION BY collection_id ORDER BY coalesce(shown_at, added_at), article_id) AS number"
        " FROM visibility JOIN articles ON articles.id = article_id) AS counted"
        " WHERE visibility.article_id = counted.article_id AND visibility.collection_id = counted.collection_id"
    )
    op.execute("INSERT INTO article_numbers SELECT collection_id, max(number) FROM visibility GROUP BY collection_id")
    op.create_index("ix_visibility_collection_id_number", "visibility", ["collection_id", "number"], unique=True)


def _subscriptions() -> None:
    """Each subscriber has a feed's figures and entries of their own; those that were kept for all are everybody's."""
    for name, kind in (("answered_at", UTC), ("failing_since", UTC), ("last_error", sa.Text), ("stopped_at", UTC)):
        op.add_column("subscriptions", sa.Column(name, kind))
    op.execute(
        "UPDATE subscriptions SET answered_at = feeds.succeeded_at, failing_since = feeds.failing_since,"
        " last_error = feeds.last_error, stopped_at = feeds.stopped_at"
        " FROM feeds WHERE feeds.id = subscriptions.feed_id"
    )
    op.rename_table("feed_entries", "entries_of_all")
    op.drop_index("ix_feed_entries_article_id", "entries_of_all")
    op.create_table(
        "feed_entries",
        sa.Column("feed_id", BIG_ID, primary_key=True, autoincrement=False),
        sa.Column("collection_id", BIG_ID, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("article_id", BIG_ID, sa.ForeignKey("articles.id", ondelete="SET NULL")),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("seen_at", UTC, nullable=False),
        sa.Column("page_hash", sa.String(64)),
        sa.ForeignKeyConstraint(
            ["feed_id", "collection_id"],
            ["subscriptions.feed_id", "subscriptions.collection_id"],
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
    )
    op.create_index("ix_feed_entries_article_id", "feed_entries", ["article_id"])
    op.execute(
        "INSERT INTO feed_entries"
        " SELECT feed_id, collection_id, key, version, coalesce((SELECT theirs.id FROM articles AS listed"
        "  JOIN articles AS theirs ON theirs.id = listed.id"
        "   OR (theirs.address = listed.address AND theirs.fetched_at IS NOT NULL)"
        "  JOIN visibility ON visibility.article_id = theirs.id"
        "  WHERE listed.id = entries_of_all.article_id"
        "   AND visibility.collection_id = subscriptions.collection_id"
        "  ORDER BY theirs.id DESC LIMIT 1), article_id), attempts, problem, seen_at, page_hash"
        " FROM entries_of_all JOIN subscriptions USING (feed_id)"
    )
    op.drop_table("entries_of_all")


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("tried_at", UTC, nullable=False),
        sa.Column("problem", sa.Text),
    )


def _edits() -> None:
    op.create_table(
        "edits",
        sa.Column("id", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("article_id", BIG_ID, sa.ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
        sa.Column("collection_id", BIG_ID, nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("publisher", sa.Text),
        sa.Column("published_at", UTC),
        sa.Column("url", sa.Text),
        sa.Column("address", sa.Text),
        sa.Column("fetched_at", UTC),
        sa.Column("gone_at", UTC),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_edits_article_id", "edits", ["article_id"])
