"""The pages that articles were fetched from: which are to be checked again, and what that found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive.articles.rows import ARTICLE, article_of
from retrieval.archive.connections import Repository
from retrieval.archive.schema import articles, feed_entries, visibility
from retrieval.domain.ids import SHARED, CollectionId

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.articles import Article
    from retrieval.domain.ids import ArticleId


@dataclass(frozen=True, slots=True)
class DuePage:
    """A fetched article whose page is to be checked again, and the collections that hold it.

    `page_hash` as in `KnownEntry`: the article's text may be a feed's.
    """

    article: Article
    address: str | None
    collections: tuple[CollectionId, ...]
    page_hash: str | None = None


class PageRepository(Repository):
    """The pages of fetched articles. Thread-safe. Every method may raise ArchiveError."""

    def take_due(
        self, now: datetime, *, checked_before: datetime, published_after: datetime, limit: int
    ) -> tuple[DuePage, ...]:
        """Fetched articles whose pages were not checked since a moment, those checked longest ago first.

        They count as checked `now`, so that no other process takes them.
        """
        of_article = feed_entries.c.article_id == articles.c.id
        counts_from = sa.func.coalesce(articles.c.published_at, articles.c.added_at)
        page_hash = sa.select(sa.func.max(feed_entries.c.page_hash)).where(of_article).scalar_subquery()
        unchecked = (
            sa.select(*ARTICLE, page_hash.label("page_hash"))
            .where(articles.c.fetched_at < checked_before, articles.c.url.is_not(None), published_after < counts_from)
            .order_by(articles.c.fetched_at)
            .limit(limit)
        )
        with self._connections.reading() as connection:
            if connection.execute(unchecked).first() is None:
                return ()
        with self._connections.writing() as connection:
            rows = connection.execute(unchecked).all()
            taken = sa.update(articles).where(articles.c.id.in_([row.id for row in rows]))
            connection.execute(taken.values(fetched_at=now))
            return tuple(
                DuePage(article_of(row), row.address, _collections(connection, row.id), row.page_hash) for row in rows
            )

    def checked(self, article_id: ArticleId, now: datetime, *, gone: bool) -> None:
        """Record whether a page was gone when it was checked."""
        with self._connections.writing() as connection:
            gone_at = now if gone else None
            connection.execute(sa.update(articles).where(articles.c.id == article_id).values(gone_at=gone_at))

    def record_text(self, article_id: ArticleId, body_hash: str) -> None:
        """Record the text of the page of an article whose own text came from a feed."""
        carried = (feed_entries.c.article_id == article_id) & feed_entries.c.page_hash.is_not(None)
        with self._connections.writing() as connection:
            connection.execute(sa.update(feed_entries).where(carried).values(page_hash=body_hash))


def _collections(connection: sa.Connection, article_id: int) -> tuple[CollectionId, ...]:
    holding_it = sa.select(visibility.c.collection_id).where(
        visibility.c.article_id == article_id, visibility.c.collection_id >= SHARED
    )
    return tuple(CollectionId(id_) for id_ in connection.scalars(holding_it.order_by(visibility.c.collection_id)))
