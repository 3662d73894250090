"""The archive's vectors in an exact FAISS index in memory, which is built from the archive at each start.

For one thread at a time: FAISS crashes when an index changes during a search. FAISS is imported with the first index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrieval.domain.embeddings import FloatArray, IntArray

    BoolArray = NDArray[np.bool_]

_MARGIN: Final = 1e-3
"""More than half precision changes a vector's length, and so a similarity: results within it of the k-th are returned
too, since any of them may be the k-th."""
_MORE: Final = 16
"""How many more than k are fetched at first."""


class FaissIndex:
    """Half-precision vectors by passage id, byte for byte as they are stored."""

    def __init__(self, dimension: int) -> None:
        import faiss  # noqa: PLC0415  # tens of megabytes: only for a process that searches

        self._faiss: Any = faiss
        kind = faiss.ScalarQuantizer.QT_fp16
        flat = faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)
        self._index: Any = faiss.IndexIDMap2(flat)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def ids(self) -> IntArray:
        """(n,) the ids of all passages, ascending."""
        ids: IntArray = np.sort(self._faiss.vector_to_array(self._index.id_map))
        return ids

    def add(self, ids: IntArray, codes: NDArray[np.uint8]) -> None:
        """Add n vectors: `ids` (n,), all new; `codes` (n, 2 d) bytes. Raises ValueError for another width."""
        if codes.shape != (len(ids), 2 * self._index.d):
            message = f"codes of shape {codes.shape} for {len(ids)} vectors of {self._index.d} dimensions"
            raise ValueError(message)
        self._index.add_sa_codes(np.ascontiguousarray(codes), ids)

    def remove(self, ids: IntArray) -> None:
        """Remove vectors."""
        self._index.remove_ids(ids)

    def nearest(self, vector: FloatArray, k: int, visible: BoolArray) -> IntArray:
        """Ids among which are the k nearest to `vector`; more where several are about as near as the k-th.

        `visible` says by id which passages may be found.
        """
        ids = np.empty(0, np.int64)
        reachable = min(int(np.count_nonzero(visible)), len(self))
        fetched, complete = k + _MORE, reachable == 0
        while not complete:
            fetched = min(fetched, reachable)
            products, ids = self._search(vector, fetched, visible, everything=reachable == len(self))
            complete = fetched == reachable or bool(products[-1] < products[k - 1] - _MARGIN)
            ids = ids[products >= products[min(k, fetched) - 1] - _MARGIN]
            fetched *= 4
        return ids

    def similarities(self, vector: FloatArray, ids: IntArray) -> NDArray[np.float64]:
        """(n,) cosines of `vector` with the vectors of n ids, to six decimals.

        Half precision carries no more. Summed row by row, equal vectors have equal similarities.
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
        products, ids = self._index.search(vector.reshape(1, -1), k, params=parameters)
        return products[0], ids[0]
