"""Vectors at rest: half precision, one a passage and model; and which model is in use.

Whoever reads or writes them says by which model, and is refused where that is not the one in use: vectors of two models
are never compared. How another one comes in use is told in `changing_models`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import sqlalchemy as sa

from retrieval.archive.articles.rows import spec_of
from retrieval.archive.schema import embeddings
from retrieval.errors import EmbeddingMismatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from retrieval.domain.embeddings import EmbeddingSpec, FloatArray

MOST_DIMENSIONS: Final = 65_536
"""More than any model has: a larger number is damage, for which no memory is taken."""
_UNIT_TOLERANCE = 0.01
_ACTIVE = sa.select(embeddings).where(embeddings.c.active)


def at_rest(vector: FloatArray, dimension: int) -> bytes:
    """(d,) as 2 d bytes. Raises ValueError for another dimension, NaN or infinity, and a length that is not one."""
    if vector.shape != (dimension,):
        message = f"a vector of shape {vector.shape} among vectors of {dimension} dimensions"
        raise ValueError(message)
    if not abs(float(np.linalg.norm(vector.astype(np.float64))) - 1) <= _UNIT_TOLERANCE:
        message = "a vector that is not finite and of length one"
        raise ValueError(message)
    return vector.astype("<f2").tobytes()


@dataclass(frozen=True, slots=True, eq=False)
class StoredVectors:
    """n vectors as they are stored: `codes` (n, 2 d) bytes; `whole` (n,), whether each is a vector of length one."""

    codes: NDArray[np.uint8]
    whole: NDArray[np.bool_]


def readable(stored: Sequence[object], dimension: int) -> StoredVectors:
    """What `at_rest` made, as far as it is what `at_rest` makes; zeros stand for what has not even its length."""
    width = 2 * dimension
    kept = [one if isinstance(one, bytes) and len(one) == width else bytes(width) for one in stored]
    codes = np.frombuffer(b"".join(kept), dtype=np.uint8).reshape(len(kept), width)
    with np.errstate(invalid="ignore", over="ignore"):
        numbers = codes.view("<f2").astype(np.float32)
        lengths = np.sqrt(np.einsum("nd,nd->n", numbers, numbers))
        return StoredVectors(codes, np.abs(lengths - 1) <= _UNIT_TOLERANCE)


def active_spec(connection: sa.Connection) -> EmbeddingSpec | None:
    """What made the vectors in use; None in an archive that never held one."""
    row = connection.execute(_ACTIVE).first()
    return None if row is None else spec_of(row)


def use(connection: sa.Connection, spec: EmbeddingSpec) -> int:
    """The id of `spec`, which is in use from now on if none was before. Raises EmbeddingMismatch if another one is."""
    expect(connection, spec)
    id_ = connection.execute(_ACTIVE).scalar()
    return insert(connection, spec, active=True) if id_ is None else int(id_)


def expect(connection: sa.Connection, spec: EmbeddingSpec) -> None:
    """Raises EmbeddingMismatch where another model than `spec` is in use."""
    active = active_spec(connection)
    if active is not None and active != spec:
        raise EmbeddingMismatch(stored=active, configured=spec)


def find(connection: sa.Connection, spec: EmbeddingSpec) -> int | None:
    """The id of a model of which something is stored."""
    same = [embeddings.c[name] == value for name, value in asdict(spec).items()]
    return connection.execute(sa.select(embeddings.c.id).where(*same)).scalar()


def insert(connection: sa.Connection, spec: EmbeddingSpec, *, active: bool) -> int:
    """The id of a model of which something is to be stored."""
    inserted = connection.execute(sa.insert(embeddings).values(active=active, **asdict(spec)))
    return _key(inserted)


def _key(inserted: sa.CursorResult[tuple[object, ...]]) -> int:
    key = inserted.inserted_primary_key
    assert key is not None
    return int(key[0])
