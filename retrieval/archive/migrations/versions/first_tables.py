"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPLICATION_ID = 0x50514F54
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    """An empty database becomes an archive without articles."""
    _articles()
    _embeddings()
    _quotations()
    _readers()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_alone()


def _articles() -> None:
    op.create_table(
        "articles",
        _id(),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("publisher", sa.Text),
        sa.Column("authors", sa.JSON, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("published_at", UTC),
        sa.Column("added_at", UTC, nullable=False),
        sa.UniqueConstraint("content_hash"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "passages",
        _id(),
        _of("articles", "article_id"),
        sa.Column("ordinal", sa.Integer, nullable=False),
        *_span(""),
        sa.Column("words", sa.Integer, nullable=False, comment="analysed words, the title's among them: BM25's length"),
        sa.UniqueConstraint("article_id", "ordinal"),
        sqlite_autoincrement=True,
    )


def _embeddings() -> None:
    op.create_table(
        "embeddings",
        _id(),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("revision", sa.Text, nullable=False),
        sa.Column("dimension", sa.Integer, nullable=False),
        sa.Column("checksum", sa.Text, nullable=False),
        sa.Column("normalised", sa.Boolean, nullable=False),
        sa.Column("passage_prefix", sa.Text, nullable=False),
        sa.Column("query_prefix", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sqlite_autoincrement=True,
    )
    active = sa.text("active")
    op.create_index(
        "one_active_embedding", "embeddings", ["active"], unique=True, sqlite_where=active, postgresql_where=active
    )
    op.create_table(
        "vectors",
        _of("passages", "passage_id", key=True),
        _of("embeddings", "embedding_id", key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False, comment="half precision, little-endian"),
        sa.Column("tokens", sa.LargeBinary, comment="what re-ranking keeps of the passage's tokens"),
    )
    op.create_index("ix_vectors_embedding_id", "vectors", ["embedding_id"])


def _quotations() -> None:
    op.create_table(
        "speakers",
        _id(),
        sa.Column("key", sa.Text, nullable=False, comment="the folded name: see `identity`"),
        sa.Column("name", sa.Text, nullable=False),
        sa.UniqueConstraint("key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "speaker_aliases",
        _of("speakers", "speaker_id", key=True),
        _of("articles", "article_id", key=True),
        sa.Column("alias", sa.Text, primary_key=True, comment="as printed in this article, where it is not the name"),
    )
    op.create_index("ix_speaker_aliases_article_id", "speaker_aliases", ["article_id"])
    op.create_table(
        "quotations",
        _id(),
        _of("articles", "article_id"),
        *_span("content_"),
        *_span("context_"),
        *_span("cue_", nullable=True),
        *_span("mention_", nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("attribution", sa.String(16), nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_quotations_article_id", "quotations", ["article_id"])
    op.create_table(
        "quotation_speakers",
        _of("quotations", "quotation_id", key=True),
        _of("speakers", "speaker_id", key=True),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("role", sa.Text, comment="as printed beside this quotation"),
    )
    op.create_index("ix_quotation_speakers_speaker_id", "quotation_speakers", ["speaker_id"])


def _readers() -> None:
    op.create_table(
        "visibility",
        _of("articles", "article_id", key=True),
        sa.Column("collection_id", BIG_ID, primary_key=True, comment="a Discord server, or 0: shared"),
    )
    op.create_index("ix_visibility_collection_id", "visibility", ["collection_id"])
    op.create_table(
        "changes",
        sa.Column("sequence", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("passage_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False, comment="add, remove or visibility"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "bot_state",
        sa.Column("server", BIG_ID, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("updated_at", UTC, nullable=False),
    )


def _sqlite_alone() -> None:
    """Mark the file as ours, and make the full-text table with its two views."""
    op.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    op.execute("CREATE VIRTUAL TABLE passage_words USING fts5(words, tokenize = 'unicode61')")
    op.execute("CREATE VIRTUAL TABLE passage_words_terms USING fts5vocab(passage_words, 'row')")
    op.execute("CREATE VIRTUAL TABLE passage_words_places USING fts5vocab(passage_words, 'instance')")


def _id() -> sa.Column[int]:
    return sa.Column("id", BIG_ID, primary_key=True, autoincrement=True)


def _of(target: str, column: str, *, key: bool = False) -> sa.Column[int]:
    reference = sa.ForeignKey(f"{target}.id", ondelete="CASCADE")
    return sa.Column(column, BIG_ID, reference, nullable=False, primary_key=key)


def _span(prefix: str, *, nullable: bool = False) -> tuple[sa.Column[int], sa.Column[int], sa.CheckConstraint]:
    start, end = f"{prefix}start", f"{prefix}end"
    return (
        sa.Column(start, sa.Integer, nullable=nullable),
        sa.Column(end, sa.Integer, nullable=nullable),
        sa.CheckConstraint(f'"{start}" >= 0 AND "{end}" > "{start}"', name=f"{prefix}span"),
    )
