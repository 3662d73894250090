"""BM25 over the full-text table.

The formula is that of Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the
idf of Lucene, ln(1 + (N - n + .5) / (n + .5)). FTS5's own ranking is not used: there a word of half of the passages
counts for nothing, and in a small archive that is nearly every word.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from retrieval.archive.change_feed import ReadSnapshot
    from retrieval.domain.embeddings import IntArray

_K1: Final = 1.2
_B: Final = 0.75
_FREQUENT: Final = 0.05
"""The share of the passages above which a word is frequent."""


class WordRanking:
    """BM25 scores. Holds the length of every passage; the rest comes from the full-text table.

    In an archive of more than `large` passages the frequent words of a question are dropped, since they say little and
    cost most; where all are frequent, the rarest stays.
    """

    def __init__(self, large: int) -> None:
        self._large = large
        self._lengths = np.zeros(1)
        self.present = np.zeros(1, dtype=np.bool_)
        """bool (room,): `present[id]` is whether passage `id` is in the archive."""

    @property
    def room(self) -> int:
        """The length of arrays by passage id: one more than the highest id that fits."""
        return len(self._lengths)

    def contains(self, ids: IntArray) -> NDArray[np.bool_]:
        """(n,) whether each of n passages is in the archive."""
        inside = ids < self.room
        return inside & self.present[np.where(inside, ids, 0)]

    def add(self, ids: IntArray, words: IntArray) -> None:
        """Add passages of these lengths, in words."""
        highest = int(ids.max(initial=0))
        if highest >= self.room:
            more = highest + 1 - self.room + self.room // 2
            self._lengths = np.append(self._lengths, np.zeros(more))
            self.present = np.append(self.present, np.zeros(more, dtype=np.bool_))
        self._lengths[ids] = words
        self.present[ids] = True

    def remove(self, ids: IntArray) -> None:
        """Remove passages."""
        self._lengths[ids] = 0
        self.present[ids] = False

    def scores(self, words: Iterable[str], snapshot: ReadSnapshot, visible: NDArray[np.bool_]) -> NDArray[np.float64]:
        """(room,) BM25 by passage id, to nine decimals; 0 without any of the words, and where not visible.

        Only visible passages are counted and measured, so that no others can change an order.
        """
        scores = np.zeros(self.room)
        count = int(np.count_nonzero(visible))
        average = max(float(self._lengths.sum(where=visible)) / max(count, 1), 1.0)
        for places in snapshot.places(self._significant(sorted(set(words)), snapshot)):
            ids, times = _occurrences(places)
            inside = (ids >= 0) & (ids < self.room)
            ids, times = ids[inside], times[inside]
            ids, times = ids[visible[ids]], times[visible[ids]]
            weight = math.log(1 + (count - len(ids) + 0.5) / (len(ids) + 0.5))
            length = 1 - _B + _B * self._lengths[ids] / average
            scores[ids] += weight * times * (_K1 + 1) / (times + _K1 * length)
        return np.round(scores, 9)

    def _significant(self, words: Sequence[str], snapshot: ReadSnapshot) -> Sequence[str]:
        count = int(np.count_nonzero(self.present))
        if count <= self._large:
            return words
        frequency = {word: snapshot.passages_with(word) for word in words}
        present = [word for word in words if frequency[word]]
        rare = [word for word in present if frequency[word] <= _FREQUENT * count]
        return rare or sorted(present, key=lambda word: frequency[word])[:1]


def best(scores: NDArray[np.float64], visible: NDArray[np.bool_], k: int) -> IntArray:
    """(m,) ids of the k highest scores above 0 among the visible, in descending order, ties by ascending id; m <= k."""
    ids = np.flatnonzero((scores > 0) & visible)
    if len(ids) > k:
        last = np.partition(scores[ids], len(ids) - k)[len(ids) - k]
        ids = ids[scores[ids] >= last]
    return ids[np.lexsort((ids, -scores[ids]))][:k]


def _occurrences(places: IntArray) -> tuple[IntArray, IntArray]:
    """Passages and the occurrences of a word in each, from the ascending passage ids of its occurrences."""
    if not len(places):
        return places, places
    first = np.flatnonzero(np.diff(places, prepend=places[0] - 1))
    return places[first], np.diff(first, append=len(places))
