"""Embeds an article that was read, and stores it in a collection; nothing is written before all of it is made."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from retrieval.archive.articles.rows import batches
from retrieval.archive.records import NewArticle, NewPassage
from retrieval.domain.cancellation import NOT_CANCELLED
from retrieval.domain.ids import SHARED
from retrieval.errors import EditedMeanwhile
from retrieval.text.token_vectors import pack_passage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from retrieval.active_model import ActiveModel
    from retrieval.archive.archive import Archive
    from retrieval.archive.records import ReadArticle
    from retrieval.domain.articles import AddedArticle, Source
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.embeddings import PassageEmbedding
    from retrieval.domain.ids import CollectionId, UserId
    from retrieval.ports import Embedder

    Embed: TypeAlias = Callable[[ReadArticle, Embedder, Cancellation], NewArticle]

_AT_ONCE: Final = 500
"""Collections of one transaction, so that other writers do not wait long."""


def embed_article(read: ReadArticle, embedder: Embedder, cancellation: Cancellation = NOT_CANCELLED) -> NewArticle:
    """Embed the passages of an article; the result is all that the archive stores of it. Raises WorkCancelled."""
    title, body = read.source.title, read.body
    texts = [passage.span.of(body) for passage in read.passages]
    embeddings = _until_cancelled(embedder.embed_tokens([embedded_text(title, text) for text in texts]), cancellation)
    passages = tuple(
        NewPassage(passage.span, passage.words, embedding.vector, stored_tokens(title, text, embedding))
        for passage, text, embedding in zip(read.passages, texts, embeddings, strict=True)
    )
    same = {field.name: getattr(read, field.name) for field in fields(read)}
    return NewArticle(**same | {"passages": passages})


def store_everywhere(
    archive: Archive, read: ReadArticle, model: ActiveModel, collections: Iterable[CollectionId]
) -> dict[CollectionId, AddedArticle]:
    """Store an article in several collections; it is embedded once. Raises ModelUnavailable.

    Those that hold the same, in which the same would be done, share a transaction.
    """
    embed = _embedding_once()
    outcomes: dict[CollectionId, AddedArticle] = {}
    related = archive.articles.related(read.identity, tuple(collections))
    for first, *others in _groups(related):
        outcomes[first] = outcome = store_article(archive, read, model, first, embed=embed)
        for some in batches(others, _AT_ONCE):
            held = related[first] or frozenset()
            outcomes |= archive.articles.add_alike(outcome, read.identity, held, some, now=datetime.now(UTC))
        changed = [each for each in others if each not in outcomes]
        outcomes |= {each: store_article(archive, read, model, each, embed=embed) for each in changed}
    return outcomes


def _groups(related: Mapping[CollectionId, frozenset[int] | None]) -> Iterable[list[CollectionId]]:
    """The collections, together where they hold the same and at most one article; the shared one by itself, first."""
    groups: dict[object, list[CollectionId]] = {}
    for collection in sorted(related):
        held = related[collection]
        is_alone = collection == SHARED or held is None or len(held) > 1
        groups.setdefault(collection if is_alone else held, []).append(collection)
    return groups.values()


def _embedding_once() -> Embed:
    """Return `embed_article` with a memory."""
    made: dict[tuple[ReadArticle, Embedder], NewArticle] = {}

    def embed(read: ReadArticle, embedder: Embedder, cancellation: Cancellation) -> NewArticle:
        if (read, embedder) not in made:
            made[read, embedder] = embed_article(read, embedder, cancellation)
        return made[read, embedder]

    return embed


def store_article(
    archive: Archive,
    read: ReadArticle,
    model: ActiveModel,
    collection: CollectionId,
    by: UserId | None = None,
    *,
    given: frozenset[str] = frozenset(),
    cancellation: Cancellation = NOT_CANCELLED,
    embed: Embed = embed_article,
) -> AddedArticle:
    """Store an article in a collection. A text that the collection has, or that is shared, is not embedded again.

    A text that only others have is: the time that it takes must not reveal that they have it. What was set by hand of
    an earlier version stays, except for the fields that are `given` by hand now. The archive is asked before embedding
    and again in the transaction that adds, since others may have added the article meanwhile.
    Raises ModelUnavailable, WorkCancelled, and EditedMeanwhile where an earlier version is edited again and again.
    """

    def store() -> AddedArticle:
        now = datetime.now(UTC)
        cancellation.begin_storing()
        source, known = archive.articles.show_known(read.identity, collection=collection, now=now, by=by, given=given)
        if known is not None:
            return _compared(known, source, given)
        cancellation.stored_nothing()
        edited = read.with_source(source)

        def add(embedder: Embedder) -> AddedArticle:
            article = embed(edited, embedder, cancellation)
            cancellation.begin_storing()
            added = archive.articles.add(article, embedder.spec, collection=collection, now=now, by=by, given=given)
            return _compared(added, source, given)

        return model.use(add)

    try:
        return store()
    except EditedMeanwhile:
        cancellation.stored_nothing()
        return store()


def _compared(added: AddedArticle, source: Source, given: frozenset[str]) -> AddedArticle:
    """Name the fields given by hand that were not used, since the article was stored already and stays as it is."""
    stored = added.article.source
    return replace(added, ignored=frozenset(name for name in given if getattr(stored, name) != getattr(source, name)))


def embedded_text(title: str, text: str) -> str:
    """The text that is embedded for a passage: the headline says what it is about. Never shown."""
    return f"{title}. {text}"


def stored_tokens(title: str, text: str, embedding: PassageEmbedding) -> bytes | None:
    """The token vectors that re-ranking needs: those of the passage, without the headline."""
    return pack_passage(embedding, text, len(embedded_text(title, "")))


def _until_cancelled(embeddings: Iterator[PassageEmbedding], cancellation: Cancellation) -> Iterator[PassageEmbedding]:
    """The same embeddings; checks the cancellation before each."""
    cancellation.check()
    for embedding in embeddings:
        yield embedding
        cancellation.check()
