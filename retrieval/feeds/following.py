"""Who follows which feed: adds by the address of a feed or of a page that names one, lists, removes.

What a reader can see and change here is what their own server follows, or the operator for everybody, and nothing else.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from retrieval.archive.articles.removing import own_collection
from retrieval.archive.feeds.subscriptions import NewSubscription
from retrieval.domain.feeds import FeedAdded
from retrieval.domain.ids import SHARED
from retrieval.domain.pages import WHOLE_LINK, NotModified
from retrieval.errors import FeedRejected, FetchFailed
from retrieval.feeds.updating import FIRST
from retrieval.text.feed_document import FeedsNamed
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.archive.feeds.repository import FeedRepository
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.feeds import FeedHealth
    from retrieval.domain.ids import ChannelId, CollectionId, FeedId, UserId
    from retrieval.domain.pages import Fetched
    from retrieval.domain.scope import Scope
    from retrieval.ports import FeedParser, Fetcher
    from retrieval.text.feed_document import FeedDocument

MOST: Final = 25
"""Feeds that a server may follow."""
_PATIENCE: Final = timedelta(days=7)
_LONGEST: Final = 2_000
_TRIED: Final = 3
"""Feeds of a page that are tried, where the first one turns out to be none."""

_NO_ADDRESS = f"That is not a link that I can follow: {WHOLE_LINK}"
_NO_FEED = (
    "There is no feed at that address, and the page names none. "
    "Look on the site for “RSS”, or try the section's own page."
)


class Following:
    """The subscriptions of every collection. Thread-safe."""

    def __init__(self, store: FeedRepository, fetcher: Fetcher, feed_parser: FeedParser) -> None:
        self._store = store
        self._fetcher = fetcher
        self._feed_parser = feed_parser
        self._remembered: dict[CollectionId, tuple[FeedHealth, ...]] = {}
        self._lock = threading.Lock()

    def add(
        self,
        scope: Scope,
        url: str,
        by: UserId | None,
        channel: ChannelId | None,
        now: datetime,
        *,
        cancellation: Cancellation,
    ) -> FeedAdded:
        """Follow a feed from now on, its new articles announced in a channel or nowhere.

        For one that is followed already only the channel is changed. Raises FeedRejected, AddressRefused, FetchFailed
        and WorkCancelled.
        """
        collection, address = own_collection(scope), feed_address(url)
        followed = next((feed for feed in self.listed(scope) if feed.url == address), None)
        if followed is not None and followed.stopped_at is None:
            cancellation.begin_storing()
            return self._subscribed(NewSubscription(collection, address, followed.title, channel, by), now)
        found, document, others = self._found(address, cancellation)
        cancellation.begin_storing()
        most = None if collection == SHARED else MOST
        new = NewSubscription(collection, found, document.title, channel, by, most)
        return self._subscribed(new, now, len(document.entries), others)

    def remove(self, scope: Scope, feed_id: FeedId, by: UserId | None, now: datetime) -> FeedHealth:
        """Follow a feed no longer; what it brought stays. Raises FeedUnknown."""
        removed = self._store.unsubscribe(own_collection(scope), feed_id, by, now)
        self.forget_remembered()
        return removed

    def listed(self, scope: Scope) -> tuple[FeedHealth, ...]:
        """What the reader's own server follows, by name, and how each is doing."""
        feeds = self._store.subscribed(own_collection(scope))
        with self._lock:
            self._remembered[own_collection(scope)] = feeds
        return feeds

    def like(self, scope: Scope, text: str, limit: int) -> tuple[FeedHealth, ...]:
        """Of those the ones whose name or address holds what was typed; from memory."""
        with self._lock:
            feeds = self._remembered.get(own_collection(scope))
        if feeds is None:
            feeds = self.listed(scope)
        typed = search_key(text)
        return tuple(feed for feed in feeds if typed in search_key(feed.name) or typed in search_key(feed.url))[:limit]

    def failing(self, now: datetime) -> tuple[FeedHealth, ...]:
        """The subscriptions whose moderators are to be told: of feeds that fail for a week, or are gone for good."""
        return self._store.failing(now - _PATIENCE)

    def told(self, feed: FeedHealth, now: datetime) -> None:
        """They were told; not again, unless the feed recovers in between."""
        self._store.told(feed.collection, feed.id, now)

    def forget_remembered(self) -> None:
        """What is in memory may be old."""
        with self._lock:
            self._remembered.clear()

    def _subscribed(
        self, new: NewSubscription, now: datetime, entries: int = 0, others: tuple[str, ...] = ()
    ) -> FeedAdded:
        feed, known = self._store.subscribe(new, now)
        self.forget_remembered()
        waiting = 0 if known or feed.answered_at is not None else min(FIRST, entries)
        return FeedAdded(feed, known, waiting, others)

    def _found(self, address: str, cancellation: Cancellation) -> tuple[str, FeedDocument, tuple[str, ...]]:
        """The feed at the address or, at a page's, the first that it names; and what else it names."""
        fetched = self._fetch(address)
        read = self._feed_parser.read(fetched)
        if not isinstance(read, FeedsNamed):
            return fetched.moved_to or address, read, ()
        for number, named in enumerate(read.addresses[:_TRIED]):
            cancellation.check()
            try:
                fetched = self._fetch(named)
                document = self._feed_parser.read(fetched)
            except FetchFailed:
                continue
            if not isinstance(document, FeedsNamed):
                return fetched.moved_to or named, document, read.addresses[number + 1 :]
        raise FeedRejected(_NO_FEED)

    def _fetch(self, address: str) -> Fetched:
        fetched = self._fetcher.fetch(address)
        assert not isinstance(fetched, NotModified)  # nothing was said of what is known
        return fetched


def feed_address(typed: str) -> str:
    """The address as it is stored, so that the same feed is followed once. Raises FeedRejected."""
    text = typed.strip().removeprefix("feed:").removeprefix("//")
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or "." not in host or len(text) > _LONGEST or any(c.isspace() or not c.isprintable() for c in text):
        raise FeedRejected(_NO_ADDRESS)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, ""))
