"""The search of an archive in SQLite: FAISS for meaning, FTS5 for words, both exact, both for one reader.

Everything runs on one thread of its own, which holds the index, a connection and what is derived from the archive; a
question first catches up with whatever was written since the last one, by this process or another, and then is answered
from that same state of the archive.
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
from retrieval.errors import EmbeddingMismatch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from retrieval.archive.archive import Archive
    from retrieval.archive.change_feed import ReadSnapshot, VectorBatch
    from retrieval.domain.embeddings import EmbeddingSpec, FloatArray, IntArray

LARGE_ARCHIVE: Final = 200_000
"""Passages beyond which the frequent words of a question are left out."""

_EVERYBODY: Final = Scope()
"""Whose passages every reader sees: known before the first question."""

_Result = TypeVar("_Result")


class FaissSearch:
    """A `Search`. Builds its index when made, and when asked by a model that came in use: 0.4 s for 100,000 passages.

    Raises EmbeddingMismatch when the vectors in use were not made by `spec`.
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
        """As the port says. Similarities are given to six decimals, BM25 to nine, and rank as they are given."""
        if k < 1:
            message = f"k must be at least 1, not {k}"
            raise ValueError(message)
        spec = made_by or self._spec
        direction = _direction(vector, spec.dimension)
        return self._run(lambda: self._engine.candidates(scope, direction, words, k, spec))

    def sync(self, made_by: EmbeddingSpec | None = None) -> None:
        """Catch up with the archive now, rather than at the next question."""
        self._run(lambda: self._engine.sync(made_by or self._spec))

    def held(self) -> IntArray:
        """(n,) ids of the passages whose vectors the index holds as of the last question or `sync`, ascending."""
        return self._run(lambda: self._engine.index.ids)

    def close(self) -> None:
        """Give memory, connection and thread back. The archive must still be open; a second time does nothing."""
        if not self._closed:
            self._closed = True
            self._run(self._engine.close)
            self._thread.shutdown()

    def _run(self, task: Callable[[], _Result]) -> _Result:
        return self._thread.submit(task).result()


class _Engine:
    """What the one thread owns."""

    def __init__(self, archive: Archive, spec: EmbeddingSpec, large_archive: int) -> None:
        self._large_archive = large_archive
        self._follower = archive.follow()
        try:
            with self._follower.snapshot() as snapshot:
                self._build(snapshot, spec)
        except BaseException:
            self._follower.close()
            raise

    def candidates(
        self, scope: Scope, vector: FloatArray, words: Sequence[str], k: int, spec: EmbeddingSpec
    ) -> tuple[Candidate, ...]:
        with self._follower.snapshot() as snapshot:
            self._catch_up(snapshot, spec)
            seen = self._visible.to(replace(scope, only=None), self._words.room, snapshot) & self._words.held
            visible = seen & self._visible.to(scope, self._words.room, snapshot) if scope.only else seen
            lexical = self._words.scores(words, snapshot, seen)
        near = self.index.nearest(vector, k, visible)
        by_words = best(lexical, visible, k)
        near = _ordered(near, self.index.similarities(vector, near))[:k]
        ids = _united(near, by_words)
        similarities = self.index.similarities(vector, ids)
        found = zip(ids.tolist(), similarities.tolist(), lexical[ids].tolist(), strict=True)
        candidates = (Candidate(PassageId(id_), similarity, bm25) for id_, similarity, bm25 in found)
        return tuple(sorted(candidates, key=lambda candidate: (-candidate.similarity, candidate.passage_id)))

    def sync(self, spec: EmbeddingSpec) -> None:
        with self._follower.snapshot() as snapshot:
            self._catch_up(snapshot, spec)

    def close(self) -> None:
        self._follower.close()

    def _build(self, snapshot: ReadSnapshot, spec: EmbeddingSpec) -> None:
        _refuse_other_model(snapshot, spec)
        self._spec: EmbeddingSpec | None = None
        self.index = FaissIndex(spec.dimension)
        self._words = WordRanking(self._large_archive)
        self._visible = VisiblePassages()
        self._version: tuple[int, int] | None = None
        for batch in snapshot.vectors():
            self._take(batch)
        self._visible.to(_EVERYBODY, self._words.room, snapshot)
        self._spec, self._version, self._sequence = spec, snapshot.version, snapshot.sequence

    def _catch_up(self, snapshot: ReadSnapshot, spec: EmbeddingSpec) -> None:
        """Of the passages that changed, hold what is there and drop what is not; what was done half is done again."""
        version = snapshot.version
        if version == self._version and spec == self._spec:
            return
        _refuse_other_model(snapshot, spec)
        if spec != self._spec or not snapshot.is_known_after(self._sequence):
            self._build(snapshot, spec)  # by another model, or so far behind that what changed is not on record
            return
        changed = snapshot.changed_after(self._sequence)
        if len(changed):
            there = [self._take(batch) for batch in snapshot.vectors_of(changed)]
            there_now = np.concatenate([np.empty(0, np.int64), *there])
            self._drop(np.setdiff1d(changed, there_now, assume_unique=True))
            self._visible.update(changed, snapshot)
        self._version, self._sequence = version, snapshot.sequence

    def _take(self, batch: VectorBatch) -> IntArray:
        """Add those of the passages that are not held yet; gives the ids of all."""
        new = ~self._words.holds(batch.ids)
        if new.any():
            self.index.add(batch.ids[new], batch.codes[new])
            self._words.add(batch.ids[new], batch.words[new])
        return batch.ids

    def _drop(self, gone: IntArray) -> None:
        held = gone[self._words.holds(gone)]
        if len(held):
            self.index.remove(held)
            self._words.remove(held)


def _refuse_other_model(snapshot: ReadSnapshot, spec: EmbeddingSpec) -> None:
    stored = snapshot.spec
    if stored is not None and stored != spec:
        raise EmbeddingMismatch(stored=stored, configured=spec)


def _one_core() -> None:
    """FAISS splits one search over all cores otherwise, which on a busy machine makes it many times slower."""
    import faiss  # noqa: PLC0415 - a library of tens of megabytes, for whom really searches

    faiss.omp_set_num_threads(1)


def _direction(vector: FloatArray, dimension: int) -> FloatArray:
    """(d,) of length one. Raises ValueError for another dimension, for NaN and infinity."""
    if vector.shape != (dimension,):
        message = f"a question of shape {vector.shape} to vectors of {dimension} dimensions"
        raise ValueError(message)
    if not np.isfinite(vector).all():
        message = "a question's vector that is not finite"
        raise ValueError(message)
    length = float(np.linalg.norm(vector.astype(np.float64)))
    return np.ascontiguousarray(vector / (length or 1.0), dtype=np.float32)


def _united(some: IntArray, others: IntArray) -> IntArray:
    """The ids that are among either, each once, ascending. numpy's own would load its masked arrays, a megabyte."""
    ids = np.sort(np.concatenate((some, others)))
    first = np.ones(len(ids), dtype=np.bool_)
    first[1:] = ids[1:] != ids[:-1]
    united: IntArray = ids[first]
    return united


def _ordered(ids: IntArray, similarities: NDArray[np.float64]) -> IntArray:
    """By descending similarity, ties by ascending id."""
    return ids[np.lexsort((ids, -similarities))]
