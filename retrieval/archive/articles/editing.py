"""Sources edited by hand, in one collection: the title, the publisher, the date or the link.

A stored article never changes, and several collections may hold it. An edited one is therefore stored beside it, with
the same text, and replaces it in that collection alone: under the same number, added when and by whom it was.
What was set by hand is remembered with its former value: an edit can be undone, and what a page or a feed says later
does not replace it. A link set by hand is no longer the page that the text was fetched from.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive import audit
from retrieval.archive.articles import adding, inserting, manual_fields, versions, visibility
from retrieval.archive.articles.manual_fields import LINK
from retrieval.archive.articles.rows import ARTICLE, in_collections, quotation_fields, source_of
from retrieval.archive.connections import Repository
from retrieval.archive.feeds import entries
from retrieval.archive.records import NewQuotation, NewSpeaker, ReadArticle, ReadPassage
from retrieval.archive.schema import articles, edits, passage_words, passages, quotations
from retrieval.archive.speakers import overrides
from retrieval.archive.speakers.speaker_rows import printed_speakers
from retrieval.domain.articles import Notice, Span
from retrieval.domain.editing import changes
from retrieval.domain.ids import ArticleId
from retrieval.errors import ArticleRejected, ArticleUnknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from retrieval.archive.articles.rows import Row
    from retrieval.archive.records import Change, NewArticle
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.domain.ids import CollectionId
    from retrieval.domain.scope import Scope

_LONGEST_VALUE: Final = 60


class EditRepository(Repository):
    """Edits of the articles in a scope's own collection. Thread-safe. Every method may raise ArchiveError."""

    def remember_given(self, collection: CollectionId, article_id: ArticleId, fields: Iterable[str]) -> None:
        """Record which fields of an article were given by hand when it was added; that cannot be undone."""
        with self._connections.writing() as connection:
            manual_fields.remember(connection, article_id, collection, sorted(fields), None)

    def stored(self, scope: Scope, article_id: ArticleId) -> ReadArticle:
        """Everything stored of an article except its vectors. Raises ArticleUnknown."""
        with self._connections.reading() as connection:
            _own(connection, article_id, scope.own)
            return _stored(connection, article_id)

    def edit(
        self, article_id: ArticleId, new: NewArticle, spec: EmbeddingSpec, fields: Sequence[str], change: Change
    ) -> ArticleId:
        """Replace an article by `new`, the same text with some fields of its source edited; returns the new id.

        Raises ArticleUnknown, and ArticleRejected where the collection has exactly that article already.
        """
        with self._connections.writing() as connection:
            old = _own(connection, article_id, change.collection)
            new_id = _exchange(connection, old, new, spec, change, gone_at=None if LINK in fields else old.gone_at)
            manual_fields.remember(connection, new_id, change.collection, fields, old)
            audit.note(connection, change, "article edited", _detail(old, new, fields))
            return ArticleId(new_id)

    def before(self, scope: Scope, article_id: ArticleId) -> tuple[ReadArticle, tuple[str, ...]]:
        """What an article was before its last edit, which set these fields. Raises ArticleUnknown and NothingToUndo."""
        with self._connections.reading() as connection:
            row = _own(connection, article_id, scope.own)
            last = manual_fields.last_edit(connection, article_id, scope.own)
            page = last if LINK in last.fields else row
            stored = _stored(connection, article_id)
            source = replace(stored.source, **{name: getattr(last, name) for name in last.fields})
            before = replace(stored.with_source(source), address=page.address, fetched_at=page.fetched_at)
            return before, tuple(last.fields)

    def undo(self, article_id: ArticleId, new: NewArticle, spec: EmbeddingSpec, change: Change) -> ArticleId:
        """Replace an article by `new`, what it was before its last edit; returns the new id.

        Raises ArticleUnknown, NothingToUndo and ArticleRejected.
        """
        with self._connections.writing() as connection:
            old = _own(connection, article_id, change.collection)
            last = manual_fields.last_edit(connection, article_id, change.collection)
            connection.execute(sa.delete(edits).where(edits.c.id == last.id))
            gone_at = (last if LINK in last.fields else old).gone_at
            new_id = _exchange(connection, old, new, spec, change, gone_at=gone_at)
            audit.note(connection, change, "article edit undone", _detail(old, new, last.fields))
            return ArticleId(new_id)


def _exchange(
    connection: sa.Connection,
    old: Row,
    new: NewArticle,
    spec: EmbeddingSpec,
    change: Change,
    *,
    gone_at: datetime | None,
) -> int:
    """Store the article unless it is stored already, and replace the old one by it."""
    if new.body != old.body:
        raise ArticleRejected("article.changed_meanwhile")
    new_id = adding.stored(connection, new.identity)
    if new_id == old.id or (new_id is not None and visibility.is_visible(connection, new_id, change.collection)):
        raise ArticleRejected("article.duplicate")
    if new_id is None:
        new_id = inserting.store(connection, new, spec, old.added_at)
        connection.execute(sa.update(articles).where(articles.c.id == new_id).values(gone_at=gone_at))
    overrides.carry_over(connection, old.id, new_id)
    versions.move(connection, old.id, new_id, [change.collection])
    if old.address == new.address:  # feed entries are of a page
        entries.relink(connection, old.id, new_id, [change.collection], same_text=True)
    visibility.exchange(connection, old.id, new_id, [change.collection])
    return new_id


def _own(connection: sa.Connection, article_id: int, collection: CollectionId) -> Row:
    """The row of an article in a collection. Raises ArticleUnknown, also where only another collection holds it."""
    own = in_collections([collection]) & (articles.c.id == article_id)
    row = connection.execute(sa.select(*ARTICLE).where(own)).first()
    if row is None:
        raise ArticleUnknown
    return row


def _stored(connection: sa.Connection, article_id: int) -> ReadArticle:
    """One article without its vectors; its source as it was stored: that its page is gone is not part of it."""
    row = connection.execute(sa.select(*ARTICLE).where(articles.c.id == article_id)).one()
    source = source_of(row)
    return ReadArticle(
        replace(source, notice=None) if source.notice is Notice.GONE else source,
        row.body,
        _passages(connection, article_id),
        _quotations(connection, article_id),
        row.address,
        row.fetched_at,
        row.extractor,
        row.linked,
    )


def _passages(connection: sa.Connection, article_id: int) -> tuple[ReadPassage, ...]:
    columns = (passages.c.start, passages.c.end, passage_words.c.words)
    with_words = sa.select(*columns).join_from(passages, passage_words, passage_words.c.rowid == passages.c.id)
    rows = connection.execute(with_words.where(passages.c.article_id == article_id).order_by(passages.c.ordinal))
    return tuple(ReadPassage(Span(row.start, row.end), tuple(str(row.words).split())) for row in rows)


def _quotations(connection: sa.Connection, article_id: int) -> tuple[NewQuotation, ...]:
    speakers_of: dict[int, tuple[NewSpeaker, ...]] = defaultdict(tuple)
    for row in printed_speakers(connection, quotations.c.article_id == article_id):
        speakers_of[row.quotation_id] += (NewSpeaker(row.name, row.role, row.rank),)
    of_article = sa.select(quotations).where(quotations.c.article_id == article_id).order_by(quotations.c.id)
    rows = connection.execute(of_article)
    return tuple(NewQuotation(**quotation_fields(row, speakers_of[row.id])) for row in rows)


def _detail(old: Row, new: NewArticle, fields: Iterable[str]) -> str:
    """Such as "The Vote: publisher “The Wire” to “Reuters”"."""
    edited = (
        f"{name} “{_short(before)}” to “{_short(after)}”"
        for name, before, after in changes(source_of(old), new.source, fields)
    )
    return f"{_short(old.title)}: {'; '.join(edited)}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
