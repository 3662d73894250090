"""Follows feeds: adds them by their address or that of a page that names one, lists, removes, updates.

A scope lists and changes only the feeds that its own collection follows.
"""

from __future__ import annotations

import random
import re
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from retrieval.archive.feeds.subscriptions import NewSubscription
from retrieval.domain.cancellation import NOT_CANCELLED
from retrieval.domain.feeds import FeedAdded, FeedFilters, WordFilter
from retrieval.domain.ids import SHARED
from retrieval.domain.limits import LONGEST_URL
from retrieval.domain.pages import NotModified
from retrieval.errors import FeedRejected, FetchFailed
from retrieval.feeds.drafting import Drafting
from retrieval.feeds.entry_reader import FIRST, EntryReader
from retrieval.feeds.trial import try_newest
from retrieval.feeds.updating import Updating
from retrieval.feeds.well_known import address_of, like
from retrieval.text.feed_document import FeedsNamed
from retrieval.text.search_keys import search_key
from retrieval.text.word_filters import typed_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.archive.archive import Archive
    from retrieval.articles.importing import Importer
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.feeds import FeedHealth, FeedTrial, FeedUpdate
    from retrieval.domain.ids import ChannelId, CollectionId, FeedId, UserId
    from retrieval.domain.pages import Fetched
    from retrieval.domain.scope import Scope
    from retrieval.ports import Extractor, FeedParser, Fetcher
    from retrieval.text.feed_document import FeedDocument

MOST_FEEDS: Final = 25
"""The most feeds that a server may follow."""
_FAILING_FOR: Final = timedelta(days=7)
_OFFERED: Final = 10
"""Papers that are named where a name can mean several."""
_SHOWN: Final = 60
_ADDRESS_MARK = re.compile(r"[./]")
"""What every address has, and a name typed for a paper seldom."""
_TRIED: Final = 3
"""Feeds named by a page that are tried until one of them is a feed."""


def _now() -> datetime:
    return datetime.now(UTC)


class Feeds:
    """The feeds of every collection. Thread-safe. Every method may raise ArchiveError.

    `every` is how long a feed is left alone between two updates; see `Updating`.
    """

    def __init__(
        self,
        archive: Archive,
        importer: Importer,
        *,
        fetcher: Fetcher,
        feed_parser: FeedParser,
        extractor: Extractor,
        every: timedelta,
        spread: Callable[[], float] = random.random,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.schedule = archive.feed_schedule
        self.subscriptions = archive.subscriptions
        self._fetcher = fetcher
        self._feed_parser = feed_parser
        self._clock = clock
        self._drafting = Drafting(extractor, importer)
        self._updating = Updating(
            schedule=archive.feed_schedule,
            fetcher=fetcher,
            feed_parser=feed_parser,
            entry_reader=EntryReader(archive.subscriptions, archive.feed_entries, self._drafting, importer),
            every=every,
            spread=spread,
        )
        self._listed: dict[CollectionId, tuple[FeedHealth, ...]] = {}
        self._lock = threading.Lock()

    well_known = staticmethod(like)

    def add(
        self,
        scope: Scope,
        url: str,
        by: UserId | None = None,
        channel: ChannelId | None = None,
        *,
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> FeedAdded:
        """Follow a well-known paper, the feed at an address, or one that the page there names; `update` reads it.

        New articles are announced in `channel`. Of a feed that is followed already only the channel is changed. Raises
        FeedRejected, AddressRefused, FetchFailed and WorkCancelled.
        """
        address = feed_address(url)
        known = next((feed for feed in self.listed(scope) if feed.url == address), None)
        if known is not None and known.stopped_at is None:
            cancellation.begin_storing()
            return self._subscribed(NewSubscription(scope.own, address, known.title, channel, by))
        address, document, others = self._find(address, cancellation)
        cancellation.begin_storing()
        most = None if scope.own == SHARED else MOST_FEEDS
        new = NewSubscription(scope.own, address, document.title, channel, by, most)
        return self._subscribed(new, len(document.entries), others)

    def trial(self, scope: Scope, typed: str, *, cancellation: Cancellation = NOT_CANCELLED) -> FeedTrial:
        """The newest entry of a followed feed, or of any at an address, as it would be announced; nothing is stored.

        Raises FeedRejected, AddressRefused, FetchFailed, ArticleRejected and WorkCancelled.
        """
        followed = self.picked(scope, typed)
        filters = FeedFilters() if followed is None else followed.filters
        address, document, _ = self._find(feed_address(typed) if followed is None else followed.url, cancellation)
        cancellation.check()
        now, collection = self._clock(), scope.own
        return try_newest(document, address, now, drafting=self._drafting, collection=collection, filters=filters)

    def picked(self, scope: Scope, typed: str) -> FeedHealth | None:
        """The followed feed of this fingerprint, or the only one whose name or address contains what was typed."""
        listed = [feed for feed in self.listed(scope) if feed.fingerprint == typed] or self.like(scope, typed)
        return listed[0] if len(listed) == 1 else None

    def remove(self, scope: Scope, feed_id: FeedId, by: UserId | None = None) -> FeedHealth:
        """Stop following a feed; its articles stay. Raises FeedUnknown."""
        removed = self.subscriptions.unsubscribe(scope.own, feed_id, by, self._clock())
        self._forget()
        return removed

    def set_filter(
        self,
        scope: Scope,
        feed: FeedHealth,
        only: str,
        without: str,
        by: UserId | None = None,
        *,
        announcements_only: bool = False,
    ) -> FeedHealth:
        """Set which articles are read from now on, or which of them are announced: lists of words, commas between.

        Raises FeedUnknown.
        """
        words = WordFilter(typed_words(only), typed_words(without))
        filters = replace(feed.filters, announced=words) if announcements_only else replace(feed.filters, read=words)
        changed = self.subscriptions.set_filters(scope.own, feed.id, filters, by, self._clock())
        self._forget()
        return changed

    def listed(self, scope: Scope) -> tuple[FeedHealth, ...]:
        """The followed feeds by name, and the state of each."""
        feeds = self.subscriptions.followed(scope.own)
        with self._lock:
            self._listed[scope.own] = feeds
        return feeds

    def like(self, scope: Scope, text: str, limit: int = 25) -> tuple[FeedHealth, ...]:
        """The followed feeds whose name or address contains `text`; read from memory."""
        with self._lock:
            feeds = self._listed.get(scope.own)
        if feeds is None:
            feeds = self.listed(scope)
        typed = search_key(text)
        return tuple(feed for feed in feeds if typed in search_key(feed.name) or typed in search_key(feed.url))[:limit]

    def update(
        self, now: datetime, proceed: Callable[[], bool] = lambda: True, *, only: Scope | None = None
    ) -> FeedUpdate | None:
        """Fetch the one feed whose turn it is, and read its new entries; None where none is due.

        `only`: the feeds that this scope follows. `proceed` says between two articles whether to go on.
        Raises ModelUnavailable.
        """
        update = self._updating.update(now, proceed, None if only is None else only.own)
        if update is not None:
            self._forget()
        return update

    def failing(self, now: datetime) -> tuple[FeedHealth, ...]:
        """Feeds that have failed for a week, or are gone for good, and whose moderators were not notified yet."""
        return self.subscriptions.failing(now - _FAILING_FOR)

    def _forget(self) -> None:
        """Drop what is in memory: it may be out of date."""
        with self._lock:
            self._listed.clear()

    def _subscribed(self, new: NewSubscription, entries: int = 0, others: tuple[str, ...] = ()) -> FeedAdded:
        feed, known = self.subscriptions.subscribe(new, self._clock())
        self._forget()
        waiting = 0 if known or feed.answered_at is not None else min(FIRST, entries)
        return FeedAdded(feed, known, waiting, others)

    def _find(self, address: str, cancellation: Cancellation) -> tuple[str, FeedDocument, tuple[str, ...]]:
        """The feed at an address, or the first feed that the page there names; and the others that it names."""
        fetched = self._fetch(address)
        document = self._feed_parser.read(fetched)
        if not isinstance(document, FeedsNamed):
            return fetched.moved_to or address, document, ()
        addresses = document.addresses
        for number, named in enumerate(addresses[:_TRIED]):
            cancellation.check()
            try:
                fetched = self._fetch(named)
                document = self._feed_parser.read(fetched)
            except FetchFailed:
                continue
            if not isinstance(document, FeedsNamed):
                return fetched.moved_to or named, document, addresses[number + 1 :]
        raise FeedRejected("feed.not_found")

    def _fetch(self, address: str) -> Fetched:
        fetched = self._fetcher.fetch(address)
        assert not isinstance(fetched, NotModified)  # no validators were sent
        return fetched


def feed_address(typed: str) -> str:
    """The address of a paper or as typed, in the form that is stored, so that a feed is followed once.

    Raises FeedRejected.
    """
    text = address_of(typed).strip().removeprefix("feed:").removeprefix("//")
    if text and not _ADDRESS_MARK.search(text):
        raise _no_address(typed)
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host = None
    if host and "." not in host:
        raise FeedRejected("link.number" if ":" in host else "link.private_network")
    if not host or len(text) > LONGEST_URL or any(c.isspace() or not c.isprintable() for c in text):
        raise FeedRejected("link.unusable")
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, ""))


def _no_address(typed: str) -> FeedRejected:
    """The refusal of a name that is no paper's, or several papers'."""
    named = like(typed, "", _OFFERED)
    if not named:
        return FeedRejected("feed.no_such_paper", typed=typed.strip()[:_SHOWN])
    return FeedRejected("feed.several_papers", typed=typed.strip()[:_SHOWN], papers="; ".join(f.name for f in named))
