"""What is kept of a passage's token vectors: turned, cut to their signs, packed.

A token of d dimensions takes d bits, one half-precision number and its place. Vectors are rotated first (the same way
for every model of that dimension, by a seeded random orthogonal matrix), so that no dimension carries more than
another; then only signs are kept, with the one factor that makes the estimate of a dot product unbiased: RaBitQ (Gao
and Long, SIGMOD 2024). Function words and marks are not kept. Nothing is fitted, so nothing has to be fitted again.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from retrieval.text.words import FUNCTION_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.domain import FloatArray, IntArray, PassageEmbedding

_HEADER = struct.Struct("<BHH")
_VERSION = 1
_SEED = 2024


@dataclass(frozen=True, slots=True, eq=False)
class TokenVectors:
    """The kept tokens of a text: `vectors` (n, d) turned, float32; `starts` (n,) where each begins in the text."""

    vectors: FloatArray
    starts: IntArray


def pack_passage(embedding: PassageEmbedding, text: str, lead: int) -> bytes | None:
    """What to store of a passage that was embedded behind `lead` characters; None where no token is worth keeping."""
    places = [(start - lead, end - lead) for start, end in embedding.token_places]
    kept = [index for index, (start, end) in enumerate(places) if start >= 0 and keeps(text, start, end)]
    return pack(embedding.token_vectors[kept], [places[index][0] for index in kept]) if kept else None


def keeps(text: str, start: int, end: int) -> bool:
    """Whether the token at `start:end` of `text` is kept: it has a letter or digit and is no whole function word."""
    token = text[start:end]
    if not any(char.isalnum() for char in token):
        return False
    whole = not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())
    return not (whole and token.casefold() in FUNCTION_WORDS)


def pack(vectors: FloatArray, starts: Sequence[int]) -> bytes:
    """The bytes of n tokens: vectors (n, d), of any length but zero, and where each token begins (0..65535)."""
    count, dimension = vectors.shape
    turned = turn(vectors)
    signs = turned >= 0
    scale = np.abs(turned).sum(axis=1)
    return b"".join(
        (
            _HEADER.pack(_VERSION, count, dimension),
            np.asarray(starts, dtype="<u2").tobytes(),
            (1.0 / np.maximum(scale, 1e-6)).astype("<f2").tobytes(),
            np.packbits(signs, axis=1).tobytes(),
        )
    )


def unpack(packed: bytes) -> TokenVectors:
    """What `pack` kept: the dot product of a vector with a turned question token estimates their cosine.

    Raises ValueError for bytes that are not of this making.
    """
    if len(packed) < _HEADER.size or packed[0] != _VERSION:
        message = "these are no packed token vectors"
        raise ValueError(message)
    _, count, dimension = _HEADER.unpack_from(packed)
    row = -(-dimension // 8)
    if len(packed) != _HEADER.size + count * (4 + row):
        message = f"{len(packed)} bytes are not {count} tokens of {dimension} dimensions"
        raise ValueError(message)
    at = _HEADER.size
    starts = np.frombuffer(packed, dtype="<u2", count=count, offset=at)
    scales = np.frombuffer(packed, dtype="<f2", count=count, offset=at + 2 * count).astype(np.float32)
    bits = np.frombuffer(packed, dtype=np.uint8, offset=at + 4 * count).reshape(count, row)
    signs = np.unpackbits(bits, axis=1, count=dimension).astype(np.float32) * 2 - 1
    return TokenVectors(vectors=signs * scales[:, None], starts=starts.astype(np.int64))


def turn(vectors: FloatArray) -> FloatArray:
    """Vectors (n, d) made of length one and rotated; dot products among the turned are cosines."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    turned: FloatArray = ((vectors / np.maximum(lengths, 1e-12)) @ _rotation(vectors.shape[1])).astype(np.float32)
    return turned


@lru_cache(maxsize=2)
def _rotation(dimension: int) -> FloatArray:
    """A random orthogonal matrix (d, d), the same wherever numpy's PCG64 runs."""
    normal = np.random.Generator(np.random.PCG64(_SEED)).standard_normal((dimension, dimension))
    orthogonal, upper = np.linalg.qr(normal)
    rotation: FloatArray = (orthogonal * np.sign(np.diag(upper))).astype(np.float32)
    return rotation
