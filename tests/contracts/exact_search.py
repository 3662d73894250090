"""The oracle of the contract suite: the port's own words, written as plainly as can be, over everything there is.

It reads the archive anew at every question, compares with every vector and counts every word; nothing is clever.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from retrieval.archive.articles.rows import spec_of
from retrieval.archive.schema import articles, embeddings, passages, vectors, visibility
from retrieval.domain.embeddings import Candidate
from retrieval.domain.ids import PassageId
from retrieval.errors import EmbeddingMismatch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from retrieval.archive.archive import Archive
    from retrieval.domain.embeddings import EmbeddingSpec, FloatArray
    from retrieval.domain.scope import Filters, Scope


_PUBLISHED = (articles.c.publisher, articles.c.published_at)


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    vector: NDArray[np.float64]
    words: Counter[str]
    collections: frozenset[int]
    publisher: str
    published_at: datetime | None


class ExactSearch:
    """A `Search` of an archive."""

    def __init__(self, archive: Archive) -> None:
        self._connections = archive._connections

    def candidates(
        self, scope: Scope, vector: FloatArray, words: Sequence[str], k: int, made_by: EmbeddingSpec | None = None
    ) -> tuple[Candidate, ...]:
        self.sync(made_by)
        if k < 1 or not np.isfinite(vector).all():
            message = "no question"
            raise ValueError(message)
        rows = self._rows()
        bm25 = _bm25([row for row in rows if row.collections & set(scope.collections)], set(words))
        similarity = {row.id: round(_cosine(vector, row.vector), 6) for row in rows}
        seen = [row.id for row in rows if row.collections & set(scope.collections) and _meant(row, scope.filters)]
        nearest = sorted(seen, key=lambda id_: (-similarity[id_], id_))[:k]
        by_words = sorted((id_ for id_ in seen if bm25[id_] > 0), key=lambda id_: (-bm25[id_], id_))[:k]
        union = sorted({*nearest, *by_words}, key=lambda id_: (-similarity[id_], id_))
        return tuple(Candidate(PassageId(id_), similarity[id_], bm25[id_]) for id_ in union)

    def sync(self, made_by: EmbeddingSpec | None = None) -> None:
        """There is nothing beside the archive."""
        with self._connections.reading() as connection:
            row = connection.execute(sa.select(embeddings).where(embeddings.c.active)).first()
        if made_by is not None and row is not None and made_by != spec_of(row):
            raise EmbeddingMismatch(stored=spec_of(row), configured=made_by)

    def close(self) -> None:
        """There is nothing to be released."""

    def _rows(self) -> list[_Row]:
        with self._connections.reading() as connection:
            stored = connection.execute(
                sa.select(passages.c.id, passages.c.article_id, vectors.c.vector, *_PUBLISHED)
                .join_from(passages, vectors)
                .join(articles, articles.c.id == passages.c.article_id)
                .join(embeddings, (embeddings.c.id == vectors.c.embedding_id) & embeddings.c.active)
            ).all()
            texts = connection.exec_driver_sql("SELECT rowid, words FROM passage_words").all()
            shown = connection.execute(sa.select(visibility)).all()
        words = {row.rowid: Counter(str(row.words).split()) for row in texts}
        return [
            _Row(
                id=row.id,
                vector=np.frombuffer(row.vector, dtype="<f2").astype(np.float64),
                words=words[row.id],
                collections=frozenset(each.collection_id for each in shown if each.article_id == row.article_id),
                publisher=row.publisher or "",
                published_at=row.published_at,
            )
            for row in stored
        ]


def _meant(row: _Row, only: Filters | None) -> bool:
    return only is None or (
        (only.publisher or "").lower() in row.publisher.lower()
        and (only.since is None or (row.published_at is not None and only.since <= row.published_at))
        and (only.until is None or (row.published_at is not None and row.published_at < only.until))
    )


def _cosine(left: FloatArray, right: NDArray[np.float64]) -> float:
    product = float(np.dot(left.astype(np.float64), right))
    return product / (math.sqrt(np.dot(left.astype(np.float64), left)) * math.sqrt(np.dot(right, right)) or 1.0)


def _bm25(rows: list[_Row], wanted: set[str]) -> dict[int, float]:
    lengths = [row.words.total() for row in rows]
    average = sum(lengths) / max(len(rows), 1)
    scores = {}
    for row, length in zip(rows, lengths, strict=True):
        score = 0.0
        for word in sorted(wanted & set(row.words)):
            containing = sum(1 for row in rows if word in row.words)
            idf = math.log(1 + (len(rows) - containing + 0.5) / (containing + 0.5))
            times = row.words[word]
            score += idf * times * (1.2 + 1) / (times + 1.2 * (1 - 0.75 + 0.75 * length / average))
        scores[row.id] = round(score, 9)
    return scores
