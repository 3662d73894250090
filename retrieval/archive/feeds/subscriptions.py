"""Feeds and who follows which.

A feed is stored once, whoever follows it, and goes with its last subscriber; its articles stay. What a subscriber is
told is about their own subscriptions alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from retrieval.archive import audit
from retrieval.archive.schema import feed_entries, feeds, subscriptions, visibility
from retrieval.domain.feeds import FeedHealth
from retrieval.domain.ids import ChannelId, CollectionId, FeedId
from retrieval.errors import FeedRejected, FeedUnknown
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.ids import UserId

_Row: TypeAlias = "sa.Row[*tuple[Any, ...]]"


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """Who wants to follow which feed, announced where. `most` is how many feeds the collection may follow."""

    collection: CollectionId
    url: str
    title: str | None
    channel: ChannelId | None = None
    by: UserId | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Where a subscriber's news is announced, if anywhere; `first` while no look for them was brought to its end."""

    channel: ChannelId | None
    first: bool


def subscribe(connection: sa.Connection, new: NewSubscription, now: datetime) -> tuple[FeedHealth, bool]:
    """The subscription, and whether the collection had it before; then only its channel is changed.

    A new subscriber begins as the first one did, whoever follows the feed: it is asked at once and for everything that
    it lists. So does one whose feed had stopped. Raises FeedRejected where the collection follows as many as it may.
    """
    feed_id = feed_at(connection, new.url)
    followed = feed_id is not None and _follows(connection, new.collection, feed_id)
    if not followed and new.most is not None and _amount(connection, new.collection) >= new.most:
        message = f"{new.most} feeds are followed here, which is as many as I can keep up with. Remove one first."
        raise FeedRejected(message)
    if feed_id is None:
        feed_id = _insert_feed(connection, new, now)
    if not followed:
        _insert_subscription(connection, new, feed_id, now)
        _ask_for_everything(connection, feed_id, now)
    else:
        mine = _of(new.collection, feed_id)
        connection.execute(sa.update(subscriptions).where(mine).values(channel_id=new.channel))
        again = sa.update(subscriptions).where(mine, subscriptions.c.stopped_at.is_not(None))
        if connection.execute(again.values(stopped_at=None, failing_since=None, last_error=None)).rowcount:
            _ask_for_everything(connection, feed_id, now)
    action = "feed changed" if followed else "feed added"
    audit.note(connection, new.collection, new.by, action, new.url, now)
    return feed(connection, new.collection, feed_id), followed


def unsubscribe(
    connection: sa.Connection, collection: CollectionId, feed_id: FeedId, by: UserId | None, now: datetime
) -> FeedHealth:
    """End a subscription; the feed as it was. Its articles stay. Raises FeedUnknown."""
    ended = feed(connection, collection, feed_id)
    connection.execute(sa.delete(subscriptions).where(_of(collection, feed_id)))
    forget_unfollowed(connection)
    audit.note(connection, collection, by, "feed removed", ended.url, now)
    return ended


def forget_unfollowed(connection: sa.Connection) -> None:
    """Drop the feeds that nobody follows any more."""
    connection.execute(sa.delete(feeds).where(~sa.exists().where(subscriptions.c.feed_id == feeds.c.id)))


def subscribed(connection: sa.Connection, collection: CollectionId) -> tuple[FeedHealth, ...]:
    """What one collection follows, by name."""
    rows = connection.execute(_HEALTH.where(subscriptions.c.collection_id == collection)).all()
    return tuple(sorted((_health(row) for row in rows), key=lambda each: (search_key(each.name), each.id)))


def feed(connection: sa.Connection, collection: CollectionId, feed_id: FeedId) -> FeedHealth:
    """One of them. Raises FeedUnknown."""
    row = connection.execute(_HEALTH.where(_of(collection, feed_id))).first()
    if row is None:
        raise FeedUnknown(feed_id)
    return _health(row)


def subscribers(connection: sa.Connection, feed_id: FeedId) -> dict[CollectionId, Subscriber]:
    """For whom a feed is asked; nobody where it is gone, and not those to whom it has said that it is."""
    of_feed = (subscriptions.c.feed_id == feed_id) & subscriptions.c.stopped_at.is_(None)
    rows = connection.execute(sa.select(subscriptions).where(of_feed).order_by(subscriptions.c.collection_id)).all()
    return {CollectionId(row.collection_id): Subscriber(_channel(row), first=row.answered_at is None) for row in rows}


def failing(connection: sa.Connection, since: datetime) -> tuple[FeedHealth, ...]:
    """The subscriptions whose subscribers are to be told: failing since a moment or longer, or gone for good."""
    wrong = sa.or_(subscriptions.c.failing_since <= since, subscriptions.c.stopped_at.is_not(None))
    rows = connection.execute(_HEALTH.where(wrong, subscriptions.c.notified_at.is_(None))).all()
    return tuple(_health(row) for row in rows)


def notified(connection: sa.Connection, collection: CollectionId, feed_id: FeedId, now: datetime) -> None:
    """The subscriber knows."""
    connection.execute(sa.update(subscriptions).where(_of(collection, feed_id)).values(notified_at=now))


def feed_at(connection: sa.Connection, url: str) -> FeedId | None:
    """The feed that has this address."""
    found = connection.execute(sa.select(feeds.c.id).where(feeds.c.url == url)).scalar()
    return None if found is None else FeedId(found)


def no_later_than(now: datetime) -> sa.ColumnElement[datetime]:
    """When a feed is due that is to be asked now: one that has waited already keeps its place."""
    return sa.case((feeds.c.due_at > now, sa.literal(now, feeds.c.due_at.type)), else_=feeds.c.due_at)


def _insert_feed(connection: sa.Connection, new: NewSubscription, now: datetime) -> FeedId:
    inserted = connection.execute(sa.insert(feeds).values(url=new.url, title=new.title, due_at=now, failures=0))
    assert inserted.inserted_primary_key is not None
    return FeedId(inserted.inserted_primary_key[0])


def _insert_subscription(connection: sa.Connection, new: NewSubscription, feed_id: FeedId, now: datetime) -> None:
    connection.execute(
        sa.insert(subscriptions).values(
            feed_id=feed_id,
            collection_id=new.collection,
            channel_id=new.channel,
            added_by=new.by,
            added_at=now,
        )
    )


def _ask_for_everything(connection: sa.Connection, feed_id: FeedId, now: datetime) -> None:
    """Without the validators, to which it could answer that nothing is new; its failures are everybody's, and stay."""
    asked = sa.update(feeds).where(feeds.c.id == feed_id)
    connection.execute(asked.values(etag=None, modified=None, due_at=no_later_than(now), stopped_at=None))


def _follows(connection: sa.Connection, collection: CollectionId, feed_id: FeedId) -> bool:
    return connection.execute(sa.select(sa.exists().where(_of(collection, feed_id)))).scalar_one()


def _amount(connection: sa.Connection, collection: CollectionId) -> int:
    counted = sa.select(sa.func.count()).select_from(subscriptions)
    return connection.execute(counted.where(subscriptions.c.collection_id == collection)).scalar_one()


def _of(collection: CollectionId, feed_id: FeedId) -> sa.ColumnElement[bool]:
    return (subscriptions.c.collection_id == collection) & (subscriptions.c.feed_id == feed_id)


def _channel(row: _Row) -> ChannelId | None:
    return None if row.channel_id is None else ChannelId(row.channel_id)


_HELD = (visibility.c.article_id == feed_entries.c.article_id) & (
    visibility.c.collection_id == feed_entries.c.collection_id
)
_THEIRS = (
    sa.select(sa.func.count(feed_entries.c.article_id.distinct()))
    .join_from(feed_entries, visibility, _HELD)
    .where(
        feed_entries.c.feed_id == subscriptions.c.feed_id,
        feed_entries.c.collection_id == subscriptions.c.collection_id,
    )
    .correlate(subscriptions)
    .scalar_subquery()
    .label("articles")
)
"""What a subscriber has of a feed."""
_HEALTH = sa.select(feeds.c.id, feeds.c.url, feeds.c.title, feeds.c.due_at, subscriptions, _THEIRS).join_from(
    subscriptions, feeds
)


def _health(row: _Row) -> FeedHealth:
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
    )
