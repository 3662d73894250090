"""An archive, an engine over it and the oracle, asked the same things."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from retrieval.archive.opening import open_archive
from retrieval.domain.ids import SHARED
from retrieval.domain.scope import Scope
from tests.contracts.exact_search import ExactSearch
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, new_article

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from retrieval.domain.embeddings import Candidate, EmbeddingSpec, FloatArray
    from retrieval.domain.ids import ArticleId, CollectionId
    from retrieval.ports import Search

EMBEDDER = HashingEmbedder(dimension=16)
ANYONE = Scope()


@dataclass(frozen=True, slots=True)
class Bench:
    """An archive, an engine over it, and the oracle."""

    archive: Archive
    path: Path
    engine: Search
    oracle: ExactSearch
    database: str | None = None

    def add(self, title: str, *texts: str, collection: CollectionId = SHARED) -> ArticleId:
        article = new_article(title, *texts, embedder=EMBEDDER)
        return self.archive.articles.add(article, EMBEDDER.spec, collection=collection, now=NOON).article.id

    def agree(self, question: str, k: int = 5, scope: Scope = ANYONE) -> tuple[Candidate, ...]:
        """Ask both, and give what both found."""
        vector = EMBEDDER.embed_query(question).vector
        return self.agree_on(vector, question.split(), k, scope)

    def agree_on(self, vector: FloatArray, words: list[str], k: int, scope: Scope) -> tuple[Candidate, ...]:
        candidates = self.engine.candidates(scope, vector, words, k)
        expected = self.oracle.candidates(scope, vector, words, k)
        assert [candidate.passage_id for candidate in candidates] == [candidate.passage_id for candidate in expected]
        for candidate, other in zip(candidates, expected, strict=True):
            assert candidate.similarity == pytest.approx(other.similarity, abs=2e-6)
            assert candidate.lexical == pytest.approx(other.lexical, abs=2e-9)
        return candidates


@contextmanager
def bench(
    path: Path, engine_of: Callable[[Archive, EmbeddingSpec], Search], database: str | None = None
) -> Iterator[Bench]:
    with open_archive(path, database) as archive:
        engine = engine_of(archive, EMBEDDER.spec)
        oracle = ExactSearch(archive)
        try:
            yield Bench(archive, path, engine, oracle, database)
        finally:
            engine.close()
            oracle.close()
