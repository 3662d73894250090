"""The vectors of the archive in a FAISS index in memory, searched exactly. Has no file: it is built from the archive.

One thread at a time: FAISS crashes when an index changes under a search. FAISS is imported when an index is made, not
with this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrieval.domain.embeddings import FloatArray, IntArray

    BoolArray = NDArray[np.bool_]

_MARGIN: Final = 1e-3
"""More than half precision can move the length of a vector, and so a similarity: what FAISS finds within it of the last
place asked for may still belong to that place, and is handed out too."""
_MORE: Final = 16
"""How many more than asked for are fetched at first."""


class FaissIndex:
    """Half-precision vectors by passage id, taken byte for byte as they are stored."""

    def __init__(self, dimension: int) -> None:
        import faiss  # noqa: PLC0415 - a library of tens of megabytes, for whom really searches

        self._faiss: Any = faiss
        kind = faiss.ScalarQuantizer.QT_fp16
        flat = faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)
        self._index: Any = faiss.IndexIDMap2(flat)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def ids(self) -> IntArray:
        """(n,) the ids of all passages held, ascending."""
        held: IntArray = np.sort(self._faiss.vector_to_array(self._index.id_map))
        return held

    def add(self, ids: IntArray, codes: NDArray[np.uint8]) -> None:
        """Take n vectors: `ids` (n,), none of them held yet; `codes` (n, 2 d). Raises ValueError for another width."""
        if codes.shape != (len(ids), 2 * self._index.d):
            message = f"codes of shape {codes.shape} for {len(ids)} vectors of {self._index.d} dimensions"
            raise ValueError(message)
        self._index.add_sa_codes(np.ascontiguousarray(codes), ids)

    def remove(self, ids: IntArray) -> None:
        """Let go of vectors."""
        self._index.remove_ids(ids)

    def nearest(self, vector: FloatArray, k: int, visible: BoolArray) -> IntArray:
        """Ids among which are the k nearest to `vector`; more where several are about as near as the last of them.

        `visible` is indexed by id and says which passages may be found.
        """
        ids = np.empty(0, np.int64)
        reachable = min(int(np.count_nonzero(visible)), len(self))
        fetched, complete = k + _MORE, reachable == 0
        while not complete:
            fetched = min(fetched, reachable)
            nearness, ids = self._search(vector, fetched, visible, everything=reachable == len(self))
            complete = fetched == reachable or bool(nearness[-1] < nearness[k - 1] - _MARGIN)
            ids = ids[nearness >= nearness[min(k, fetched) - 1] - _MARGIN]
            fetched *= 4
        return ids

    def similarities(self, vector: FloatArray, ids: IntArray) -> NDArray[np.float64]:
        """(n,) cosines of `vector` with the n vectors held under `ids`, exact to the six decimals that are given.

        Half precision carries no more; and summed row by row, equal vectors have equal similarities.
        """
        if not len(ids):
            return np.empty(0)
        rows = self._index.reconstruct_batch(ids).astype(np.float64)
        products = (rows * vector.astype(np.float64)).sum(axis=1)
        cosines: NDArray[np.float64] = np.round(products / np.sqrt((rows * rows).sum(axis=1)), 6)
        return cosines

    def _search(
        self, vector: FloatArray, k: int, visible: BoolArray, *, everything: bool
    ) -> tuple[FloatArray, IntArray]:
        parameters = None
        if not everything:
            bits = np.packbits(visible, bitorder="little")
            parameters = self._faiss.SearchParameters(sel=self._faiss.IDSelectorBitmap(bits))
        nearness, ids = self._index.search(vector.reshape(1, -1), k, params=parameters)
        return nearness[0], ids[0]
