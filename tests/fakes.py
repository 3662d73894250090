"""Hand-written stand-ins for what is slow or outside: an embedder that needs no model."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.domain import EmbeddingSpec, PassageEmbedding, QueryEmbedding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from retrieval.domain import FloatArray

_WORD = re.compile(r"\w+")
_NO_WORD = ""


class HashingEmbedder:
    """An `Embedder` whose vectors are made of the words' hashes: texts that share words are near each other.

    The same in every process and on every machine. `checksum` makes another model of it, with other vectors.
    """

    def __init__(self, dimension: int = 64, checksum: str = "0" * 64) -> None:
        self._spec = EmbeddingSpec(model="hashing", revision="1", dimension=dimension, checksum=checksum)

    @property
    def spec(self) -> EmbeddingSpec:
        return self._spec

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        vectors = [self._sum(_words(text)) for text in texts]
        return np.array(vectors, dtype=np.float32).reshape(len(texts), self._spec.dimension)

    def embed_tokens(self, texts: Sequence[str]) -> Iterator[PassageEmbedding]:
        for text in texts:
            words = [(found.group().casefold(), found.span()) for found in _WORD.finditer(text)] or [(_NO_WORD, (0, 0))]
            vectors = np.array([self._vector(word) for word, _ in words], dtype=np.float32)
            yield PassageEmbedding(self._sum(_words(text)), vectors, tuple(place for _, place in words))

    def embed_query(self, text: str) -> QueryEmbedding:
        (found,) = self.embed_tokens([text])
        words = [text[start:end].casefold() for start, end in found.token_places]
        token_ids = np.array([_number(word) % 2**31 for word in words], dtype=np.int64)
        return QueryEmbedding(found.vector, found.token_vectors, token_ids, found.token_places)

    def warm_up(self) -> None:
        """There is nothing to load."""

    def _sum(self, words: Sequence[str]) -> FloatArray:
        total = np.sum([self._vector(word) for word in words], axis=0)
        return _unit(total)

    def _vector(self, word: str) -> FloatArray:
        return _word_vector(f"{self._spec.checksum} {word}", self._spec.dimension)


@lru_cache(maxsize=50_000)
def _word_vector(word: str, dimension: int) -> FloatArray:
    return _unit(np.random.Generator(np.random.PCG64(_number(word))).normal(size=dimension))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold()) or [_NO_WORD]


def _number(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])


def _unit(vector: NDArray[np.floating[Any]]) -> FloatArray:
    return (vector / np.linalg.norm(vector)).astype(np.float32)
