"""Embeddings, the model that made them, and the candidates found by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.domain.ids import PassageId

    FloatArray: TypeAlias = NDArray[np.float32]
    IntArray: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EmbeddingSpec:
    """The model that made a vector. Stored with the vectors; vectors of different specs are never compared.

    `checksum` is the SHA-256 of the model's weights, in hexadecimal. The embedder puts the prefixes before a text.
    """

    model: str
    revision: str
    dimension: int
    checksum: str
    normalised: bool = True
    passage_prefix: str = ""
    query_prefix: str = ""

    @property
    def label(self) -> str:
        """Model, revision and the beginning of the checksum, for messages."""
        return f"{self.model} ({self.revision}, weights {self.checksum[:8]})"


@dataclass(frozen=True, slots=True)
class QueryEmbedding:
    """A question's `vector` (d,), and for its t tokens `token_vectors` (t, d) and `token_ids` (t,).

    `token_places` are the start and end of each token in the question, (0, 0) for special tokens; empty for a model
    that does not tell.
    """

    vector: FloatArray
    token_vectors: FloatArray
    token_ids: IntArray
    token_places: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PassageEmbedding:
    """A passage's vectors, as in `QueryEmbedding`, of as much of the text as the model reads."""

    vector: FloatArray
    token_vectors: FloatArray
    token_places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer: `similarity` is the cosine (-1..1), `lexical` BM25 (0 or more); higher is better."""

    passage_id: PassageId
    similarity: float
    lexical: float
