"""Changes the embedding model: stores the new one's vectors beside those in use, then switches to all of them at once.

The old ones are in use until no passage lacks a new one, and are deleted afterwards. Each step is a short transaction,
so that a change may stop at any point, goes on from there, and lets others write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive.articles.rows import count, visible_to
from retrieval.archive.connections import Repository
from retrieval.archive.records import PassageText
from retrieval.archive.schema import articles, embeddings, passages, vectors
from retrieval.archive.vectors import at_rest, find, insert
from retrieval.domain.ids import PassageId
from retrieval.domain.upkeep import ModelChange

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from retrieval.archive.records import NewVector
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.domain.scope import Scope


class ModelChangeRepository(Repository):
    """A change of the embedding model: claims it, lists passages without vectors, stores vectors, activates them.

    Thread-safe. Every method may raise ArchiveError.
    """

    def claim(self) -> AbstractContextManager[bool]:
        """Yield whether no other process works at a change, until the end of the block.

        Two processes would do no harm, but each passage would be embedded twice.
        """
        return self._connections.claim("changing-model")

    def waiting(self, spec: EmbeddingSpec, *, after: PassageId, limit: int) -> tuple[PassageText, ...]:
        """Return at most `limit` passages above an id that have no vector of `spec` yet, by id."""
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
        """Store vectors of another model beside those in use. Skip passages that are gone.

        Raises ValueError for a vector that has another dimension, is not finite or not of length one.
        """
        made = {each.passage_id: (at_rest(each.vector, spec.dimension), each.tokens) for each in new}
        with self._connections.writing() as connection:
            id_ = find(connection, spec) or insert(connection, spec, active=False)
            wanted = list(made)
            existing = set(connection.scalars(sa.select(passages.c.id).where(passages.c.id.in_(wanted))))
            earlier = (vectors.c.embedding_id == id_) & vectors.c.passage_id.in_(wanted)
            connection.execute(sa.delete(vectors).where(earlier))
            rows = [
                {"passage_id": passage_id, "embedding_id": id_, "vector": vector, "tokens": tokens}
                for passage_id, (vector, tokens) in made.items()
                if passage_id in existing
            ]
            if rows:
                connection.execute(sa.insert(vectors), rows)

    def activate(self, spec: EmbeddingSpec) -> bool:
        """Use only the vectors of `spec` from now on; False, and nothing done, while a passage has none."""
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
        """Delete at most `limit` vectors of models that are not in use; return how many: 0 when none is left.

        They are of the model before the last change, or of a change that was given up.
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
        """Return whether anything is stored of a model that is not in use."""
        with self._connections.reading() as connection:
            return connection.execute(sa.select(sa.exists().where(~embeddings.c.active))).scalar_one()

    def progress(self, spec: EmbeddingSpec, scope: Scope | None = None) -> ModelChange:
        """Count the passages that have a vector of `spec`, among all or among those visible to a scope."""
        counted, which = passages.join(articles), sa.true() if scope is None else visible_to(scope)
        with self._connections.reading() as connection:
            done = count(connection, counted, which, _has_vector(find(connection, spec)))
            return ModelChange(done, count(connection, counted, which))


def _has_vector(embedding_id: int | None) -> sa.ColumnElement[bool]:
    return sa.exists().where(vectors.c.passage_id == passages.c.id, vectors.c.embedding_id == embedding_id)
