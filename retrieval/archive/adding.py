"""Puts an article into the archive, with everything made of it, or shows a known one to one more collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrieval.archive import identity, vectors, words
from retrieval.archive.rows import article_of, passage_ids
from retrieval.archive.schema import (
    articles,
    changes,
    passages,
    quotation_speakers,
    quotations,
    speakers,
    visibility,
)
from retrieval.archive.schema import vectors as stored_vectors
from retrieval.domain import AddedArticle, PassageId

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from retrieval.archive.records import NewArticle, NewPassage, NewQuotation
    from retrieval.domain import CollectionId, EmbeddingSpec


def show_known(connection: sa.Connection, content_hash: str, collection: CollectionId) -> AddedArticle | None:
    """Make the article of this hash visible to a collection, if there is one."""
    row = connection.execute(sa.select(articles).where(articles.c.content_hash == content_hash)).first()
    if row is None:
        return None
    present = sa.exists().where(visibility.c.article_id == row.id, visibility.c.collection_id == collection)
    if not connection.execute(sa.select(present)).scalar_one():
        _show(connection, row.id, collection)
        note(connection, passage_ids(connection, row.id), "visibility")
    return _understood(connection, row.id, known=True)


def add(
    connection: sa.Connection, new: NewArticle, spec: EmbeddingSpec, collection: CollectionId, now: datetime
) -> AddedArticle:
    """Store an article that is not known yet. Raises EmbeddingMismatch, and ValueError for a vector that is none."""
    embedding_id = vectors.use(connection, spec)
    article_id = _insert_article(connection, new, now)
    _show(connection, article_id, collection)
    stored = _insert_passages(connection, article_id, new.passages)
    rows = [
        {
            "passage_id": id_,
            "embedding_id": embedding_id,
            "vector": vectors.at_rest(passage.vector, spec.dimension),
            "tokens": passage.tokens,
        }
        for id_, passage in zip(stored, new.passages, strict=True)
    ]
    connection.execute(sa.insert(stored_vectors), rows)
    words.store(connection, stored, (passage.words for passage in new.passages))
    for quotation in new.quotations:
        _insert_quotation(connection, article_id, quotation)
    note(connection, stored, "add")
    return _understood(connection, article_id, known=False)


def note(connection: sa.Connection, changed: Iterable[PassageId], kind: str) -> None:
    """Let those who follow the archive know."""
    connection.execute(sa.insert(changes), [{"passage_id": id_, "kind": kind} for id_ in changed])


def _show(connection: sa.Connection, article_id: int, collection: CollectionId) -> None:
    connection.execute(sa.insert(visibility).values(article_id=article_id, collection_id=collection))


def _insert_article(connection: sa.Connection, new: NewArticle, now: datetime) -> int:
    return _insert(
        connection,
        articles,
        content_hash=new.content_hash,
        title=new.source.title,
        body=new.body,
        publisher=new.source.publisher,
        authors=list(new.source.authors),
        url=new.source.url,
        published_at=new.source.published_at,
        added_at=now,
        updated_at=new.source.updated_at,
        notice=new.source.notice.value if new.source.notice else None,
    )


def _insert_passages(connection: sa.Connection, article_id: int, new: Sequence[NewPassage]) -> list[PassageId]:
    rows = [
        {
            "article_id": article_id,
            "ordinal": ordinal,
            "start": passage.span.start,
            "end": passage.span.end,
            "words": len(passage.words),
        }
        for ordinal, passage in enumerate(new)
    ]
    connection.execute(sa.insert(passages), rows)
    return passage_ids(connection, article_id)


def _insert_quotation(connection: sa.Connection, article_id: int, new: NewQuotation) -> None:
    quotation_id = _insert(
        connection,
        quotations,
        article_id=article_id,
        content_start=new.content.start,
        content_end=new.content.end,
        context_start=new.context.start,
        context_end=new.context.end,
        cue_start=new.cue.start if new.cue else None,
        cue_end=new.cue.end if new.cue else None,
        mention_start=new.mention.start if new.mention else None,
        mention_end=new.mention.end if new.mention else None,
        via_start=new.via.start if new.via else None,
        via_end=new.via.end if new.via else None,
        kind=new.kind.value,
        attribution=new.attribution.value,
        confidence=new.confidence,
    )
    named: set[int] = set()
    for ordinal, speaker in enumerate(new.speakers):
        speaker_id = identity.find_or_add(connection, speaker, article_id)
        if speaker_id not in named:
            named.add(speaker_id)
            _insert(
                connection,
                quotation_speakers,
                quotation_id=quotation_id,
                speaker_id=speaker_id,
                ordinal=ordinal,
                role=speaker.role,
                rank=speaker.rank,
            )


def _insert(connection: sa.Connection, table: sa.Table, **values: Any) -> int:  # noqa: ANN401 - as the columns are
    inserted = connection.execute(sa.insert(table).values(**values))
    assert inserted.inserted_primary_key is not None
    return int(inserted.inserted_primary_key[0])


def _understood(connection: sa.Connection, article_id: int, *, known: bool) -> AddedArticle:
    row = connection.execute(sa.select(articles).where(articles.c.id == article_id)).one()
    of_article = quotations.c.article_id == article_id
    names = connection.scalars(
        sa.select(speakers.c.name)
        .join_from(speakers, quotation_speakers)
        .join(quotations)
        .where(of_article)
        .group_by(speakers.c.id, speakers.c.name)
        .order_by(sa.func.min(quotations.c.content_start), sa.func.min(quotation_speakers.c.ordinal))
    )
    return AddedArticle(
        article=article_of(row),
        known=known,
        passages=len(passage_ids(connection, article_id)),
        quotations=connection.execute(
            sa.select(sa.func.count()).select_from(quotations).where(of_article)
        ).scalar_one(),
        speakers=tuple(names),
    )
