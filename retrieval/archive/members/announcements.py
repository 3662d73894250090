"""What is to be announced, each with its article and for a feed's channel or for a follow, until Discord has taken it.

The articles that came to a collection are matched with the follows in the order of their numbers, each once. What is
sent in one message keeps the message's id, under which Discord takes it once; it is deleted afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.articles.rows import held_by_any
from retrieval.archive.connections import Repository
from retrieval.archive.schema import announcements, article_numbers, articles, feeds, follows, subscriptions, visibility
from retrieval.domain.ids import SHARED, ArticleId, ChannelId, CollectionId, FollowId

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from retrieval.archive.articles.rows import Row
    from retrieval.domain.ids import FeedId

_AT_ONCE: Final = 20
"""Articles that are matched in one step."""
_PAUSE: Final = timedelta(minutes=10)
"""How long a follow is not told again; what came meanwhile is one message then."""
_MOST_IN_PAUSE: Final = 5
"""Follows that a channel or a member is told of within that time."""


_BEHIND: Final = article_numbers.c.last > article_numbers.c.matched
_FOLLOWED: Final = sa.exists().where(
    follows.c.stopped.is_(None),
    (follows.c.collection_id == article_numbers.c.collection_id) | (article_numbers.c.collection_id == SHARED),
)
"""Whether a follow sees the collection of a row."""


@dataclass(frozen=True, slots=True)
class NewArrival:
    """An article that came to a collection, and since when each collection has it."""

    article_id: ArticleId
    published_at: datetime | None
    since: Mapping[CollectionId, datetime]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Articles that came to one collection, all that came after one number and up to another."""

    collection: CollectionId
    after: int
    number: int
    articles: tuple[NewArrival, ...]


@dataclass(frozen=True, slots=True)
class ToTell:
    """An article to be told to a follow."""

    collection: CollectionId
    follow_id: FollowId
    article_id: ArticleId
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A feed or follow of a server for which something is due: the `message` that was tried before, or what is new."""

    collection: CollectionId
    feed_id: int | None
    follow_id: FollowId | None
    message: int | None


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent in one message: articles for a follow, or for the channel of the feed with this name."""

    id: int
    collection: CollectionId
    follow_id: FollowId | None
    feed: str | None
    channel: ChannelId | None
    article_ids: tuple[ArticleId, ...]


class AnnouncementRepository(Repository):
    """The announcements of an archive. Thread-safe. Every method may raise ArchiveError."""

    def arrivals(self) -> Arrivals | None:
        """The next articles that came to a collection and were not matched with the follows; None where none did.

        Of collections that no follow sees, at once all count as matched.
        """
        with self._connections.reading() as connection:
            unfollowed = connection.scalar(sa.select(sa.exists().where(_BEHIND, ~_FOLLOWED)))
        if unfollowed:
            with self._connections.writing() as connection:
                skipped = sa.update(article_numbers).where(_BEHIND, ~_FOLLOWED)
                connection.execute(skipped.values(matched=article_numbers.c.last))
        with self._connections.reading() as connection:
            behind = sa.select(article_numbers).where(_BEHIND).order_by(article_numbers.c.collection_id)
            row = connection.execute(behind.limit(1)).first()
            if row is None:
                return None
            came = (visibility.c.collection_id == row.collection_id) & (visibility.c.number > row.matched)
            columns = (articles.c.id, articles.c.published_at, visibility.c.number)
            first = sa.select(*columns).join_from(visibility, articles).where(came).order_by(visibility.c.number)
            rows = connection.execute(first.limit(_AT_ONCE)).all()
            since = _since(connection, [each.id for each in rows])
            arrived = (NewArrival(ArticleId(each.id), each.published_at, since[each.id]) for each in rows)
            number = rows[-1].number if len(rows) == _AT_ONCE else row.last
            return Arrivals(CollectionId(row.collection_id), row.matched, number, tuple(arrived))

    def match(self, arrivals: Arrivals, to_tell: Sequence[ToTell]) -> None:
        """Store to which follows some articles are told, and that they were matched.

        Where others stand under their numbers by now, nothing is stored: these are the next arrivals then.
        """
        number = visibility.c.number
        came = (visibility.c.collection_id == arrivals.collection) & number.between(arrivals.after + 1, arrivals.number)
        unmatched = article_numbers.c.collection_id == arrivals.collection
        unmatched &= article_numbers.c.matched == arrivals.after
        with self._connections.writing() as connection:
            stored = connection.scalars(sa.select(visibility.c.article_id).where(came).order_by(number)).all()
            if stored != [each.article_id for each in arrivals.articles]:
                return
            matched = connection.execute(sa.update(article_numbers).where(unmatched).values(matched=arrivals.number))
            following = set(connection.scalars(sa.select(follows.c.id).where(follows.c.stopped.is_(None))))
            rows = [
                {
                    "collection_id": each.collection,
                    "follow_id": each.follow_id,
                    "article_id": each.article_id,
                    "due_at": each.due_at,
                }
                for each in to_tell
                if each.follow_id in following
            ]
            if rows and matched.rowcount:
                connection.execute(sa.insert(announcements), rows)

    def due(self, now: datetime) -> tuple[Waiting, ...]:
        """Who is to be told now, those of a server together: the server that has waited longest is first.

        Of a server, what was tried before is first, then what has waited longest; what rests is left out.
        """
        due, tried = announcements.c, announcements.c.message.is_not(None)
        group = (due.collection_id, due.feed_id, due.follow_id, due.message)
        first = sa.func.min(due.id)
        grouped = (
            sa.select(*group)
            .join_from(announcements, follows, isouter=True)
            .where(due.due_at <= now, due.follow_id.is_(None) | tried | _has_rested(now))
            .group_by(*group)
            .order_by(sa.func.min(first).over(partition_by=due.collection_id), ~tried, first)
        )
        with self._connections.reading() as connection:
            return tuple(Waiting(*row) for row in connection.execute(grouped))

    def take(self, waiting: Waiting, now: datetime) -> Message | None:
        """The message to be sent to one that is due; None where it has to rest by now, or nothing is due any more.

        What is new waits until an earlier message was taken.
        """
        due = announcements.c
        if waiting.message is None:
            with self._connections.reading() as connection:
                if _has_to_rest(connection, waiting, now):
                    return None
        with self._connections.writing() as connection:
            message = waiting.message or _begun(connection, waiting, now)
            if message is None:
                return None
            of_message = sa.select(due.article_id).where(due.message == message, due.due_at <= now)
            article_ids = connection.scalars(of_message.order_by(due.id)).all()
            if not article_ids:
                return None
            feed = None if waiting.feed_id is None else _feed(connection, waiting.feed_id, waiting.collection)
            return Message(
                message,
                waiting.collection,
                waiting.follow_id,
                None if feed is None else feed.title or feed.url,
                None if feed is None or feed.channel_id is None else ChannelId(feed.channel_id),
                tuple(map(ArticleId, article_ids)),
            )

    def sent(self, message: int, told_at: datetime) -> None:
        """Delete what a message was made of, and note when it was sent."""
        told = sa.select(announcements.c.follow_id).where(announcements.c.message == message)
        of_follow = sa.update(follows).where(follows.c.id.in_(told)).values(told_at=told_at, failures=0)
        with self._connections.writing() as connection:
            connection.execute(of_follow)
            connection.execute(sa.delete(announcements).where(announcements.c.message == message))

    def drop(self, messages: Collection[int]) -> None:
        """Delete what some messages were made of: nobody is to be told."""
        with self._connections.writing() as connection:
            connection.execute(sa.delete(announcements).where(announcements.c.message.in_(messages)))

    def postpone(self, message: int, due_at: datetime) -> None:
        """Try a message again at a later time."""
        with self._connections.writing() as connection:
            which = announcements.c.message == message
            connection.execute(sa.update(announcements).where(which).values(due_at=due_at))


def announce(connection: sa.Connection, feed_id: FeedId, now: datetime, new: Mapping[CollectionId, ArticleId]) -> None:
    """Store that new articles of a feed are to be announced, each to a collection that follows the feed."""
    of_feed = subscriptions.c.feed_id == feed_id
    followed = set(connection.scalars(sa.select(subscriptions.c.collection_id).where(of_feed)))
    there = set(connection.scalars(sa.select(articles.c.id).where(articles.c.id.in_(list(new.values())))))
    rows = [
        {"collection_id": collection, "feed_id": feed_id, "article_id": article_id, "due_at": now}
        for collection, article_id in new.items()
        if collection in followed and article_id in there
    ]
    if rows:
        connection.execute(sa.insert(announcements), rows)


def relink(connection: sa.Connection, old_id: int, new_id: int, collections: Collection[CollectionId]) -> None:
    """Let what is to be announced of an article be of its other version; of a shared one, in every server."""
    which = announcements.c.article_id == old_id
    if SHARED not in collections:
        which = held_by_any(announcements, collections, old_id)
    connection.execute(sa.update(announcements).where(which).values(article_id=new_id))


def _since(connection: sa.Connection, ids: Sequence[int]) -> dict[int, dict[CollectionId, datetime]]:
    """Since when each collection has each of some articles."""
    got_at = sa.type_coerce(sa.func.coalesce(visibility.c.shown_at, articles.c.added_at), articles.c.added_at.type)
    columns = (visibility.c.article_id, visibility.c.collection_id, got_at.label("got_at"))
    since: dict[int, dict[CollectionId, datetime]] = {}
    for row in connection.execute(sa.select(*columns).join_from(visibility, articles).where(articles.c.id.in_(ids))):
        since.setdefault(row.article_id, {})[CollectionId(row.collection_id)] = row.got_at
    return since


def _has_rested(now: datetime) -> sa.ColumnElement[bool]:
    """Whether the follow of a row may be told again, and the channel or else the member whom it is told to."""
    place = sa.func.coalesce(follows.c.channel_id, follows.c.user_id, 0)  # never the same id
    busy = sa.select(place).where(follows.c.told_at > now - _PAUSE).group_by(place)
    its_own = follows.c.told_at.is_(None) | (follows.c.told_at <= now - _PAUSE)
    return its_own & place.not_in(busy.having(sa.func.count() >= _MOST_IN_PAUSE))


def _of(waiting: Waiting) -> sa.ColumnElement[bool]:
    """Whether a row is for a feed or follow that waits."""
    due = announcements.c
    if waiting.follow_id is not None:
        return due.follow_id == waiting.follow_id
    return (due.feed_id == waiting.feed_id) & (due.collection_id == waiting.collection)


def _has_to_rest(connection: sa.Connection, waiting: Waiting, now: datetime) -> bool:
    if connection.scalar(sa.select(sa.exists().where(_of(waiting), announcements.c.message.is_not(None)))):
        return True
    follow = connection.execute(sa.select(follows).where(follows.c.id == waiting.follow_id)).first()
    if follow is None:
        return False
    rests = follow.told_at is not None and follow.told_at > now - _PAUSE
    return rests or _told_lately(connection, follow, now) >= _MOST_IN_PAUSE


def _told_lately(connection: sa.Connection, follow: Row, now: datetime) -> int:
    """How many follows the channel of a follow, or else its member, was told of lately."""
    place = (follows.c.channel_id == follow.channel_id) & (follows.c.collection_id == follow.collection_id)
    if follow.channel_id is None:
        place = follows.c.channel_id.is_(None) & (follows.c.user_id == follow.user_id)
    lately = sa.select(sa.func.count()).select_from(follows).where(place, follows.c.told_at > now - _PAUSE)
    return connection.scalar(lately) or 0


def _begun(connection: sa.Connection, waiting: Waiting, now: datetime) -> int | None:
    """The id of a message of all that is due to one that waits; None where nothing is."""
    which = _of(waiting) & (announcements.c.due_at <= now) & announcements.c.message.is_(None)
    message: int | None = connection.scalar(sa.select(sa.func.min(announcements.c.id)).where(which))
    connection.execute(sa.update(announcements).where(which).values(message=message))
    return message


def _feed(connection: sa.Connection, feed_id: int, collection: int) -> Row | None:
    of = (subscriptions.c.feed_id == feed_id) & (subscriptions.c.collection_id == collection)
    columns = (feeds.c.title, feeds.c.url, subscriptions.c.channel_id)
    return connection.execute(sa.select(*columns).join_from(subscriptions, feeds).where(of)).first()
