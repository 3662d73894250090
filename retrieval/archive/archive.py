"""The archive: every question that can be put to it. What returns news asks for whom, and shows no other news.

One method is one transaction. The questions themselves are in the modules beside this one, each with its subject.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.archive import vectors
from retrieval.archive.articles import adding, manual_fields, passages, removing
from retrieval.archive.articles.attempts import Attempts
from retrieval.archive.articles.repository import ArticleRepository
from retrieval.archive.articles.rows import visible_to
from retrieval.archive.bot_state import BotState
from retrieval.archive.change_feed import ChangeFeed, last_sequence
from retrieval.archive.feeds.repository import FeedRepository
from retrieval.archive.integrity import check, repair
from retrieval.archive.model_change import ChangingModels
from retrieval.archive.records import Change
from retrieval.archive.speakers.repository import SpeakerRepository
from retrieval.archive.sqlite import measuring
from retrieval.domain.ids import SHARED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from retrieval.archive.records import FoundPassage, Identity, NewArticle, PassageOutline
    from retrieval.archive.sqlite.connections import Connections
    from retrieval.domain.answers import Searched
    from retrieval.domain.articles import AddedArticle, ArticleEntry, Source
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.domain.health import Measured
    from retrieval.domain.ids import ArticleId, CollectionId, PassageId, SpeakerId, UserId
    from retrieval.domain.scope import Scope
    from retrieval.domain.upkeep import About, CheckReport


class Archive:
    """An open archive; `opening.open_archive` gives one. Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, connections: Connections, *, created: bool) -> None:
        self._connections = connections
        self.created = created
        """Whether the file was made by this opening."""
        self.bot_state = BotState(connections)
        self.shelf = ArticleRepository(connections)
        self.feeds = FeedRepository(connections)
        self.who = SpeakerRepository(connections)
        self.models = ChangingModels(connections)
        self.attempts = Attempts(connections)

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._connections.path

    # Writing

    def add(
        self,
        article: NewArticle,
        spec: EmbeddingSpec,
        *,
        collection: CollectionId = SHARED,
        now: datetime,
        by: UserId | None = None,
        given: frozenset[str] = frozenset(),
    ) -> AddedArticle:
        """Store an article, visible to one collection; one whose text is known only becomes visible to it.

        It takes the place of an older version of the same page in that collection, and of nothing in any other. Raises
        EditedMeanwhile where its source is not what `with_edits` makes of it now.

        Raises EmbeddingMismatch when `spec` is not what made the vectors in use, and ValueError for a vector that has
        another dimension, is not finite or not of length one. Once this returns, the article outlives a power cut.
        """
        change = Change(collection, now, by)
        with self._connections.writing() as connection:
            manual_fields.check_laid_over(connection, article.identity, collection, given)
            known = adding.show_known(connection, article.identity, change, given=given, embedded=True)
            return known or adding.add(connection, article, spec, change)

    def show_known(
        self,
        identity: Identity,
        *,
        collection: CollectionId = SHARED,
        now: datetime,
        by: UserId | None = None,
        given: frozenset[str] = frozenset(),
    ) -> AddedArticle | None:
        """As `add` for what the collection has already, or is shared, before it is embedded; else None."""
        with self._connections.writing() as connection:
            return adding.show_known(connection, identity, Change(collection, now, by), given=given)

    def with_edits(
        self, identity: Identity, *, collection: CollectionId, given: frozenset[str] = frozenset()
    ) -> Source:
        """The source of what is to be added, with what was set by hand of an earlier version in that collection.

        But for the fields that are `given` by hand now. A text that somebody handed in and that is shared has the
        shared one's source there.
        """
        with self._connections.reading() as connection:
            return manual_fields.laid_over(connection, identity, collection, given)

    def remove(self, scope: Scope, article_id: ArticleId, *, now: datetime, by: UserId | None = None) -> ArticleEntry:
        """Take an article out of the reader's own collection: a server's, or the shared one where there is no server.

        It leaves the archive when no collection is left. Raises ArticleUnknown when it is not in that collection.
        """
        with self._connections.writing() as connection:
            return removing.remove(connection, scope, article_id, now, by)

    # Reading

    def passages(self, scope: Scope, ids: Sequence[PassageId]) -> tuple[FoundPassage, ...]:
        """Passages in their articles, in the order asked for; what the reader does not see is left out."""
        with self._connections.reading() as connection:
            return passages.found_passages(connection, scope, ids)

    def outlines(
        self, scope: Scope, ids: Sequence[PassageId], made_by: EmbeddingSpec, *, sources: bool = True
    ) -> tuple[PassageOutline, ...]:
        """What passages promise, in no order that means anything; what the reader does not see is left out.

        Publishers and dates only with `sources`. Raises EmbeddingMismatch where the model in use, whose tokens come
        with them, is not `made_by`.
        """
        with self._connections.reading() as connection:
            vectors.expect(connection, made_by)
            return passages.outlines(connection, scope, ids, sources=sources)

    def articles(self, scope: Scope) -> tuple[ArticleEntry, ...]:
        """Every article the reader sees, newest first."""
        with self._connections.reading() as connection:
            return passages.article_entries(connection, scope, visible_to(scope))

    def about(self, scope: Scope) -> About:
        """How much of everything the reader sees."""
        with self._connections.reading() as connection:
            return replace(passages.about(connection, scope), read_only=not measuring.is_writable(self.path))

    def searched(self, scope: Scope) -> Searched:
        """How many articles a question of this reader is put to, and their dates."""
        with self._connections.reading() as connection:
            return passages.searched(connection, scope)

    def publishers(self, scope: Scope) -> tuple[str, ...]:
        """Who published what the reader sees, the most frequent first."""
        with self._connections.reading() as connection:
            return passages.publishers(connection, scope)

    def quoted_passages(
        self, scope: Scope, *names: SpeakerId, made_by: EmbeddingSpec | None = None
    ) -> tuple[FoundPassage, ...]:
        """The passages that hold the sentences quoted under some stored names, in no order that means anything.

        Raises EmbeddingMismatch as `outlines` does.
        """
        with self._connections.reading() as connection:
            if made_by is not None:
                vectors.expect(connection, made_by)
            return passages.quoted_passages(connection, scope, names)

    def measure(self) -> Measured:
        """How much it holds for all readers together, and the feeds that fail: for the operator alone."""
        with self._connections.reading() as connection:
            return measuring.measure(connection)

    def embedding_spec(self) -> EmbeddingSpec | None:
        """What made the vectors in use; None in an archive that never held one. To change it: see `models`."""
        with self._connections.reading() as connection:
            return vectors.active_spec(connection)

    # Following

    def last_change(self) -> int:
        """A number that grows whenever an article is added, removed or shown to others: what was read before is old."""
        with self._connections.reading() as connection:
            return last_sequence(connection)

    def follow(self) -> ChangeFeed:
        """A connection through which an engine keeps in step; to be closed before the archive is."""
        return ChangeFeed(self._connections)

    def rebuild_words(self) -> int:
        """Make the full-text index anew from the passages, at once or not at all; says of how many."""
        with self._connections.writing() as connection:
            return repair.rebuild_words(connection)

    def prune_changes(self, keep: int = repair.KEPT_CHANGES) -> int:
        """Forget old changes, which every engine has followed or can do without; says how many."""
        with self._connections.writing() as connection:
            return repair.prune_changes(connection, keep)

    def check(self) -> CheckReport:
        """Whether the archive agrees with itself; reads all of it. Raises ArchiveCorrupt where it cannot be read."""
        with self._connections.reading() as connection:
            return check.check(connection)
