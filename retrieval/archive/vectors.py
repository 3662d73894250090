"""Stored vectors: half precision, one for each passage and model; and which model is in use.

Whoever reads or writes them names the model, and is refused where it is not the one in use, so that vectors of two
models are never compared. `model_change` puts another one in use.
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
"""More than any model has: a larger number is damage, and no memory is allocated for it."""
_UNIT_TOLERANCE = 0.01
_ACTIVE = sa.select(embeddings).where(embeddings.c.active)


def at_rest(vector: FloatArray, dimension: int) -> bytes:
    """Encode a (d,) vector in 2 d bytes. Raises ValueError for another dimension, or a length that is not one."""
    if vector.shape != (dimension,):
        message = f"a vector of shape {vector.shape} among vectors of {dimension} dimensions"
        raise ValueError(message)
    if not abs(float(np.linalg.norm(vector.astype(np.float64))) - 1) <= _UNIT_TOLERANCE:
        message = "a vector that is not finite and of length one"
        raise ValueError(message)
    return vector.astype("<f2").tobytes()


@dataclass(frozen=True, slots=True, eq=False)
class StoredVectors:
    """n stored vectors: `codes` (n, 2 d) bytes; `whole` (n,), whether each is a vector of length one."""

    codes: NDArray[np.uint8]
    whole: NDArray[np.bool_]

    @property
    def numbers(self) -> FloatArray:
        """(n, d): the vectors; zeros for those that are damaged."""
        numbers = self.codes.view("<f2").astype(np.float32)
        numbers[~self.whole] = 0
        return numbers


def readable(stored: Sequence[object], dimension: int) -> StoredVectors:
    """Read encoded vectors; zeros stand for those without the right number of bytes."""
    width = 2 * dimension
    encoded = [each if isinstance(each, bytes) and len(each) == width else bytes(width) for each in stored]
    codes = np.frombuffer(b"".join(encoded), dtype=np.uint8).reshape(len(encoded), width)
    with np.errstate(invalid="ignore", over="ignore"):
        numbers = codes.view("<f2").astype(np.float32)
        lengths = np.sqrt(np.einsum("nd,nd->n", numbers, numbers))
        return StoredVectors(codes, np.abs(lengths - 1) <= _UNIT_TOLERANCE)


def active_spec(connection: sa.Connection) -> EmbeddingSpec | None:
    """Return the spec of the vectors in use; None in an archive that never had one."""
    row = connection.execute(_ACTIVE).first()
    return None if row is None else spec_of(row)


def use(connection: sa.Connection, spec: EmbeddingSpec) -> int:
    """Return the id of `spec`; put it in use if none was. Raises EmbeddingMismatch if another one is."""
    expect(connection, spec)
    id_ = connection.execute(_ACTIVE).scalar()
    return insert(connection, spec, active=True) if id_ is None else int(id_)


def expect(connection: sa.Connection, spec: EmbeddingSpec) -> None:
    """Raise EmbeddingMismatch where another model than `spec` is in use."""
    active = active_spec(connection)
    if active is not None and active != spec:
        raise EmbeddingMismatch(stored=active, configured=spec)


def find(connection: sa.Connection, spec: EmbeddingSpec) -> int | None:
    """Return the id of a model of which something is stored."""
    same = [embeddings.c[name] == value for name, value in asdict(spec).items()]
    return connection.execute(sa.select(embeddings.c.id).where(*same)).scalar()


def insert(connection: sa.Connection, spec: EmbeddingSpec, *, active: bool) -> int:
    """Store a model, and return its id."""
    row = sa.insert(embeddings).values(active=active, **asdict(spec))
    return int(connection.execute(row.returning(embeddings.c.id)).scalar_one())
