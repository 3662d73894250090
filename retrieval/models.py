"""The embedding model in use, and the one that may come in its place while the newsroom is open.

Which one it is, the archive alone decides: its vectors, and whoever asks about them or adds to them, are one model's.
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


class Models:
    """One embedder for everybody, exchanged at once when the archive's vectors are. Thread-safe."""

    def __init__(self, in_use: Embedder, coming: Embedder | None = None) -> None:
        self._in_use = in_use
        self._coming = coming
        self._users = 0
        self._changed = threading.Condition()

    @property
    def spec(self) -> EmbeddingSpec:
        """What makes the vectors now."""
        return self._in_use.spec

    @property
    def coming(self) -> Embedder | None:
        """The embedder of the model to which the archive is changing; None where it is not."""
        return self._coming

    def warm_up(self) -> None:
        """Load the model in use. Raises ModelUnavailable."""
        self._in_use.warm_up()

    def use(self, work: Callable[[Embedder], _Result]) -> _Result:
        """What comes of `work` with the embedder in use.

        `work` tells the archive by which model it works. Where the archive refuses, because the other model has come in
        use since, it is done once more with that one; it must not have changed anything by then. Raises
        EmbeddingMismatch where the archive has changed to a model that nobody told of here.
        """
        with self._counted():
            try:
                return work(self._in_use)
            except EmbeddingMismatch as mismatch:
                self.follow(mismatch.stored)
            return work(self._in_use)

    def follow(self, stored: EmbeddingSpec) -> None:
        """The archive's vectors are those of `stored`: if that is the model to come, it has come."""
        with self._changed:
            if self._coming is not None and self._coming.spec == stored:
                self._in_use, self._coming = self._coming, None

    def wait_for_quiet(self, seconds: float) -> None:
        """Wait until nobody uses a model, but no longer than that."""
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
