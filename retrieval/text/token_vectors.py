"""Quantises the token vectors of passages to signs, and compares them with a question's tokens.

RaBitQ (Gao and Long, SIGMOD 2024): vectors are rotated by a seeded random orthogonal matrix, the same for every model
of that dimension, so that all dimensions carry equally much; then only signs are stored, with the factor that makes the
estimated dot product unbiased. A token of d dimensions takes d bits, one half-precision number and its offset. Function
words and marks are not stored. Nothing is fitted.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrieval.text.words import FUNCTION_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from retrieval.domain.embeddings import FloatArray, IntArray, PassageEmbedding

_HEADER = struct.Struct("<BHH")
_VERSION = 1
_SEED = 2024
_LARGEST_SCALE = 1.01
"""A scale is one over the L1 norm of a unit vector, so at most 1, but for rounding to half precision."""

_SINGLE_THREADED = 262_144
"""Multiplications up to which OpenBLAS stays on the calling thread. Its other threads spin: where another question or a
model is at work, they take several times as long as they save."""


@dataclass(frozen=True, slots=True, eq=False)
class ComparedTokens:
    """The n stored tokens of a text compared with q others.

    `starts` (n,): offset of each token in the text. `cosines` (n, q): estimates, which may exceed 1; `closest` (q,):
    the highest cosine for each of the q.
    """

    starts: IntArray
    cosines: FloatArray
    closest: FloatArray


class _Packed(NamedTuple):
    """Unpacked bytes of `tokens` tokens: offsets, the scale of each token, and signs as bits."""

    dimension: int
    tokens: int
    starts: bytes
    scales: bytes
    signs: bytes


def pack_passage(embedding: PassageEmbedding, text: str, lead: int) -> bytes | None:
    """Pack a passage that was embedded behind `lead` characters (its title); None without content tokens."""
    places = [(start - lead, end - lead) for start, end in embedding.token_places]
    content = [index for index, (start, end) in enumerate(places) if start >= 0 and is_content_token(text, start, end)]
    return pack(embedding.token_vectors[content], [places[index][0] for index in content]) if content else None


def is_content_token(text: str, start: int, end: int) -> bool:
    """Whether the token text[start:end] is stored: it has a letter or digit and is no whole function word."""
    token = text[start:end]
    if not any(char.isalnum() for char in token):
        return False
    whole = not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())
    return not (whole and token.casefold() in FUNCTION_WORDS)


def pack(vectors: FloatArray, starts: Sequence[int]) -> bytes:
    """Pack n tokens: `vectors` (n, d) of non-zero length, and the offset of each token (0..65535)."""
    count, dimension = vectors.shape
    rotated = rotate(vectors)
    signs = rotated >= 0
    scale = np.abs(rotated).sum(axis=1)
    return b"".join(
        (
            _HEADER.pack(_VERSION, count, dimension),
            np.asarray(starts, dtype="<u2").tobytes(),
            (1.0 / np.maximum(scale, 1e-6)).astype("<f2").tobytes(),
            np.packbits(signs, axis=1).tobytes(),
        )
    )


def is_packed(stored: object) -> bool:
    """Whether a stored value looks like the result of `pack`: of the right length, with possible scales."""
    try:
        scales = np.frombuffer(_read(stored).scales, dtype="<f2") if isinstance(stored, bytes) else np.empty(0)
    except ValueError:
        return False
    return len(scales) > 0 and bool(((scales > 0) & (scales <= _LARGEST_SCALE)).all())


def compare(packed: Sequence[bytes | None], rotated_queries: FloatArray) -> list[ComparedTokens | None]:
    """Compare packed texts with rotated tokens (q, d); None for a text without tokens or of another dimension.

    Raises ValueError for bytes that `pack` did not make.
    """
    texts = [None if passage is None else _read(passage) for passage in packed]
    comparable = [text for text in texts if text is not None and text.dimension == rotated_queries.shape[1]]
    compared = _compare(comparable, rotated_queries) if comparable else iter(())
    return [None if text is None or text.dimension != rotated_queries.shape[1] else next(compared) for text in texts]


def _compare(texts: Sequence[_Packed], rotated_queries: FloatArray) -> Iterator[ComparedTokens]:
    """The dot product of signs with a vector is twice the sum where the bit is set, minus the whole sum."""
    signs = np.frombuffer(b"".join([text.signs for text in texts]), dtype=np.uint8)
    scales = np.frombuffer(b"".join([text.scales for text in texts]), dtype="<f2").astype(np.float32)
    starts = np.frombuffer(b"".join([text.starts for text in texts]), dtype="<u2").astype(np.int64)
    cosines = _times(signs.reshape(len(starts), -1), rotated_queries)
    cosines *= 2
    cosines -= rotated_queries.sum(axis=1)
    cosines *= scales[:, None]
    ends = list(accumulate(text.tokens for text in texts))
    begins = [0, *ends[:-1]]
    closest = np.maximum.reduceat(cosines, begins)
    for begin, end, greatest in zip(begins, ends, closest, strict=True):
        yield ComparedTokens(starts[begin:end], cosines[begin:end], greatest)


def _read(packed: bytes) -> _Packed:
    if len(packed) < _HEADER.size or packed[0] != _VERSION:
        message = "these are no packed token vectors"
        raise ValueError(message)
    _, count, dimension = _HEADER.unpack_from(packed)
    row = -(-dimension // 8)
    if len(packed) != _HEADER.size + count * (4 + row):
        message = f"{len(packed)} bytes are not {count} tokens of {dimension} dimensions"
        raise ValueError(message)
    at = _HEADER.size
    return _Packed(
        dimension=dimension,
        tokens=count,
        starts=packed[at : at + 2 * count],
        scales=packed[at + 2 * count : at + 4 * count],
        signs=packed[at + 4 * count :],
    )


def rotate(vectors: FloatArray) -> FloatArray:
    """Normalise vectors (n, d) to length one and rotate them; dot products of the results are cosines."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    rotated: FloatArray = np.ascontiguousarray(
        _times(_rotation(vectors.shape[1]).T, vectors / np.maximum(lengths, 1e-12)).T
    )
    return rotated


def _times(many: NDArray[np.float32] | NDArray[np.uint8], few: FloatArray) -> FloatArray:
    """Dot products (n, q) of many vectors (n, d) with a few (q, d), in parts.

    The many may be packed bits; unpacked all at once they would not fit a processor's cache.
    """
    products = np.empty((len(many), len(few)), dtype=np.float32)
    rows, width = max(_SINGLE_THREADED // max(few.size, 1), 1), few.shape[1]
    for first in range(0, len(many), rows):
        part = many[first : first + rows]
        bits = np.unpackbits(part.view(np.uint8), axis=1, count=width) if part.dtype == np.uint8 else part
        np.matmul(bits.astype(np.float32, copy=False), few.T, out=products[first : first + rows])
    return products


@lru_cache(maxsize=2)
def _rotation(dimension: int) -> FloatArray:
    """A random orthogonal matrix (d, d), the same wherever numpy's PCG64 runs."""
    normal = np.random.Generator(np.random.PCG64(_SEED)).standard_normal((dimension, dimension))
    orthogonal, upper = np.linalg.qr(normal)
    rotation: FloatArray = (orthogonal * np.sign(np.diag(upper))).astype(np.float32)
    return rotation
