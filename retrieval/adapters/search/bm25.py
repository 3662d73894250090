"""BM25 over the full-text table: how well each passage of the archive answers to a question's words.

The formula is that of Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the
idf of Lucene, ln(1 + (N - n + .5) / (n + .5)). FTS5's own ranking is not used: there a word that stands in half of the
passages counts for nothing, which in an archive of a few articles is nearly every word.
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
"""The share of the passages from which on a word is frequent."""


class WordRanking:
    """Knows how long every passage is; asks the full-text table for the rest.

    In an archive of more than `large` passages the frequent words of a question are left out: they say little and cost
    most. Where all of them are frequent the rarest is kept.
    """

    def __init__(self, large: int) -> None:
        self._large = large
        self._lengths = np.zeros(1)
        self._held = np.zeros(1, dtype=np.bool_)

    @property
    def room(self) -> int:
        """One more than the highest passage id there is room for."""
        return len(self._lengths)

    @property
    def held(self) -> NDArray[np.bool_]:
        """(room,) by passage id: whether the passage is there."""
        return self._held

    def holds(self, ids: IntArray) -> NDArray[np.bool_]:
        """(n,) whether each of n passages is there."""
        inside = ids < self.room
        return inside & self._held[np.where(inside, ids, 0)]

    def add(self, ids: IntArray, words: IntArray) -> None:
        """Take the lengths, in words, of passages."""
        highest = int(ids.max(initial=0))
        if highest >= self.room:
            more = highest + 1 - self.room + self.room // 2
            self._lengths = np.append(self._lengths, np.zeros(more))
            self._held = np.append(self._held, np.zeros(more, dtype=np.bool_))
        self._lengths[ids] = words
        self._held[ids] = True

    def remove(self, ids: IntArray) -> None:
        """Forget passages."""
        self._lengths[ids] = 0
        self._held[ids] = False

    def scores(self, words: Iterable[str], snapshot: ReadSnapshot, visible: NDArray[np.bool_]) -> NDArray[np.float64]:
        """(room,) BM25 by passage id, to nine decimals; 0 where none of the words stands, and where nothing is visible.

        Passages are counted and measured that are visible, so that no others change an order.
        """
        scores = np.zeros(self.room)
        count = int(np.count_nonzero(visible))
        average = max(float(self._lengths.sum(where=visible)) / max(count, 1), 1.0)
        for places in snapshot.places(self._telling(sorted(set(words)), snapshot)):
            ids, times = _occurrences(places)
            inside = (ids >= 0) & (ids < self.room)
            ids, times = ids[inside], times[inside]
            ids, times = ids[visible[ids]], times[visible[ids]]
            weight = math.log(1 + (count - len(ids) + 0.5) / (len(ids) + 0.5))
            length = 1 - _B + _B * self._lengths[ids] / average
            scores[ids] += weight * times * (_K1 + 1) / (times + _K1 * length)
        return np.round(scores, 9)

    def _telling(self, words: Sequence[str], snapshot: ReadSnapshot) -> Sequence[str]:
        count = int(np.count_nonzero(self._held))
        if count <= self._large:
            return words
        frequency = {word: snapshot.passages_with(word) for word in words}
        known = [word for word in words if frequency[word]]
        rare = [word for word in known if frequency[word] <= _FREQUENT * count]
        return rare or sorted(known, key=lambda word: frequency[word])[:1]


def best(scores: NDArray[np.float64], visible: NDArray[np.bool_], k: int) -> IntArray:
    """(m,) ids of the k highest scores above 0 among the visible, highest first, ties by ascending id; m <= k."""
    ids = np.flatnonzero((scores > 0) & visible)
    if len(ids) > k:
        last = np.partition(scores[ids], len(ids) - k)[len(ids) - k]
        ids = ids[scores[ids] >= last]
    return ids[np.lexsort((ids, -scores[ids]))][:k]


def _occurrences(places: IntArray) -> tuple[IntArray, IntArray]:
    """From the passage of each place, in ascending order: the passages, and how often the word stands in each."""
    if not len(places):
        return places, places
    first = np.flatnonzero(np.diff(places, prepend=places[0] - 1))
    return places[first], np.diff(first, append=len(places))
