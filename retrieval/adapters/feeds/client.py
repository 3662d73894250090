"""Feeds parsed in a worker process with limits of time and memory; this side imports no parser.

feedparser's patience can be abused: 400 kB of `<a` keep it busy for seconds, 5 MB for many minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints, TypeAdapter

from retrieval.adapters.sandbox.worker_client import Many, Moment, Strict, WorkerClient
from retrieval.adapters.sandbox.worker_protocol import FEED_SECONDS, content_request
from retrieval.errors import FeedKilledWorker
from retrieval.text.feed_document import (
    LONGEST_LINK,
    LONGEST_NAME,
    LONGEST_TITLE,
    MOST_AUTHORS,
    MOST_ENTRIES,
    MOST_NAMED,
    FeedDocument,
    FeedEntry,
    FeedsNamed,
)

if TYPE_CHECKING:
    from retrieval.domain.pages import Fetched

_IDLE_SECONDS = 30.0
_Digest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
_Title = Annotated[str, Field(max_length=LONGEST_TITLE)]
_Link = Annotated[str, Field(max_length=LONGEST_LINK)]
_Name = Annotated[str, Field(max_length=LONGEST_NAME)]


class _Entry(Strict):
    key: _Digest
    version: _Digest
    title: _Title | None
    link: _Link | None
    authors: Annotated[Many[_Name], Field(max_length=MOST_AUTHORS)]
    published_at: Moment | None
    updated_at: Moment | None
    content: str | None


class _Feed(Strict):
    title: _Title | None
    entries: Annotated[Many[_Entry], Field(max_length=MOST_ENTRIES)]


class _Named(Strict):
    addresses: Annotated[Many[_Link], Field(max_length=MOST_NAMED)]


_ANSWER: TypeAdapter[_Feed | _Named] = TypeAdapter(_Feed | _Named)


class FeedWorker(WorkerClient):
    """A `FeedParser`. One feed at a time, others wait; the worker ends when it is idle."""

    work = "feeds"
    not_started = "feed.worker_not_started"
    too_slow = "feed.too_slow"
    damaged = "feed.damaged"
    killed = FeedKilledWorker

    def __init__(self, *, seconds: float = FEED_SECONDS, module: str = "retrieval.adapters.feeds.worker") -> None:
        super().__init__(module, idle_seconds=_IDLE_SECONDS)
        self._seconds = seconds

    def read(self, fetched: Fetched) -> FeedDocument | FeedsNamed:
        """The feed, or the feeds that a page names. Raises as `FeedParser.read` does."""
        return self.request(content_request(fetched), _decode, name=f"the feed {fetched.url}", seconds=self._seconds)


def _decode(line: bytes) -> FeedDocument | FeedsNamed:
    answer = _ANSWER.validate_json(line)
    if isinstance(answer, _Named):
        return FeedsNamed(answer.addresses)
    return FeedDocument(answer.title, tuple(FeedEntry(**dict(entry)) for entry in answer.entries))
