"""Updates one feed at a time: asks for it, reads its new entries, decides when it is asked next.

Each article is stored by itself. Its entry is recorded as begun before, and as done after it, so that the program may
stop at any moment; what was begun and not done is tried once more. An entry that stops the program twice, or kills its
worker twice, is rejected. A feed with entries left to read is asked for all of them again: its validators are stored
only when nothing is left.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from retrieval.archive.articles.attempts import STOPPED
from retrieval.domain.feeds import FeedNews, FeedUpdate
from retrieval.domain.pages import NotModified, Validators
from retrieval.errors import BadInput, FeedRejected, FetchFailed, NewsError
from retrieval.feeds.entry_state import LONGEST_PROBLEM, TRIES, EntryState
from retrieval.text.feed_document import FeedsNamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from retrieval.archive.feeds.entries import EntryRepository
    from retrieval.archive.feeds.schedule import DueFeed, FeedSchedule
    from retrieval.archive.feeds.subscriptions import SubscriptionRepository
    from retrieval.articles.importing import Importer
    from retrieval.domain.articles import AddedArticle
    from retrieval.domain.ids import ChannelId, CollectionId
    from retrieval.domain.pages import Fetched
    from retrieval.feeds.drafting import Drafting
    from retrieval.ports import FeedParser, Fetcher
    from retrieval.text.feed_document import FeedDocument, FeedEntry

FIRST: Final = 25
"""Entries of a new feed that are read; older ones are not."""
AT_ONCE: Final = 25
"""Entries read in one update, for each subscriber."""
_DAY: Final = timedelta(days=1)
_LONGEST_WAIT: Final = timedelta(days=7)
"""Longer waits that a server asks for are cut to this."""
_RESERVED: Final = timedelta(minutes=15)
"""How long a feed is reserved for the process that reads it."""
_REMEMBERED: Final = timedelta(days=30)
_GONE: Final = 410
_ASKED_TO_WAIT: Final = frozenset({429, 503})
_LONGEST_QUOTED: Final = 300
_SHORTEST_QUOTED: Final = 20
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Progress:
    """What one update has brought so far."""

    added: int = 0
    changed: int = 0
    rejected: int = 0
    remaining: int = 0
    retry: bool = False
    """Whether a rejected entry has attempts left."""
    stopped: bool = False
    wait: float = 0.0
    """Seconds that a server asked to wait; nothing more is read then."""
    news: list[FeedNews] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Updating:
    """Reads feeds and adds their articles.

    `every` is the interval after a good answer; `spread` (0..1) keeps feeds from being asked all at the same moment.
    """

    subscriptions: SubscriptionRepository
    schedule: FeedSchedule
    entries: EntryRepository
    fetcher: Fetcher
    feed_parser: FeedParser
    drafting: Drafting
    importer: Importer
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
        progress = self._read_entries(due, document, now, proceed)
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
            news=tuple(progress.news),
        )

    def _parse(self, fetched: Fetched) -> FeedDocument:
        read = self.feed_parser.read(fetched)
        if isinstance(read, FeedsNamed):
            raise FeedRejected("feed.no_feed_any_more")
        return read

    def _read_entries(
        self, due: DueFeed, document: FeedDocument, now: datetime, proceed: Callable[[], bool]
    ) -> _Progress:
        newest, known = document.newest(), self.entries.known(due.id)
        beginners = [collection for collection in self.subscriptions.subscribers(due.id) if not known.get(collection)]
        self.entries.listed(due.id, newest, dict.fromkeys(beginners, newest[FIRST:]), now, now - _REMEMBERED)
        wanted, later = self._wanted(due, document, newest)
        progress = _Progress(remaining=len(wanted) + later)
        for entry in reversed(wanted):
            progress.stopped = not progress.wait and not proceed()
            if progress.wait or progress.stopped:
                break
            self._read_entry(entry, progress, now)
            progress.remaining -= 1
        return progress

    def _wanted(self, due: DueFeed, document: FeedDocument, newest: Sequence[FeedEntry]) -> tuple[list[_Entry], int]:
        """The entries to read now, each for the subscribers who lack it; and how many are left for later.

        `AT_ONCE` counts for each subscriber by itself.
        """
        known, followers = self.entries.known(due.id), self.subscriptions.subscribers(due.id)
        room, later = dict.fromkeys(followers, AT_ONCE), 0
        entries = []
        for listed in newest:
            states = (EntryState(listed, known.get(each, {}).get(listed.key)) for each in followers)
            wanting = {each: state for each, state in zip(followers, states, strict=True) if state.is_wanted}
            taken = {each: state for each, state in wanting.items() if room[each]}
            room.update({each: room[each] - 1 for each in taken})
            later += len(taken) < len(wanting)
            if taken:
                entries.append(_Entry(due, document, listed, taken))
        return entries, later

    def _read_entry(self, entry: _Entry, progress: _Progress, now: datetime) -> None:
        """Read one entry for the subscribers who lack it: store the article, then record the outcome."""
        followers = self.subscriptions.subscribers(entry.due.id)
        wanting = {each: state for each, state in entry.wanting.items() if each in followers}
        audience = self._audience(wanting)
        self._record_start(entry, wanting, now)
        try:
            drafted = self.drafting.draft(entry.listed, entry.document, entry.due.url, now) if audience else None
            articles = self.importer.add_everywhere(drafted.draft, audience) if drafted else {}
        except (FetchFailed, BadInput) as error:
            progress.rejected += 1
            self._record_rejection(entry, wanting, error, progress, now)
            return
        except NewsError:  # a failure here, not of the entry
            before = {each: state.known for each, state in wanting.items()}
            self.entries.record(entry.due.id, entry.listed.key, before, now)
            raise
        done = {each: state.done(articles.get(each), drafted) for each, state in wanting.items()}
        self.entries.record(entry.due.id, entry.listed.key, done, now)
        progress.changed += any(added.replaced for added in articles.values())
        progress.added += any(not added.known and not added.replaced for added in articles.values())
        announced = {
            each: follower.channel
            for each, follower in followers.items()
            if each in articles and wanting[each].is_new and not follower.first
        }
        progress.news += self._news(entry, announced, articles)

    def _audience(self, wanting: Mapping[CollectionId, EntryState]) -> list[CollectionId]:
        """Who gets the article: those to whom it is new, and of a changed one those who still hold it.

        Not those for whom it was passed over, or who removed it.
        """
        had = {each: state.known for each, state in wanting.items() if state.known is not None}
        articles = {each: known.article_id for each, known in had.items() if known.article_id is not None}
        holders = self.entries.holders(articles)
        never = {each for each, known in had.items() if known.article_id is None and known.problem is not None}
        return [each for each in wanting if each not in had or each in never or each in holders]

    def _record_start(self, entry: _Entry, wanting: Mapping[CollectionId, EntryState], now: datetime) -> None:
        """Record that the entry is being read; after one attempt that was not completed, for the last time."""
        if any(state.stopped for state in wanting.values()):
            _log.warning("the entry %s of %s is read once more: %s", entry.listed.link, entry.due.url, STOPPED)
        begun = {each: state.begun() for each, state in wanting.items()}
        self.entries.record(entry.due.id, entry.listed.key, begun, now)

    def _record_rejection(
        self,
        entry: _Entry,
        wanting: Mapping[CollectionId, EntryState],
        error: FetchFailed | BadInput,
        progress: _Progress,
        now: datetime,
    ) -> None:
        rejected = {each: state.rejected(error) for each, state in wanting.items()}
        self.entries.record(entry.due.id, entry.listed.key, rejected, now)
        progress.retry |= any(known.attempts < TRIES for known in rejected.values())
        if isinstance(error, FetchFailed) and error.status in _ASKED_TO_WAIT:
            progress.wait = max(error.retry_after or 0.0, 1.0)

    def _news(
        self,
        entry: _Entry,
        announced: Mapping[CollectionId, ChannelId | None],
        articles: Mapping[CollectionId, AddedArticle],
    ) -> Iterable[FeedNews]:
        for collection, channel in announced.items():
            added = articles[collection]
            if channel is not None and not added.known:
                article, feed = added.article, entry.due.title or entry.due.url
                quotation = self.entries.best_quotation(article.id, _SHORTEST_QUOTED, _LONGEST_QUOTED)
                yield FeedNews(collection, channel, feed, added.number, article.source, quotation)

    def _record_failure(self, due: DueFeed, error: FetchFailed | BadInput, now: datetime) -> FeedUpdate:
        """Record a failure. The wait doubles up to a day, and is no shorter than the server asks for."""
        asked = error.retry_after if isinstance(error, FetchFailed) else None
        wait = max(self._backing_off(due.failures), min(timedelta(seconds=asked or 0), _LONGEST_WAIT))
        for_good = isinstance(error, FetchFailed) and error.status == _GONE
        problem = str(error)[:LONGEST_PROBLEM]
        self.schedule.failed(due, problem, now + wait, now, for_good=for_good)
        return FeedUpdate(due.id, due.title or due.url, problem=problem)

    def _interval(self) -> timedelta:
        """`every`, a tenth more or less."""
        return self.every * (0.9 + 0.2 * self.spread())

    def _backing_off(self, failures: int) -> timedelta:
        """Twice as long after each failure, of which a random half to whole."""
        longest = max(_DAY, self.every)
        return min(self.every * 2.0 ** min(failures + 1, 12), longest) * (0.5 + 0.5 * self.spread())


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry to be read, in its feed, and the subscribers who lack it."""

    due: DueFeed
    document: FeedDocument
    listed: FeedEntry
    wanting: Mapping[CollectionId, EntryState]
