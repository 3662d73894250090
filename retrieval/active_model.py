"""The active embedding model, and the one that may replace it while the newsroom is open.

The archive decides which one is active: all that is asked or added must use the model that made its active vectors.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from retrieval.errors import EmbeddingMismatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.ports import Embedder

_Result = TypeVar("_Result")


class ActiveModel:
    """One embedder for all, exchanged when the archive's active vectors are. Thread-safe."""

    def __init__(self, in_use: Embedder, successor: Embedder | None = None) -> None:
        self._in_use = in_use
        self._successor = successor
        self._users = 0
        self._changed = threading.Condition()

    @property
    def spec(self) -> EmbeddingSpec:
        """The spec of the active embedder."""
        return self._in_use.spec

    @property
    def successor(self) -> Embedder | None:
        """The embedder that the archive is changing to; None where it is not changing."""
        return self._successor

    def warm_up(self) -> None:
        """Load the active model. Raises ModelUnavailable."""
        self._in_use.warm_up()

    def use(self, work: Callable[[Embedder], _Result]) -> _Result:
        """Return `work(embedder)` with the active embedder.

        `work` names the embedder's spec to the archive. Where the archive has changed to the other model since, `work`
        is done again with that one; it must not have changed anything by then. Raises EmbeddingMismatch where the
        archive has changed to a third model.
        """
        with self._counted():
            try:
                return work(self._in_use)
            except EmbeddingMismatch as mismatch:
                self.follow(mismatch.stored)
            return work(self._in_use)

    def follow(self, stored: EmbeddingSpec) -> None:
        """Make the other embedder active if the archive's vectors, of spec `stored`, are its."""
        with self._changed:
            if self._successor is not None and self._successor.spec == stored:
                self._in_use, self._successor = self._successor, None

    def wait_for_quiet(self, seconds: float) -> None:
        """Wait until nobody uses an embedder, but at most `seconds`."""
        with self._changed:
            self._changed.wait_for(lambda: not self._users, seconds)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._changed:
            self._users += 1
        try:
            yield
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()
