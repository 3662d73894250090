"""Feeds and who follows which.

A feed is stored once, whoever follows it, and goes with its last subscriber; its articles stay. What a subscriber is
told is about their own subscriptions alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from retrieval.archive import auditing, showing
from retrieval.archive.rows import passage_ids
from retrieval.archive.schema import articles, feed_entries, feeds, subscriptions, visibility
from retrieval.domain.feeds import FeedHealth
from retrieval.domain.ids import ChannelId, CollectionId, FeedId
from retrieval.errors import FeedRejected, FeedUnknown
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from retrieval.domain.ids import ArticleId, UserId

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


def subscribe(connection: sa.Connection, new: NewSubscription, now: datetime) -> tuple[FeedHealth, bool]:
    """The subscription, and whether the collection had it before; then only its channel is changed.

    A feed that others follow shows the new subscriber at once what it listed at its last look. One that had stopped is
    asked again. Raises FeedRejected where the collection follows as many as it may.
    """
    feed_id = feed_at(connection, new.url)
    followed = feed_id is not None and _follows(connection, new.collection, feed_id)
    if not followed and new.most is not None and _amount(connection, new.collection) >= new.most:
        message = f"{new.most} feeds are followed here, which is as many as I can keep up with. Remove one first."
        raise FeedRejected(message)
    if feed_id is None:
        feed_id = _insert_feed(connection, new, now)
    connection.execute(
        sa.update(feeds)
        .where(feeds.c.id == feed_id, feeds.c.stopped_at.is_not(None))
        .values(stopped_at=None, due_at=now)
    )
    if followed:
        channel = sa.update(subscriptions).where(_of(new.collection, feed_id)).values(channel_id=new.channel)
        connection.execute(channel)
    else:
        _insert_subscription(connection, new, feed_id, now)
        show(connection, _listed_articles(connection, feed_id), new.collection, new.by, now)
    action = "feed changed" if followed else "feed added"
    auditing.note(connection, new.collection, new.by, action, new.url, now)
    return feed(connection, new.collection, feed_id), followed


def unsubscribe(
    connection: sa.Connection, collection: CollectionId, feed_id: FeedId, by: UserId | None, now: datetime
) -> FeedHealth:
    """End a subscription; the feed as it was. Its articles stay. Raises FeedUnknown."""
    ended = feed(connection, collection, feed_id)
    connection.execute(sa.delete(subscriptions).where(_of(collection, feed_id)))
    forget_unfollowed(connection)
    auditing.note(connection, collection, by, "feed removed", ended.url, now)
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


def subscribers(connection: sa.Connection, feed_id: FeedId) -> dict[CollectionId, ChannelId | None]:
    """Who follows a feed, and where its articles are announced; nobody where the feed is gone."""
    asked = sa.select(subscriptions.c.collection_id, subscriptions.c.channel_id)
    rows = connection.execute(
        asked.where(subscriptions.c.feed_id == feed_id).order_by(subscriptions.c.collection_id)
    ).all()
    return {CollectionId(row.collection_id): _channel(row) for row in rows}


def failing(connection: sa.Connection, since: datetime) -> tuple[FeedHealth, ...]:
    """The subscriptions whose subscribers are to be told: failing since a moment or longer, or gone for good."""
    wrong = sa.or_(feeds.c.failing_since <= since, feeds.c.stopped_at.is_not(None))
    rows = connection.execute(_HEALTH.where(wrong, subscriptions.c.told_at.is_(None))).all()
    return tuple(_health(row) for row in rows)


def told(connection: sa.Connection, collection: CollectionId, feed_id: FeedId, now: datetime) -> None:
    """The subscriber knows."""
    connection.execute(sa.update(subscriptions).where(_of(collection, feed_id)).values(told_at=now))


def show(
    connection: sa.Connection,
    shown: Sequence[ArticleId],
    collection: CollectionId,
    by: UserId | None,
    now: datetime,
) -> None:
    """Make articles visible to one more collection, but those of which it has one version already."""
    held = articles.alias()
    theirs = sa.exists().where(visibility.c.article_id == held.c.id, visibility.c.collection_id == collection)
    same = sa.or_(held.c.id == articles.c.id, held.c.address == articles.c.address)
    lacking = sa.select(articles.c.id).where(articles.c.id.in_(shown), ~sa.exists().where(same, theirs))
    for article_id in connection.scalars(lacking).all():
        showing.show(connection, article_id, collection, now, by)
        showing.note_changes(connection, passage_ids(connection, article_id), "visibility")


def _listed_articles(connection: sa.Connection, feed_id: FeedId) -> list[ArticleId]:
    """Of the entries that the feed listed at its last look, those that are articles."""
    of_feed = feed_entries.c.feed_id == feed_id
    last_look = sa.select(sa.func.max(feed_entries.c.seen_at)).where(of_feed).scalar_subquery()
    listed = sa.select(feed_entries.c.article_id).where(
        of_feed, feed_entries.c.seen_at == last_look, feed_entries.c.article_id.is_not(None)
    )
    return list(dict.fromkeys(connection.scalars(listed)))


def feed_at(connection: sa.Connection, url: str) -> FeedId | None:
    """The feed that has this address."""
    found = connection.execute(sa.select(feeds.c.id).where(feeds.c.url == url)).scalar()
    return None if found is None else FeedId(found)


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


def _follows(connection: sa.Connection, collection: CollectionId, feed_id: FeedId) -> bool:
    return connection.execute(sa.select(sa.exists().where(_of(collection, feed_id)))).scalar_one()


def _amount(connection: sa.Connection, collection: CollectionId) -> int:
    counted = sa.select(sa.func.count()).select_from(subscriptions)
    return connection.execute(counted.where(subscriptions.c.collection_id == collection)).scalar_one()


def _of(collection: CollectionId, feed_id: FeedId) -> sa.ColumnElement[bool]:
    return (subscriptions.c.collection_id == collection) & (subscriptions.c.feed_id == feed_id)


def _channel(row: _Row) -> ChannelId | None:
    return None if row.channel_id is None else ChannelId(row.channel_id)


_HELD = articles.alias()
_VERSION = sa.or_(
    _HELD.c.id == articles.c.id, (_HELD.c.address == articles.c.address) & _HELD.c.fetched_at.is_not(None)
)
_THEIRS = (
    sa.select(sa.func.count(feed_entries.c.article_id.distinct()))
    .join_from(feed_entries, articles)
    .where(
        feed_entries.c.feed_id == subscriptions.c.feed_id,
        sa.exists()
        .where(
            _VERSION,
            visibility.c.article_id == _HELD.c.id,
            visibility.c.collection_id == subscriptions.c.collection_id,
        )
        .correlate(articles, subscriptions),
    )
    .correlate(subscriptions)
    .scalar_subquery()
    .label("articles")
)
"""What a subscriber has of a feed, in whatever version."""
_HEALTH = sa.select(feeds, subscriptions.c.collection_id, subscriptions.c.channel_id, _THEIRS).join_from(
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
        succeeded_at=row.succeeded_at,
        failing_since=row.failing_since,
        last_error=row.last_error,
        stopped_at=row.stopped_at,
        collection=CollectionId(row.collection_id),
    )
