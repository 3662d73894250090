"""Updates one feed at a time: fetches it, has its new entries read, decides when it is fetched next.

A feed with entries left to read is fetched whole again: its validators are stored only when nothing is left.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from retrieval.domain.feeds import FeedUpdate
from retrieval.domain.pages import NotModified, Validators
from retrieval.errors import BadInput, FeedRejected, FetchFailed, packed
from retrieval.feeds.entry_state import LONGEST_PROBLEM
from retrieval.text.feed_document import FeedsNamed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from retrieval.archive.feeds.schedule import DueFeed, FeedSchedule
    from retrieval.domain.ids import CollectionId
    from retrieval.domain.pages import Fetched
    from retrieval.feeds.entry_reader import EntryReader
    from retrieval.ports import FeedParser, Fetcher
    from retrieval.text.feed_document import FeedDocument

_DAY: Final = timedelta(days=1)
_LONGEST_WAIT: Final = timedelta(days=7)
"""Longer waits that a server asks for are cut to this."""
_RESERVED: Final = timedelta(minutes=15)
"""How long a feed is reserved for the process that reads it."""
_GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Updating:
    """Fetches feeds and has their entries read.

    `every` is the interval after a good answer; `spread` (0..1) keeps feeds from being asked all at the same moment.
    """

    schedule: FeedSchedule
    fetcher: Fetcher
    feed_parser: FeedParser
    entry_reader: EntryReader
    every: timedelta
    spread: Callable[[], float] = random.random

    def update(self, now: datetime, proceed: Callable[[], bool], only: CollectionId | None = None) -> FeedUpdate | None:
        """Update the feed whose turn it is; None where none is due.

        `proceed` says between two articles whether to go on. Failures of the feed are in the result.
        Raises ArchiveError and ModelUnavailable.
        """
        due = self.schedule.take_due(now, now + _RESERVED, only)
        if due is None:
            return None
        try:
            fetched = self.fetcher.fetch(due.url, due.validators)
            if isinstance(fetched, NotModified):
                self.schedule.succeeded(due, due.validators, now + self._interval(), now)
                return FeedUpdate(due.id, due.title or due.url)
            document = self._parse(fetched)
        except (FetchFailed, BadInput) as error:
            return self._record_failure(due, error, now)
        if fetched.moved_to is not None and fetched.moved_to != due.url:
            due = self.schedule.moved(due, fetched.moved_to)
        due = replace(due, title=document.title or due.title)
        progress = self.entry_reader.read(due, document, now, proceed)
        if progress.stopped:
            self.schedule.postpone(due, now)
        else:
            complete = not progress.remaining and not progress.retry
            wait = max(self._interval(), min(timedelta(seconds=progress.wait), _LONGEST_WAIT))
            self.schedule.succeeded(due, fetched.validators if complete else Validators(), now + wait, now)
        return FeedUpdate(
            due.id,
            due.title or due.url,
            added=progress.added,
            changed=progress.changed,
            rejected=progress.rejected,
            remaining=progress.remaining,
        )

    def _parse(self, fetched: Fetched) -> FeedDocument:
        read = self.feed_parser.read(fetched)
        if isinstance(read, FeedsNamed):
            raise FeedRejected("feed.no_feed_any_more")
        return read

    def _record_failure(self, due: DueFeed, error: FetchFailed | BadInput, now: datetime) -> FeedUpdate:
        """Record a failure. The wait doubles up to a day, and is no shorter than the server asks for."""
        asked = error.retry_after if isinstance(error, FetchFailed) else None
        wait = max(self._backing_off(due.failures), min(timedelta(seconds=asked or 0), _LONGEST_WAIT))
        for_good = isinstance(error, FetchFailed) and error.status == _GONE
        self.schedule.failed(due, packed(error, LONGEST_PROBLEM), now + wait, now, for_good=for_good)
        return FeedUpdate(due.id, due.title or due.url, problem=str(error))

    def _interval(self) -> timedelta:
        """`every`, a tenth more or less."""
        return self.every * (0.9 + 0.2 * self.spread())

    def _backing_off(self, failures: int) -> timedelta:
        """Twice as long after each failure, of which a random half to whole."""
        longest = max(_DAY, self.every)
        return min(self.every * 2.0 ** min(failures + 1, 12), longest) * (0.5 + 0.5 * self.spread())
