"""The part of an `Embedder` that is the same for every runtime."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrieval.domain.embeddings import EmbeddingSpec, FloatArray, IntArray, PassageEmbedding


@dataclass(frozen=True, slots=True, eq=False)
class LowRankChange:
    """A low-rank change of a BERT (LoRA; Hu et al. 2021), applied while it runs: its own weights stay as they are.

    `layers` holds two matrices for each linear layer, named as in `bert_graph.change_names`. `second_segment` (d,) is
    added to the embeddings of the second of two texts.
    """

    layers: Mapping[str, FloatArray]
    second_segment: FloatArray


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

    @abstractmethod
    def token_ids(self, text: str) -> list[int]:
        """The ids of a text's tokens, without special ones, as many as the model reads."""

    @property
    @abstractmethod
    def special_ids(self) -> tuple[int, int]:
        """The ids of the tokens that begin a text and end it."""

    @abstractmethod
    def changed_states(self, ids: IntArray, second: int, change: LowRankChange) -> FloatArray:
        """(t, d) vectors of t tokens by the changed model; the second text begins at the token `second`."""

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
