"""Exact search of the archive: FAISS for meaning, FTS5 for words, both limited to a scope.

All of it runs on one thread, which owns the index and a connection. A search first catches up with what this or another
process has written since the last one, and then reads that same state of the archive.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from retrieval.adapters.search.bm25 import WordRanking, best
from retrieval.adapters.search.faiss_index import FaissIndex
from retrieval.adapters.search.visible_passages import VisiblePassages
from retrieval.domain.embeddings import Candidate
from retrieval.domain.ids import PassageId
from retrieval.domain.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from retrieval.archive.archive import Archive
    from retrieval.archive.change_feed import ReadSnapshot, VectorBatch
    from retrieval.domain.embeddings import EmbeddingSpec, FloatArray, IntArray

LARGE_ARCHIVE: Final = 200_000
"""Passages above which the frequent words of a question are dropped."""

_EVERYBODY: Final = Scope()
"""The shared articles alone, which are visible to every scope."""

_Result = TypeVar("_Result")


class FaissSearch:
    """A `Search`. Builds its index at once, and again for another model: 0.4 s for 100,000 passages.

    Raises EmbeddingMismatch where the vectors in use were not made by `spec`.
    """

    def __init__(self, archive: Archive, spec: EmbeddingSpec, *, large_archive: int = LARGE_ARCHIVE) -> None:
        self._spec = spec
        self._closed = False
        self._thread = ThreadPoolExecutor(1, "faiss", initializer=_one_core)
        try:
            self._engine = self._run(lambda: _Engine(archive, spec, large_archive))
        except BaseException:
            self._thread.shutdown()
            raise

    def candidates(
        self, scope: Scope, vector: FloatArray, words: Sequence[str], k: int, made_by: EmbeddingSpec | None = None
    ) -> tuple[Candidate, ...]:
        """See `Search.candidates`. Similarities are rounded to six decimals, BM25 to nine, and rank as rounded."""
        if k < 1:
            message = f"k must be at least 1, not {k}"
            raise ValueError(message)
        spec = made_by or self._spec
        unit_vector = _normalised(vector, spec.dimension)
        return self._run(lambda: self._engine.candidates(scope, unit_vector, words, k, spec))

    def sync(self, made_by: EmbeddingSpec | None = None) -> None:
        """Catch up with the archive now rather than at the next search."""
        self._run(lambda: self._engine.sync(made_by or self._spec))

    def indexed_ids(self) -> IntArray:
        """(n,) ids of the passages in the index as of the last search or `sync`, ascending."""
        return self._run(lambda: self._engine.index.ids)

    def close(self) -> None:
        """Release memory, connection and thread, while the archive is still open. May be called twice."""
        if not self._closed:
            self._closed = True
            self._run(self._engine.close)
            self._thread.shutdown()

    def _run(self, task: Callable[[], _Result]) -> _Result:
        return self._thread.submit(task).result()


class _Engine:
    """The state that the one thread owns."""

    def __init__(self, archive: Archive, spec: EmbeddingSpec, large_archive: int) -> None:
        self._large_archive = large_archive
        self._change_feed = archive.follow()
        try:
            with self._change_feed.snapshot() as snapshot:
                self._build(snapshot, spec)
        except BaseException:
            self._change_feed.close()
            raise

    def candidates(
        self, scope: Scope, vector: FloatArray, words: Sequence[str], k: int, spec: EmbeddingSpec
    ) -> tuple[Candidate, ...]:
        with self._change_feed.snapshot() as snapshot:
            self._catch_up(snapshot, spec)
            seen = self._visible.to(replace(scope, filters=None), self._words.room, snapshot) & self._words.present
            visible = seen & self._visible.to(scope, self._words.room, snapshot) if scope.filters else seen
            lexical = self._words.scores(words, snapshot, seen)
        near = self.index.nearest(vector, k, visible)
        by_words = best(lexical, visible, k)
        near = near[np.lexsort((near, -self.index.similarities(vector, near)))][:k]
        ids = _united(near, by_words)
        similarities = self.index.similarities(vector, ids)
        scored = zip(ids.tolist(), similarities.tolist(), lexical[ids].tolist(), strict=True)
        candidates = (Candidate(PassageId(id_), similarity, bm25) for id_, similarity, bm25 in scored)
        return tuple(sorted(candidates, key=lambda candidate: (-candidate.similarity, candidate.passage_id)))

    def sync(self, spec: EmbeddingSpec) -> None:
        with self._change_feed.snapshot() as snapshot:
            self._catch_up(snapshot, spec)

    def close(self) -> None:
        self._change_feed.close()

    def _build(self, snapshot: ReadSnapshot, spec: EmbeddingSpec) -> None:
        snapshot.expect(spec)
        self._spec: EmbeddingSpec | None = None
        self.index = FaissIndex(spec.dimension)
        self._words = WordRanking(self._large_archive)
        self._visible = VisiblePassages()
        self._version: tuple[int, Hashable] | None = None
        for batch in snapshot.vectors():
            self._add(batch)
        self._visible.to(_EVERYBODY, self._words.room, snapshot)
        self._spec, self._version, self._sequence = spec, snapshot.version, snapshot.sequence
        self._generation = snapshot.generation

    def _catch_up(self, snapshot: ReadSnapshot, spec: EmbeddingSpec) -> None:
        """Add and remove what changed since the last search; a catch-up that failed half-way is repeated."""
        version = snapshot.version
        if version == self._version and spec == self._spec:
            return
        snapshot.expect(spec)
        if spec != self._spec or not snapshot.is_known_after(self._sequence, self._generation):
            self._build(snapshot, spec)  # another model, or changes older than the record
            return
        changed = snapshot.changed_after(self._sequence)
        if len(changed):
            batches = [self._add(batch) for batch in snapshot.vectors_of(changed)]
            present = np.concatenate([np.empty(0, np.int64), *batches])
            self._remove(np.setdiff1d(changed, present, assume_unique=True))
            self._visible.update(changed, snapshot)
        self._version, self._sequence = version, snapshot.sequence

    def _add(self, batch: VectorBatch) -> IntArray:
        """Add the new passages of a batch; returns the ids of all."""
        new = ~self._words.contains(batch.ids)
        if new.any():
            self.index.add(batch.ids[new], batch.codes[new])
            self._words.add(batch.ids[new], batch.words[new])
        return batch.ids

    def _remove(self, removed: IntArray) -> None:
        indexed = removed[self._words.contains(removed)]
        if len(indexed):
            self.index.remove(indexed)
            self._words.remove(indexed)


def _one_core() -> None:
    """Keep FAISS from splitting a search over all cores, which is many times slower on a busy machine."""
    import faiss  # noqa: PLC0415  # tens of megabytes: only for a process that searches

    faiss.omp_set_num_threads(1)


def _normalised(vector: FloatArray, dimension: int) -> FloatArray:
    """The vector (d,) scaled to length one. Raises ValueError for another dimension, NaN and infinity."""
    if vector.shape != (dimension,):
        message = f"a question of shape {vector.shape} to vectors of {dimension} dimensions"
        raise ValueError(message)
    if not np.isfinite(vector).all():
        message = "a question's vector that is not finite"
        raise ValueError(message)
    length = float(np.linalg.norm(vector.astype(np.float64)))
    return np.ascontiguousarray(vector / (length or 1.0), dtype=np.float32)


def _united(some: IntArray, others: IntArray) -> IntArray:
    """The union of ids, ascending. `np.union1d` would load numpy's masked arrays, a megabyte."""
    ids = np.sort(np.concatenate((some, others)))
    first = np.ones(len(ids), dtype=np.bool_)
    first[1:] = ids[1:] != ids[:-1]
    united: IntArray = ids[first]
    return united
