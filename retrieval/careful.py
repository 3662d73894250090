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
from retrieval.errors import ArticleRejected, FeedKilledWorker, FeedRejected, WorkerKilled
from retrieval.ports import ArticleReader, Extractor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.archive.articles.attempts import Attempts
    from retrieval.archive.records import ReadArticle
    from retrieval.domain.articles import Draft
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.pages import Fetched
    from retrieval.ports import FeedParser
    from retrieval.text.feed_document import FeedDocument, FeedsNamed


class Worker(Extractor, ArticleReader, Protocol):
    """What makes drafts out of contents, and reads them."""


class CarefulWorker:
    """The same, each attempt written down first. One at a time, others wait. Thread-safe. Raises ArchiveError too."""

    def __init__(self, worker: Worker, attempts: Attempts) -> None:
        self._worker = worker
        self._noting = _Noting(attempts, ArticleRejected)

    def extract(self, fetched: Fetched, *, cancellation: Cancellation = NOT_CANCELLED) -> Draft:
        """See `Extractor.extract`."""
        with self._noting.attempt(_content(fetched), cancellation):
            return self._worker.extract(fetched, cancellation=cancellation)

    def read(self, draft: Draft, *, by_rules: bool = False, cancellation: Cancellation = NOT_CANCELLED) -> ReadArticle:
        """See `ArticleReader.read`."""
        with self._noting.attempt(draft.text.encode("utf-8", "surrogatepass"), cancellation):
            return self._worker.read(draft, by_rules=by_rules, cancellation=cancellation)


class CarefulFeedParser:
    """A `FeedParser`, each attempt written down first. One at a time, others wait. Raises ArchiveError too."""

    def __init__(self, parser: FeedParser, attempts: Attempts) -> None:
        self._parser = parser
        self._noting = _Noting(attempts, FeedRejected)

    def read(self, fetched: Fetched) -> FeedDocument | FeedsNamed:
        """See `FeedParser.read`."""
        with self._noting.attempt(b"feed\n" + _content(fetched), NOT_CANCELLED):
            return self._parser.read(fetched)


class _Noting:
    """Lets in one attempt after the other, and none that was not ended twice."""

    def __init__(self, attempts: Attempts, refusal: type[ArticleRejected | FeedRejected]) -> None:
        self._attempts = attempts
        self._refusal = refusal
        self._lock = FairLock()

    @contextmanager
    def attempt(self, content: bytes, cancellation: Cancellation) -> Iterator[None]:
        """Write down that a content is read in the block, and whether that came to its end."""
        key = hashlib.sha256(content).hexdigest()
        with self._lock.held(cancellation):
            problem = self._attempts.begin(key, datetime.now(UTC))
            if problem is not None:
                message = f"{problem} I tried it twice, and do not try it again."
                raise self._refusal(message)
            with self._noted(key):
                yield

    @contextmanager
    def _noted(self, key: str) -> Iterator[None]:
        try:
            yield
        except (WorkerKilled, FeedKilledWorker) as killed:
            self._attempts.failed(key, str(killed))
            raise
        except BaseException:
            self._attempts.ended(key)
            raise
        self._attempts.ended(key)


def _content(fetched: Fetched) -> bytes:
    return fetched.content_type.encode() + b"\n" + fetched.content
