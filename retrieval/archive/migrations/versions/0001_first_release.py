"""The tables of the first release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    Kind: TypeAlias = sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]]

revision = "0001_first_release"
down_revision = None
# of an archive that is made anew, and of one from before the release
schema_digests = "9f48026f460ad71922b4d0ad17d95c74 1d8cd0ea22b6d65108a5abcc809b455a"
branch_labels = None
depends_on = None

APPLICATION_ID = 0x50514F54
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
HASH = sa.String(64)
KIND = sa.String(16)


def upgrade() -> None:
    """Make an archive without articles in an empty database."""
    _articles()
    _vectors()
    _quotations()
    _collections()
    _feeds()
    _decisions()
    _upkeep()
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        op.execute("CREATE VIRTUAL TABLE passage_words USING fts5(words, tokenize = 'unicode61')")
        op.execute("CREATE VIRTUAL TABLE passage_words_terms USING fts5vocab(passage_words, 'row')")
        op.execute("CREATE VIRTUAL TABLE passage_words_places USING fts5vocab(passage_words, 'instance')")


def _articles() -> None:
    _numbered(
        "articles",
        _required(HASH, "content_hash"),
        *(_required(sa.Text, name) for name in ("title", "body")),
        _optional(sa.Text, "publisher"),
        _required(sa.JSON, "authors"),
        _optional(sa.Text, "url"),
        _optional(TIME, "published_at"),
        _required(TIME, "added_at"),
        _optional(sa.Text, "address"),
        _optional(TIME, "updated_at"),
        _optional(KIND, "notice"),
        *(_optional(TIME, name) for name in ("fetched_at", "gone_at")),
        *(_optional(sa.Text, name) for name in ("title_key", "publisher_key")),
        sa.UniqueConstraint("content_hash"),
    )
    _index("articles", "address")
    _numbered(
        "passages",
        _of("article"),
        _required(sa.Integer, "ordinal"),
        *_span(""),
        _required(sa.Integer, "words"),
        sa.UniqueConstraint("article_id", "ordinal"),
    )
    _numbered(
        "revisions",
        _of("article"),
        _required(BIG, "collection_id"),
        _required(HASH, "content_hash"),
        *(_required(sa.Text, name) for name in ("title", "body")),
        *(_optional(TIME, name) for name in ("published_at", "updated_at")),
        *(_required(TIME, name) for name in ("added_at", "replaced_at")),
    )
    _index("revisions", "article_id")
    _numbered(
        "edits",
        _of("article"),
        _required(BIG, "collection_id"),
        _required(sa.JSON, "fields"),
        *(_optional(sa.Text, name) for name in ("title", "publisher")),
        _optional(TIME, "published_at"),
        *(_optional(sa.Text, name) for name in ("url", "address")),
        *(_optional(TIME, name) for name in ("fetched_at", "gone_at")),
    )
    _index("edits", "article_id")


def _vectors() -> None:
    _numbered(
        "embeddings",
        *(_required(sa.Text, name) for name in ("model", "revision")),
        _required(sa.Integer, "dimension"),
        _required(sa.Text, "checksum"),
        _required(sa.Boolean, "normalised"),
        *(_required(sa.Text, name) for name in ("passage_prefix", "query_prefix")),
        _required(sa.Boolean, "active"),
    )
    active = sa.text("active")
    op.create_index(
        "one_active_embedding", "embeddings", ["active"], unique=True, sqlite_where=active, postgresql_where=active
    )
    op.create_table(
        "vectors",
        _of("passage", key=True),
        _of("embedding", key=True),
        _required(sa.LargeBinary, "vector"),
        _optional(sa.LargeBinary, "tokens"),
    )
    _index("vectors", "embedding_id")


def _quotations() -> None:
    _numbered("speakers", _required(sa.Text, "key"), _required(sa.Text, "name"), sa.UniqueConstraint("key"))
    _numbered(
        "quotations",
        _of("article"),
        *_span("content_"),
        *_span("context_"),
        *_span("cue_", nullable=True),
        *_span("mention_", nullable=True),
        *(_required(KIND, name) for name in ("kind", "attribution")),
        _required(sa.Float, "confidence"),
        *(_optional(sa.Integer, name) for name in ("via_start", "via_end")),
    )
    _index("quotations", "article_id")
    op.create_table(
        "quotation_speakers",
        _of("quotation", key=True),
        _of("speaker", key=True),
        _required(sa.Integer, "ordinal"),
        *(_optional(sa.Text, name) for name in ("role", "rank", "name")),
    )
    _index("quotation_speakers", "speaker_id")


def _collections() -> None:
    op.create_table(
        "visibility",
        _of("article", key=True),
        sa.Column("collection_id", BIG, primary_key=True),
        _optional(BIG, "added_by"),
        _optional(TIME, "shown_at"),
        _optional(sa.Integer, "number"),
    )
    _index("visibility", "collection_id")
    _index("visibility", "collection_id", "number", unique=True)
    op.create_table(
        "article_numbers",
        sa.Column("collection_id", BIG, primary_key=True, autoincrement=False),
        _required(sa.Integer, "last"),
    )


def _feeds() -> None:
    _numbered(
        "feeds",
        _required(sa.Text, "url"),
        *(_optional(sa.Text, name) for name in ("title", "etag", "modified")),
        _required(TIME, "due_at"),
        *(_optional(TIME, name) for name in ("succeeded_at", "failing_since")),
        _required(sa.Integer, "failures"),
        _optional(sa.Text, "last_error"),
        _optional(TIME, "stopped_at"),
        sa.UniqueConstraint("url"),
    )
    op.create_table(
        "subscriptions",
        _of("feed", key=True),
        sa.Column("collection_id", BIG, primary_key=True),
        *(_optional(BIG, name) for name in ("channel_id", "added_by")),
        _required(TIME, "added_at"),
        *(_optional(TIME, name) for name in ("notified_at", "answered_at", "failing_since")),
        _optional(sa.Text, "last_error"),
        _optional(TIME, "stopped_at"),
    )
    _index("subscriptions", "collection_id")
    op.create_table(
        "feed_entries",
        *(sa.Column(name, BIG, primary_key=True, autoincrement=False) for name in ("feed_id", "collection_id")),
        sa.Column("key", HASH, primary_key=True),
        _required(HASH, "version"),
        sa.Column("article_id", BIG, sa.ForeignKey("articles.id", ondelete="SET NULL")),
        _required(sa.Integer, "attempts"),
        _optional(sa.Text, "problem"),
        _required(TIME, "seen_at"),
        _optional(HASH, "page_hash"),
        sa.ForeignKeyConstraint(
            ["feed_id", "collection_id"],
            ["subscriptions.feed_id", "subscriptions.collection_id"],
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
    )
    _index("feed_entries", "article_id")


def _decisions() -> None:
    _numbered(
        "overrides",
        _required(BIG, "collection_id"),
        _required(KIND, "kind"),
        *(_required(sa.Text, name) for name in ("key", "name")),
        *(_optional(sa.Text, name) for name in ("other_key", "other")),
        _required(TIME, "made_at"),
        _optional(BIG, "made_by"),
        _optional(TIME, "undone_at"),
    )
    _index("overrides", "collection_id")
    op.create_table("override_articles", _of("override", key=True), sa.Column("mark", sa.Text, primary_key=True))


def _upkeep() -> None:
    _numbered(
        "audit",
        _required(BIG, "collection_id"),
        _required(TIME, "at"),
        _optional(BIG, "user_id"),
        _required(sa.String(32), "action"),
        _required(sa.Text, "detail"),
    )
    _index("audit", "collection_id")
    op.create_table(
        "attempts",
        sa.Column("key", HASH, primary_key=True),
        _required(sa.Integer, "tries"),
        _required(TIME, "tried_at"),
        _optional(sa.Text, "problem"),
    )
    op.create_table(
        "changes",
        sa.Column("sequence", BIG, primary_key=True, autoincrement=True),
        _required(BIG, "passage_id"),
        _required(KIND, "kind"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "checksums",
        sa.Column("part", sa.String(32), primary_key=True),
        sa.Column("owner", BIG, primary_key=True, autoincrement=False),
        _required(BIG, "value"),
        _required(sa.Integer, "rows"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bot_state",
        sa.Column("server", BIG, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, primary_key=True),
        _required(sa.Text, "value"),
        _required(TIME, "updated_at"),
        _optional(BIG, "member"),
    )
    _index("bot_state", "member")


def _numbered(table: str, *parts: sa.schema.SchemaItem) -> None:
    """Make a table whose rows have an id that is never used twice."""
    op.create_table(
        table, sa.Column("id", BIG, primary_key=True, autoincrement=True), *parts, sqlite_autoincrement=True
    )


def _index(table: str, *columns: str, unique: bool = False) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), unique=unique)


def _required(kind: Kind, name: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _optional(kind: Kind, name: str) -> sa.Column[Any]:
    return sa.Column(name, kind)


def _of(row: str, *, key: bool = False) -> sa.Column[int]:
    """A reference to a row of another table, which goes when that row goes."""
    reference = sa.ForeignKey(f"{row}s.id", ondelete="CASCADE")
    return sa.Column(f"{row}_id", BIG, reference, nullable=False, primary_key=key)


def _span(prefix: str, *, nullable: bool = False) -> tuple[sa.Column[int], sa.Column[int], sa.CheckConstraint]:
    start, end = f"{prefix}start", f"{prefix}end"
    return (
        sa.Column(start, sa.Integer, nullable=nullable),
        sa.Column(end, sa.Integer, nullable=nullable),
        sa.CheckConstraint(f'"{start}" >= 0 AND "{end}" > "{start}"', name=f"{prefix}span"),
    )
