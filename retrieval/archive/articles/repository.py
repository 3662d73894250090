"""What those who look after a collection ask of the archive: lists, details, exports, audit, putting back, erasing.

Always for a reader, whose own collection it is; what is for nobody in particular is for the background alone.
One method is one transaction, but those that erase: they take out some articles at a time and keep nobody waiting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from retrieval.archive import audit
from retrieval.archive.articles import copying, editing, listing, manual_fields, passages, removing
from retrieval.archive.articles.removing import own_collection
from retrieval.archive.feeds import entries
from retrieval.archive.records import Change
from retrieval.archive.schema import articles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from retrieval.archive.articles.editing import BeforeEdit
    from retrieval.archive.articles.listing import DuePage, Former
    from retrieval.archive.records import NewArticle, ReadArticle
    from retrieval.archive.sqlite.connections import Connections
    from retrieval.domain.articles import ArticleEntry, ArticlePage, ArticleShown, Exported
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.domain.ids import ArticleId, ArticleNumber, CollectionId, UserId
    from retrieval.domain.scope import Scope
    from retrieval.domain.upkeep import AuditPage, Expiring

_AT_A_TIME: Final = 50


class ArticleRepository:
    """The archive as moderators see it. Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def page(self, scope: Scope, *, search: str, words: Sequence[str], number: int, size: int) -> ArticlePage:
        """A page of the articles that the reader sees, newest first, narrowed by `search` and its analysed words."""
        with self._connections.reading() as connection:
            return listing.page(connection, scope, search=search, words=words, number=number, size=size)

    def amount(self, scope: Scope) -> int:
        """How many articles are in the reader's own collection."""
        with self._connections.reading() as connection:
            return listing.amount(connection, scope)

    def titled(self, scope: Scope, typed: str, limit: int, *, own: bool) -> tuple[ArticleEntry, ...]:
        """Articles whose headline holds what was typed, newest first; with `own`, of the reader's collection alone."""
        with self._connections.reading() as connection:
            return listing.titled(connection, scope, typed, limit, own=own)

    def numbered(self, scope: Scope, number: ArticleNumber) -> ArticleId:
        """The article that has this number for the reader. Raises ArticleUnknown."""
        with self._connections.reading() as connection:
            return listing.numbered(connection, scope, number)

    def shown(self, scope: Scope, article_id: ArticleId) -> ArticleShown:
        """All about one article. Raises ArticleUnknown."""
        with self._connections.reading() as connection:
            return listing.shown(connection, scope, article_id)

    def former(self, scope: Scope, article_id: ArticleId) -> Former | None:
        """The version that an article replaced in the reader's own collection, if it did."""
        with self._connections.reading() as connection:
            return listing.former(connection, scope, article_id)

    def put_back(
        self,
        scope: Scope,
        article_id: ArticleId,
        old: NewArticle,
        spec: EmbeddingSpec,
        *,
        now: datetime,
        by: UserId | None,
    ) -> ArticleEntry:
        """Make the version before the present one present again. Raises ArticleUnknown where it is that no more."""
        with self._connections.writing() as connection:
            change = Change(own_collection(scope), now, by)
            back = removing.put_back(connection, article_id, old, spec, change)
            return passages.article_entries(connection, scope, articles.c.id == back)[0]

    def stored(self, scope: Scope, article_id: ArticleId) -> ReadArticle:
        """All that is stored of an article in the reader's own collection. Raises ArticleUnknown."""
        with self._connections.reading() as connection:
            editing.check_own(connection, article_id, own_collection(scope))
            return copying.stored(connection, article_id)

    def edit(
        self,
        scope: Scope,
        article_id: ArticleId,
        new: NewArticle,
        spec: EmbeddingSpec,
        fields: Sequence[str],
        *,
        now: datetime,
        by: UserId | None,
    ) -> ArticleId:
        """Let `new`, the same text with some fields of its source edited, take an article's place in the collection.

        Raises ArticleUnknown, and ArticleRejected where the collection has exactly that already.
        """
        with self._connections.writing() as connection:
            change = Change(own_collection(scope), now, by)
            return editing.edit(connection, article_id, new, spec, change, fields=fields)

    def before_edit(self, scope: Scope, article_id: ArticleId) -> BeforeEdit:
        """What an article of the reader's own collection was before its last edit.

        Raises ArticleUnknown and NothingToUndo.
        """
        with self._connections.reading() as connection:
            return editing.before(connection, article_id, own_collection(scope))

    def undo_edit(
        self,
        scope: Scope,
        article_id: ArticleId,
        new: NewArticle,
        spec: EmbeddingSpec,
        *,
        now: datetime,
        by: UserId | None,
    ) -> ArticleId:
        """Let `new`, the article as it was before its last edit, take its place.

        Raises ArticleUnknown, NothingToUndo and ArticleRejected.
        """
        with self._connections.writing() as connection:
            return editing.undo(connection, article_id, new, spec, Change(own_collection(scope), now, by))

    def set_by_hand(self, collection: CollectionId, article_id: ArticleId, fields: Iterable[str]) -> None:
        """Remember which fields of an article that was just added were given by hand."""
        with self._connections.writing() as connection:
            manual_fields.remember(connection, article_id, collection, fields)

    def export(self, scope: Scope, after: int, room: int) -> Exported:
        """As many articles of the reader's own collection, above a number, as fit into `room` bytes of JSON lines."""
        with self._connections.reading() as connection:
            return listing.export(connection, scope, after, room)

    def note(self, scope: Scope, action: str, detail: str, *, now: datetime, by: UserId | None) -> None:
        """Write a line into the audit of the reader's own collection."""
        with self._connections.writing() as connection:
            audit.note(connection, own_collection(scope), by, action, detail, now)

    def audit(self, scope: Scope, *, number: int, size: int, people_only: bool = False) -> AuditPage:
        """A page of the audit of the reader's own collection, newest first."""
        with self._connections.reading() as connection:
            own = own_collection(scope)
            return audit.page(connection, own, number=number, size=size, people_only=people_only)

    def expiring(self, scope: Scope, older_than: datetime) -> Expiring:
        """How many articles the reader's own collection got before a moment, and how many later."""
        with self._connections.reading() as connection:
            return removing.expiring(connection, own_collection(scope), older_than)

    # For the background

    def due(self, *, checked_before: datetime, published_after: datetime, limit: int) -> tuple[DuePage, ...]:
        """Pages to look at again, those first that were not looked at for longest, and who sees their articles."""
        with self._connections.reading() as connection:
            return listing.due(connection, checked_before=checked_before, published_after=published_after, limit=limit)

    def looked_at(self, article_id: ArticleId, now: datetime, *, gone: bool | None) -> None:
        """The page was there, was gone, or (None) that could not be told."""
        with self._connections.writing() as connection:
            listing.looked_at(connection, article_id, now, gone=gone)

    def page_said(self, article_id: ArticleId, body_hash: str) -> None:
        """What the page says of an article whose text a feed carried."""
        with self._connections.writing() as connection:
            entries.page_said(connection, article_id, body_hash)

    def collections(self) -> tuple[CollectionId, ...]:
        """Every collection for which anything is kept, the shared one left out."""
        with self._connections.reading() as connection:
            return removing.collections(connection)

    def expire(self, collection: CollectionId, older_than: datetime, now: datetime) -> int:
        """Take out the articles that the collection got before a moment; says how many it were."""
        taken = 0
        while True:
            with self._connections.writing() as connection:
                some = removing.some_older(connection, collection, older_than, _AT_A_TIME, now)
            if not some:
                return taken
            taken += some

    def erase(self, collection: CollectionId) -> int:
        """Erase everything that is kept for a collection; says how many articles it were. Goes on where it stopped."""
        taken = 0
        while True:
            with self._connections.writing() as connection:
                some = removing.erase_some(connection, collection, _AT_A_TIME)
                if not some:
                    removing.erase_rest(connection, collection)
                    return taken
            taken += some

    def forget_user(self, user: UserId) -> None:
        """What a member added or did stays, without their id."""
        with self._connections.writing() as connection:
            removing.forget_user(connection, user)

    def prune_audit(self, older_than: datetime) -> None:
        """Drop the audit's lines that are older than a moment."""
        with self._connections.writing() as connection:
            audit.prune(connection, older_than)
