"""Removed articles: kept for a while in a collection that nobody sees, so that their removal can be undone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive import audit
from retrieval.archive.articles.entries import article_entries
from retrieval.archive.articles.rows import held_by, in_collections
from retrieval.archive.articles.visibility import HELD, is_visible, note_change, revoke
from retrieval.archive.connections import Repository
from retrieval.archive.records import Change
from retrieval.archive.schema import announcements, articles, visibility
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, bin_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrieval.domain.articles import ArticleEntry
    from retrieval.domain.ids import UserId
    from retrieval.domain.scope import Scope


class RemovalRepository(Repository):
    """What servers have removed and may still bring back. Thread-safe. Every method may raise ArchiveError."""

    def set_aside(self, scope: Scope, ids: Collection[ArticleId], by: UserId) -> tuple[ArticleEntry, ...]:
        """Take articles out of the server's own collection; return those that were in it, newest first."""
        change = Change(scope.own, datetime.now(UTC), by)
        own = in_collections([scope.own]) & articles.c.id.in_(ids)
        with self._connections.writing() as connection:
            entries = article_entries(connection, scope, own)
            for entry in entries:
                revoke(connection, entry.id, bin_of(scope.own))  # of an earlier removal
                connection.execute(sa.delete(announcements).where(held_by(announcements, scope.own, entry.id)))
                _move(connection, entry.id, scope.own, bin_of(scope.own))
                audit.note(connection, change, "article removed", entry.source.title)
            return entries

    def bring_back(self, scope: Scope, ids: Collection[ArticleId], by: UserId) -> tuple[ArticleEntry, ...]:
        """Put articles back as they were, with number, versions and edits; return those that were still there."""
        change = Change(scope.own, datetime.now(UTC), by)
        with self._connections.writing() as connection:
            removed = [id_ for id_ in ids if is_visible(connection, id_, bin_of(scope.own))]
            back = [id_ for id_ in removed if not is_visible(connection, id_, scope.own)]  # else it was added anew
            for id_ in back:
                _move(connection, id_, bin_of(scope.own), scope.own)
            entries = article_entries(connection, scope, articles.c.id.in_(back))
            for entry in entries:
                audit.note(connection, change, "article brought back", entry.source.title)
            return entries

    def waiting(self) -> frozenset[ArticleId]:
        """Every article that a server has removed and that is still there."""
        with self._connections.reading() as connection:
            rows = connection.scalars(sa.select(visibility.c.article_id).where(visibility.c.collection_id < SHARED))
            return frozenset(ArticleId(id_) for id_ in rows)

    def erase(self, ids: Collection[ArticleId]) -> int:
        """Delete removed articles for good, each in a transaction; return how many places they were removed from."""
        return sum(self._erase(id_) for id_ in ids)

    def _erase(self, article_id: ArticleId) -> int:
        bins = sa.select(visibility.c.collection_id)
        bins = bins.where(visibility.c.article_id == article_id, visibility.c.collection_id < SHARED)
        with self._connections.writing() as connection:
            collections = connection.scalars(bins).all()
            for collection in collections:
                revoke(connection, article_id, CollectionId(collection))
            return len(collections)


def _move(connection: sa.Connection, article_id: ArticleId, old: CollectionId, new: CollectionId) -> None:
    for table in HELD:
        place = held_by(table, old, article_id)
        connection.execute(sa.update(table).where(place).values(collection_id=new))
    note_change(connection, article_id, "visibility", [old, new])
