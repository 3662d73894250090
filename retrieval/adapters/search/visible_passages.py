"""The passages that are visible to a scope, as arrays of flags by passage id.

One array a collection, cached for the most recent ones; a scope's is the union of its collections'.
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
"""Collections in the cache: at 100,000 passages 100 KB each."""


class VisiblePassages:
    """Flags by collection. Used by one thread at a time."""

    def __init__(self) -> None:
        self._flags: OrderedDict[CollectionId, BoolArray] = OrderedDict()

    def to(self, scope: Scope, room: int, snapshot: ReadSnapshot) -> BoolArray:
        """(room,) by passage id: whether the passage is visible and passes the scope's filters."""
        visible = np.zeros(room, dtype=np.bool_)
        for collection in scope.collections:
            flags = self._of(collection, room, snapshot)[:room]
            visible[: len(flags)] |= flags
        if scope.filters is not None:
            visible &= _flags(snapshot.passages_matching(scope.filters), room)
        return visible

    def update(self, changed: IntArray, snapshot: ReadSnapshot) -> None:
        """Read again the passages that were added or removed, or whose visibility changed."""
        visible = snapshot.visible_among(changed, self._flags)
        for collection, flags in self._flags.items():
            flags[changed[changed < len(flags)]] = False
            ids = visible.get(collection)
            if ids:
                grown = np.append(flags, np.zeros(max(max(ids) + 1 - len(flags), 0), dtype=np.bool_))
                grown[ids] = True
                self._flags[collection] = grown

    def _of(self, collection: CollectionId, room: int, snapshot: ReadSnapshot) -> BoolArray:
        """Flags of a collection."""
        if collection not in self._flags:
            self._flags[collection] = _flags(snapshot.passages_in(collection), room)
            if len(self._flags) > _KEPT:
                self._flags.popitem(last=False)
        self._flags.move_to_end(collection)
        return self._flags[collection]


def _flags(ids: IntArray, room: int) -> BoolArray:
    """(room,) by passage id: whether it is one of the ids; a damaged archive may have some beyond the room."""
    flags = np.zeros(room, dtype=np.bool_)
    flags[ids[(ids >= 0) & (ids < room)]] = True
    return flags
