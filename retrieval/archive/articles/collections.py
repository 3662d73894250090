"""Collections, a server's or the shared one: audit, retention, erasure, and forgetting a member."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive import audit
from retrieval.archive.articles.rows import count
from retrieval.archive.articles.visibility import revoke
from retrieval.archive.column_types import PersonId, RowOfPerson
from retrieval.archive.connections import Repository
from retrieval.archive.feeds.subscriptions import forget_unfollowed
from retrieval.archive.records import Change
from retrieval.archive.schema import articles, bot_state, follows, metadata, visibility
from retrieval.domain.ids import SHARED, CollectionId, bin_of
from retrieval.domain.upkeep import Expiring

if TYPE_CHECKING:
    from retrieval.domain.ids import UserId
    from retrieval.domain.scope import Scope
    from retrieval.domain.upkeep import Action, AuditPage

AUDIT_PAGE: Final = 10
"""Lines of a page of the audit."""
_AUDIT_KEPT: Final = timedelta(days=365)
_ARTICLES_AT_ONCE: Final = 50
_CHARACTERS_AT_ONCE: Final = 200_000
"""Limits of one transaction that removes articles, so that other writers do not wait long."""
_GOT_AT = sa.func.coalesce(visibility.c.shown_at, articles.c.added_at)
"""When a collection got an article."""
_OF_COLLECTIONS = tuple(table for table in metadata.sorted_tables if "collection_id" in table.c)
_MEMBERS = tuple(column for table in metadata.sorted_tables for column in table.c if isinstance(column.type, PersonId))


class CollectionRepository(Repository):
    """The collections of an archive. Thread-safe. Every method may raise ArchiveError.

    One method is one transaction, except `expire` and `erase`, which remove a few articles in each.
    """

    def ids(self) -> tuple[CollectionId, ...]:
        """Every server for which anything is stored."""
        columns = [*(table.c.collection_id for table in _OF_COLLECTIONS), bot_state.c.server]
        stored = sa.union(*(sa.select(column).where(column > SHARED) for column in columns))
        with self._connections.reading() as connection:
            return tuple(CollectionId(id_) for id_ in sorted(connection.scalars(stored)))

    def audit(self, scope: Scope, number: int = 0, *, size: int = AUDIT_PAGE, people_only: bool = False) -> AuditPage:
        """Page `number` (from 0) of the audit of the scope's own collection, newest line first."""
        with self._connections.reading() as connection:
            return audit.page(connection, scope.own, number=number, size=size, people_only=people_only)

    def note(self, scope: Scope, action: Action, detail: str, by: UserId | None) -> None:
        """Write a line into the audit of the own collection, about something done outside of the archive."""
        with self._connections.writing() as connection:
            audit.note(connection, Change(scope.own, datetime.now(UTC), by), action, detail)

    def prune_audit(self, now: datetime) -> None:
        """Delete the audit's lines that are older than a year."""
        with self._connections.writing() as connection:
            audit.prune(connection, now - _AUDIT_KEPT)

    def expiring(self, scope: Scope, days: int) -> Expiring:
        """How many articles of the own collection are older than `days`, and how many are not."""
        own, older_than = visibility.c.collection_id == scope.own, datetime.now(UTC) - timedelta(days=days)
        with self._connections.reading() as connection:
            expired = count(connection, articles.join(visibility), own, older_than > _GOT_AT)
            return Expiring(expired, count(connection, visibility, own) - expired)

    def expire(self, collection: CollectionId, older_than: datetime) -> int:
        """Remove the articles that a collection got before a moment; returns how many."""
        expired = (visibility.c.collection_id == collection) & (older_than > _GOT_AT)
        removed = 0
        while True:
            with self._connections.writing() as connection:
                expired_now = _remove_some(connection, collection, expired)
                if not expired_now:
                    return removed
                change = Change(collection, datetime.now(UTC))
                audit.note(connection, change, "articles expired", f"{expired_now} kept for as long as was set")
            removed += expired_now

    def erase(self, collection: CollectionId) -> int:
        """Delete everything that is stored for a collection, what it has removed too; returns how many articles.

        May be called again to go on.

        Feeds that nobody else follows are deleted too.
        """
        removed, both = 0, {collection, bin_of(collection)}
        while True:
            with self._connections.writing() as connection:
                erased = sum(_remove_some(connection, each, visibility.c.collection_id == each) for each in both)
                if not erased:
                    for table in _OF_COLLECTIONS:
                        connection.execute(sa.delete(table).where(table.c.collection_id.in_(both)))
                    connection.execute(sa.delete(bot_state).where(bot_state.c.server == collection))
                    forget_unfollowed(connection)
                    return removed
            removed += erased

    def forget_member(self, user: UserId) -> None:
        """Delete what concerns a member alone, and their id from what they added or did, as the schema marks them."""
        with self._connections.writing() as connection:
            connection.execute(sa.delete(follows).where(follows.c.user_id == user, follows.c.channel_id.is_(None)))
            for column in _MEMBERS:
                if isinstance(column.type, RowOfPerson):
                    connection.execute(sa.delete(column.table).where(column == user))
                else:
                    connection.execute(sa.update(column.table).where(column == user).values({column.name: None}))


def _remove_some(connection: sa.Connection, collection: CollectionId, which: sa.ColumnElement[bool]) -> int:
    """Remove a few of the articles from a collection; returns how many: 0 where none is left."""
    ids = _some_articles(connection, which)
    for id_ in ids:
        revoke(connection, id_, collection)
    return len(ids)


def _some_articles(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[int]:
    """Ids of the articles to remove in one transaction: at least one, where there is one."""
    sized = sa.select(articles.c.id, sa.func.length(articles.c.body).label("characters"))
    first = sized.join_from(articles, visibility).where(which).order_by(articles.c.id).limit(_ARTICLES_AT_ONCE)
    ids, characters = list[int](), 0
    for row in connection.execute(first).all():
        characters += row.characters
        if ids and characters > _CHARACTERS_AT_ONCE:
            break
        ids.append(row.id)
    return ids
