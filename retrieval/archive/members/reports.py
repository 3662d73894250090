"""What members say of words that were shown: one voice a member and place, in one collection, for a while."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.articles.rows import count
from retrieval.archive.connections import Repository, keep_newest, upsert
from retrieval.archive.integrity.damaged_rows import log_damaged
from retrieval.archive.schema import articles, reports
from retrieval.domain.articles import Span
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.ids import ArticleId
from retrieval.domain.reports import Reported, ReportKind

if TYPE_CHECKING:
    from retrieval.domain.ids import CollectionId, UserId

_RETENTION: Final = timedelta(days=90)
_MOST: Final = 2000
_MOST_OF_MEMBER: Final = 100
"""Voices in each collection, and of each member there: the newest."""


class ReportRepository(Repository):
    """The reports of all collections. Thread-safe. Every method may raise ArchiveError."""

    def keep(self, collection: CollectionId, ref: ExcerptRef, member: UserId, kind: ReportKind) -> None:
        """Store what a member says of words, in place of what they said before; nothing where the article is gone."""
        key = {"collection_id": collection, "article_id": ref.article_id, "user_id": member}
        with self._connections.writing() as connection:
            if not count(connection, articles, articles.c.id == ref.article_id):
                return
            upsert(
                connection,
                reports,
                {**key, "start": ref.span.start, "end": ref.span.end},
                {"kind": kind.value, "at": datetime.now(UTC)},
            )
            of_collection = reports.c.collection_id == collection
            keep_newest(connection, reports, of_collection & (reports.c.user_id == member), _MOST_OF_MEMBER)
            keep_newest(connection, reports, of_collection, _MOST)

    def of(self, collection: CollectionId) -> tuple[Reported, ...]:
        """Return the words that are said to be wrong, the most often first, then those that were reported first."""
        voices: defaultdict[ExcerptRef, Counter[ReportKind]] = defaultdict(Counter)
        with self._connections.reading() as connection:
            of_collection = reports.c.collection_id == collection
            for row in connection.execute(sa.select(reports).where(of_collection).order_by(reports.c.id)):
                try:
                    ref = ExcerptRef(ArticleId(row.article_id), Span(row.start, row.end))
                    voices[ref][ReportKind(row.kind)] += 1
                except ValueError:
                    log_damaged(connection, "Report", row.id)
        reported = (Reported(ref, counted) for ref, counted in voices.items())
        return tuple(sorted((one for one in reported if one.complaints), key=lambda one: -one.complaints))

    def dismiss(self, collection: CollectionId, ref: ExcerptRef) -> None:
        """Delete what was said of words."""
        place = (reports.c.article_id == ref.article_id) & (reports.c.start == ref.span.start)
        which = place & (reports.c.end == ref.span.end) & (reports.c.collection_id == collection)
        with self._connections.writing() as connection:
            connection.execute(sa.delete(reports).where(which))

    def prune(self, now: datetime) -> int:
        """Delete what was said more than ninety days ago; return how many voices."""
        with self._connections.writing() as connection:
            return connection.execute(sa.delete(reports).where(reports.c.at < now - _RETENTION)).rowcount
