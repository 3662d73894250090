"""All that is done with feeds, behind one door of the newsroom."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from retrieval.archive.articles.removing import own_collection
from retrieval.domain.cancellation import NOT_CANCELLED
from retrieval.feeds.drafting import Drafting
from retrieval.feeds.following import Following
from retrieval.feeds.storing import Storing
from retrieval.feeds.updating import Updating

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from retrieval.archive.archive import Archive
    from retrieval.domain.articles import Draft
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.feeds import FeedAdded, FeedHealth, FeedUpdate
    from retrieval.domain.ids import ChannelId, FeedId, UserId
    from retrieval.domain.scope import Scope
    from retrieval.models import Models
    from retrieval.ports import ArticleReader, Extractor, FeedParser, Fetcher


def _now() -> datetime:
    return datetime.now(UTC)


class FeedDesk:
    """Follows feeds for every collection. Thread-safe. Every method may raise ArchiveError.

    `from_link` fetches a page and takes the article out of it; `every` is how long a feed is left alone.
    """

    def __init__(
        self,
        archive: Archive,
        models: Models,
        article_reader: ArticleReader,
        *,
        fetcher: Fetcher,
        feed_parser: FeedParser,
        extractor: Extractor,
        from_link: Callable[[str], Draft],
        every: timedelta,
        spread: Callable[[], float] = random.random,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._clock = clock
        self._store = archive.feeds
        self._following = Following(archive.feeds, fetcher, feed_parser)
        self._updating = Updating(
            store=archive.feeds,
            fetcher=fetcher,
            feed_parser=feed_parser,
            drafting=Drafting(extractor, from_link),
            add=Storing(archive, models, article_reader).add,
            every=every,
            spread=spread,
        )

    def add(
        self,
        scope: Scope,
        url: str,
        by: UserId | None = None,
        channel: ChannelId | None = None,
        *,
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> FeedAdded:
        """Follow the feed at an address, or one that the page there names, for the reader's own collection.

        Its new articles are announced in the channel, if one is given; its first ones are read at the next `update`.
        Raises FeedRejected, AddressRefused, FetchFailed and WorkCancelled.
        """
        return self._following.add(scope, url, by, channel, self._clock(), cancellation=cancellation)

    def remove(self, scope: Scope, feed_id: FeedId, by: UserId | None = None) -> FeedHealth:
        """Follow a feed no longer; the articles stay. Raises FeedUnknown."""
        return self._following.remove(scope, feed_id, by, self._clock())

    def listed(self, scope: Scope) -> tuple[FeedHealth, ...]:
        """What the reader's own collection follows, by name, and how each is doing."""
        return self._following.listed(scope)

    def like(self, scope: Scope, text: str, limit: int = 25) -> tuple[FeedHealth, ...]:
        """Of those the ones that a half-typed name or address may mean; from memory."""
        return self._following.like(scope, text, limit)

    def update(
        self, now: datetime, go_on: Callable[[], bool] = lambda: True, *, only: Scope | None = None
    ) -> FeedUpdate | None:
        """Look at the one feed whose turn it is, and read what is new in it; None where no feed's turn has come.

        `only` are the feeds of that reader's own collection. Between two articles asks whether to go on. Raises
        ModelUnavailable.
        """
        updated = self._updating.update(now, go_on, None if only is None else own_collection(only))
        if updated is not None:
            self._following.forget_remembered()
        return updated

    def wake(self, scope: Scope, now: datetime) -> None:
        """Let everything that the reader's own collection follows be asked at the next `update`."""
        self._store.wake(own_collection(scope), now)

    def failing(self, now: datetime) -> tuple[FeedHealth, ...]:
        """Whose moderators are to be told of a feed that has failed for a week, or is gone for good."""
        return self._following.failing(now)

    def told(self, feed: FeedHealth, now: datetime) -> None:
        """They were told."""
        self._following.told(feed, now)
