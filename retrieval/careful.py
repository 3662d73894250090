"""Reading in a worker, with a note of it in the archive before: what kills the worker is tried twice and no more.

The note also covers a content that stops the whole program: at the next start it is there.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from retrieval.domain.cancellation import NOT_CANCELLED
from retrieval.domain.fair_lock import FairLock
from retrieval.errors import ArticleRejected, WorkerKilled
from retrieval.ports import ArticleReader, Extractor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.archive.attempts import Attempts
    from retrieval.domain.articles import Draft
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.pages import Fetched
    from retrieval.reading import ReadArticle


class Worker(Extractor, ArticleReader, Protocol):
    """What makes drafts out of contents, and reads them."""


class CarefulWorker:
    """The same, each attempt written down first. One at a time, others wait. Thread-safe. Raises ArchiveError too."""

    def __init__(self, worker: Worker, attempts: Attempts) -> None:
        self._worker = worker
        self._attempts = attempts
        self._lock = FairLock()

    def extract(self, fetched: Fetched, *, cancellation: Cancellation = NOT_CANCELLED) -> Draft:
        """See `Extractor.extract`."""
        with self._attempt(fetched.content_type.encode() + b"\n" + fetched.content, cancellation):
            return self._worker.extract(fetched, cancellation=cancellation)

    def read(self, draft: Draft, *, by_rules: bool = False, cancellation: Cancellation = NOT_CANCELLED) -> ReadArticle:
        """See `ArticleReader.read`."""
        with self._attempt(draft.text.encode("utf-8", "surrogatepass"), cancellation):
            return self._worker.read(draft, by_rules=by_rules, cancellation=cancellation)

    @contextmanager
    def _attempt(self, content: bytes, cancellation: Cancellation) -> Iterator[None]:
        key = hashlib.sha256(content).hexdigest()
        with self._lock.held(cancellation):
            problem = self._attempts.begin(key, datetime.now(UTC))
            if problem is not None:
                message = f"{problem} I tried it twice, and do not try it again."
                raise ArticleRejected(message)
            with self._noted(key):
                yield

    @contextmanager
    def _noted(self, key: str) -> Iterator[None]:
        try:
            yield
        except WorkerKilled as killed:
            self._attempts.failed(key, str(killed))
            raise
        except BaseException:
            self._attempts.ended(key)
            raise
        self._attempts.ended(key)
