"""The archive's tables, the same for SQLite and PostgreSQL, but for the full-text table: see `full_text`.

Offsets count characters of `articles.body`, ends exclusive. Times are UTC. Ids are never used twice, so that a button
or another process which remembers one finds the same thing or nothing.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from retrieval.archive.column_types import (
    BigNumber,
    Linked,
    Names,
    Number,
    PersonId,
    RowOfPerson,
    Share,
    Short,
    Text,
    UtcDateTime,
)

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

WORDS: Final = "passage_words"
"""The full-text table's name."""

POSTGRES_WHERE: Final = "postgresql_where"
"""Of an index: its condition in PostgreSQL, whose dialect would be loaded if the index were given it by that name."""

passage_words = sa.table(WORDS, sa.column("rowid"), sa.column("words"))
"""A row for each passage, by its id: its analysed words joined by blanks. Each database makes the table in its way."""


def _table(name: str, *items: sa.schema.SchemaItem, with_rowid: bool = True) -> sa.Table:
    """Return a table; one that counts its ids never uses one twice."""
    counts = any(isinstance(item, sa.Column) and item.autoincrement is True for item in items)
    return sa.Table(name, metadata, *items, sqlite_autoincrement=counts, sqlite_with_rowid=with_rowid)


def _id() -> sa.Column[int]:
    return sa.Column("id", BigNumber, primary_key=True, autoincrement=True)


def _of(target: str, *, key: bool = False) -> sa.Column[int]:
    """Return a column that refers to a row of `target`; its row goes when that row goes."""
    foreign = sa.ForeignKey(f"{target}.id", ondelete="CASCADE")
    return sa.Column(f"{target.removesuffix('s')}_id", BigNumber, foreign, nullable=False, primary_key=key)


def _span(prefix: str, *, nullable: bool = False) -> tuple[sa.Column[int], sa.Column[int], sa.CheckConstraint]:
    start, end = f"{prefix}start", f"{prefix}end"
    return (
        sa.Column(start, Number, nullable=nullable),
        sa.Column(end, Number, nullable=nullable),
        sa.CheckConstraint(f'"{start}" >= 0 AND "{end}" > "{start}"', name=f"{prefix}span"),
    )


articles = _table(
    "articles",
    _id(),
    sa.Column("content_hash", Short(64), nullable=False, unique=True),
    sa.Column("title", Text, nullable=False),
    sa.Column("body", Text, nullable=False),
    sa.Column("publisher", Text),
    sa.Column("authors", Names, nullable=False),
    sa.Column("url", Text),
    sa.Column("published_at", UtcDateTime),
    sa.Column("added_at", UtcDateTime, nullable=False),
    sa.Column("address", Text, index=True),  # what makes two links lead to the same article
    sa.Column("updated_at", UtcDateTime),
    sa.Column("notice", Short(16)),  # corrected or retracted, as the text says itself
    sa.Column("fetched_at", UtcDateTime),  # when the page was last looked at, where it was fetched
    sa.Column("gone_at", UtcDateTime),
    sa.Column("title_key", Text, comment="the folded title; SQLite folds ASCII alone"),
    sa.Column("publisher_key", Text, comment="the folded publisher"),
    sa.Column("linked", Linked, comment="what the page's linked data says of words in the text"),
    # see `text.extractor.EXTRACTOR`
    sa.Column("extractor", Number, nullable=False, server_default=sa.text("0"), index=True),
    # what is read of every article: in the table it stands behind the long texts
    sa.Index("article_sources", "id", "published_at", "publisher", "publisher_key"),
)

passages = _table(
    "passages",
    _id(),
    _of("articles"),
    sa.Column("ordinal", Number, nullable=False),
    *_span(""),
    sa.Column("words", Number, nullable=False, comment="analysed words, the title's among them: BM25's length"),
    sa.UniqueConstraint("article_id", "ordinal"),
)

embeddings = _table(
    "embeddings",
    _id(),
    sa.Column("model", Text, nullable=False),
    sa.Column("revision", Text, nullable=False),
    sa.Column("dimension", Number, nullable=False),
    sa.Column("checksum", Text, nullable=False),
    sa.Column("normalised", sa.Boolean, nullable=False),
    sa.Column("passage_prefix", Text, nullable=False),
    sa.Column("query_prefix", Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
)
_active = embeddings.c.active
sa.Index("one_active_embedding", _active, unique=True, sqlite_where=_active, info={POSTGRES_WHERE: _active})

vectors = _table(
    "vectors",
    _of("passages", key=True),
    _of("embeddings", key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False, comment="half precision, little-endian"),
    sa.Column("tokens", sa.LargeBinary, comment="what re-ranking keeps of the passage's tokens"),
    sa.Index(None, "embedding_id"),
)

speakers = _table(
    "speakers",
    _id(),
    sa.Column("key", Text, nullable=False, unique=True, comment="the folded name"),
    sa.Column("name", Text, nullable=False),
)

quotations = _table(
    "quotations",
    _id(),
    _of("articles"),
    *_span("content_"),
    *_span("context_"),
    *_span("cue_", nullable=True),
    *_span("mention_", nullable=True),
    sa.Column("kind", Short(16), nullable=False),
    sa.Column("attribution", Short(16), nullable=False),
    sa.Column("confidence", Share, nullable=False),
    sa.Column("via_start", Number),  # the outlet that passed the words on, as printed
    sa.Column("via_end", Number),
    # its speakers are alleged ones where it is disputed
    sa.Column("disputed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("unnamed", Text, comment="the folded words of a mention that names nobody"),
    sa.Index(None, "article_id"),
)
_of_disputed, _article_id = sa.text("disputed = 1"), quotations.c.article_id
_where = {POSTGRES_WHERE: quotations.c.disputed}
sa.Index("disputed_quotations", _article_id, sqlite_where=_of_disputed, info=_where)

quotation_speakers = _table(
    "quotation_speakers",
    _of("quotations", key=True),
    _of("speakers", key=True),
    sa.Column("ordinal", Number, nullable=False),
    sa.Column("role", Text, comment="as printed beside this quotation"),
    sa.Column("rank", Text),
    sa.Column("name", Text),  # as this article prints it; null in quotations older than this column
    sa.Index(None, "speaker_id"),
)

visibility = _table(
    "visibility",
    _of("articles", key=True),
    sa.Column("collection_id", BigNumber, primary_key=True, comment="a Discord server, or 0: shared"),
    sa.Column("added_by", PersonId),
    sa.Column("shown_at", UtcDateTime),  # when this collection got it; null: when the archive did
    sa.Column("number", Number, comment="the article's number in this collection; never used twice there"),
    sa.Index(None, "collection_id"),
    sa.Index(None, "collection_id", "number", unique=True),
)

article_numbers = _table(
    "article_numbers",
    sa.Column("collection_id", BigNumber, primary_key=True, autoincrement=False),
    sa.Column("last", Number, nullable=False, comment="the last article number given in this collection"),
    # up to here it is known which follows the articles are told to
    sa.Column("matched", Number, nullable=False, server_default=sa.text("0")),
)

attempts = _table(
    "attempts",
    sa.Column("key", Short(64), primary_key=True, comment="a hash of the content that is being read"),
    sa.Column("tries", Number, nullable=False, comment="how often its reading was begun and not ended"),
    sa.Column("tried_at", UtcDateTime, nullable=False),
    sa.Column("problem", Text, comment="why it was broken off; null: the program was stopped"),
)

revisions = _table(
    "revisions",
    _id(),
    _of("articles"),
    sa.Column("collection_id", BigNumber, nullable=False),
    sa.Column("content_hash", Short(64), nullable=False),
    sa.Column("title", Text, nullable=False),
    sa.Column("body", Text, nullable=False),
    sa.Column("published_at", UtcDateTime),
    sa.Column("updated_at", UtcDateTime),
    sa.Column("added_at", UtcDateTime, nullable=False),
    sa.Column("replaced_at", UtcDateTime, nullable=False),
    sa.Index(None, "article_id"),
)

edits = _table(
    "edits",
    _id(),
    _of("articles"),
    sa.Column("collection_id", BigNumber, nullable=False),
    sa.Column("fields", Names, nullable=False, comment="which of title, publisher, published_at, url were set by hand"),
    sa.Column("title", Text),  # from here on: what it was before; without a title, it was never otherwise
    sa.Column("publisher", Text),
    sa.Column("published_at", UtcDateTime),
    sa.Column("url", Text),
    sa.Column("address", Text),
    sa.Column("fetched_at", UtcDateTime),
    sa.Column("gone_at", UtcDateTime),
    sa.Index(None, "article_id"),
)

feeds = _table(
    "feeds",
    _id(),
    sa.Column("url", Text, nullable=False, unique=True),
    sa.Column("title", Text),
    sa.Column("etag", Text),
    sa.Column("modified", Text),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("succeeded_at", UtcDateTime),
    sa.Column("failing_since", UtcDateTime),
    sa.Column("failures", Number, nullable=False),
    sa.Column("last_error", Text),
    sa.Column("stopped_at", UtcDateTime),
)

FILTERS: Final = ("read_wanted", "read_unwanted", "announced_wanted", "announced_unwanted")

subscriptions = _table(
    "subscriptions",
    _of("feeds", key=True),
    sa.Column("collection_id", BigNumber, primary_key=True, comment="a Discord server, or 0: shared"),
    sa.Column("channel_id", BigNumber, comment="where new articles are announced, if anywhere"),
    sa.Column("added_by", PersonId),
    sa.Column("added_at", UtcDateTime, nullable=False),
    sa.Column("notified_at", UtcDateTime, comment="when the moderators learnt that it fails"),
    sa.Column("answered_at", UtcDateTime, comment="when the feed answered since then, to the end of a look"),
    sa.Column("failing_since", UtcDateTime, comment="since when it fails, as far as this subscriber is concerned"),
    sa.Column("last_error", Text),
    sa.Column("stopped_at", UtcDateTime, comment="when it said that it is gone for good"),
    *(sa.Column(name, Names, comment="see `domain.feeds.FeedFilters`") for name in FILTERS),
    sa.Index(None, "collection_id"),
)

feed_entries = _table(
    "feed_entries",
    sa.Column("feed_id", BigNumber, primary_key=True),
    sa.Column("collection_id", BigNumber, primary_key=True, comment="with which subscriber it stands so"),
    sa.Column("key", Short(64), primary_key=True, comment="a hash of what makes the entry the same entry"),
    sa.Column("version", Short(64), nullable=False, comment="a hash of what it said when it was last read"),
    sa.Column("article_id", BigNumber, sa.ForeignKey("articles.id", ondelete="SET NULL")),
    sa.Column("attempts", Number, nullable=False),
    sa.Column("problem", Text, comment="why it is no article"),
    sa.Column("seen_at", UtcDateTime, nullable=False),
    sa.Column("page_hash", Short(64)),  # see `feeds.entries.KnownEntry`
    sa.ForeignKeyConstraint(
        ["feed_id", "collection_id"],
        ["subscriptions.feed_id", "subscriptions.collection_id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
    ),
    sa.Index(None, "article_id"),
)

follows = _table(
    "follows",
    _id(),
    sa.Column("collection_id", BigNumber, nullable=False),
    sa.Column("user_id", PersonId, comment="who follows; the row goes with them where it has no channel"),
    sa.Column("channel_id", BigNumber, comment="where it is told; null: to the member, in direct messages"),
    sa.Column("role_id", BigNumber, comment="whom each message pings, if anybody"),
    sa.Column("kind", Short(16), nullable=False, comment="see `domain.announcements.FollowKind`"),
    sa.Column("key", Text, nullable=False, comment="the folded name of the speaker, or the folded topic, if any"),
    sa.Column("name", Text, nullable=False, comment="as it was shown or typed"),
    sa.Column("rhythm", Short(16), nullable=False, comment="now, daily or weekly"),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("told_at", UtcDateTime, comment="when it was told last"),
    sa.Column("failures", Number, nullable=False, comment="messages in a row that the member did not take"),
    sa.Column("stopped", Short(16), comment="why it is told no more"),
    sa.Index(None, "collection_id"),
    sa.Index(None, "user_id"),
)

announcements = _table(
    "announcements",
    _id(),
    sa.Column("collection_id", BigNumber, nullable=False),
    sa.Column("feed_id", BigNumber, comment="of whose channel's news it is, or null"),
    sa.Column("follow_id", BigNumber, sa.ForeignKey("follows.id", ondelete="CASCADE"), comment="who wants it, or null"),
    _of("articles"),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("message", BigNumber, comment="the id of the first of those that are sent in one message"),
    sa.ForeignKeyConstraint(
        ["feed_id", "collection_id"],
        ["subscriptions.feed_id", "subscriptions.collection_id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
    ),
    sa.Index(None, "article_id"),
    sa.Index(None, "feed_id", "collection_id"),
    sa.Index(None, "follow_id"),
    sa.Index(None, "collection_id"),
    sa.Index(None, "due_at"),
    sa.Index(None, "message"),
)

overrides = _table(
    "overrides",
    _id(),
    sa.Column("collection_id", BigNumber, nullable=False),
    sa.Column("kind", Short(16), nullable=False, comment="merge, apart, part or alias: see `domain.overrides`"),
    sa.Column("key", Text, nullable=False, comment="the folded name of whom it is about; no id, for those go"),
    sa.Column("name", Text, nullable=False, comment="that name as it was shown"),
    sa.Column("other_key", Text, comment="merge: of whom they are; part: the office that tells the part"),
    sa.Column("other", Text, comment="as it was shown; alias: the alias"),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("made_by", PersonId, comment="null: the command line"),
    sa.Column("undone_at", UtcDateTime),
    sa.Index(None, "collection_id"),
)

override_articles = _table(
    "override_articles",
    _of("overrides", key=True),
    sa.Column("mark", Text, primary_key=True, comment="a hash of the article, or its address"),
)

audit = _table(
    "audit",
    _id(),
    sa.Column("collection_id", BigNumber, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("user_id", PersonId, comment="null: the bot itself, or the command line"),
    sa.Column("action", Short(32), nullable=False),
    sa.Column("detail", Text, nullable=False),
    sa.Index(None, "collection_id"),
)

changes = _table(
    "changes",
    sa.Column("sequence", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("first_passage", BigNumber, nullable=False, comment="of an article, whose passages have successive ids"),
    sa.Column("kind", Short(16), nullable=False, comment="add, remove, visibility or quotations"),
    sa.Column("last_passage", BigNumber, nullable=False, server_default=sa.text("0")),
)

collection_changes = _table(
    "collection_changes",
    sa.Column("collection_id", BigNumber, primary_key=True, autoincrement=False),
    sa.Column("last", BigNumber, nullable=False, comment="the last change of what this collection holds"),
)

checksums = _table(  # see `checksums`
    "checksums",
    sa.Column("part", Short(32), primary_key=True, comment="the table whose rows it is over"),
    sa.Column("owner", BigNumber, primary_key=True, autoincrement=False, comment="what these rows have in common"),
    sa.Column("value", BigNumber, nullable=False, comment="the exclusive or of the rows' hashes"),
    sa.Column("rows", Number, nullable=False),
    with_rowid=False,
)

bot_state = _table(
    "bot_state",
    sa.Column("server", BigNumber, primary_key=True, autoincrement=False),
    sa.Column("key", Text, primary_key=True),
    sa.Column("value", Text, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
)

remembered = _table(
    "remembered",
    sa.Column("collection_id", BigNumber, primary_key=True, comment="a Discord server, or 0: direct messages"),
    sa.Column("kind", Short(16), primary_key=True),
    sa.Column("token", BigNumber, primary_key=True, autoincrement=False, comment="what a message's buttons carry"),
    sa.Column("value", Text, nullable=False),
    sa.Column("asker", RowOfPerson),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index(None, "asker"),
    sa.Index(None, "at"),
)

reports = _table(
    "reports",
    _id(),
    sa.Column("collection_id", BigNumber, nullable=False),
    _of("articles"),
    *_span(""),
    sa.Column("user_id", RowOfPerson),
    sa.Column("kind", Short(16), nullable=False, comment="see `domain.reports`"),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("collection_id", "article_id", "start", "end", "user_id", name="uq_reports_voice"),
    sa.Index(None, "article_id"),
    sa.Index(None, "user_id"),
)

unanswered = _table(
    "unanswered",
    _id(),
    sa.Column("collection_id", BigNumber, nullable=False),
    sa.Column("question", Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index(None, "collection_id"),
)
