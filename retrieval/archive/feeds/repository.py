"""The archive's questions about feeds, a transaction each: see `feeding`, `feed_turns` and `feed_reading`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from retrieval.archive.feeds import entries, schedule, subscriptions
from retrieval.archive.feeds.entries import KnownEntry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from retrieval.archive.feeds.schedule import DueFeed
    from retrieval.archive.feeds.subscriptions import NewSubscription, Subscriber
    from retrieval.archive.sqlite.connections import Connections
    from retrieval.domain.feeds import FeedHealth
    from retrieval.domain.ids import ArticleId, CollectionId, FeedId, UserId
    from retrieval.domain.pages import Validators
    from retrieval.domain.quotations import CitedQuotation
    from retrieval.text.feed_document import FeedEntry

    PassedOver: TypeAlias = Mapping[CollectionId, Sequence[FeedEntry]]


class FeedRepository:
    """Feeds, their subscribers and their entries. Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._turns = schedule.Turns()

    def subscribe(self, new: NewSubscription, now: datetime) -> tuple[FeedHealth, bool]:
        """The subscription, and whether the collection had it before. Raises FeedRejected where it has too many."""
        with self._connections.writing() as connection:
            return subscriptions.subscribe(connection, new, now)

    def unsubscribe(self, collection: CollectionId, feed_id: FeedId, by: UserId | None, now: datetime) -> FeedHealth:
        """End a subscription; the articles stay. Raises FeedUnknown."""
        with self._connections.writing() as connection:
            return subscriptions.unsubscribe(connection, collection, feed_id, by, now)

    def subscribed(self, collection: CollectionId) -> tuple[FeedHealth, ...]:
        """What one collection follows, by name."""
        with self._connections.reading() as connection:
            return subscriptions.subscribed(connection, collection)

    def subscribers(self, feed_id: FeedId) -> dict[CollectionId, Subscriber]:
        """For whom a feed is asked."""
        with self._connections.reading() as connection:
            return subscriptions.subscribers(connection, feed_id)

    def take_due(self, now: datetime, until: datetime, only: CollectionId | None = None) -> DueFeed | None:
        """The feed to be asked next, of one collection's or of all, kept from others until a moment."""
        with self._connections.writing() as connection:
            return schedule.take_due(connection, self._turns, now, until, only)

    def wake(self, collection: CollectionId, now: datetime) -> None:
        """Let everything that a collection follows be asked now."""
        with self._connections.writing() as connection:
            schedule.wake(connection, collection, now)

    def listed(
        self, due: DueFeed, listed: Sequence[FeedEntry], passed_over: PassedOver, now: datetime, old: datetime
    ) -> None:
        """What a feed lists now; `passed_over` is known from now on and not read, and what is `old` is forgotten."""
        with self._connections.writing() as connection:
            entries.note_listed(connection, due.id, [entry.key for entry in listed], now)
            entries.forget_unlisted(connection, due.id, old)
            for collection, ignored in passed_over.items():
                for entry in ignored:
                    known = {collection: KnownEntry(entry.version)}
                    entries.record(connection, due.id, entry.key, known, now)

    def postpone(self, due: DueFeed, due_at: datetime) -> None:
        """A look at a feed was broken off."""
        with self._connections.writing() as connection:
            schedule.postpone(connection, due, due_at)

    def succeeded(self, due: DueFeed, validators: Validators, due_at: datetime, now: datetime) -> None:
        """A feed has answered."""
        with self._connections.writing() as connection:
            schedule.succeeded(connection, due, validators, due_at, now)

    def failed(self, due: DueFeed, problem: str, due_at: datetime, now: datetime, *, for_good: bool) -> None:
        """A feed has not answered as it should."""
        with self._connections.writing() as connection:
            schedule.failed(connection, due, problem, due_at, now, for_good=for_good)

    def moved(self, due: DueFeed, url: str) -> DueFeed:
        """The feed under its new address, together with the one that was there already."""
        with self._connections.writing() as connection:
            return schedule.moved(connection, due, url)

    def failing(self, since: datetime) -> tuple[FeedHealth, ...]:
        """The subscriptions whose subscribers are to be told."""
        with self._connections.reading() as connection:
            return subscriptions.failing(connection, since)

    def notified(self, collection: CollectionId, feed_id: FeedId, now: datetime) -> None:
        """Record that the subscriber was notified."""
        with self._connections.writing() as connection:
            subscriptions.notified(connection, collection, feed_id, now)

    def known_entries(self, feed_id: FeedId) -> dict[CollectionId, dict[str, KnownEntry]]:
        """Every entry of a feed that was dealt with, by subscriber and key."""
        with self._connections.reading() as connection:
            return entries.known_entries(connection, feed_id)

    def record(self, feed_id: FeedId, key: str, known: Mapping[CollectionId, KnownEntry | None], now: datetime) -> None:
        """What came of an entry, for each subscriber."""
        with self._connections.writing() as connection:
            entries.record(connection, feed_id, key, known, now)

    def begin(self, feed_id: FeedId, key: str, known: Mapping[CollectionId, KnownEntry | None], now: datetime) -> None:
        """An entry is being read for some subscribers."""
        with self._connections.writing() as connection:
            entries.record(connection, feed_id, key, known, now)

    def put_back(
        self, feed_id: FeedId, key: str, known: Mapping[CollectionId, KnownEntry | None], now: datetime
    ) -> None:
        """An entry that was begun was not read after all: it is what it was."""
        with self._connections.writing() as connection:
            entries.record(connection, feed_id, key, known, now)

    def holders(self, held: Mapping[CollectionId, ArticleId]) -> frozenset[CollectionId]:
        """Those of the collections that still hold the article named for them."""
        with self._connections.reading() as connection:
            return entries.holders(connection, held)

    def best_quotation(self, article_id: ArticleId, shortest: int, longest: int) -> CitedQuotation | None:
        """The longest whole sentence of somebody named in an article, of so many characters; None without any."""
        with self._connections.reading() as connection:
            return entries.best_quotation(connection, article_id, shortest, longest)
