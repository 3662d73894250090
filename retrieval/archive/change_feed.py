"""Lets a search engine follow the archive, by consistent snapshots on a connection of its own.

Every change of what can be found is numbered. An engine remembers the last number that it has seen and asks a snapshot
for what came after.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import sqlalchemy as sa

from retrieval.archive import vectors
from retrieval.archive.articles.rows import batches, matches
from retrieval.archive.full_text import full_text_of
from retrieval.archive.integrity.damaged_rows import log_damaged
from retrieval.archive.schema import articles, changes, collection_changes, embeddings, passages, visibility
from retrieval.archive.schema import vectors as stored_vectors
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.domain.limits import LONGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Sequence

    from numpy.typing import NDArray

    from retrieval.archive.articles.rows import Row
    from retrieval.archive.connections import Connections
    from retrieval.domain.embeddings import EmbeddingSpec, IntArray
    from retrieval.domain.scope import Filters, Scope

_BATCH: Final = 2000
"""Rows fetched, and ids asked for, at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class VectorBatch:
    """n passages for a search engine: `ids` (n,); `words` (n,), their lengths; `codes` (n, 2 d), half precision."""

    ids: IntArray
    words: IntArray
    codes: NDArray[np.uint8]


class ReadSnapshot:
    """One consistent state of the archive, whoever writes meanwhile."""

    def __init__(self, connection: sa.Connection, generation: int, version: Hashable) -> None:
        self._connection = connection
        self.generation = generation
        """Another number once the connection was lost: see `Follower.generation`."""
        self.version = (generation, version)
        """Changes from one snapshot to the next if anything was written."""

    def expect(self, spec: EmbeddingSpec) -> None:
        """Raise EmbeddingMismatch where the vectors in use are of another model."""
        vectors.expect(self._connection, spec)

    @property
    def sequence(self) -> int:
        """The number of the last change; 0 before the first."""
        return last_sequence(self._connection)

    def is_known_after(self, sequence: int, generation: int) -> bool:
        """Return whether every later change is still on record; if not, everything has to be read again."""
        if generation != self.generation:
            return False
        first = self._connection.execute(sa.select(sa.func.min(changes.c.sequence))).scalar()
        return first is None or first <= sequence + 1

    def changed_after(self, sequence: int) -> IntArray:
        """Return (c,) ids, ascending, of the passages that changed after a change, or whose visibility did."""
        first, last = changes.c.first_passage, changes.c.last_passage
        is_whole = last - first < LONGEST_TEXT  # else it is damaged: no article has as many passages
        later = sa.select(first, last).where(changes.c.sequence > sequence, is_whole).distinct()
        ids = {id_ for row in self._connection.execute(later) for id_ in range(row[0], row[1] + 1)}
        return np.array(sorted(ids), dtype=np.int64)

    def vectors(self) -> Iterator[VectorBatch]:
        """Yield every passage with its vector in use, in batches. Skip damaged ones."""
        result = self._connection.execute(_VECTORS.execution_options(yield_per=_BATCH))
        for rows in result.partitions():
            yield self._batch(rows)

    def vectors_of(self, ids: IntArray) -> Iterator[VectorBatch]:
        """Yield those of the passages that are still there, in batches. Skip damaged ones."""
        for batch in batches(ids.tolist(), _BATCH):
            rows = self._connection.execute(_VECTORS.where(passages.c.id.in_(batch))).all()
            if rows:
                yield self._batch(rows)

    def passages_in(self, collection: CollectionId) -> IntArray:
        """Return (p,) ids of the passages visible to one collection."""
        visible = sa.select(passages.c.id).join_from(passages, visibility, _SAME_ARTICLE)
        return _ids(self._connection, visible.where(visibility.c.collection_id == collection))

    def visible_among(self, ids: IntArray, collections: Collection[CollectionId]) -> dict[CollectionId, list[int]]:
        """Return by collection those of some passages that are visible to it, for those of `collections` with any."""
        columns = sa.select(visibility.c.collection_id, passages.c.id)
        visible = columns.join_from(passages, visibility, _SAME_ARTICLE)
        by_collection: dict[CollectionId, list[int]] = {}
        for batch in batches(ids.tolist(), _BATCH):
            which = passages.c.id.in_(batch) & visibility.c.collection_id.in_(tuple(collections))
            for collection, id_ in self._connection.execute(visible.where(which)):
                by_collection.setdefault(CollectionId(collection), []).append(id_)
        return by_collection

    def passages_matching(self, filters: Filters) -> IntArray:
        """(p,) ids of the passages of the articles that match the filters."""
        return _ids(self._connection, sa.select(passages.c.id).join_from(passages, articles).where(matches(filters)))

    def places(self, of: Sequence[str]) -> list[IntArray]:
        """Return for each word (p,) passage ids in ascending order, one for each place at which it stands."""
        return full_text_of(self._connection).places(self._connection, of)

    def passages_with(self, word: str) -> int:
        """Return in how many passages of the whole archive the word stands."""
        return full_text_of(self._connection).passages_with(self._connection, word)

    def _batch(self, rows: Sequence[Row]) -> VectorBatch:
        """Map rows of `_VECTORS`; skip damaged ones."""
        stored = vectors.readable([row.vector for row in rows], rows[0].dimension)
        counts = (isinstance(row.words, int) and row.words >= 0 for row in rows)
        whole = stored.whole & np.fromiter(counts, np.bool_, len(rows))
        whole_rows = list["Row"]()
        for row, is_whole in zip(rows, whole.tolist(), strict=True):
            if is_whole:
                whole_rows.append(row)
            else:
                log_damaged(self._connection, "Passage", row.id)
        return VectorBatch(
            ids=np.fromiter((row.id for row in whole_rows), np.int64, len(whole_rows)),
            words=np.fromiter((row.words for row in whole_rows), np.int64, len(whole_rows)),
            codes=stored.codes[whole],
        )


class ChangeFeed:
    """A connection to follow the archive by, for one thread at a time. Locks nothing between two snapshots."""

    def __init__(self, connections: Connections) -> None:
        self._follower = connections.follow()

    @contextmanager
    def snapshot(self) -> Iterator[ReadSnapshot]:
        """Begin a snapshot of the archive, until the end of the block. Raises ArchiveError."""
        with self._follower.snapshot() as connection:
            yield ReadSnapshot(connection, self._follower.generation, self._follower.version(connection))

    def close(self) -> None:
        """Return the connection to the pool."""
        self._follower.close()


def last_sequence(connection: sa.Connection) -> int:
    """The number of the last change; 0 before the first."""
    return connection.scalar(_LAST) or 0


def last_changes(connection: sa.Connection, scope: Scope) -> tuple[int, ...]:
    """The number of the last change of each collection of a scope, as far as there was one."""
    return tuple(connection.scalars(_LAST_OF, {"shared": SHARED, "own": scope.own}))


_OF_SCOPE = collection_changes.c.collection_id.in_([sa.bindparam("shared"), sa.bindparam("own")])
_LAST_OF = sa.select(collection_changes.c.last).where(_OF_SCOPE).order_by(collection_changes.c.collection_id)
_LAST = sa.select(sa.func.max(changes.c.sequence))

_SAME_ARTICLE = visibility.c.article_id == passages.c.article_id
_VECTORS = (
    sa.select(passages.c.id, passages.c.words, stored_vectors.c.vector, embeddings.c.dimension)
    .join_from(passages, stored_vectors)
    .join(embeddings)
    .where(embeddings.c.active)
)


def _ids(connection: sa.Connection, query: sa.Select[tuple[int]]) -> IntArray:
    return np.array(connection.scalars(query).all(), dtype=np.int64)
