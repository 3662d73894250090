"""Stores an article with everything made of it: passages, vectors, full text, quotations and speakers."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrieval.archive import vectors
from retrieval.archive.articles.rows import passage_ids
from retrieval.archive.full_text import full_text_of
from retrieval.archive.schema import articles, passages, quotation_speakers, quotations
from retrieval.archive.schema import vectors as stored_vectors
from retrieval.archive.speakers import speaker_rows
from retrieval.domain.quotations import Attribution
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from retrieval.archive.records import NewArticle, NewPassage, NewQuotation, NewSpeaker
    from retrieval.domain.articles import Span
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.domain.ids import PassageId, SpeakerId


def store(connection: sa.Connection, new: NewArticle, spec: EmbeddingSpec, now: datetime) -> int:
    """Store an article with everything made of it, in no collection yet; return its id.

    Raises EmbeddingMismatch, and ValueError for an invalid vector.
    """
    embedding_id = vectors.use(connection, spec)
    article_id = _insert_article(connection, new, now)
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
    full_text_of(connection).store(connection, stored, (passage.words for passage in new.passages))
    insert_quotations(connection, article_id, new.body, new.quotations)
    return article_id


def _insert_article(connection: sa.Connection, new: NewArticle, now: datetime) -> int:
    identity = new.identity
    taken = sa.select(sa.exists().where(articles.c.content_hash == identity.body_hash))
    values = sa.insert(articles).values(
        **asdict(new.source),
        content_hash=identity.hash_with_source if connection.execute(taken).scalar_one() else identity.body_hash,
        body=new.body,
        added_at=now,
        address=new.address,
        fetched_at=new.fetched_at,
        title_key=search_key(new.source.title),
        publisher_key=search_key(new.source.publisher) if new.source.publisher else None,
        extractor=new.extractor,
        linked=new.linked,
    )
    return int(connection.execute(values.returning(articles.c.id)).scalar_one())


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


def insert_quotations(connection: sa.Connection, article_id: int, body: str, new: Sequence[NewQuotation]) -> None:
    """Store quotations of an article with their speakers, or with the alleged ones where they are disputed."""
    if not new:
        return
    inserted = sa.insert(quotations).returning(quotations.c.id, sort_by_parameter_order=True)
    ids = connection.scalars(inserted, [_quotation_row(article_id, body, quotation) for quotation in new]).all()
    printed = dict.fromkeys(speaker for quotation in new for speaker in quotation.meant)
    speaker_ids = {speaker: speaker_rows.find_or_add(connection, speaker) for speaker in printed}
    rows = [
        {"quotation_id": id_, "speaker_id": speaker_id, "ordinal": ordinal, **asdict(speaker)}
        for id_, quotation in zip(ids, new, strict=True)
        for speaker_id, (ordinal, speaker) in _each_once(quotation, speaker_ids).items()
    ]
    if rows:
        connection.execute(sa.insert(quotation_speakers), rows)


def _each_once(
    quotation: NewQuotation, speaker_ids: Mapping[NewSpeaker, SpeakerId]
) -> Mapping[SpeakerId, tuple[int, NewSpeaker]]:
    """The speakers of a quotation, by the first place in which each is named."""
    first: dict[SpeakerId, tuple[int, NewSpeaker]] = {}
    for ordinal, speaker in enumerate(quotation.meant):
        first.setdefault(speaker_ids[speaker], (ordinal, speaker))
    return first


def _quotation_row(article_id: int, body: str, new: NewQuotation) -> dict[str, Any]:
    row: dict[str, Any] = {
        "article_id": article_id,
        "kind": new.kind.value,
        "attribution": new.attribution.value,
        "confidence": new.confidence,
        "disputed": new.disputed,
        "unnamed": _unnamed(body, new),
    }
    for name in ("content", "context", "cue", "mention", "via"):
        span: Span | None = getattr(new, name)
        row |= {f"{name}_start": span.start if span else None, f"{name}_end": span.end if span else None}
    return row


def _unnamed(body: str, new: NewQuotation) -> str | None:
    """The search key of a mention that names nobody, such as "a U.S. official"; a pronoun is none."""
    if new.mention is None or new.meant or new.disputed or new.attribution is Attribution.PRONOUN:
        return None
    return search_key(new.mention.of(body))
