"""Which passages a reader may find, as an engine filters: one flag a passage, kept in step with the archive.

One array a collection, of which the most recently asked for are kept; a reader's is the union of their collections'.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrieval.archive.change_feed import ReadSnapshot
    from retrieval.domain.embeddings import IntArray
    from retrieval.domain.ids import CollectionId
    from retrieval.domain.scope import Scope

    BoolArray = NDArray[np.bool_]

_KEPT: Final = 64
"""Collections remembered: at 100,000 passages 100 KB each."""


class VisiblePassages:
    """Flags by collection. Used by one thread at a time."""

    def __init__(self) -> None:
        self._flags: OrderedDict[CollectionId, BoolArray] = OrderedDict()

    def to(self, scope: Scope, room: int, snapshot: ReadSnapshot) -> BoolArray:
        """(room,) by passage id: whether the reader sees it and asks for it."""
        visible = np.zeros(room, dtype=np.bool_)
        for collection in scope.collections:
            flags = self._of(collection, room, snapshot)[:room]
            visible[: len(flags)] |= flags
        if scope.only is not None:
            wanted = np.zeros(room, dtype=np.bool_)
            meant = snapshot.passages_meant(scope.only)
            wanted[meant[(meant >= 0) & (meant < room)]] = True
            visible &= wanted
        return visible

    def update(self, changed: IntArray, snapshot: ReadSnapshot) -> None:
        """Look again at passages that were added, removed or shown to others."""
        for collection, flags in self._flags.items():
            grown = np.append(flags, np.zeros(max(int(changed.max()) + 1 - len(flags), 0), dtype=np.bool_))
            grown[changed] = False
            grown[snapshot.passages_in(collection, among=changed)] = True
            self._flags[collection] = grown

    def _of(self, collection: CollectionId, room: int, snapshot: ReadSnapshot) -> BoolArray:
        """Flags of the passages that there is room for: any other id is one that damage has made."""
        if collection not in self._flags:
            ids = snapshot.passages_in(collection)
            flags = np.zeros(room, dtype=np.bool_)
            flags[ids[(ids >= 0) & (ids < room)]] = True
            self._flags[collection] = flags
            if len(self._flags) > _KEPT:
                self._flags.popitem(last=False)
        self._flags.move_to_end(collection)
        return self._flags[collection]
