"""Refuses a content for thirty days after it killed the worker twice: each attempt is recorded in the archive first.

The record also covers a content that stops the whole program: the next start finds it.
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
    """Extracts drafts from contents, and reads drafts into articles."""


class RetryLimitedWorker:
    """A `Worker` that refuses what killed it twice. One article at a time, others wait. Raises ArchiveError too."""

    def __init__(self, worker: Worker, attempts: Attempts) -> None:
        self._worker = worker
        self._limit = _RetryLimit(attempts, ArticleRejected)

    def extract(self, fetched: Fetched, *, cancellation: Cancellation = NOT_CANCELLED) -> Draft:
        """See `Extractor.extract`."""
        with self._limit.attempt(_content(fetched), cancellation):
            return self._worker.extract(fetched, cancellation=cancellation)

    def read(self, draft: Draft, *, by_rules: bool = False, cancellation: Cancellation = NOT_CANCELLED) -> ReadArticle:
        """See `ArticleReader.read`."""
        with self._limit.attempt(draft.text.encode("utf-8", "surrogatepass"), cancellation):
            return self._worker.read(draft, by_rules=by_rules, cancellation=cancellation)


class RetryLimitedFeedParser:
    """A `FeedParser` that refuses what killed it twice. One feed at a time, others wait. Raises ArchiveError too."""

    def __init__(self, parser: FeedParser, attempts: Attempts) -> None:
        self._parser = parser
        self._limit = _RetryLimit(attempts, FeedRejected)

    def read(self, fetched: Fetched) -> FeedDocument | FeedsNamed:
        """See `FeedParser.read`."""
        with self._limit.attempt(b"feed\n" + _content(fetched), NOT_CANCELLED):
            return self._parser.read(fetched)


class _RetryLimit:
    """Lets one attempt run at a time, and none of a content whose attempts failed too often."""

    def __init__(self, attempts: Attempts, error: type[ArticleRejected | FeedRejected]) -> None:
        self._attempts = attempts
        self._error = error
        self._lock = FairLock()

    @contextmanager
    def attempt(self, content: bytes, cancellation: Cancellation) -> Iterator[None]:
        """Record that the block reads a content, and how that ended. Raises the `error` after too many attempts."""
        key = hashlib.sha256(content).hexdigest()
        with self._lock.held(cancellation):
            problem = self._attempts.begin(key, datetime.now(UTC))
            if problem is not None:
                raise self._error("program.tried_twice", problem=problem)
            try:
                yield
            except (WorkerKilled, FeedKilledWorker) as error:
                self._attempts.failed(key, str(error))
                raise
            except BaseException:
                self._attempts.ended(key)
                raise
            self._attempts.ended(key)


def _content(fetched: Fetched) -> bytes:
    return fetched.content_type.encode() + b"\n" + fetched.content
