"""Replaces the quotations of articles that an older version of the extractor read, one article a transaction.

The old ones are shown until then. What was decided by hand names speakers by their names, and holds for the new ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive.articles.inserting import insert_quotations
from retrieval.archive.articles.rows import OUTDATED, count, has_original_text, visible_to
from retrieval.archive.articles.visibility import note_change
from retrieval.archive.connections import Repository
from retrieval.archive.integrity.damaged_rows import log_damaged
from retrieval.archive.schema import articles, quotation_speakers, quotations, visibility
from retrieval.archive.speakers import speaker_rows
from retrieval.domain.ids import ArticleId
from retrieval.domain.upkeep import Rereading
from retrieval.text.extractor import EXTRACTOR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from retrieval.archive.records import NewQuotation
    from retrieval.domain.articles import LinkedWords
    from retrieval.domain.scope import Scope


@dataclass(frozen=True, slots=True)
class Outdated:
    """An article whose quotations an older version of the extractor found."""

    id: ArticleId
    title: str
    body: str
    linked: tuple[LinkedWords, ...] = ()


class RereadingRepository(Repository):
    """The articles to be read again. Thread-safe. Every method may raise ArchiveError."""

    def claim(self) -> AbstractContextManager[bool]:
        """Yield whether no other process reads articles again, until the end of the block."""
        return self._connections.claim("rereading")

    def next(self) -> Outdated | None:
        """Return an article that is to be read again; None where there is none."""
        columns = (articles.c.id, articles.c.title, articles.c.body, articles.c.linked)
        with self._connections.reading() as connection:
            row = connection.execute(
                sa.select(*columns).where(OUTDATED).order_by(articles.c.extractor).limit(1)
            ).first()
            return None if row is None else Outdated(ArticleId(row.id), row.title, row.body, row.linked)

    def replace(self, article: Outdated, new: Sequence[NewQuotation]) -> None:
        """Store what was found, in place of what is stored. Nothing is done where the article is gone, or damaged."""
        with self._connections.writing() as connection:
            of_article = quotations.c.article_id == article.id
            row = connection.execute(sa.select(articles).where(articles.c.id == article.id)).first()
            if row is None:
                return
            if has_original_text(row):
                old = connection.scalars(sa.select(quotations.c.id).where(of_article)).all()
                spoken = quotation_speakers.c.quotation_id.in_(sa.select(quotations.c.id).where(of_article))
                former = connection.scalars(sa.select(quotation_speakers.c.speaker_id).where(spoken).distinct()).all()
                insert_quotations(connection, article.id, article.body, new)  # first, so that speakers keep their ids
                connection.execute(sa.delete(quotations).where(quotations.c.id.in_(old)))
                speaker_rows.delete_unquoted(connection, former)
            else:
                log_damaged(connection, "Article", article.id)
            _mark_read(connection, article.id)

    def leave(self, article: Outdated) -> None:
        """Keep an article as it is, although this version cannot read it."""
        with self._connections.writing() as connection:
            _mark_read(connection, article.id)

    def progress(self, scope: Scope | None = None) -> Rereading:
        """Count the articles that this version has read, among all or among those visible to a scope."""
        which = sa.true() if scope is None else visible_to(scope)
        with self._connections.reading() as connection:
            total = count(connection, articles, which)
            return Rereading(total - count(connection, articles, which, OUTDATED), total)


def _mark_read(connection: sa.Connection, article_id: ArticleId) -> None:
    holders = sa.select(visibility.c.collection_id).where(visibility.c.article_id == article_id)
    note_change(connection, article_id, "quotations", connection.scalars(holders).all())
    connection.execute(sa.update(articles).where(articles.c.id == article_id).values(extractor=EXTRACTOR))
