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
"""A scale is one over the sum of the sizes of a unit vector's parts, which is one or more; half precision rounds."""


_ALONE = 262_144
"""Multiplications up to which OpenBLAS multiplies two matrices on the thread that asks. Beyond it wakes others, which
spin: where another question or a model is at work they take several times as long as they save."""


@dataclass(frozen=True, slots=True, eq=False)
class ComparedTokens:
    """The n kept tokens of a text against q others.

    `starts` (n,): where each begins in the text, in the order they were packed in. `cosines` (n, q): estimated, and so
    above 1 now and then; `closest` (q,): the greatest of them.
    """

    starts: IntArray
    cosines: FloatArray
    closest: FloatArray


class _Packed(NamedTuple):
    """What was packed of `tokens` tokens, as bytes: `signs` as bits, `scales` what a sign is worth."""

    dimension: int
    tokens: int
    starts: bytes
    scales: bytes
    signs: bytes


def pack_passage(embedding: PassageEmbedding, text: str, lead: int) -> bytes | None:
    """What to store of a passage that was embedded behind `lead` characters; None where no token is worth keeping."""
    places = [(start - lead, end - lead) for start, end in embedding.token_places]
    kept = [index for index, (start, end) in enumerate(places) if start >= 0 and is_content_token(text, start, end)]
    return pack(embedding.token_vectors[kept], [places[index][0] for index in kept]) if kept else None


def is_content_token(text: str, start: int, end: int) -> bool:
    """Whether the token at `start:end` of `text` is kept: it has a letter or digit and is no whole function word."""
    token = text[start:end]
    if not any(char.isalnum() for char in token):
        return False
    whole = not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())
    return not (whole and token.casefold() in FUNCTION_WORDS)


def pack(vectors: FloatArray, starts: Sequence[int]) -> bytes:
    """The bytes of n tokens: vectors (n, d), of any length but zero, and where each token begins (0..65535)."""
    count, dimension = vectors.shape
    turned = rotate(vectors)
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


def is_packed(stored: object) -> bool:
    """Whether these are bytes of `pack`'s making, as far as can be told: of the right length, each scale possible."""
    try:
        scales = np.frombuffer(_read(stored).scales, dtype="<f2") if isinstance(stored, bytes) else np.empty(0)
    except ValueError:
        return False
    return len(scales) > 0 and bool(((scales > 0) & (scales <= _LARGEST_SCALE)).all())


def compare(packed: Sequence[bytes | None], rotated_queries: FloatArray) -> list[ComparedTokens | None]:
    """Texts, as `pack` kept them, against turned tokens (q, d); None for a text without tokens or of other dimensions.

    Raises ValueError for bytes that are not of this making.
    """
    kept = [None if one is None else _read(one) for one in packed]
    alike = [one for one in kept if one is not None and one.dimension == rotated_queries.shape[1]]
    compared = _compare(alike, rotated_queries) if alike else iter(())
    return [next(compared) if one is not None and one.dimension == rotated_queries.shape[1] else None for one in kept]


def _compare(texts: Sequence[_Packed], rotated_queries: FloatArray) -> Iterator[ComparedTokens]:
    """The dot product of signs and a vector is twice its sum where the bit is set, less its whole sum."""
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
    """Vectors (n, d) made of length one and rotated; dot products among the turned are cosines."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    turned: FloatArray = np.ascontiguousarray(
        _times(_rotation(vectors.shape[1]).T, vectors / np.maximum(lengths, 1e-12)).T
    )
    return turned


def _times(many: NDArray[np.float32] | NDArray[np.uint8], few: FloatArray) -> FloatArray:
    """The dot products (n, q) of many vectors (n, d) with some others (q, d), a few of the many at a time.

    The many may be packed bits, which are unpacked by the part: all of them at once would not fit a processor's cache.
    """
    products = np.empty((len(many), len(few)), dtype=np.float32)
    rows, width = max(_ALONE // max(few.size, 1), 1), few.shape[1]
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
