"""Feeds, and which collection follows which.

A feed is stored once, whoever follows it, and deleted with its last subscription; its articles stay. A subscriber
sees only their own subscriptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive import audit
from retrieval.archive.articles.rows import count
from retrieval.archive.connections import Repository
from retrieval.archive.records import Change
from retrieval.archive.schema import FILTERS, feed_entries, feeds, subscriptions, visibility
from retrieval.domain.feeds import FeedFilters, FeedHealth, WordFilter
from retrieval.domain.ids import ChannelId, CollectionId, FeedId
from retrieval.errors import FeedRejected, FeedUnknown
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.archive.articles.rows import Row
    from retrieval.domain.ids import UserId
    from retrieval.domain.upkeep import Action


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """A subscription to store: a feed's address and title, where its news is announced, and who added it.

    `channel`: None where it is not announced. `most`: how many feeds the collection may follow; None: no limit.
    """

    collection: CollectionId
    url: str
    title: str | None
    channel: ChannelId | None = None
    by: UserId | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Where and which news of a subscriber is announced; `first` until one update for them was completed."""

    channel: ChannelId | None
    first: bool
    filters: FeedFilters


class SubscriptionRepository(Repository):
    """The subscriptions of every collection. Thread-safe. Every method may raise ArchiveError."""

    def subscribe(self, new: NewSubscription, now: datetime) -> tuple[FeedHealth, bool]:
        """Add a subscription; returns it, and whether the collection had it before: then only its channel is changed.

        The feed is asked at once, and for everything that it lists, even where others follow it already or it had
        stopped. Raises FeedRejected where the collection follows as many feeds as it may.
        """
        own = _of(new.collection, None)
        with self._connections.writing() as connection:
            feed_id = feed_at(connection, new.url)
            followed = feed_id is not None and count(connection, subscriptions, _of(new.collection, feed_id)) > 0
            if not followed and new.most is not None and count(connection, subscriptions, own) >= new.most:
                raise FeedRejected("feed.too_many", most=new.most)
            if feed_id is None:
                feed_id = _insert_feed(connection, new, now)
            if not followed:
                row = {"feed_id": feed_id, "collection_id": new.collection, "channel_id": new.channel}
                connection.execute(sa.insert(subscriptions).values(row | {"added_by": new.by, "added_at": now}))
                _ask_for_everything(connection, feed_id, now)
            else:
                of_feed = _of(new.collection, feed_id)
                connection.execute(sa.update(subscriptions).where(of_feed).values(channel_id=new.channel))
                restart = sa.update(subscriptions).where(of_feed, subscriptions.c.stopped_at.is_not(None))
                if connection.execute(restart.values(stopped_at=None, failing_since=None, last_error=None)).rowcount:
                    _ask_for_everything(connection, feed_id, now)
            action: Action = "feed changed" if followed else "feed added"
            audit.note(connection, Change(new.collection, now, new.by), action, new.url)
            return _feed(connection, new.collection, feed_id), followed

    def unsubscribe(self, collection: CollectionId, feed_id: FeedId, by: UserId | None, now: datetime) -> FeedHealth:
        """End a subscription; the articles stay. Returns what it was. Raises FeedUnknown."""
        with self._connections.writing() as connection:
            ended = _feed(connection, collection, feed_id)
            connection.execute(sa.delete(subscriptions).where(_of(collection, feed_id)))
            forget_unfollowed(connection)
            audit.note(connection, Change(collection, now, by), "feed removed", ended.url)
            return ended

    def set_filters(
        self, collection: CollectionId, feed_id: FeedId, filters: FeedFilters, by: UserId | None, now: datetime
    ) -> FeedHealth:
        """Set which articles of a feed are read and announced from now on. Raises FeedUnknown."""
        lists = (filters.read.wanted, filters.read.unwanted, filters.announced.wanted, filters.announced.unwanted)
        with self._connections.writing() as connection:
            of_feed = sa.update(subscriptions).where(_of(collection, feed_id))
            connection.execute(of_feed.values({name: list(words) for name, words in zip(FILTERS, lists, strict=True)}))
            changed = _feed(connection, collection, feed_id)
            audit.note(connection, Change(collection, now, by), "feed changed", changed.url)
            return changed

    def followed(self, collection: CollectionId) -> tuple[FeedHealth, ...]:
        """The feeds that a collection follows, by name."""
        with self._connections.reading() as connection:
            rows = connection.execute(_HEALTH.where(_of(collection, None))).all()
        return tuple(sorted(map(_health, rows), key=lambda feed: (search_key(feed.name), feed.id)))

    def subscribers(self, feed_id: FeedId) -> dict[CollectionId, Subscriber]:
        """Return the subscribers of a feed, without those for whom it has stopped (`stopped_at`)."""
        of_feed = (subscriptions.c.feed_id == feed_id) & subscriptions.c.stopped_at.is_(None)
        with self._connections.reading() as connection:
            rows = connection.execute(
                sa.select(subscriptions).where(of_feed).order_by(subscriptions.c.collection_id)
            ).all()
        return {
            CollectionId(row.collection_id): Subscriber(_channel(row), row.answered_at is None, _filters(row))
            for row in rows
        }

    def failing(self, since: datetime) -> tuple[FeedHealth, ...]:
        """Feeds failing since a moment or longer, or gone for good, whose subscribers were not notified yet."""
        wrong = sa.or_(subscriptions.c.failing_since <= since, subscriptions.c.stopped_at.is_not(None))
        with self._connections.reading() as connection:
            rows = connection.execute(_HEALTH.where(wrong, subscriptions.c.notified_at.is_(None))).all()
        return tuple(map(_health, rows))

    def mark_notified(self, feed: FeedHealth, now: datetime) -> None:
        """Record that a subscriber was notified of a failing feed; it counts until the feed recovers."""
        with self._connections.writing() as connection:
            of_feed = _of(feed.collection, feed.id)
            connection.execute(sa.update(subscriptions).where(of_feed).values(notified_at=now))


def forget_unfollowed(connection: sa.Connection) -> None:
    """Delete the feeds that nobody follows any more."""
    connection.execute(sa.delete(feeds).where(~sa.exists().where(subscriptions.c.feed_id == feeds.c.id)))


def feed_at(connection: sa.Connection, url: str) -> FeedId | None:
    """Return the id of the feed with this address; None if there is none."""
    feed_id = connection.execute(sa.select(feeds.c.id).where(feeds.c.url == url)).scalar()
    return None if feed_id is None else FeedId(feed_id)


def no_later_than(now: datetime) -> sa.ColumnElement[datetime]:
    """The new `due_at` of a feed that is to be asked now: one that is due already keeps its place."""
    return sa.case((feeds.c.due_at > now, sa.literal(now, feeds.c.due_at.type)), else_=feeds.c.due_at)


def _insert_feed(connection: sa.Connection, new: NewSubscription, now: datetime) -> FeedId:
    inserted = sa.insert(feeds).values(url=new.url, title=new.title, due_at=now, failures=0)
    return FeedId(connection.execute(inserted.returning(feeds.c.id)).scalar_one())


def _ask_for_everything(connection: sa.Connection, feed_id: FeedId, now: datetime) -> None:
    """Make a feed due, without the validators, to which it could answer that nothing is new. Its failures stay."""
    of_feed = sa.update(feeds).where(feeds.c.id == feed_id)
    connection.execute(of_feed.values(etag=None, modified=None, due_at=no_later_than(now), stopped_at=None))


def _feed(connection: sa.Connection, collection: CollectionId, feed_id: FeedId) -> FeedHealth:
    """One subscription. Raises FeedUnknown."""
    row = connection.execute(_HEALTH.where(_of(collection, feed_id))).first()
    if row is None:
        raise FeedUnknown
    return _health(row)


def _of(collection: CollectionId, feed_id: FeedId | None) -> sa.ColumnElement[bool]:
    """Whether a subscription is a collection's, and of that feed where one is given."""
    own = subscriptions.c.collection_id == collection
    return own if feed_id is None else own & (subscriptions.c.feed_id == feed_id)


def _channel(row: Row) -> ChannelId | None:
    return None if row.channel_id is None else ChannelId(row.channel_id)


def _filters(row: Row) -> FeedFilters:
    lists = [tuple(getattr(row, name) or ()) for name in FILTERS]
    return FeedFilters(WordFilter(*lists[:2]), WordFilter(*lists[2:]))


_VISIBLE_ENTRIES = (visibility.c.article_id == feed_entries.c.article_id) & (
    visibility.c.collection_id == feed_entries.c.collection_id
)
_ARTICLES = (
    sa.select(sa.func.count(feed_entries.c.article_id.distinct()))
    .join_from(feed_entries, visibility, _VISIBLE_ENTRIES)
    .where(
        feed_entries.c.feed_id == subscriptions.c.feed_id,
        feed_entries.c.collection_id == subscriptions.c.collection_id,
    )
    .correlate(subscriptions)
    .scalar_subquery()
    .label("articles")
)
"""The number of a feed's articles that a subscriber has."""
_HEALTH = sa.select(feeds.c.id, feeds.c.url, feeds.c.title, feeds.c.due_at, subscriptions, _ARTICLES).join_from(
    subscriptions, feeds
)


def _health(row: Row) -> FeedHealth:
    return FeedHealth(
        id=FeedId(row.id),
        url=row.url,
        title=row.title,
        channel=_channel(row),
        articles=row.articles,
        due_at=row.due_at,
        answered_at=row.answered_at,
        failing_since=row.failing_since,
        last_error=row.last_error,
        stopped_at=row.stopped_at,
        collection=CollectionId(row.collection_id),
        filters=_filters(row),
    )
