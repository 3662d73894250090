"""The part of an `Embedder` that is the same for every runtime."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.domain.embeddings import EmbeddingSpec, FloatArray, PassageEmbedding


class TokenEmbedder(ABC):
    """An `Embedder` whose passages' vectors come with those of their tokens."""

    _spec: EmbeddingSpec

    @property
    def spec(self) -> EmbeddingSpec:
        """The model's identity, read from its files."""
        return self._spec

    @abstractmethod
    def embed_tokens(self, texts: Sequence[str]) -> Iterator[PassageEmbedding]:
        """See `Embedder.embed_tokens`."""

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32, of length one, in the order of the n texts."""
        vectors = np.empty((len(texts), self._spec.dimension), dtype=np.float32)
        for row, embedding in enumerate(self.embed_tokens(texts)):
            vectors[row] = embedding.vector
        return vectors


def places_behind(offsets: Sequence[tuple[int, int]], skipped: int) -> tuple[tuple[int, int], ...]:
    """Places relative to the end of the first `skipped` characters; (0, 0) for tokens in those or in no text."""
    return tuple(
        (start - skipped, end - skipped) if start >= skipped and end > start else (0, 0) for start, end in offsets
    )
