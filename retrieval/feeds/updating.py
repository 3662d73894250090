"""Looks at one feed at a time: asks it whether there is news, reads the new entries, says when it is asked next.

Each article is stored by itself, and its entry is written down before it as begun and after it as done, so that a stop
at any moment loses nothing and leaves nothing by half; what was begun and not done is looked at once more. An entry
that twice stops the program, or kills the worker that reads it, is refused, and the feed goes on without it. A feed
whose entries were not all dealt with is asked for all of them again: its validators are kept only when nothing is left.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from retrieval.archive.attempts import STOPPED
from retrieval.archive.feed_reading import KnownEntry
from retrieval.domain.feeds import FeedNews, FeedUpdate
from retrieval.domain.pages import NotModified, Validators
from retrieval.errors import BadInput, FeedRejected, FetchFailed, NewsError, WorkerKilled
from retrieval.text.addresses import address_key
from retrieval.text.feed import FeedsNamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from retrieval.archive.feed_store import FeedStore
    from retrieval.archive.feed_turns import DueFeed
    from retrieval.domain.articles import AddedArticle, Draft
    from retrieval.domain.ids import ChannelId, CollectionId
    from retrieval.domain.pages import Fetched
    from retrieval.feeds.drafting import Drafted, Drafting
    from retrieval.ports import FeedReader, Fetcher
    from retrieval.text.feed import FeedDocument, FeedEntry

    Add = Callable[[Draft, Iterable[CollectionId]], dict[CollectionId, AddedArticle]]

FIRST: Final = 25
"""Entries of a new feed that are read; the older ones are passed over."""
AT_ONCE: Final = 25
"""Entries that are read at one look."""
TRIES: Final = 3
"""How often an entry is tried that turns out to be no article."""
_DAY: Final = timedelta(days=1)
_LONGEST_WAIT: Final = timedelta(days=7)
"""Whatever a server asks for."""
_TAKEN: Final = timedelta(minutes=15)
"""How long others leave a feed alone that somebody is reading; whoever was killed loses it after that."""
_REMEMBERED: Final = timedelta(days=30)
_GONE: Final = 410
_ASKED_TO_WAIT: Final = frozenset({429, 503})
_LONGEST_PROBLEM: Final = 300
_LONGEST_QUOTED: Final = 300
_SHORTEST_QUOTED: Final = 20
_log = logging.getLogger(__name__)
_NO_FEED: Final = "What came from its address is no feed."


@dataclass(slots=True)
class _Look:
    """What one look at a feed has brought so far."""

    added: int = 0
    changed: int = 0
    refused: int = 0
    left: int = 0
    again: bool = False
    stopped: bool = False
    wait: float = 0.0
    news: list[FeedNews] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Updating:
    """Reads feeds into the archive through `add`. `every` is how long a feed is left alone after it has answered.

    `spread` (0..1) keeps feeds from being asked all at the same moment.
    """

    store: FeedStore
    fetcher: Fetcher
    feed_reader: FeedReader
    drafting: Drafting
    add: Add
    every: timedelta
    spread: Callable[[], float] = random.random

    def update(self, now: datetime, go_on: Callable[[], bool], only: CollectionId | None = None) -> FeedUpdate | None:
        """Look at the feed that has waited longest; None where none is due. Between two articles asks whether to go on.

        What is wrong with the feed is in the answer. Raises what is wrong here: ArchiveError and ModelUnavailable.
        """
        due = self.store.take_due(now, now + _TAKEN, only)
        if due is None:
            return None
        try:
            fetched = self.fetcher.fetch(due.url, due.validators)
            if isinstance(fetched, NotModified):
                self.store.succeeded(due, due.validators, now + self._interval(), now)
                return FeedUpdate(due.id, due.title or due.url)
            document = self._read(fetched)
        except (FetchFailed, BadInput) as error:
            return self._failed(due, error, now)
        if fetched.moved_to is not None and fetched.moved_to != due.url:
            due = self.store.moved(due, fetched.moved_to)
        due = replace(due, title=document.title or due.title)
        look = self._look(due, document, now, go_on)
        if look.stopped:
            self.store.postpone(due, now)
        else:
            complete = not look.left and not look.again
            wait = max(self._interval(), min(timedelta(seconds=look.wait), _LONGEST_WAIT))
            self.store.succeeded(due, fetched.validators if complete else Validators(), now + wait, now)
        return FeedUpdate(
            due.id,
            due.title or due.url,
            added=look.added,
            changed=look.changed,
            refused=look.refused,
            left=look.left,
            news=tuple(look.news),
        )

    def _read(self, fetched: Fetched) -> FeedDocument:
        read = self.feed_reader.read(fetched)
        if isinstance(read, FeedsNamed):
            raise FeedRejected(_NO_FEED)
        return read

    def _look(self, due: DueFeed, document: FeedDocument, now: datetime, go_on: Callable[[], bool]) -> _Look:
        known = self.store.known_entries(due.id)
        newest = document.newest()
        passed_over = () if known else newest[FIRST:]
        self.store.listed(due, newest, passed_over, now, now - _REMEMBERED)
        looked_at = newest if known else newest[:FIRST]
        wanted = [entry for entry in looked_at if _wanted(entry, known.get(entry.key))]
        look = _Look(left=len(wanted))
        for entry in reversed(wanted[:AT_ONCE]):
            look.stopped = not look.wait and not go_on()
            if look.wait or look.stopped:
                break
            self._take(_Entry(due, document, entry, known.get(entry.key)), look, now)
            look.left -= 1
        return look

    def _take(self, entry: _Entry, look: _Look, now: datetime) -> None:
        """Deal with one entry: the article first, what is known of the entry after it."""
        before = entry.known
        audience = self._audience(entry)
        self._begin(entry, now)
        try:
            drafted = self.drafting.draft(entry.listed, entry.document, entry.due.url, now) if audience else None
            articles = self.add(drafted.draft, audience) if drafted else {}
        except (FetchFailed, BadInput) as error:
            look.refused += 1
            self._refused(entry, error, look, now)
            return
        except NewsError:  # what is wrong here is not the entry's fault
            self.store.put_back(entry.due.id, entry.listed.key, before, now)
            raise
        article_id = next((added.article.id for added in articles.values()), before.article_id if before else None)
        page_hash = _page_hash(entry, drafted, articles.values())
        self._record(entry, KnownEntry(entry.listed.version, article_id, page_hash=page_hash), now)
        look.changed += any(added.replaced for added in articles.values())
        look.added += any(not added.known and not added.replaced for added in articles.values())
        if entry.is_new and not entry.due.first:
            look.news += self._news(entry, audience, articles)

    def _audience(self, entry: _Entry) -> dict[CollectionId, ChannelId | None]:
        """Who gets the article: all who follow the feed; a changed one, all of them who have it and have kept it.

        What was passed over, and what everybody has removed, stays away.
        """
        followers, known = self.store.subscribers(entry.due.id), entry.known
        if known is None or (known.article_id is None and known.problem is not None):
            return followers
        link = entry.listed.link
        holders = self.store.holders(known.article_id, address_key(link) if link else None)
        return {collection: channel for collection, channel in followers.items() if collection in holders}

    def _begin(self, entry: _Entry, now: datetime) -> None:
        """Write down that the entry is being read; after one time that was not ended, for the last time."""
        before = entry.known
        attempts = TRIES if entry.stopped else entry.tried + 1
        if entry.stopped:
            _log.warning("the entry %s of %s is read once more: %s", entry.listed.link, entry.due.url, STOPPED)
        article_id, page_hash = (before.article_id, before.page_hash) if before is not None else (None, "")
        begun = KnownEntry(entry.listed.version, article_id, attempts, STOPPED, page_hash)
        self.store.begin(entry.due.id, entry.listed.key, begun, now)

    def _refused(self, entry: _Entry, error: FetchFailed | BadInput, look: _Look, now: datetime) -> None:
        before = entry.known
        attempts = TRIES if entry.tried and isinstance(error, WorkerKilled) else entry.tried + 1
        problem = str(error)[:_LONGEST_PROBLEM]
        article_id, page_hash = (before.article_id, before.page_hash) if before is not None else (None, None)
        self._record(entry, KnownEntry(entry.listed.version, article_id, attempts, problem, page_hash), now)
        look.again |= attempts < TRIES
        if isinstance(error, FetchFailed) and error.status in _ASKED_TO_WAIT:
            look.wait = max(error.retry_after or 0.0, 1.0)

    def _record(self, entry: _Entry, known: KnownEntry, now: datetime) -> None:
        self.store.record(entry.due.id, entry.listed.key, known, now)

    def _news(
        self,
        entry: _Entry,
        audience: dict[CollectionId, ChannelId | None],
        articles: dict[CollectionId, AddedArticle],
    ) -> Iterable[FeedNews]:
        for collection, added in articles.items():
            channel = audience[collection]
            if channel is not None and not added.known:
                article, feed = added.article, entry.due.title or entry.due.url
                quotation = self.store.best_quotation(article.id, _SHORTEST_QUOTED, _LONGEST_QUOTED)
                yield FeedNews(collection, channel, feed, added.number, article.source, quotation)

    def _failed(self, due: DueFeed, error: FetchFailed | BadInput, now: datetime) -> FeedUpdate:
        """Ever longer, up to a day, and not before the time that the server names."""
        asked = error.retry_after if isinstance(error, FetchFailed) else None
        wait = max(self._backing_off(due.failures), min(timedelta(seconds=asked or 0), _LONGEST_WAIT))
        for_good = isinstance(error, FetchFailed) and error.status == _GONE
        problem = str(error)[:_LONGEST_PROBLEM]
        self.store.failed(due, problem, now + wait, now, for_good=for_good)
        return FeedUpdate(due.id, due.title or due.url, problem=problem)

    def _interval(self) -> timedelta:
        """A tenth more or less."""
        return self.every * (0.9 + 0.2 * self.spread())

    def _backing_off(self, failures: int) -> timedelta:
        """Twice as long each time: between the half and the whole of it."""
        longest = max(_DAY, self.every)
        return min(self.every * 2.0 ** min(failures + 1, 12), longest) * (0.5 + 0.5 * self.spread())


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry that is to be dealt with, in its feed."""

    due: DueFeed
    document: FeedDocument
    listed: FeedEntry
    known: KnownEntry | None

    @property
    def tried(self) -> int:
        """How often this version of it was tried."""
        return self.known.attempts if self.known is not None and self.known.version == self.listed.version else 0

    @property
    def stopped(self) -> bool:
        """Whether the program was stopped while it read this version."""
        return self.tried > 0 and self.known is not None and self.known.problem == STOPPED

    @property
    def is_new(self) -> bool:
        """Whether nothing had come of it before, and it was never refused."""
        return self.known is None or (self.known.article_id is None and self.stopped and self.tried == 1)


def _page_hash(entry: _Entry, drafted: Drafted | None, articles: Iterable[AddedArticle]) -> str | None:
    """As in `KnownEntry`: a text that the feed carries is new, and its page not looked at, or it is as it was."""
    if drafted is not None and not drafted.carried:
        return None
    if entry.known is not None and all(added.known for added in articles):
        return entry.known.page_hash
    return ""


def _wanted(entry: FeedEntry, known: KnownEntry | None) -> bool:
    """Whether there is something to do: it is new, it was changed, or it has not failed often enough."""
    if known is None or known.version != entry.version:
        return True
    return known.problem is not None and known.attempts < TRIES
