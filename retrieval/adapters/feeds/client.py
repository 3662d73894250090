"""Feeds read in a worker process with limits of time and memory: what a feed does to a parser, it does to that alone.

feedparser's patience can be abused: 400 kB of `<a` keep it busy for seconds, 5 MB for many minutes. Importing this
module is cheap; the parsers are imported in the worker.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, Self

from retrieval.adapters.sandbox.worker_process import (
    WorkerClosed,
    WorkerFailed,
    WorkerNotStarted,
    WorkerProcess,
    WorkerTooSlow,
)
from retrieval.adapters.sandbox.worker_protocol import handed, told_moment, told_text
from retrieval.errors import FeedKilledWorker, Stopping, WorkerUnavailable
from retrieval.text.feed_document import FeedDocument, FeedEntry, FeedsNamed

if TYPE_CHECKING:
    from types import TracebackType

    from retrieval.domain.pages import Fetched

SECONDS = 20.0
"""The longest that one feed may take; 5 MB of a usual one take a third of a second."""
_MODULE = "retrieval.adapters.feeds.worker"
_log = logging.getLogger(__name__)


class FeedWorker:
    """A `FeedParser`. One feed at a time, others wait; the worker ends when it is idle."""

    def __init__(self, *, seconds: float = SECONDS, idle_seconds: float = 30.0, module: str = _MODULE) -> None:
        self._seconds = seconds
        self._child = WorkerProcess(module, idle_seconds=idle_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.close()

    def read(self, fetched: Fetched) -> FeedDocument | FeedsNamed:
        """The feed, or the feeds that a page names. Raises as `FeedParser.read` does."""
        try:
            return _believed(json.loads(self._child.ask(handed(fetched), seconds=self._seconds)))
        except WorkerClosed as error:
            raise Stopping from error
        except WorkerNotStarted as error:
            _log.warning("the worker that reads feeds: %s", error)
            message = "I cannot read feeds just now: the program that reads them could not be started."
            raise WorkerUnavailable(message) from error
        except WorkerTooSlow as error:
            _log.warning("the worker was stopped at the feed %s: %s", fetched.url, error)
            message = "This feed takes longer to read than any other, and was given up."
            raise FeedKilledWorker(message) from error
        except (WorkerFailed, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            _log.warning("the worker failed at the feed %s: %r", fetched.url, error)
            self._child.release()  # what talks nonsense once is not asked again
            message = "This feed is damaged, or too large or too entangled to be read."
            raise FeedKilledWorker(message) from error


def _believed(answer: dict[str, Any]) -> FeedDocument | FeedsNamed:
    """The worker's answer as values; an error for whatever is not of its type."""
    if "named" in answer:
        return FeedsNamed(tuple(map(str, answer["named"])))
    return FeedDocument(told_text(answer["title"]), tuple(_entry(fields) for fields in answer["entries"]))


def _entry(fields: dict[str, Any]) -> FeedEntry:
    return FeedEntry(
        key=str(fields["key"]),
        version=str(fields["version"]),
        title=told_text(fields["title"]),
        link=told_text(fields["link"]),
        authors=tuple(map(str, fields["authors"])),
        published_at=told_moment(fields["published_at"]),
        updated_at=told_moment(fields["updated_at"]),
        content=told_text(fields["content"]),
    )
