"""From one embedding model to another: the new one's vectors are put beside those in use, and then used all at once.

The old ones stay in use until no passage lacks a new one, and are deleted afterwards. Each step is a short transaction
of its own, so that a change may end at any point, goes on from there, and keeps nobody waiting who writes.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.articles.rows import visible_to
from retrieval.archive.records import PassageText
from retrieval.archive.schema import articles, embeddings, passages, vectors
from retrieval.archive.sqlite.failures import translate_errors
from retrieval.archive.vectors import at_rest, find, insert
from retrieval.domain.ids import PassageId
from retrieval.domain.upkeep import ModelChange

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.archive.records import NewVector
    from retrieval.archive.sqlite.connections import Connections
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.domain.scope import Scope

_CLAIM: Final = ".changing-model"
_OWNER_ALONE: Final = 0o600


class ChangingModels:
    """What a change of model asks of the archive. Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @contextmanager
    def claim(self) -> Iterator[bool]:
        """Whether this process is alone in working at a change, until the end of the block or of the process.

        Two of them would do no harm, but everything twice.
        """
        path = self._connections.path.with_name(self._connections.path.name + _CLAIM)
        with translate_errors(path):
            handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, _OWNER_ALONE)
        try:
            alone = _locked(handle)
            try:
                yield alone
            finally:
                if alone:
                    path.unlink(missing_ok=True)
        finally:
            os.close(handle)

    def waiting(self, spec: EmbeddingSpec, *, after: PassageId, limit: int) -> tuple[PassageText, ...]:
        """At most `limit` passages above an id that have no vector of `spec` yet, in the order of their ids."""
        with self._connections.reading() as connection:
            rows = connection.execute(
                sa.select(passages.c.id, passages.c.start, passages.c.end, articles.c.title, articles.c.body)
                .join_from(passages, articles)
                .where(passages.c.id > after, ~_has_vector(find(connection, spec)))
                .order_by(passages.c.id)
                .limit(limit)
            )
            return tuple(PassageText(PassageId(row.id), row.title, row.body[row.start : row.end]) for row in rows)

    def store(self, spec: EmbeddingSpec, new: Sequence[NewVector]) -> None:
        """Put vectors of another model beside those in use, which stay in use; passages that are gone are passed over.

        Raises ValueError for a vector that has another dimension, is not finite or not of length one.
        """
        made = {one.passage_id: (at_rest(one.vector, spec.dimension), one.tokens) for one in new}
        with self._connections.writing() as connection:
            id_ = find(connection, spec) or insert(connection, spec, active=False)
            wanted = list(made)
            there = set(connection.scalars(sa.select(passages.c.id).where(passages.c.id.in_(wanted))))
            mine = (vectors.c.embedding_id == id_) & vectors.c.passage_id.in_(wanted)
            connection.execute(sa.delete(vectors).where(mine))
            rows = [
                {"passage_id": passage_id, "embedding_id": id_, "vector": vector, "tokens": tokens}
                for passage_id, (vector, tokens) in made.items()
                if passage_id in there
            ]
            if rows:
                connection.execute(sa.insert(vectors), rows)

    def activate(self, spec: EmbeddingSpec) -> bool:
        """Use the vectors of `spec` from now on, and no others; False, and nothing done, while a passage has none."""
        with self._connections.writing() as connection:
            id_ = find(connection, spec)
            lacking = sa.exists().where(~_has_vector(id_)).select_from(passages)
            if connection.execute(sa.select(lacking)).scalar_one():
                return False
            id_ = id_ or insert(connection, spec, active=False)
            connection.execute(sa.update(embeddings).where(embeddings.c.id != id_).values(active=False))
            connection.execute(sa.update(embeddings).where(embeddings.c.id == id_).values(active=True))
            return True

    def forget_unused(self, limit: int) -> int:
        """Delete at most `limit` vectors of models that are not in use; says how many: 0 when nothing is left of them.

        They may be what the last change left behind, or what one that was given up had made.
        """
        with self._connections.writing() as connection:
            for id_ in connection.scalars(sa.select(embeddings.c.id).where(~embeddings.c.active)).all():
                of_model = vectors.c.embedding_id == id_
                some = connection.scalars(sa.select(vectors.c.passage_id).where(of_model).limit(limit)).all()
                if some:
                    connection.execute(sa.delete(vectors).where(of_model, vectors.c.passage_id.in_(some)))
                    return len(some)
                connection.execute(sa.delete(embeddings).where(embeddings.c.id == id_))
            return 0

    def has_unused(self) -> bool:
        """Whether anything is stored of a model that is not in use."""
        with self._connections.reading() as connection:
            return connection.execute(sa.select(sa.exists().where(~embeddings.c.active))).scalar_one()

    def progress(self, spec: EmbeddingSpec, scope: Scope | None = None) -> ModelChange:
        """How many passages have a vector of `spec`, of all that there are or of those that a reader sees."""
        counted = sa.select(sa.func.count()).select_from(passages.join(articles))
        counted = counted if scope is None else counted.where(visible_to(scope))
        with self._connections.reading() as connection:
            done = counted.where(_has_vector(find(connection, spec)))
            return ModelChange(connection.execute(done).scalar_one(), connection.execute(counted).scalar_one())


def _has_vector(embedding_id: int | None) -> sa.ColumnElement[bool]:
    return sa.exists().where(vectors.c.passage_id == passages.c.id, vectors.c.embedding_id == embedding_id)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
