"""The entries of feeds: which articles they became, which are no articles, and what is tried once more.

That an entry is being read is recorded before, so that one that stops the program is passed over after the second time.
The outcome is recorded after its article is stored; a stop in between costs reading a known text once more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import sqlalchemy as sa

from retrieval.archive.articles.rows import SOURCE, held_by_any
from retrieval.archive.connections import Repository
from retrieval.archive.members.announcements import announce
from retrieval.archive.schema import (
    articles,
    feed_entries,
    quotation_speakers,
    quotations,
    subscriptions,
    visibility,
)
from retrieval.archive.speakers import cited_quotations
from retrieval.archive.speakers.speaker_rows import printed_speakers
from retrieval.domain.ids import ArticleId, CollectionId, SpeakerId
from retrieval.domain.limits import LONGEST_ANNOUNCED, SHORTEST_ANNOUNCED
from retrieval.domain.quotations import QuotationKind, Speaker

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from retrieval.domain.ids import FeedId
    from retrieval.domain.quotations import CitedQuotation
    from retrieval.text.feed_document import FeedEntry

    Known: TypeAlias = "Mapping[CollectionId, KnownEntry | None]"

NOTHING: Final[Mapping[CollectionId, ArticleId]] = MappingProxyType({})
_AT_ONCE: Final = 500
_DAY: Final = timedelta(days=1)
_SEEN: Final = feed_entries.c.seen_at


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """The outcome of an entry: an article, a problem after `attempts`, or an article that is gone.

    `page_hash` is None where the article's text is its page's. Where the feed carried the text, it is the hash of the
    page's text, and empty until that was fetched.
    """

    version: str
    article_id: ArticleId | None = None
    attempts: int = 0
    problem: str | None = None
    page_hash: str | None = None


@dataclass(frozen=True, slots=True)
class FormerPage:
    """The link, text and date of the article that an entry became."""

    url: str
    body: str
    published_at: datetime | None


class EntryRepository(Repository):
    """The entries of feeds, by subscriber and key. Thread-safe. Every method may raise ArchiveError."""

    def known(self, feed_id: FeedId) -> dict[CollectionId, dict[str, KnownEntry]]:
        """Every entry of a feed that was dealt with."""
        entries: dict[CollectionId, dict[str, KnownEntry]] = defaultdict(dict)
        names = ("collection_id", "key", *(field.name for field in fields(KnownEntry)))
        of_feed = sa.select(*(feed_entries.c[name] for name in names)).where(feed_entries.c.feed_id == feed_id)
        with self._connections.reading() as connection:
            for collection, key, *entry in connection.execute(of_feed):
                entries[collection][key] = KnownEntry(*entry)
        return entries

    def record_listed(
        self,
        feed_id: FeedId,
        listed: Sequence[FeedEntry],
        *,
        passed_over: Sequence[FeedEntry],
        beginners: Collection[CollectionId],
        now: datetime,
        old: datetime,
    ) -> None:
        """Record, once a day, which entries a feed lists; those in `passed_over` count as read for the `beginners`.

        Entries not listed since `old` are forgotten; their articles stay.
        """
        of_feed = feed_entries.c.feed_id == feed_id
        with self._connections.writing() as connection:
            for start in range(0, len(listed), _AT_ONCE):
                keys = [entry.key for entry in listed[start : start + _AT_ONCE]]
                seen = sa.update(feed_entries).where(
                    of_feed, feed_entries.c.key.in_(keys), ~_SEEN.between(now - _DAY, now)
                )
                connection.execute(seen.values(seen_at=now))
            connection.execute(sa.delete(feed_entries).where(of_feed, feed_entries.c.seen_at < old))
            for entry in passed_over if beginners else ():
                _record(connection, feed_id, entry.key, dict.fromkeys(beginners, KnownEntry(entry.version)), now)

    def record(
        self,
        feed_id: FeedId,
        key: str,
        known: Known,
        now: datetime,
        announced: Mapping[CollectionId, ArticleId] = NOTHING,
    ) -> None:
        """Record what is known of an entry for each subscriber who still follows the feed; None deletes it.

        With it is stored which article of the entry is to be announced, and to whom.
        """
        with self._connections.writing() as connection:
            _record(connection, feed_id, key, known, now)
            announce(connection, feed_id, now, announced)

    def holders(self, article_ids: Mapping[CollectionId, ArticleId]) -> frozenset[CollectionId]:
        """Those of the collections that still hold the article named for them."""
        visible = sa.select(visibility.c.collection_id, visibility.c.article_id)
        with self._connections.reading() as connection:
            rows = connection.execute(visible.where(visibility.c.article_id.in_(set(article_ids.values()))))
            return frozenset(CollectionId(row[0]) for row in rows if article_ids.get(CollectionId(row[0])) == row[1])

    def page_of(self, article_id: ArticleId) -> FormerPage | None:
        """What an article was when its page was fetched; None where it has no link."""
        page = sa.select(articles.c.url, articles.c.body, articles.c.published_at).where(
            articles.c.id == article_id, articles.c.url.is_not(None)
        )
        with self._connections.reading() as connection:
            row = connection.execute(page).first()
        return None if row is None else FormerPage(row.url, row.body, row.published_at)

    def best_quotation(self, article_id: ArticleId) -> CitedQuotation | None:
        """The longest direct quotation of a named speaker that is short enough to be announced; None without any."""
        length = quotations.c.content_end - quotations.c.content_start
        credited = sa.exists().where(quotation_speakers.c.quotation_id == quotations.c.id)
        direct = quotations.c.kind == QuotationKind.DIRECT.value
        quoted = (
            sa.select(quotations, *SOURCE, articles.c.body, articles.c.content_hash)
            .join_from(quotations, articles)
            .where(quotations.c.article_id == article_id, direct, cited_quotations.IS_NAMED, credited)
            .where(length.between(SHORTEST_ANNOUNCED, LONGEST_ANNOUNCED))
            .order_by(length.desc(), quotations.c.id)
        )
        with self._connections.reading() as connection:
            row = connection.execute(quoted.limit(1)).first()
            if row is None:
                return None
            printed = printed_speakers(connection, quotations.c.id == row.id)
            named = (Speaker(SpeakerId(one.speaker_id), one.name, one.role, rank=one.rank) for one in printed)
            return cited_quotations.cited_if_whole(connection, row, tuple(named))


def _record(connection: sa.Connection, feed_id: FeedId, key: str, known: Known, now: datetime) -> None:
    of_feed = (subscriptions.c.feed_id == feed_id) & subscriptions.c.collection_id.in_(list(known))
    following = set(connection.scalars(sa.select(subscriptions.c.collection_id).where(of_feed)))
    which = (feed_entries.c.feed_id == feed_id) & (feed_entries.c.key == key)
    connection.execute(sa.delete(feed_entries).where(which, feed_entries.c.collection_id.in_(list(known))))
    stays = {collection: entry for collection, entry in known.items() if entry is not None and collection in following}
    ids = {entry.article_id for entry in stays.values()} - {None}
    present = set(connection.scalars(sa.select(articles.c.id).where(articles.c.id.in_(ids))))
    of_entry = {"feed_id": feed_id, "key": key, "seen_at": now}
    rows = [{**of_entry, "collection_id": collection, **asdict(entry)} for collection, entry in stays.items()]
    for row in rows:
        row["article_id"] = row["article_id"] if row["article_id"] in present else None
    if rows:
        connection.execute(sa.insert(feed_entries), rows)


def relink(
    connection: sa.Connection,
    old_id: int,
    new_id: int,
    collections: Collection[CollectionId],
    *,
    same_text: bool = False,
) -> None:
    """Move collections' entries of an article to its other version, whose text, if another, counts as its page's."""
    values: dict[str, int | None] = {"article_id": new_id} if same_text else {"article_id": new_id, "page_hash": None}
    connection.execute(sa.update(feed_entries).where(held_by_any(feed_entries, collections, old_id)).values(values))
