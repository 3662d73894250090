"""Vectors at rest: half precision, one a passage and model; which model is in use; and the change to another one.

The model in use changes at once and only when every passage has its new vector, so that vectors of two models are never
compared, whenever the process is killed.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from retrieval.archive.records import PassageText
from retrieval.archive.rows import spec_of
from retrieval.archive.schema import articles, embeddings, passages, vectors
from retrieval.domain.ids import PassageId
from retrieval.errors import EmbeddingMismatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.archive.records import NewVector
    from retrieval.domain.embeddings import EmbeddingSpec, FloatArray

_UNIT_TOLERANCE = 0.01


def at_rest(vector: FloatArray, dimension: int) -> bytes:
    """(d,) as 2 d bytes. Raises ValueError for another dimension, NaN or infinity, and a length that is not one."""
    if vector.shape != (dimension,):
        message = f"a vector of shape {vector.shape} among vectors of {dimension} dimensions"
        raise ValueError(message)
    if not abs(float(np.linalg.norm(vector.astype(np.float64))) - 1) <= _UNIT_TOLERANCE:
        message = "a vector that is not finite and of length one"
        raise ValueError(message)
    return vector.astype("<f2").tobytes()


def active_spec(connection: sa.Connection) -> EmbeddingSpec | None:
    """What made the vectors in use; None in an archive that never held one."""
    row = connection.execute(sa.select(embeddings).where(embeddings.c.active)).first()
    return None if row is None else spec_of(row)


def use(connection: sa.Connection, spec: EmbeddingSpec) -> int:
    """The id of `spec`, which is in use from now on if none was before. Raises EmbeddingMismatch if another one is."""
    active = active_spec(connection)
    if active is None:
        return _insert(connection, spec, active=True)
    if active != spec:
        raise EmbeddingMismatch(stored=active, configured=spec)
    return int(connection.execute(sa.select(embeddings.c.id).where(embeddings.c.active)).scalar_one())


def without_vector(connection: sa.Connection, spec: EmbeddingSpec, limit: int) -> tuple[PassageText, ...]:
    """At most `limit` passages that have no vector of this model yet, in the order of their ids."""
    rows = connection.execute(
        sa.select(passages.c.id, passages.c.start, passages.c.end, articles.c.title, articles.c.body)
        .join_from(passages, articles)
        .where(~_has_vector(_find(connection, spec)))
        .order_by(passages.c.id)
        .limit(limit)
    )
    return tuple(PassageText(PassageId(row.id), row.title, row.body[row.start : row.end]) for row in rows)


def store(connection: sa.Connection, spec: EmbeddingSpec, new: Sequence[NewVector]) -> None:
    """Put vectors beside those in use; passages that were removed meanwhile are passed over. Raises ValueError."""
    embedding_id = _find(connection, spec) or _insert(connection, spec, active=False)
    wanted = [vector.passage_id for vector in new]
    there = set(connection.scalars(sa.select(passages.c.id).where(passages.c.id.in_(wanted))))
    rows = [
        {
            "passage_id": vector.passage_id,
            "embedding_id": embedding_id,
            "vector": at_rest(vector.vector, spec.dimension),
            "tokens": vector.tokens,
        }
        for vector in new
        if vector.passage_id in there
    ]
    if rows:
        connection.execute(
            sa.delete(vectors).where(vectors.c.embedding_id == embedding_id, vectors.c.passage_id.in_(wanted))
        )
        connection.execute(sa.insert(vectors), rows)


def activate(connection: sa.Connection, spec: EmbeddingSpec) -> bool:
    """Use this model from now on and drop all others; False, and nothing done, while a passage has no vector of it."""
    embedding_id = _find(connection, spec)
    if connection.execute(sa.select(sa.exists().where(~_has_vector(embedding_id)).select_from(passages))).scalar_one():
        return False
    embedding_id = embedding_id or _insert(connection, spec, active=False)
    connection.execute(sa.delete(vectors).where(vectors.c.embedding_id != embedding_id))
    connection.execute(sa.delete(embeddings).where(embeddings.c.id != embedding_id))
    connection.execute(sa.update(embeddings).values(active=True))
    return True


def _has_vector(embedding_id: int | None) -> sa.ColumnElement[bool]:
    return sa.exists().where(vectors.c.passage_id == passages.c.id, vectors.c.embedding_id == embedding_id)


def _find(connection: sa.Connection, spec: EmbeddingSpec) -> int | None:
    same = [embeddings.c[name] == value for name, value in asdict(spec).items()]
    return connection.execute(sa.select(embeddings.c.id).where(*same)).scalar()


def _insert(connection: sa.Connection, spec: EmbeddingSpec, *, active: bool) -> int:
    inserted = connection.execute(sa.insert(embeddings).values(active=active, **asdict(spec)))
    return _key(inserted)


def _key(inserted: sa.CursorResult[tuple[object, ...]]) -> int:
    key = inserted.inserted_primary_key
    assert key is not None
    return int(key[0])
